"""A reply is read where that needs no guessing, and refused in a sentence otherwise."""

import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from reviewapp.ai.errors import RateLimited, ReplyError
from reviewapp.ai.structured import excerpt, parse_reply


class Answer(BaseModel):
    """What the replies of this file should hold."""

    word: str
    count: int


GOOD = '{"word": "a } b", "count": 2}'


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"\ufeff \n{GOOD}\n\n",
        f"```json\n{GOOD}\n```",
        f"```\n{GOOD}\n```\n",
        f"Here is the JSON:\n```json\n{GOOD}\n```",
        f"Here is the JSON:\n{GOOD}",
        f"<think>Is {{it}} a set? No.</think>\n{GOOD}",
    ],
)
def test_wrapping_is_taken_off(text: str) -> None:
    assert parse_reply(text, Answer) == Answer(word="a } b", count=2)


@pytest.mark.parametrize(
    ("text", "finish", "kind", "words"),
    [
        ("", "stop", "empty", "was empty"),
        ("  \n", "length", "cut_off", "cut off"),
        ("I would include it.", "stop", "not_json", "begins: I would include it."),
        ('{"word": "a", "cou', "length", "cut_off", "cut off"),
        ('{"word": "a", "cou', "stop", "cut_off", "cut off"),
        ("{word: 1}", "stop", "not_json", "begins: {word: 1}"),
        ("[1, 2]", "stop", "not_json", "not one object"),
        ('{"word": "a", "count": NaN}', "stop", "not_json", "not the JSON object"),
        (f"{GOOD}\nI hope that helps!", "stop", "extra_text", "goes on after its JSON object: I hope that helps!"),
        (f"{GOOD} {GOOD}", "stop", "extra_text", "goes on"),
        ('{"word": "a", "count": "2"}', "stop", "wrong_type", "at count: input should be a valid integer"),
        ('{"word": "a"}', "stop", "wrong_type", "at count: it is missing"),
        (f'{GOOD[:-1]}, "count": 3}}', "stop", "wrong_type", "says count twice"),
        ('{"word": ' + "[" * 900 + "]" * 900 + "}", "stop", "wrong_type", "The reply"),
        ("[" * 100_000, "stop", "not_json", "not the JSON object"),
        ("<script>alert(1)</script>\x1b[31m", "stop", "not_json", "‹script›alert(1)‹/script›"),
    ],
)
def test_what_is_wrong_is_said(text: str, finish: str, kind: str, words: str) -> None:
    with pytest.raises(ReplyError) as caught:
        parse_reply(text, Answer, finish_reason=finish)
    assert caught.value.kind == kind
    assert words in str(caught.value)


@pytest.mark.parametrize("blanks", [" ", "\t", "``` ", "\n", "```\n"])
def test_a_reply_of_mere_blanks_costs_no_time(blanks: str) -> None:
    began = time.process_time()
    with pytest.raises(ReplyError):
        parse_reply("```json\n{" + blanks * 200_000 + "x", Answer, finish_reason="length")
    assert time.process_time() - began < 1


@given(st.text(), st.sampled_from(["stop", "length", ""]))
def test_any_text_is_an_answer_or_a_short_plain_sentence(text: str, finish: str) -> None:
    with pytest.raises(ReplyError) as caught:  # chance writes no Answer
        parse_reply(text, Answer, finish_reason=finish)
    message = str(caught.value)
    assert len(message) <= 200
    assert message.isprintable()
    assert "<" not in message


@given(st.text(), st.integers(1, 80))
def test_an_excerpt_is_short_printable_and_without_markup(text: str, size: int) -> None:
    short = excerpt(text, size)
    assert len(short) <= size
    assert short.isprintable()
    assert not set("<>") & set(short)


def test_errors_survive_pickling_between_processes() -> None:
    for error in (ReplyError("Cut off.", kind="cut_off"), RateLimited("Slow down.", retry_after=3.0)):
        again = pickle.loads(pickle.dumps(error))
        assert (str(again), again.__dict__) == (str(error), error.__dict__)
