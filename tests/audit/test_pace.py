"""The pace of a model: one bucket for all workers, and holding back when a provider says so."""

import pytest

from audit import pace
from audit.models.model_card import ModelCard

pytestmark = pytest.mark.django_db


def card(**limits):
    return ModelCard.objects.create(name="Model", model="openai/x", **limits)


def test_a_card_without_limits_never_waits():
    free = card()
    assert [pace.take(free, tokens=10_000) for _ in range(3)] == [0.0, 0.0, 0.0]


def test_callers_line_up_behind_one_another():
    limited = card(requests_per_minute=60)
    waits = [pace.take(limited, tokens=1) for _ in range(5)]
    assert waits == pytest.approx([0, 1, 2, 3, 4], abs=0.3)


def test_tokens_count_as_well_as_requests():
    limited = card(tokens_per_minute=6_000)
    waits = [pace.take(limited, tokens=1_000) for _ in range(3)]
    assert waits[2] - waits[1] == pytest.approx(10, abs=0.5)


def test_the_slower_limit_counts():
    limited = card(requests_per_minute=6_000, tokens_per_minute=60)
    pace.take(limited, tokens=60)
    assert pace.take(limited, tokens=60) == pytest.approx(120, abs=10)


def test_a_provider_that_says_how_long_is_left_alone_for_so_long():
    pace.hold("model-a", 7)
    assert 6 < pace.held("model-a") <= 7
    assert pace.held("model-b") == 0


def test_without_a_number_each_hold_is_longer_until_it_answers(monkeypatch):
    now = [1_000.0]
    monkeypatch.setattr(pace, "monotonic", lambda: now[0])
    lengths = []
    for _ in range(9):
        pace.hold("model-c", None)
        lengths.append(pace.held("model-c"))
        now[0] += lengths[-1] + 1
    assert lengths == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    pace.answered("model-c")
    pace.hold("model-c", None)
    assert pace.held("model-c") == 1


def test_failures_among_answers_hold_nothing_back():
    for _ in range(40):
        pace.failed("model-d")
        pace.answered("model-d")
        pace.answered("model-d")
    assert pace.held("model-d") == 0


def test_a_server_that_fails_mostly_is_left_alone_each_time_longer(monkeypatch):
    now = [1_000.0]
    monkeypatch.setattr(pace, "monotonic", lambda: now[0])
    lengths = []
    for _ in range(3):
        for _ in range(pace.TOO_MANY):
            assert pace.held("model-e") == 0
            pace.failed("model-e")
        lengths.append(pace.held("model-e"))
        now[0] += lengths[-1] + 1
    assert lengths == [1, 2, 4]
    pace.answered("model-e")
    for _ in range(pace.TOO_MANY - 1):
        pace.failed("model-e")
    assert pace.held("model-e") == 0
