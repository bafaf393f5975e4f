"""A person's last answers on duplicates, kept in their session: Z takes them back one by one, also after a break."""

from typing import Any

from django.http import HttpRequest

from screening.actions.pair_answers import Step

KEY = "pair_steps"
KEPT = 50


def remember(request: HttpRequest, review_id: int, step: Step, *, came_from: str = "") -> None:
    """The newest step last. `came_from` is a page of ours to go back to when it is taken back."""
    steps = [*_of(request, review_id), {"pairs": step.pairs, "merges": step.merges, "from": came_from}]
    _store(request, review_id, steps[-KEPT:])


def last(request: HttpRequest, review_id: int) -> Step | None:
    """The newest step; `forget` it when it was taken back."""
    steps = _of(request, review_id)
    return _step(steps[-1]) if steps else None


def of_pair(request: HttpRequest, review_id: int, pair_id: int) -> Step | None:
    """The newest step that was about this pair alone."""
    return next((_step(one) for one in reversed(_of(request, review_id)) if one["pairs"] == [pair_id]), None)


def forget(request: HttpRequest, review_id: int, step: Step) -> str:
    """Drop the newest step that is this one; returns the page that it came from, or ""."""
    steps = _of(request, review_id)
    for at in range(len(steps) - 1, -1, -1):
        if _step(steps[at]) == step:
            gone = steps.pop(at)
            _store(request, review_id, steps)
            return str(gone["from"])
    return ""


def _of(request: HttpRequest, review_id: int) -> list[dict[str, Any]]:
    return list(request.session.get(KEY, {}).get(str(review_id), []))


def _store(request: HttpRequest, review_id: int, steps: list[dict[str, Any]]) -> None:
    request.session[KEY] = {**request.session.get(KEY, {}), str(review_id): steps}


def _step(one: dict[str, Any]) -> Step:
    return Step(list(one["pairs"]), list(one["merges"]))
