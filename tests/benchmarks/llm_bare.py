"""A bare aiohttp client that asks a model what a run has asked, and no more: the measure of `llm_run`.

It tries again as a run must: 429, 500 and a call that took too long wait their two seconds, during which others are
asked; a reply that is not JSON is asked for once more. It parses each reply, and keeps nothing of it.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

BACK_OFF = 2.3  # seconds, as `ends.after` waits on an average after a first failure


@dataclass
class Bare:
    """So many calls at a time to `url`, each for `timeout` seconds at most; `ends` is when each question was done."""

    url: str
    in_flight: int
    timeout: float
    calls: int = 0
    ends: list[float] = field(default_factory=list)

    def ask_all(self, bodies: list[dict[str, Any]]) -> float:
        """Ask everything; the seconds that it took from the first call to the last reply."""
        began = time.perf_counter()
        asyncio.run(self._all(bodies))
        self.ends = [end - began for end in self.ends]
        return self.ends[-1]

    async def _all(self, bodies: list[dict[str, Any]]) -> None:
        waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        for body in bodies:
            waiting.put_nowait(body)
        limit = aiohttp.ClientTimeout(total=self.timeout)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=limit) as session:
            workers = [asyncio.create_task(self._work(session, waiting)) for _ in range(self.in_flight)]
            while len(self.ends) < len(bodies):
                await asyncio.sleep(0.05)
            for worker in workers:
                worker.cancel()

    async def _work(self, session: aiohttp.ClientSession, waiting: "asyncio.Queue[dict[str, Any]]") -> None:
        while True:
            body = await waiting.get()
            text = await self._asked(session, body)
            if text is None:
                asyncio.get_running_loop().call_later(BACK_OFF, waiting.put_nowait, body)
                continue
            try:
                json.loads(text)
            except ValueError:
                again = [{"role": "assistant", "content": text}, {"role": "user", "content": "Reply once more."}]
                waiting.put_nowait({**body, "messages": [*body["messages"], *again]})
                continue
            self.ends.append(time.perf_counter())

    async def _asked(self, session: aiohttp.ClientSession, body: dict[str, Any]) -> str | None:
        """The text of a reply, or None if it must be asked for later."""
        self.calls += 1
        try:
            async with session.post(self.url, json=body) as response:
                if response.status in {429, 500}:
                    return None
                return str((await response.json())["choices"][0]["message"]["content"])
        except TimeoutError:
            return None
