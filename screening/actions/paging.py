"""What would keep a request waiting is done by a worker, page by page: each page one transaction, none done twice."""

from collections.abc import Callable

AT_ONCE = 1_000  # places that a request changes itself; a worker takes so many in one transaction


def go_through(turn_page: Callable[[], bool]) -> None:
    """Turn pages until one says that there is nothing left to do, or that somebody else is at it."""
    while turn_page():
        pass
