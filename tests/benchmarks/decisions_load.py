"""Reviewers for locust: decide on the record in hand, and take the next from the answer.

Without thinking time, or with a decision every `BENCH_PACE` seconds on average, which people need for an abstract.
"""

import json
import os
import random
import time
from itertools import count
from uuid import uuid4

from locust import FastHttpUser, between, constant, task

FACTS = json.loads(os.environ["BENCH_FACTS"])
PACE = float(os.environ.get("BENCH_PACE", "0"))
TOKEN = "b" * 32
who = count()


class Reviewer(FastHttpUser):
    """One signed-in reviewer. A pair is: decision stored, next record in hand."""

    # Never `constant_pacing`: it counts from the user's start, whatever `on_start` slept, and lets all decide at once.
    wait_time = between(PACE / 2, PACE * 3 / 2) if PACE else constant(0)

    def on_start(self) -> None:
        time.sleep(random.uniform(0, PACE))  # people don't decide in step
        session = FACTS["sessions"][next(who) % len(FACTS["sessions"])]
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        self.base = f"/api/reviews/{FACTS['review']}"
        answer = self.client.get(f"{self.base}/queue/?limit=1", headers=self.headers, name="first")
        self.record = answer.json()["records"][0]["id"]

    @task
    def decide(self) -> None:
        body = {
            "record": self.record,
            "stage": "title_abstract",
            "verdict": random.choices(["exclude", "include", "maybe"], [90, 8, 2])[0],
            "idempotency_key": str(uuid4()),
            "seconds": 3.0,
            "have": [],
            "limit": 1,
        }
        with self.client.post(
            f"{self.base}/decisions/", json=body, headers=self.headers, name="decide", catch_response=True
        ) as answer:
            following = (answer.json() or {}).get("next") if answer.status_code == 201 else None
            if not following:
                answer.failure(f"{answer.status_code}: {answer.text[:200]}")
                self.stop()
            else:
                self.record = following[0]["id"]
