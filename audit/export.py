"""CSV that is safe in a spreadsheet, line by line (SEC-05)."""

import csv
from collections.abc import Iterable, Iterator, Sequence

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the last four, wide, too: Excel folds them


class _Line:
    """A file object that csv.writer writes one line into at a time."""

    def write(self, text: str) -> str:
        return text


def safe(value: object) -> str:
    """A cell that no spreadsheet runs as a formula (OWASP: CSV injection): a quote mark before what would start one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ")[:1] in STARTS and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def csv_lines(header: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A header and rows as CSV, streamed, with a BOM for spreadsheets; every cell is made safe."""
    yield "\ufeff"
    writer = csv.writer(_Line())
    yield writer.writerow([safe(title) for title in header])
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])
