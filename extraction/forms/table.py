"""What the address of the evidence table asks for: read leniently, because a link may be older than its form."""

from django.http import QueryDict

from extraction.queries.cells_shown import STATES
from extraction.queries.table_wanted import BY_STUDY, CONTAINS, EQUALS, LONG, STATE, STUDY, Filter, Wanted
from extraction.schema.model import STANDS_FOR

MOST_FILTERS, LONGEST = 10, 200
HOW = {CONTAINS: "contains", EQUALS: "is", STATE: "state is"}


def wanted_of(asked: QueryDict, *, at_first: str = "") -> Wanted:
    """Columns `c`, `layout`, `level`, filters `filter=column:how:text`, `sort` (a minus turns it round), `kept`, `ai`.

    `at_first`: the level for whoever asks for no columns and no layout. `field`, `how` and `text` are one more filter,
    as the page's own form sends it. What makes no sense is left out.
    """
    sort = asked.get("sort", "") or STUDY
    return Wanted(
        columns=tuple(asked.getlist("c")),
        layout=LONG if asked.get("layout") == LONG else BY_STUDY,
        level=_level(asked, at_first),
        filters=tuple(_filters(asked)),
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        kept=asked.get("kept") == "1",
        proposals=asked.get("ai") == "1",
    )


def query_of(wanted: Wanted, *, form_id: int, version: int | None = None) -> QueryDict:
    """The address that asks for this; `wanted_of` reads it back."""
    query = QueryDict(mutable=True)
    query["form"] = str(form_id)
    if version is not None:
        query["version"] = str(version)
    query.setlist("c", list(wanted.columns))
    if wanted.level:
        query["level"] = wanted.level
    query.setlist("filter", [f"{f.column}:{f.how}:{f.text}" for f in wanted.filters])
    if (wanted.sort, wanted.descending) != (STUDY, False):
        query["sort"] = f"{'-' if wanted.descending else ''}{wanted.sort}"
    for name, value, default in (
        ("layout", wanted.layout, BY_STUDY if wanted.level else ""),
        ("kept", "1" if wanted.kept else "", ""),
        ("ai", "1" if wanted.proposals else "", ""),
    ):
        if value != default:
            query[name] = value
    return query


def _level(asked: QueryDict, at_first: str) -> str:
    level = asked.get("level", "")
    if level in STANDS_FOR:
        return level
    return "" if "c" in asked or "layout" in asked else at_first


def _filters(asked: QueryDict) -> list[Filter]:
    parts = [tuple(line.split(":", 2)) for line in asked.getlist("filter")]
    parts.append((asked.get("field", ""), asked.get("how", ""), asked.get("text", "")))
    found = [_filter(*part) for part in parts if len(part) == 3]
    return list(dict.fromkeys(one for one in found if one is not None))[:MOST_FILTERS]


def _filter(column: str, how: str, text: str) -> Filter | None:
    text = text.strip()[:LONGEST]
    if how == STATE:
        code = text if text in STATES else next((c for c, label in STATES.items() if _same(label, text)), "")
        return Filter(column, how, code) if column and code else None
    return Filter(column, how, text) if column and text and how in HOW else None


def _same(label: str, text: str) -> bool:
    return label.casefold() == text.casefold()
