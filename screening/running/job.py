"""What the machinery needs to know of a run that works: its `Job`. Each purpose has a class of its own that fits."""

from typing import Protocol

from audit.actors import Actor
from screening.models.assistant import Assistant
from screening.models.review import Review
from screening.running.claims import Claim


class Job(Protocol):
    """What all items of a run share. Nothing in it ever changes, so a process reads it once."""

    @property
    def run_id(self) -> int:
        """The run."""

    @property
    def review(self) -> Review:
        """Its review, as it was when the process read it: ask the database whether something is still allowed."""

    @property
    def assistant(self) -> Assistant:
        """Whose work it is."""

    @property
    def worker(self) -> Actor:
        """In whose name the ledger is written."""

    @property
    def noun(self) -> str:
        """What an item is about: “record”, “study”."""

    @property
    def fallback(self) -> str:
        """A sentence that says what people do where the assistant failed: “People judge this record.”"""

    def failed(self, claim: Claim, why: str) -> None:
        """Record the event of an item that failed. No verdict and no value in it."""
