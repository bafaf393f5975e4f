"""Records as BibTeX (UTF-8), with LaTeX's own characters escaped.

Written here and not by bibtexparser, which escapes nothing and wants the whole library in memory before it writes.
"""

from collections.abc import Iterator, Sequence

from screening.enums import Stage
from screening.export.data import Exported, Telling, in_words

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_TABLE = {ord(char): text for char, text in _SPECIAL.items()}


def bibtex(telling: Telling, ids: Sequence[int]) -> Iterator[str]:
    """The records in the order of `ids`, one by one; the key of each is its number in the review."""
    return map(_entry, telling.records(ids))


def _entry(one: Exported) -> str:
    record = one.record
    notes = [f"{stage.label}: {one.statuses[stage]}" for stage in Stage if stage in one.statuses]
    notes += [f"Excluded for: {one.reason}"] if one.reason else []
    notes += [f"Decision: {in_words(said, one.authors[said.pk])}" for said in one.decisions if said.pk in one.standing]
    notes += [f"Sources: {', '.join(one.sources)}"] if one.sources else []
    notes += [f"Related: {words}" for words in one.related]
    notes += [f"Tag: {tag}" for tag in one.tags]  # no keywords: those are the database's own, and are read back as such
    plain = [
        ("title", record.title),
        ("year", str(record.year or "")),
        ("journal", record.journal),
        ("volume", record.volume),
        ("number", record.issue),
        ("pages", record.pages.replace("-", "--", 1)),
        ("doi", record.doi),
        ("url", record.url),
        ("abstract", record.abstract),
        ("keywords", "; ".join(record.keywords)),
        ("language", record.language),
        ("note", "; ".join(notes)),
    ]
    fields = [(name, escaped(value)) for name, value in plain]
    fields.insert(1, ("author", _names([escaped(author) for author in record.authors])))
    lines = [f"  {name} = {{{value}}}" for name, value in fields if value]
    return f"@article{{record{record.pk},\n" + ",\n".join(lines) + "\n}\n\n"


def _names(authors: Sequence[str]) -> str:
    """Joined by "and"; a name that has the word in it (a group) is one name in braces."""
    return " and ".join(f"{{{name}}}" if " and " in f" {name} ".lower() else name for name in authors)


def escaped(value: str) -> str:
    """Text that LaTeX, and every reader of BibTeX, takes as it stands."""
    return " ".join(value.split()).translate(_TABLE)
