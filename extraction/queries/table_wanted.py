"""What somebody asks of the evidence table, and whose eyes it is for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from extraction.queries.cells_shown import Cell
from extraction.queries.columns import Column

BY_STUDY, LONG = "study", "long"
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
    """`columns`: keys of those to show, none for all. `layout` LONG: a line per study × outcome × arm.

    `kept`: with columns that only other versions of the form asked. `proposals`: with what an assistant proposed and
    nobody confirmed, marked.
    """

    columns: tuple[str, ...] = ()
    layout: str = BY_STUDY
    filters: tuple[Filter, ...] = ()
    sort: str = STUDY
    descending: bool = False
    kept: bool = False
    proposals: bool = False

    def chosen(self, every: Sequence[Column]) -> list[Column]:
        """The columns to show, in the order of the form; all of them where none that exists is named."""
        return [column for column in every if column.key in self.columns] or list(every)


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks; `visibility` says what they may see."""

    user_id: int
    roles: Collection[str]
