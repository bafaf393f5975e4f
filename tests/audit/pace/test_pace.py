"""The pace of a model: one line for all workers, and holding back when a provider says so; on either store."""

import pytest

from audit import pace
from audit.models.model_card import ModelCard
from audit.pace import terms

pytestmark = pytest.mark.django_db


def card(**limits):
    return ModelCard.objects.create(name="Model", model="openai/x", **limits)


def test_a_card_without_limits_never_waits(kept):
    free = card()
    assert [pace.take(free, tokens=10_000) for _ in range(3)] == [(0.0, True)] * 3


def test_callers_line_up_behind_one_another(kept):
    limited = card(requests_per_minute=60)
    turns = [pace.take(limited, tokens=1) for _ in range(5)]
    assert all(turn.ours for turn in turns)
    assert [turn.seconds for turn in turns] == pytest.approx([0, 1, 2, 3, 4], abs=0.3)


def test_a_turn_that_is_far_off_is_not_drawn(kept):
    limited = card(requests_per_minute=20)
    assert [pace.take(limited, tokens=1).ours for _ in range(5)] == [True, True, False, False, False]
    kept.let_pass(pace.key_of(limited), 3)
    assert pace.take(limited, tokens=1).ours, "those who came in vain took nothing"


def test_tokens_count_as_well_as_requests(kept):
    limited = card(tokens_per_minute=60_000)
    turns = [pace.take(limited, tokens=2_000) for _ in range(4)]
    assert [turn.seconds for turn in turns] == pytest.approx([0, 1, 3, 5], abs=0.3)  # a second's worth may come early


def test_a_call_of_more_tokens_than_a_minute_has_goes_and_the_next_waits_for_all_of_them(kept):
    limited = card(tokens_per_minute=60)
    assert pace.take(limited, tokens=600) == (0.0, True)
    kept.let_pass(pace.key_of(limited), 590)
    assert not pace.take(limited, tokens=1).ours
    kept.let_pass(pace.key_of(limited), 10)
    assert pace.take(limited, tokens=1).ours


def test_the_slower_limit_counts(kept):
    limited = card(requests_per_minute=6_000, tokens_per_minute=60)
    pace.take(limited, tokens=4)
    assert pace.take(limited, tokens=4).seconds == pytest.approx(3, abs=0.3)


def test_a_provider_that_says_how_long_is_left_alone_for_so_long(kept):
    pace.hold("model-a", 7)
    assert 6 < pace.held("model-a") <= 7
    assert pace.held("model-b") == 0


def test_the_longest_word_of_a_provider_counts(kept):
    pace.hold("model-a", 7)
    pace.hold("model-a", 90)
    pace.hold("model-a", 3)
    pace.hold("model-a", None)
    assert 89 < pace.held("model-a") <= 90


def test_a_held_card_gives_no_turn_before_the_hold_is_over(kept):
    free, limited = card(), ModelCard.objects.create(name="Two", model="openai/x", requests_per_minute=600)
    for one in (free, limited):
        pace.hold(pace.key_of(one), 30)
        assert not pace.take(one, tokens=1).ours
    kept.let_pass(pace.key_of(limited), 27)
    turns = [pace.take(limited, tokens=1) for _ in range(3)]
    assert [turn.seconds for turn in turns] == pytest.approx([3, 3.1, 3.2], abs=0.2), "one after the other then"


def test_without_a_number_each_hold_is_longer_until_it_answers(kept):
    lengths = []
    for _ in range(12):
        pace.hold("model-c", None)
        lengths.append(pace.held("model-c"))
        kept.let_pass("model-c", lengths[-1] + 1)
    assert lengths == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 60, 60], abs=0.09)
    pace.answered("model-c")
    pace.hold("model-c", None)
    assert pace.held("model-c") == pytest.approx(0.1, abs=0.09), "one among answers stops nobody for long"


def test_a_provider_that_mostly_says_slow_down_is_left_alone_for_longer(kept):
    for _ in range(terms.TOO_MANY):
        pace.answered("model-c")
        pace.hold("model-c", None)
        before = pace.held("model-c")
        kept.let_pass("model-c", before + 1)
    assert before == pytest.approx(1, abs=0.09)


def test_failures_among_answers_hold_nothing_back(kept):
    for _ in range(40):
        pace.failed("model-d")
        pace.answered("model-d")
        pace.answered("model-d")
    assert pace.held("model-d") == 0


def test_a_server_that_fails_mostly_is_left_alone_each_time_longer(kept):
    lengths = []
    for _ in range(3):
        for _ in range(terms.TOO_MANY):
            assert pace.held("model-e") == 0
            pace.failed("model-e")
        lengths.append(pace.held("model-e"))
        kept.let_pass("model-e", lengths[-1] + 1)
    assert lengths == pytest.approx([1, 2, 4], abs=0.3)
    pace.answered("model-e")
    for _ in range(terms.TOO_MANY - 1):
        pace.failed("model-e")
    assert pace.held("model-e") == 0


def test_failures_are_counted_over_all_workers(kept):
    for worker in range(terms.TOO_MANY):
        pace._heard.clear()  # each is another process: none has heard of the others but by the store
        assert pace.held("model-f") == 0, f"worker {worker}"
        pace.failed("model-f")
    pace._heard.clear()
    assert pace.held("model-f") > 0


def test_answers_are_told_a_few_times_a_second_whatever_the_number_of_calls(kept, monkeypatch):
    told = []
    tell = pace.stores.tell
    monkeypatch.setattr(pace.stores, "tell", lambda key, word: told.append(word.answers) or tell(key, word))
    free = card()
    for _ in range(200):
        pace.take(free, tokens=1)
        pace.answered(pace.key_of(free))
    assert len(told) < 20
