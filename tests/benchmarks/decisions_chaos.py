"""Reviewers whose connections break: every decision is to be stored once all the same, and nothing else is.

`python -m tests.benchmarks.decisions --chaos 20000` runs it. A tenth of the decisions each is cut off in the middle of
the body, hung up on before the reply, or has its reply thrown away after it came; another tenth is sent three times in
parallel. Whatever broke is sent again under the same idempotency key, as the workbench's outbox does. The account of
what was sent and told goes to `decisions_proof`, which compares it with the database.
"""

import json
import random
import socket
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any
from uuid import uuid4

TOKEN = "b" * 32
TRIES = 50
FAULTS = {"none": 60, "cut": 10, "unread": 10, "forgotten": 10, "tripled": 10}  # percent


@dataclass
class Account:
    """What one reviewer did and was told. `sent`: key -> [record, verdict]; `given`: records handed to them."""

    sent: dict[str, list[Any]] = field(default_factory=dict)
    given: set[int] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def run(port: int, facts: dict[str, Any]) -> list[Account]:
    """All reviewers screen until the server has nothing left for them."""
    sessions = facts["sessions"]
    with ThreadPoolExecutor(len(sessions)) as pool:
        return list(pool.map(lambda session: Reviewer(port, facts["review"], session).screen(), sessions))


class Reviewer:
    """One reviewer with a bad connection."""

    def __init__(self, port: int, review: int, session: str) -> None:
        self.port, self.base, self.session = port, f"/api/reviews/{review}", session
        self.account = Account()
        self.luck = random.Random(session)

    def screen(self) -> Account:
        status, reply = self._whole(self._request("GET", f"{self.base}/queue/?limit=1"))
        record = self._taken(reply.get("records") if status == 200 else None)
        while record is not None:
            record = self._decide(record)
        return self.account

    def _decide(self, record: int) -> int | None:
        """Until the server has said that it is stored; the record that comes next."""
        verdict = self.luck.choices(["exclude", "include"], [90, 10])[0]
        key = str(uuid4())
        body = {"record": record, "stage": "title_abstract", "verdict": verdict, "idempotency_key": key}
        request = self._request("POST", f"{self.base}/decisions/", {**body, "have": [], "limit": 1})
        self.account.sent[key] = [record, verdict]
        self._break(request)
        for _ in range(TRIES):
            try:
                status, reply = self._whole(request)
            except (OSError, HTTPException, ValueError):
                continue
            if status in (200, 201) and reply["decision"]["record"] == record:
                return self._taken(reply["next"])
            self.account.wrong.append(f"{status} for record {record}: {str(reply)[:200]}")
            return None
        self.account.wrong.append(f"no answer for record {record}")
        return None

    def _break(self, request: bytes) -> None:
        """What goes wrong before the decision is sent as it should be."""
        fault = self.luck.choices(list(FAULTS), list(FAULTS.values()))[0]
        self.account.faults[fault] += 1
        try:
            if fault == "cut":
                head = request.index(b"\r\n\r\n") + 4
                self._hang_up(request[: self.luck.randrange(head, len(request))])
            elif fault == "unread":
                self._hang_up(request)
            elif fault == "forgotten":
                self._whole(request)
            elif fault == "tripled":
                self._at_once(lambda: self._whole(request))
        except (OSError, HTTPException, ValueError):
            return

    def _at_once(self, call: Callable[[], tuple[int, dict[str, Any]]]) -> None:
        with ThreadPoolExecutor(3) as pool:
            for answer in [pool.submit(call) for _ in range(3)]:
                status, reply = answer.result()
                if status not in (200, 201):
                    self.account.wrong.append(f"{status} for one of three: {str(reply)[:200]}")
                for card in reply.get("next", []):
                    self.account.given.add(card["id"])

    def _taken(self, cards: list[dict[str, Any]] | None) -> int | None:
        if not cards:
            return None
        self.account.given.add(cards[0]["id"])
        return int(cards[0]["id"])

    def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
        content = json.dumps(body).encode() if body else b""
        lines = [
            f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close",
            f"Cookie: sessionid={self.session}; csrftoken={TOKEN}", f"X-CSRFToken: {TOKEN}",
            "Content-Type: application/json", f"Content-Length: {len(content)}",
        ]  # fmt: skip
        return "\r\n".join([*lines, "", ""]).encode() + content

    def _hang_up(self, part: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(part)

    def _whole(self, request: bytes) -> tuple[int, dict[str, Any]]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as line:
            line.sendall(request)
            response = HTTPResponse(line)
            response.begin()
            return response.status, json.loads(response.read())
