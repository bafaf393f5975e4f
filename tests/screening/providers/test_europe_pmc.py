"""Europe PMC's requests and replies: terms, cursors, its end, its errors."""

from datetime import date
from typing import Any

import pytest

from screening.providers import NotUnderstoodError, Query
from screening.providers.europe_pmc import EuropePmc

ASKED = EuropePmc()


def reply(hits: int, entries: int, after: str = "") -> bytes:
    cursor = f"<nextCursorMark>{after}</nextCursorMark>" if after else ""
    rows = "<result><id>1</id></result>" * entries
    frame = "<responseWrapper><hitCount>{}</hitCount>{}<resultList>{}</resultList></responseWrapper>"
    return frame.format(hits, cursor, rows).encode()


def test_limits_and_a_top_up_stand_in_brackets_of_their_own() -> None:
    query = Query("asthma OR wheeze", last=date(2020, 12, 31), since=date(2026, 11, 7))
    assert ASKED.count(query).fields["query"] == (
        "(asthma OR wheeze) AND (FIRST_PDATE:[1500-01-01 TO 2020-12-31]) AND (FIRST_IDATE:[2026-11-07 TO 3000-12-31])"
    )


@pytest.mark.parametrize("last", [reply(3, 1), reply(3, 1, "A2"), reply(3, 1, "A3"), reply(3, 0, "A2")])
def test_it_ends_where_all_came_or_no_other_cursor_is_named(last: bytes) -> None:
    position: dict[str, Any] = {}
    first = ASKED.take(position, reply(3, 2, "A2"), 2)
    assert (first.entries, first.answer and first.answer.hits) == (2, 3)
    if b"<result>" not in last:
        with pytest.raises(NotUnderstoodError, match="without records"):
            ASKED.take(first.position, last, 2)
        return
    ended = ASKED.take(first.position, last, 2)
    assert ended.answer is None
    assert ASKED.ask(Query("asthma"), ended.position, 2) is None


def test_the_second_page_is_asked_for_by_the_cursor_of_the_first() -> None:
    ask = ASKED.ask(Query("asthma"), ASKED.take({}, reply(3, 2, "AoJ+/=2"), 2).position, 2)
    assert ask is not None
    assert (ask.fields["cursorMark"], ask.fields["pageSize"], ask.fields["resultType"]) == ("AoJ+/=2", "2", "core")


def test_nothing_found_is_an_end() -> None:
    step = ASKED.take({}, reply(0, 0), 2)
    assert (step.position, step.page, step.answer and step.answer.hits) == ({"done": True}, None, 0)
