"""How much of the invented reports the offline engine reads right: `python -m tests.benchmarks.offline_extraction`.

Truth is `extraction.management.demonstration.answers`. Right: the field reads the same value; of free text, the quote
is the passage in which the answer stands.
"""

import os
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
django.setup()

from extraction.fields import FieldError, FieldSpec, kind_of  # noqa: E402
from extraction.management.demonstration.answers import Answer, answers, form_schema, measures  # noqa: E402
from extraction.management.demonstration.build import reports  # noqa: E402
from extraction.management.demonstration.model import ReportTruth  # noqa: E402
from extraction.prompts.asked import Asked, Named  # noqa: E402
from extraction.prompts.drafts import Draft, Sources, drafts  # noqa: E402
from extraction.queries.asking import cells_asked, groups_asked  # noqa: E402
from extraction.reader import read  # noqa: E402
from extraction.schema import fields  # noqa: E402
from screening.fulltext.reading import read as read_pages  # noqa: E402

Pages = list[tuple[int, str]]


def asked_of(truth: ReportTruth) -> tuple[tuple[Asked, ...], dict[tuple[str, str], int]]:
    """The cells of a report, and the id of each of its outcomes at a time point."""
    names = {outcome.key: outcome.name for outcome in truth.outcomes}
    ids = {measure: number for number, measure in enumerate(measures(truth), 1)}
    named = [Named(number, f"{names[key]}, {truth.times[time]}") for (key, time), number in ids.items()]
    arms = [Named(number, arm.label) for number, arm in enumerate(truth.arms, 1)]
    return cells_asked(groups_asked(form_schema()), arms, named), ids


def right(answer: Answer, draft: Draft | None, spec: FieldSpec) -> bool:
    """Whether the engine says what a careful person would."""
    if answer.place is None:
        return draft is None
    if draft is None:
        return False
    if spec.kind == "text":
        said, true = (" ".join(text.split()).casefold() for text in (draft.quote, answer.place.quote))
        return true in said or said in true or str(draft.value).casefold() == answer.raw.casefold()
    kind = kind_of(spec)
    try:
        said_value = kind.parse(f"{draft.value} {draft.unit}" if spec.kind == "number" else draft.value)
        return kind.compare(kind.parse(answer.raw), said_value)
    except FieldError:
        return False


def scored() -> tuple[Counter[str], Counter[str], Counter[str], int, float]:
    """(cells, right, proposed) by field, proposals where nothing is to be said, seconds."""
    specs = fields(form_schema())
    cells: Counter[str] = Counter()
    good: Counter[str] = Counter()
    proposed: Counter[str] = Counter()
    beyond, seconds = 0, 0.0
    for truth, pages in texts():
        asked, ids = asked_of(truth)
        began = perf_counter()
        made = {draft.cell: draft for draft in drafts(read(asked, {1: pages}), asked, Sources({1: pages}))}
        seconds += perf_counter() - began
        wanted = answers(truth)
        for answer in wanted:
            arm = 0 if answer.arm is None else answer.arm + 1
            key = f"{answer.field}@{arm}@{ids[answer.measure] if answer.measure else 0}"
            draft = made.pop(key, None)
            cells[answer.field] += 1
            proposed[answer.field] += draft is not None
            good[answer.field] += right(answer, draft, specs[answer.field])
        beyond += len(made)
    return cells, good, proposed, beyond, seconds


def texts() -> list[tuple[ReportTruth, Pages]]:
    """The reports that have answers and a text layer, with the pages that were read from their PDFs."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for report in reports():
            path = Path(folder) / "report.pdf"
            path.write_bytes(report.content)
            pages = [(page.number, page.visible) for page in read_pages(path)]
            if report.truth.means and not report.truth.scanned:
                found.append((report.truth, pages))
    return found


def main() -> None:
    cells, good, proposed, beyond, seconds = scored()
    for field, number in cells.most_common():
        print(f"{field:28} {good[field]:4} right of {number:4}, {proposed[field]:4} proposed")
    whole, said, well = cells.total(), proposed.total(), good.total()
    print(
        f"{well} of {whole} cells right ({well / whole:.0%}); {said} proposed, {well / max(said, 1):.0%} of them right"
    )
    print(f"{beyond} proposals for cells without a known answer; {seconds:.1f} s for all reports")


if __name__ == "__main__":
    main()
