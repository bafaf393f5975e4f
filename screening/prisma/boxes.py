"""What stands in each box of the diagram, in PRISMA's words, top to bottom; no geometry.

Each number has a stable key, by which `svg` links it to its list and a page can table it (REP-03):
databases, registers, source:<key>, duplicates, automation_ineligible, removed_other, awaiting_screening, screened,
excluded_screening, excluded_human, excluded_automation, sought, not_retrieved, awaiting_retrieval,
awaiting_assessment, assessed, excluded_full_text, reason:<key>, included_studies, included_reports.
"""

from dataclasses import dataclass

from screening.prisma.flow import Flow, Kind

TITLE = "Identification of studies via databases and registers"


@dataclass(frozen=True, slots=True)
class Entry:
    """One paragraph of a box: a label, and a count unless it is a heading. `below` puts the count under the label.

    `mark` points to a footnote; it is drawn after the label and is no part of it.
    """

    label: str
    key: str = ""
    n: int | None = None
    indent: int = 0
    below: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One box; an open one holds what still waits, which PRISMA has no box for, and is drawn dashed."""

    key: str
    entries: tuple[Entry, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of boxes: the way on at the left, the way out at the right."""

    phase: str
    left: Box | None
    right: Box | None


@dataclass(frozen=True, slots=True)
class Number:
    """One drawn number: its key, its words, its count, and whether it counts what is still open."""

    key: str
    label: str
    n: int
    open: bool


@dataclass(frozen=True, slots=True)
class Footnote:
    """What has to be said of some of a number's records: the number's key, the mark beside it, how many, a sentence."""

    key: str
    mark: str
    n: int
    sentence: str


def footnotes(flow: Flow) -> tuple[Footnote, ...]:
    """Return the footnotes of a flow in reading order, marked as PRISMA's own template marks them.

    PRISMA 2020, item 8: how many reviewers screened each record and each report. Those excluded by one reviewer where
    the stage asks for two are told by their number, and so are those that were screened elsewhere.
    """
    told = (
        ("screened", flow.elsewhere_screening, _elsewhere("title and abstract", flow.elsewhere_screening, "record")),
        ("excluded_screening", flow.waived_screening, _waived("title and abstract", flow.waived_screening, "record")),
        ("assessed", flow.elsewhere_full_text, _elsewhere("full text", flow.elsewhere_full_text, "report")),
        ("excluded_full_text", flow.waived_full_text, _waived("full text", flow.waived_full_text, "report")),
    )
    return tuple(
        Footnote(key, "*" * place, n, sentence)
        for place, (key, n, sentence) in enumerate((one for one in told if one[1]), 1)
    )


def _elsewhere(stage: str, n: int, unit: str) -> str:
    return (
        f"At {stage}, {n:,} {unit}{' was' if n == 1 else 's were'} decided on in another tool; "
        f"{'that decision was' if n == 1 else 'those decisions were'} imported."
    )


def _waived(stage: str, n: int, unit: str) -> str:
    one = n == 1
    return (
        f"At {stage}, {n:,} {unit}{' was' if one else 's were'} excluded by one reviewer: the second was waived "
        f"because two or more criteria were judged not met."
    )


def _mark(flow: Flow, key: str) -> str:
    return next((note.mark for note in footnotes(flow) if note.key == key), "")


def numbers(flow: Flow) -> tuple[Number, ...]:
    """Return every number of the diagram in reading order, for a table beside it and for checking each list."""
    boxes = [box for row in rows(flow) for box in (row.left, row.right) if box]
    return tuple(
        Number(entry.key, entry.label, entry.n, box.open)
        for box in boxes
        for entry in box.entries
        if entry.n is not None
    )


def rows(flow: Flow) -> tuple[Row, ...]:
    """Return the rows of the diagram; rows of open boxes are there only while something is open."""
    drawn = [Row("Identification", _identified(flow), _removed(flow))]
    if flow.awaiting_screening:
        waiting = Entry("Records awaiting screening", "awaiting_screening", flow.awaiting_screening)
        drawn.append(Row("Screening", None, Box("awaiting_screening", (waiting,), open=True)))
    screened = _single("screened", "Records screened", flow.screened, _mark(flow, "screened"))
    drawn.append(Row("Screening", screened, _excluded(flow)))
    sought = _single("sought", "Reports sought for retrieval", flow.sought)
    lost = _single("not_retrieved", "Reports not retrieved", flow.not_retrieved)
    drawn.append(Row("Screening", sought, lost))
    if flow.awaiting_retrieval or flow.awaiting_assessment:
        drawn.append(Row("Screening", None, _open_reports(flow)))
    assessed = _single("assessed", "Reports assessed for eligibility", flow.assessed, _mark(flow, "assessed"))
    drawn.append(Row("Screening", assessed, _reasons(flow)))
    drawn.append(Row("Included", _included(flow), None))
    return tuple(drawn)


def _single(key: str, label: str, n: int, mark: str = "") -> Box:
    return Box(key, (Entry(label, key, n, below=True, mark=mark),))


def _identified(flow: Flow) -> Box:
    entries = [Entry("Records identified from:"), *_found(flow, "Databases", "databases", "database")]
    return Box("identified", (*entries, *_found(flow, "Registers", "registers", "register")))


def _found(flow: Flow, label: str, key: str, kind: Kind) -> list[Entry]:
    each = [Entry(source.name, source.box, source.n, indent=1) for source in flow.sources if source.kind == kind]
    return [Entry(label, key, flow.found_in(kind)), *each]


def _removed(flow: Flow) -> Box:
    return Box(
        "removed",
        (
            Entry("Records removed before screening:"),
            Entry("Duplicate records removed", "duplicates", flow.duplicates),
            Entry(
                "Records marked as ineligible by automation tools", "automation_ineligible", flow.automation_ineligible
            ),
            Entry("Records removed for other reasons", "removed_other", flow.removed_other),
        ),
    )


def _excluded(flow: Flow) -> Box:
    """People and automation stand apart, as the template's second footnote asks (REP-02)."""
    return Box(
        "excluded_screening",
        (
            Entry(
                "Records excluded",
                "excluded_screening",
                flow.excluded_screening,
                mark=_mark(flow, "excluded_screening"),
            ),
            Entry("By people", "excluded_human", flow.excluded_human, indent=1),
            Entry("By automation tools", "excluded_automation", flow.excluded_automation, indent=1),
        ),
    )


def _open_reports(flow: Flow) -> Box:
    open_counts = (
        Entry("Reports awaiting retrieval", "awaiting_retrieval", flow.awaiting_retrieval),
        Entry("Reports awaiting assessment", "awaiting_assessment", flow.awaiting_assessment),
    )
    return Box("awaiting_reports", tuple(entry for entry in open_counts if entry.n), open=True)


def _reasons(flow: Flow) -> Box:
    mark = _mark(flow, "excluded_full_text")
    total = Entry("Reports excluded", "excluded_full_text", flow.excluded_full_text, mark=mark)
    each = [Entry(reason.text, reason.box, reason.n, indent=1) for reason in flow.reasons]
    return Box("excluded_full_text", (total, *each))


def _included(flow: Flow) -> Box:
    return Box(
        "included",
        (
            Entry("Studies included in review", "included_studies", flow.included_studies, below=True),
            Entry("Reports of included studies", "included_reports", flow.included_reports, below=True),
        ),
    )
