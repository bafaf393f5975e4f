"""What was noticed and mended while reading: counted, with the first line of each, so that notes stay short."""

from __future__ import annotations


class Notes:
    """Counts each kind of remark and remembers where it was first seen."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}

    def add(self, what: str, line: int, count: int = 1) -> None:
        """Count a remark; `what` is a phrase that reads well after a number: "entries without a title"."""
        before, first = self._seen.get(what, (0, line))
        self._seen[what] = (before + count, first)

    def sentences(self) -> list[str]:
        """One sentence per kind of remark, in the order of first sight."""
        return [f"{count:,} × {what} (first at line {line:,})." for what, (count, line) in self._seen.items()]

    def counts(self) -> list[tuple[str, int, int]]:
        """Each kind of remark with the line of its first and how many there were."""
        return [(what, line, count) for what, (count, line) in self._seen.items()]
