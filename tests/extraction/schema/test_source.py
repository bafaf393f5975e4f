"""Whatever is handed in as a form's JSON is read, or refused with a sentence."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.schema import SchemaError
from extraction.schema.source import MOST_BYTES, decode


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{", "line 1, character 2"),
        (b'{"title": "a",}', "not JSON"),
        (b'{"key": "a", "key": "b"}', "stands twice"),
        (b'{"groups": [{"label": 1, "label": 2}]}', "“label” stands twice"),
        (b"\xff\xfe{\x00", "UTF-8"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "Office"),
        (b"[" * 200_000, "nested"),
        (b"NaN", "not JSON"),
        (b"[" + b"9" * 5_000 + b"]", "too long"),
        (b" " * (MOST_BYTES + 1), "at most 1 MB"),
    ],
)
def test_what_is_no_json_is_refused_with_the_mend(content: bytes, says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        decode(content)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert decode(b"\xef\xbb\xbf" + json.dumps({"title": "é"}).encode()) == {"title": "é"}


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    try:
        decode(content)
    except SchemaError as refusal:
        said = str(refusal)
    else:
        said = "read"
    assert said


def test_seventy_thousand_names_are_read_in_no_time() -> None:
    content = json.dumps({f"n{number}": 0 for number in range(70_000)}).encode()
    before = time.process_time()
    assert len(decode(content)) == 70_000  # type: ignore[arg-type]
    assert time.process_time() - before < 2
