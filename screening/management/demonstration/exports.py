"""Rows in, files out, as three kinds of database write them: RIS in cp1252, MEDLINE (nbib) in UTF-8, CSV in UTF-16."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterable, Sequence

from screening.management.demonstration.model import Article, Row

# What cp1252 has no place for, as an exporting database would write it.
_PLAIN = str.maketrans(
    {
        "≥": ">=",
        "≤": "<=",
        "−": "-",
        "α": "alpha",
        "ı": "i",
        "²": "2",
        "\u2010": "-",
        "\u200b": "",
        "\u2060": "",
        "–": "-",
    }
)
LANGUAGES = {"eng": "English", "ger": "German", "spa": "Spanish", "fre": "French", "por": "Portuguese"}


def ris(rows: Sequence[Row]) -> bytes:
    """Tagged lines with CRLF, one-line abstracts, accents in cp1252."""
    text = "".join("\r\n".join(f"{tag}  - {value}" for tag, value in _ris(row.article)) + "\r\n\r\n" for row in rows)
    return text.translate(_PLAIN).encode("cp1252")


def _ris(a: Article) -> Iterable[tuple[str, str]]:
    first, _, last = a.pages.partition("-")
    yield "TY", "CONF" if a.kind == "conference abstract" else "JOUR"
    yield "ID", f"L99{a.number:06d}"
    yield "TI", a.title
    yield from (("AU", name) for name in a.authors)
    fields = {
        "PY": str(a.year), "JF": a.journal[0], "JA": a.journal[1], "VL": a.volume, "IS": a.issue, "SP": first, "EP": last, "DO": a.doi, "AB": a.abstract,
        "LA": LANGUAGES[a.language], "M3": a.kind.capitalize(), "N1": "INVENTED RECORD. No such publication exists.", "DB": "Invented Embase-like",
        "AN": f"L99{a.number:06d}", "UR": f"https://example.invalid/records/{a.number}",
    }  # fmt: skip
    yield from ((tag, value) for tag, value in fields.items() if value)
    yield from (("KW", word) for word in a.keywords)
    yield ("ER", "")


def nbib(rows: Sequence[Row]) -> bytes:
    """PubMed's tagged format: four-letter tags, continuation lines of six blanks, a blank line between records, UTF-8."""
    return (
        "\n\n".join("\n".join(_wrapped(tag, value) for tag, value in _nbib(row.article)) for row in rows) + "\n"
    ).encode()


def _nbib(a: Article) -> Iterable[tuple[str, str]]:
    title = a.title if a.title.endswith((".", "?")) else a.title + "."
    yield from (("PMID", f"99{a.number:06d}"), ("OWN", "INVENTED"), ("STAT", "MEDLINE"))
    yield "TI", title if a.language == "eng" else f"[{title.rstrip('.')}]."
    fields = {
        "AB": a.abstract,
        "VI": a.volume,
        "IP": a.issue,
        "PG": a.pages,
        "LID": f"{a.doi} [doi]" if a.doi else "",
        "DP": str(a.year),
    }
    yield from ((tag, value) for tag, value in fields.items() if value)
    for name in a.authors:
        yield "FAU", name.replace(".", "")
        yield "AU", _short(name)
    yield from (("LA", a.language), ("PT", a.kind.title()), ("TA", a.journal[1]), ("JT", a.journal[0]))
    yield from (("OT", word) for word in a.keywords)
    yield from (("GN", "INVENTED RECORD. No such publication exists."),)
    if a.doi:
        yield "AID", f"{a.doi} [doi]"
    yield "SO", f"{a.journal[1]}. {a.year};{a.volume}({a.issue}):{a.pages}."


def _wrapped(tag: str, value: str) -> str:
    lines = textwrap.wrap(value, 82, break_long_words=False, break_on_hyphens=False) or [""]
    return f"{tag:<4}- " + "\n      ".join(lines)


def _short(name: str) -> str:
    surname, _, initials = name.partition(", ")
    return f"{surname} {initials.replace('.', '').replace(' ', '')}"


_COLUMNS = (
    "Authors", "Title", "Year", "Source title", "Volume", "Issue", "Art. No.", "Page start", "Page end", "Cited by", "DOI", "Link", "Abstract",
    "Author Keywords", "Language of Original Document", "Document Type", "Publication Stage", "Source", "EID",
)  # fmt: skip


def scopus_csv(rows: Sequence[Row]) -> bytes:
    """Comma-separated with every field in quotation marks, UTF-16 with a byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_csv(row.article) for row in rows)
    return b"\xff\xfe" + out.getvalue().encode("utf-16-le")


def _csv(a: Article) -> tuple[str, ...]:
    first, _, last = a.pages.partition("-")
    article_number = first if first.startswith("e") else ""
    authors = "; ".join(_short(name).replace(" ", " ", 1) + "." for name in a.authors)
    return (
        authors, a.title, str(a.year), a.journal[0], a.volume, a.issue, article_number, "" if article_number else first, last, str(a.number % 37),
        a.doi, f"https://example.invalid/scopus/{a.number}", a.abstract or "[No abstract available]", "; ".join(a.keywords), LANGUAGES[a.language],
        a.kind.capitalize(), "Final", "Invented Scopus-like", f"2-s2.0-99{a.number:08d}",
    )  # fmt: skip
