"""What somebody asks of the evidence table, and whose eyes it is for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from extraction.queries.cells_shown import Cell
from extraction.queries.columns import Column

BY_STUDY, LONG = "study", "long"
EACH = "study"  # the level at which a column asks each study once
CONTAINS, EQUALS, STATE = "contains", "equals", "state"
STUDY = "study"  # the key of the first column


@dataclass(frozen=True, slots=True)
class Filter:
    """Keeps lines whose cell of a column holds a text, is a text (letter case aside), or is in a state."""

    column: str
    how: str
    text: str

    def keeps(self, cell: Cell) -> bool:
        if self.how == STATE:
            return cell.state == self.text
        return self.keeps_text(cell.text)

    def keeps_text(self, text: str) -> bool:
        said, wanted = text.casefold(), self.text.casefold().strip()
        return wanted in said if self.how == CONTAINS else said == wanted


@dataclass(frozen=True, slots=True)
class Wanted:
    """`columns`: keys of those to show, none for all of `level`. `layout` LONG: a line per study × outcome × arm.

    `level`: what the columns to show repeat for ("study", "arm", "measure", "measure_arm"; empty for every level).
    `kept`: with columns that only other versions of the form asked. `proposals`: with what an assistant proposed and
    nobody confirmed, marked.
    """

    columns: tuple[str, ...] = ()
    layout: str = BY_STUDY
    level: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str = STUDY
    descending: bool = False
    kept: bool = False
    proposals: bool = False

    def chosen(self, every: Sequence[Column]) -> list[Column]:
        """The columns to show, in the order of the form: those named, or of the level, or all where there is none."""
        named = [column for column in every if column.key in self.columns]
        return named or [column for column in every if column.repeats == self.level] or list(every)


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks; `visibility` says what they may see."""

    user_id: int
    roles: Collection[str]
