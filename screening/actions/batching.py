"""Reading ahead: a file is parsed while the database stores what came before."""

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def ahead(items: Iterable[T]) -> Generator[T, None, None]:
    """The items, none of them None, each read by a thread of its own while the one before is worked on.

    One item is in memory besides the one that was given. What reading raises is raised when that item is asked for.
    The items must not touch the database. Close the generator where you stop before its end: it waits for the thread.
    """
    rest = iter(items)
    with ThreadPoolExecutor(1, thread_name_prefix="reads-ahead") as reader:
        coming = reader.submit(next, rest, None)
        while (item := coming.result()) is not None:
            coming = reader.submit(next, rest, None)
            yield item
