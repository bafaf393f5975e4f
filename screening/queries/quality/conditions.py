"""The checks of `screening.quality` asked of records in SQL, so that no request reads the texts of a whole review."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import Overlap
from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, Case, Exists, F, Func, IntegerField, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Coalesce, Length, Lower
from django.db.models.lookups import Exact, IntegerLessThan, Regex
from django.utils import timezone

from screening.models.citation import Citation
from screening.models.record_index import RecordIndex
from screening.quality import languages
from screening.quality.checks import AHEAD, EMPTY_WORDS, GARBLED, OLDEST, SHORT
from screening.quality.marks import HINTS, KINDS, pattern

_BYTES = Func(F("abstract"), function="octet_length", output_field=IntegerField())  # known without reading the text
_NAMES = Func(F("authors"), Value(" "), function="array_to_string", output_field=TextField())
SEPARATORS = {"language": languages.SEPARATOR, "type": " *; *"}
"""What parts several languages or types of one record."""
_LACKING = {
    "no_title": Q(title=""),
    "no_abstract": Q(abstract=""),
    "no_year": Q(year__isnull=True),
    "no_doi": Q(doi=""),
    "no_authors": Q(authors=[]),
    "no_journal": Q(journal=""),
    "no_language": Q(language=""),
}


def plain() -> dict[str, Q]:
    """Key of a check -> what it asks of Record, as quality.checks.problems; marks, which cost more, are `marked`."""
    return _LACKING | {
        "short_abstract": _short(empty=False),
        "says_none": _short(empty=True),
        "odd_year": Q(year__lt=OLDEST) | Q(year__gt=timezone.now().year + AHEAD),
        "garbled": Q(title__regex=GARBLED) | Q(journal__regex=GARBLED) | Q(Regex(_NAMES, GARBLED)),
    }


def _short(*, empty: bool) -> Q:
    """In a CASE: PostgreSQL takes the cheaper of two conditions first, and thinks that this is the pattern."""
    words = Q(abstract__iregex=EMPTY_WORDS)
    brief = When(Q(IntegerLessThan(_BYTES, SHORT)), then=words if empty else ~words)
    return ~Q(abstract="") & Q(Case(brief, default=Value(False), output_field=BooleanField()))


def marked(review_id: int) -> dict[str, Q]:
    """Kind of mark -> what it asks of Record."""
    return {kind: _marked(kind, review_id) for kind in KINDS}


def hinted(review_id: int) -> Q:
    """All that bear any mark, and few others: what is worth to be asked for its marks."""
    return _title_hints(review_id) | Q(type__iregex="|".join(HINTS))


def _marked(kind: str, review_id: int) -> Q:
    return (_title_hints(review_id) & Q(title__iregex=pattern(kind, "title"))) | Q(type__iregex=pattern(kind, "type"))


def _title_hints(review_id: int) -> Q:
    """By the index of words, in which a prefix is found at once."""
    words = SearchQuery(" | ".join(f"{hint}:*A" for hint in HINTS), config="simple", search_type="raw")
    return Q(pk__in=RecordIndex.objects.filter(review=review_id, fields=words).values("record_id"))


def repeated() -> Q:
    """Another citation of the same file is the same record, and counts: the one that was kept, or else the first."""
    same_file = Citation.objects.filter(file=OuterRef("citation__file"))
    kept = same_file.filter(record=OuterRef("merged_into"))
    before = same_file.filter(record__merged_into=OuterRef("merged_into"), record__lt=OuterRef("pk"))
    return Q(merged_into__isnull=False) & (Q(Exists(kept)) | Q(Exists(before)))


def known() -> Q:
    """The same record as a citation of another file that was stored earlier; what is `repeated` is told as that."""
    earlier = Citation.objects.filter(pk__lt=OuterRef("citation__pk")).exclude(file=OuterRef("citation__file"))
    root = Coalesce(OuterRef("merged_into_id"), OuterRef("pk"))
    there = Q(Exists(earlier.filter(record=root))) | Q(Exists(earlier.filter(record__merged_into=root)))
    return there & ~repeated()


def condition(key: str, review_id: int) -> Q:
    """What the check of this key asks of Record. Raises KeyError for a key that no check has."""
    if key == "repeated":
        return repeated()
    return known() if key == "known" else (plain() | marked(review_id))[key]


CUT_AT = 60  # letters of types that were kept, until records kept them whole


def says(column: str, wanted: str) -> Q:
    """What a record says its languages or types are: one of several, where a quoted word is meant whole.

    A language that we know is found however it is written; else it is what one of them begins with.
    """
    if column == "language" and (name := languages.name(wanted)):
        return _among(column, SEPARATORS[column], sorted(languages.WRITTEN[name]))
    if len(wanted) > 2 and wanted[0] == wanted[-1] == '"':
        return _among(column, SEPARATORS[column], [wanted[1:-1].strip()])
    return Q(**{f"{column}__istartswith": wanted}) | Q(**{f"{column}__icontains": f"; {wanted}"})


def read_whole(column: str) -> Lower:
    """The column in lower case, without a last type that was cut off where the column ended in earlier versions."""
    if column != "type":
        return Lower(column)
    uncut = Func(F("type"), Value(" *;[^;]*$"), Value(""), function="regexp_replace", output_field=TextField())
    cut = Q(Exact(Length("type"), CUT_AT))
    return Lower(Case(When(cut, then=uncut), default=F("type"), output_field=TextField()))


def _among(column: str, separator: str, words: Iterable[str]) -> Q:
    texts = ArrayField(TextField())
    pieces = Func(read_whole(column), Value(separator), function="regexp_split_to_array", output_field=texts)
    low = Func(*(Lower(Value(word)) for word in words), template="ARRAY[%(expressions)s]", output_field=texts)
    return Q(Overlap(pieces, low))
