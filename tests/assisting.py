"""Reviews with assistants and runs, for tests: real rows, and a model server that speaks real HTTP."""

from collections.abc import Iterator, Sequence

import pytest
from django.contrib.auth.models import User

from audit import cards, pace
from audit.models.model_card import ModelCard
from screening.actions import assistants, runs, suggestions
from screening.enums import Engine, Stage
from screening.models.assistant import Assistant
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.queries.assistants.endpoints import Offer, available_models
from screening.running import ends, lines
from tests import builders
from tests.model_server import ModelServer


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server
    pace.forget()
    lines._away.clear()


def review(**fields: object) -> Review:
    """A review whose AI is on and whose texts may be sent."""
    return builders.review(**{"ai_enabled": True, "may_be_sent_to_ai": True, **fields})  # type: ignore[arg-type]


def llm(
    made: Review,
    server: ModelServer,
    behaviour: str = "screener",
    falls_back_on: Sequence[ModelCard] = (),
    **card: object,
) -> Assistant:
    """An assistant of the test server's model, by way of an approved card; of other cards where it does not answer."""
    stands = approved(server, behaviour, **card)
    by, after = made.created_by, [offered(one) for one in falls_back_on]
    return assistants.create(
        review=made, name=stands.name, engine=Engine.LLM, offer=offered(stands), by=by, falls_back_on=after
    )


def approved(server: ModelServer, behaviour: str = "screener", **card: object) -> ModelCard:
    """An approved card of the test server's model."""
    stands = ModelCard.objects.create(
        **{
            "name": f"{behaviour} {next(builders.number)}",
            "model": f"openai/{behaviour}",
            "api_base": server.address,
            "key": "test-key",
            "timeout_seconds": 20,
            **card,
        }
    )
    return cards.approve(card=stands, by=administrator())


def offered(card: ModelCard) -> Offer:
    """The card as assistants are made of it."""
    (offer,) = (one for one in available_models() if one.card_id == card.pk)
    return offer


def administrator() -> User:
    """Who approves models: a superuser, the same one each time."""
    found = User.objects.filter(username="administrator").first()
    return found or builders.user("administrator", is_staff=True, is_superuser=True)


def panel(made: Review, *members: Assistant, adjudicator: Assistant | None = None) -> Assistant:
    """A panel of these assistants."""
    name = f"Panel {next(builders.number)}"
    return assistants.create_panel(review=made, name=name, members=members, adjudicator=adjudicator, by=made.created_by)


def local(made: Review, name: str = "Offline") -> Assistant:
    """The offline engine on words alone: loading the embedding model takes longer than most tests."""
    return assistants.create(
        review=made, name=name, engine=Engine.LOCAL, by=made.created_by, parameters={"embedding": ""}
    )


def start(
    assistant: Assistant, *, by: User | None = None, stage: str = Stage.TITLE_ABSTRACT, repeat_share: int = 0
) -> Run:
    """A run with its items made."""
    by = by or assistant.created_by
    run = runs.start(review=assistant.review, stage=stage, assistant=assistant, by=by, repeat_share=repeat_share)
    ends._failures.pop(run.pk, None)  # counted by process: a run of another test's database had this id
    runs.prepare(run_id=run.pk)
    run.refresh_from_db()
    return run


def work(run: Run) -> None:
    """Answer every doorbell once, in this process."""
    for item_id in list(RunItem.objects.filter(run=run).order_by("id").values_list("id", flat=True)):
        suggestions.make(item_id=item_id)
    run.refresh_from_db()
