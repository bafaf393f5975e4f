"""One event loop in a thread of its own, for callers that are threads themselves."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, TypeVar

T = TypeVar("T")

_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}


def _loop() -> asyncio.AbstractEventLoop:
    """This process's loop; a forked child starts its own, because threads don't survive a fork."""
    pid = os.getpid()
    with _lock:
        if pid not in _loops:
            _loops.clear()
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="ai-loop", daemon=True).start()
            _loops[pid] = loop
        return _loops[pid]


async def _within(work: Coroutine[Any, Any, T], timeout: float) -> T | None:
    try:
        return await asyncio.wait_for(work, timeout)
    except TimeoutError:
        return None


def run(work: Coroutine[Any, Any, T], *, timeout: float) -> T | None:
    """What `work` returns, or None if it took longer than `timeout` seconds; blocks the calling thread only.

    If the caller is interrupted while it waits, the work is cancelled.
    """
    future = asyncio.run_coroutine_threadsafe(_within(work, timeout), _loop())
    try:
        return future.result(timeout + 5)  # the loop's own limit comes first; this one is for a loop that hangs
    except FutureTimeout:
        return None
    finally:
        future.cancel()
