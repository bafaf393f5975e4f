"""What is wrong with a form, each with its place."""

from collections.abc import Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence, and where it belongs: ("groups", 0, "fields", 2, "options")."""

    path: Path
    sentence: str

    @property
    def place(self) -> str:
        """The place as people count: "group 1, field 3, options"; empty for the form as a whole."""
        words: list[str] = []
        for part in self.path:
            if isinstance(part, int):
                words[-1] = f"{words[-1].rstrip('s')} {part + 1}"
            else:
                words.append(part)
        return ", ".join(words)

    @property
    def at(self) -> str:
        """The group or field that it is in, as "2" or "2.5" counted from 0; empty for the form as a whole."""
        return ".".join(str(part) for part in self.path[:4] if isinstance(part, int))

    def __str__(self) -> str:
        return f"{self.place[:1].upper()}{self.place[1:]}: {self.sentence}" if self.path else self.sentence


class SchemaError(ValueError):
    """This is no form yet. `faults` holds every reason; the message joins the first of them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        more = f" And {len(self.faults) - 5} more." if len(self.faults) > 5 else ""
        super().__init__(" ".join(str(fault) for fault in self.faults[:5]) + more)
