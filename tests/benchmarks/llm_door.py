"""How much of a bare client's speed is left at the door to language models.

    python -m tests.benchmarks.llm_door [--in-flight 32] [--delay 500] [--seconds 15]

The test model server runs as a process of its own. In turn, a bare aiohttp client and `complete()` called from as many
threads keep the same number of calls in flight; printed are calls per second, CPU milliseconds of this process per
call, and the ratio. Only calls that end inside the window count, after a round of warming up.
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
    """Counts what ends between a warm-up and the end of the measurement."""

    def __init__(self, warm_up: float, seconds: float) -> None:
        self.start = time.perf_counter() + warm_up
        self.end = self.start + seconds
        self.seconds = seconds
        self.count = 0
        self.lock = threading.Lock()
        self.cpu_start = 0.0
        self.cpu_end = 0.0

    def open(self) -> bool:
        return time.perf_counter() < self.end

    def ended(self) -> None:
        """Note a finished call."""
        with self.lock:
            now = time.perf_counter()
            if now >= self.start:
                self.cpu_start = self.cpu_start or time.process_time()
                if now < self.end:
                    self.count += 1
                    self.cpu_end = time.process_time()

    def result(self) -> tuple[float, float]:
        """Calls per second, and CPU milliseconds per call."""
        return self.count / self.seconds, 1000 * (self.cpu_end - self.cpu_start) / max(1, self.count)


def through_the_door(prompt: Prompt, address: str, model: str, in_flight: int, window: Window) -> None:
    endpoint = Endpoint(f"openai/{model}", api_base=address, api_key="none", timeout=60)

    def worker() -> None:
        while window.open():
            complete(prompt, endpoint)
            window.ended()

    threads = [threading.Thread(target=worker) for _ in range(in_flight)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def bare(prompt: Prompt, address: str, model: str, in_flight: int, window: Window) -> None:
    body = {"model": model, "messages": prompt.as_messages(), "temperature": 0, "max_tokens": prompt.max_tokens}

    async def worker(session: aiohttp.ClientSession) -> None:
        while window.open():
            async with session.post(f"{address}/chat/completions", json=body) as response:
                await response.json()
            window.ended()

    async def main() -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            await asyncio.gather(*(worker(session) for _ in range(in_flight)))

    asyncio.run(main())


def main() -> None:
    """Measure both ways in turn and print them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--in-flight", type=int, default=32)
    parser.add_argument("--delay", type=int, default=500, help="milliseconds the server waits")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--port", type=int, default=8398)
    options = parser.parse_args()
    prompt = build("Do SGLT2 inhibitors help?", CRITERIA, "A randomised trial", ABSTRACT)
    ways: dict[str, Callable[[Prompt, str, str, int, Window], None]] = {"aiohttp": bare, "complete": through_the_door}
    rates: dict[str, float] = {}
    with serving(options.port) as address:
        model = f"stub+delay-{options.delay}"
        complete(prompt, Endpoint("openai/stub", api_base=address))  # loads litellm
        for name, way in ways.items():
            window = Window(2 * options.delay / 1000 + 0.5, options.seconds)
            way(prompt, address, model, options.in_flight, window)
            rates[name], cpu = window.result()
            print(json.dumps({"way": name, "calls_per_s": round(rates[name], 2), "cpu_ms_per_call": round(cpu, 2)}))
    print(json.dumps({"in_flight": options.in_flight, "ratio": round(rates["complete"] / rates["aiohttp"], 4)}))


if __name__ == "__main__":
    main()
