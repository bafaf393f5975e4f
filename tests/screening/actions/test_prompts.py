"""Prompts are saved in versions that never change, and used by no assistant before somebody has published one."""

import pytest

from audit.immutable import ImmutableRowError
from audit.models.event import Event
from screening.actions import assistants, prompts
from screening.enums import Engine
from screening.models.prompt import PromptPublication, PromptVersion
from screening.prompts.wordings import Wording
from screening.queries.assistants.endpoints import available_models
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
NURSE = Wording("You read as a nurse.", "Adults are 18 or older.")


@pytest.fixture
def review():
    return assisting.review()


def saved(review, wording=NURSE, name="Nurse"):
    return prompts.create(review=review, name=name, wording=wording, by=review.created_by)


def test_each_save_is_a_version_and_the_same_words_are_the_one_that_there_is(review):
    first = saved(review)
    again = prompts.save(prompt=first.prompt, wording=NURSE, by=review.created_by)
    other = prompts.save(
        prompt=first.prompt, wording=Wording("You read as a nurse."), by=review.created_by, note="Less"
    )
    assert (first.number, again.pk, other.number) == (1, first.pk, 2)
    assert first.sha256 == NURSE.sha256 != other.sha256
    assert Event.objects.filter(type="prompt.saved").count() == 2
    first.persona = "Another"
    with pytest.raises(ImmutableRowError):
        first.save()


@pytest.mark.parametrize(
    ("wording", "why"),
    [(Wording(), "Write a persona or guidance"), (Wording("Reply with a verdict."), "belongs to the form")],
)
def test_what_says_nothing_or_changes_the_form_is_not_saved(review, wording, why):
    with pytest.raises(prompts.PromptRefusedError, match=why):
        saved(review, wording)
    assert PromptVersion.objects.count() == 0


def test_two_prompts_of_one_name_and_a_version_over_anothers_are_refused(review):
    first = saved(review)
    with pytest.raises(prompts.PromptRefusedError, match="already"):
        saved(review, Wording("x"))
    prompts.save(prompt=first.prompt, wording=Wording("y"), by=review.created_by, based_on=1)
    with pytest.raises(prompts.PromptRefusedError, match="Version 2 was saved while you wrote"):
        prompts.save(prompt=first.prompt, wording=Wording("z"), by=review.created_by, based_on=1)


def test_publishing_without_a_trial_needs_a_reason_and_happens_once(review):
    version = saved(review)
    with pytest.raises(prompts.PromptRefusedError, match="Try it on some records"):
        prompts.publish(version=version, by=review.created_by, reason=" ")
    made = prompts.publish(version=version, by=review.created_by, reason="As in the review before")
    assert prompts.publish(version=version, by=review.created_by) == made
    assert (made.tried_on, PromptPublication.objects.count()) == (0, 1)


def test_an_assistant_takes_a_published_prompt_of_its_review_and_tells_its_model(review, model_server):  # noqa: F811
    plain = assisting.llm(review, model_server)
    (offer,) = available_models()
    version = saved(review)
    asked = {"review": review, "name": plain.name, "by": review.created_by, "prompt": version}
    with pytest.raises(assistants.AssistantRefusedError, match="not published yet"):
        assistants.create(engine=Engine.LLM, offer=offer, **asked)
    prompts.publish(version=version, by=review.created_by, reason="Known")
    with pytest.raises(assistants.AssistantRefusedError, match="offline engine"):
        assistants.create(engine=Engine.LOCAL, **asked)
    with pytest.raises(assistants.AssistantRefusedError, match="another review"):
        assistants.create(engine=Engine.LLM, offer=offer, **{**asked, "review": assisting.review()})
    told = assistants.create(engine=Engine.LLM, offer=offer, **asked)
    assert (told.version, told.prompt, told.parameters["prompt_sha256"]) == (plain.version + 1, version, version.sha256)
    assert told.sha256 != plain.sha256
    builders.record(review)
    assisting.work(assisting.start(told))
    system = model_server.stats.requests[0]["messages"][0]["content"]
    assert system.startswith("You read as a nurse.\n\nYou help to screen")
    assert "--- guidance ---\nAdults are 18 or older." in system
    from audit.models.model_call import ModelCall

    assert ModelCall.objects.get().parameters.get("prompt_version", version.wording.version) == version.wording.version
