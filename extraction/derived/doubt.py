"""What a check says, and the place in a study that it looks at."""

from collections.abc import Mapping
from dataclasses import dataclass

from extraction.derived.roles import Cell

Everywhere = Mapping[tuple[str, str, str, str], Cell]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sentence for the extractor, and the keys of the cells that it is about, the doubtful one first."""

    sentence: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The cells of one (stem, arm, measure), with those of the arm and of the study behind them."""

    everywhere: Everywhere
    place: tuple[str, str, str]

    def own(self, role: str) -> Cell | None:
        """Return the cell of exactly this place."""
        return self.everywhere.get((role, *self.place))

    def get(self, role: str) -> Cell | None:
        """Return the nearest cell of a role: here, here without the stem, then in the arm at large."""
        stem, arm, measure = self.place
        for place in ((stem, arm, measure), ("", arm, measure), (stem, arm, "0"), ("", arm, "0")):
            if cell := self.everywhere.get((role, *place)):
                return cell
        return None

    def sizes(self) -> Cell | None:
        """Return the number of participants that counts here: analysed before randomised before total."""
        return self.get("n") or self.get("randomised") or self.get("total")
