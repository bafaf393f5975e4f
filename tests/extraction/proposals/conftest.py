"""Studies with arms, outcomes and documents, and runs over them."""

from collections.abc import Iterator

import pytest

from extraction.actions import extraction_job, extraction_runs, offline_proposals, proposing
from extraction.models.form import FormVersion
from extraction.models.value import Value
from screening.models.assistant import Assistant
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.study import Study
from screening.running import turns
from tests import extracting

SCHEMA = {
    "title": "Trials",
    "purpose": "data",
    "groups": [
        {
            "key": "study",
            "label": "Study",
            "repeats": "study",
            "fields": [
                {"key": "total", "label": "Participants randomised in total", "kind": "number"},
                {"key": "funding", "label": "Source of funding", "kind": "text"},
            ],
        },
        {
            "key": "arms",
            "label": "Arms",
            "repeats": "arm",
            "fields": [{"key": "dose", "label": "Daily dose", "kind": "number", "unit": "mg", "units": ["g"]}],
        },
    ],
}
PAGE = (
    "We randomised 120 participants in total to two groups.\n\n"
    "The daily dose was 5 mg in the active group.\n\n"
    "Funding came from the Invented Research Council, which is the source of all money."
)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """What processes remember must not outlive the test's database. No proposal is ever a value (law 1)."""
    yield
    assert not Value.objects.exists()
    extraction_job.job_of.cache_clear()
    turns.kept_line.cache_clear()


def version(review: Review, schema: dict[str, object] | None = None) -> FormVersion:
    return extracting.form_version(review, schema or SCHEMA)


def trial(review: Review, *pages: str, **fields: object) -> Study:
    """A study of two arms with one document of these pages."""
    study = extracting.study(review)
    extracting.arm(study, "Active", position=1)
    extracting.arm(study, "Placebo", position=2)
    extracting.paper(study, list(pages or [PAGE]), **fields)
    return study


def start(assistant: Assistant, form: FormVersion, *studies: Study) -> Run:
    run = extraction_runs.start(
        review=assistant.review, form_version=form, assistant=assistant, by=assistant.created_by, studies=studies
    )
    extraction_runs.prepare(run_id=run.pk)
    run.refresh_from_db()
    return run


def work(run: Run) -> list[RunItem]:
    """Answer every doorbell once, in this process; the items as they stand then."""
    if run.assistant.engine == "local":
        offline_proposals.read_batch(run_id=run.pk)
    else:
        for item_id in list(RunItem.objects.filter(run=run).values_list("id", flat=True)):
            proposing.make(item_id=item_id)
    run.refresh_from_db()
    return list(RunItem.objects.filter(run=run).order_by("id"))
