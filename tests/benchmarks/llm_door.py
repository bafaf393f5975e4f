"""How much of a bare client's speed is left at the door to language models.

    python -m tests.benchmarks.llm_door [--in-flight 32] [--delay 500] [--seconds 8] [--rounds 3]

The test model server runs as a process of its own. In turn, a bare aiohttp client and `complete()` called from as many
threads keep the same number of calls in flight; printed are calls per second, CPU milliseconds of this process per
call, and the ratio. Calls of the warm-up don't count.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import aiohttp

from reviewapp.ai.completion import Endpoint, complete
from reviewapp.ai.prompt import Prompt
from screening.prompts.screening import CriterionText, build

ABSTRACT = "We randomised adults with type 2 diabetes to an SGLT2 inhibitor or to placebo for one year. " * 15
CRITERIA = [
    CriterionText(f"C{number}", "Population", "Adults with type 2 diabetes in a randomised trial")
    for number in range(4)
]


@contextmanager
def serving(port: int) -> Iterator[str]:
    """The test model server in a process of its own; yields its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.model_server", "--port", str(port)], stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            try:
                urlopen(f"http://127.0.0.1:{port}/stats", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(10)


class Window:
    """Times the calls that begin after a warm-up and before the end of the measurement."""

    def __init__(self, in_flight: int, warm_up: float, seconds: float) -> None:
        self.in_flight = in_flight
        self.start = time.perf_counter() + warm_up
        self.end = self.start + seconds
        self.cycles: list[float] = []
        self.lock = threading.Lock()
        self.cpu_start = 0.0
        self.cpu_end = 0.0

    def open(self) -> bool:
        """Whether another call may begin."""
        return time.perf_counter() < self.end

    def ended(self, began: float) -> float:
        """Note a call by when it began; returns now, when the next one begins."""
        now = time.perf_counter()
        with self.lock:
            if began >= self.start:
                self.cpu_start = self.cpu_start or time.process_time()
                self.cpu_end = time.process_time()
                self.cycles.append(now - began)
        return now

    def result(self) -> tuple[float, float]:
        """Calls per second by Little's law (calls end in bursts, so counting them would be coarse); CPU ms per call."""
        mean = sum(self.cycles) / len(self.cycles)
        return self.in_flight / mean, 1000 * (self.cpu_end - self.cpu_start) / len(self.cycles)


def through_the_door(prompt: Prompt, address: str, model: str, window: Window) -> None:
    """As many threads as calls in flight, each calling `complete()`."""
    endpoint = Endpoint(f"openai/{model}", api_base=address, api_key="none", timeout=60)

    def worker() -> None:
        began = time.perf_counter()
        while window.open():
            complete(prompt, endpoint)
            began = window.ended(began)

    threads = [threading.Thread(target=worker) for _ in range(window.in_flight)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def bare(prompt: Prompt, address: str, model: str, window: Window) -> None:
    """The same with nothing but aiohttp."""
    body = {"model": model, "messages": prompt.as_messages(), "temperature": 0, "max_tokens": prompt.max_tokens}

    async def worker(session: aiohttp.ClientSession) -> None:
        began = time.perf_counter()
        while window.open():
            async with session.post(f"{address}/chat/completions", json=body) as response:
                await response.json()
            began = window.ended(began)

    async def main() -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            await asyncio.gather(*(worker(session) for _ in range(window.in_flight)))

    asyncio.run(main())


def main() -> None:
    """Measure both ways in turn and print them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--in-flight", type=int, default=32)
    parser.add_argument("--delay", type=int, default=500, help="milliseconds the server waits")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument(
        "--rounds", type=int, default=3, help="the two ways take turns, so that a busy machine hits both"
    )
    parser.add_argument("--port", type=int, default=8398)
    options = parser.parse_args()
    prompt = build("Do SGLT2 inhibitors help?", CRITERIA, "A randomised trial", ABSTRACT)
    ways: dict[str, Callable[[Prompt, str, str, Window], None]] = {"aiohttp": bare, "complete": through_the_door}
    windows: dict[str, list[Window]] = {name: [] for name in ways}
    with serving(options.port) as address:
        model = f"stub+delay-{options.delay}"
        complete(prompt, Endpoint("openai/stub", api_base=address))  # loads litellm
        for name, way in list(ways.items()) * options.rounds:
            windows[name].append(Window(options.in_flight, 2 * options.delay / 1000 + 0.5, options.seconds))
            way(prompt, address, model, windows[name][-1])
    rates = {name: _show(name, measured) for name, measured in windows.items()}
    print(json.dumps({"in_flight": options.in_flight, "ratio": round(rates["complete"] / rates["aiohttp"], 4)}))


def _show(name: str, windows: list[Window]) -> float:
    """Print one way's figures over all rounds; its calls per second."""
    results = [window.result() for window in windows]
    rate = sum(result[0] for result in results) / len(results)
    cpu = sum(result[1] for result in results) / len(results)
    rounds = [round(result[0], 2) for result in results]
    print(json.dumps({"way": name, "calls_per_s": round(rate, 2), "cpu_ms_per_call": round(cpu, 2), "rounds": rounds}))
    return rate


if __name__ == "__main__":
    main()
