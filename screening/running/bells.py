"""By which names workers are rung for: the tasks of `screening.tasks` and `extraction.tasks`, by a run's purpose."""

from dataclasses import dataclass

from screening.enums import Engine, RunPurpose
from screening.models.run import Run


@dataclass(frozen=True, slots=True)
class Bells:
    """`prepare` and `locally` take run_id; `item` takes item_id and answers with this item, then others of its run."""

    prepare: str
    item: str
    locally: str


BELLS = {
    RunPurpose.SCREENING: Bells("screening.prepare_run", "screening.screen_item", "screening.screen_locally"),
    RunPurpose.EXTRACTION: Bells("extraction.prepare_run", "extraction.extract_item", "extraction.extract_locally"),
}


def bells(run: Run) -> Bells:
    """The names for this run."""
    return BELLS[RunPurpose(run.purpose)]


def is_local(run: Run) -> bool:
    """Whether the offline engine works on it."""
    return run.assistant.engine == Engine.LOCAL
