"""A trial asks a model with a prompt about a few records; what it says stands nowhere else."""

import pytest

from screening.actions import prompts, runs, suggestions, trials
from screening.enums import Oversight, RunStatus, SuggestionRole
from screening.models.held_out import HeldOut
from screening.models.run import RunItem
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.prompts.wordings import Wording
from screening.queries.assistants.prompts import tried
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(model_server):  # noqa: F811
    """A review with six settled records and two open ones, an assistant, and an unpublished prompt."""
    review = assisting.review(reviewers_per_record=1)
    person = builders.user()
    records = [builders.record(review) for _ in range(8)]
    for place, record in enumerate(records[:6]):
        builders.decide(record, person, "include" if place < 2 else "exclude")
    version = prompts.create(review=review, name="Nurse", wording=Wording("You read as a nurse."), by=review.created_by)
    return review, records, version, assisting.llm(review, model_server, "not-met")


def begun(version, assistant, **fields):
    run = trials.start(version=version, assistant=assistant, by=assistant.created_by, **{"number": 4, **fields})
    runs.prepare(run_id=run.pk)
    run.refresh_from_db()
    return run


def test_a_trial_is_told_its_prompt_and_leaves_nothing_that_stands(scene, model_server):  # noqa: F811
    review, records, version, assistant = scene
    review.stage_rules.update(oversight=Oversight.SECOND_REVIEWER)
    before = list(StageState.objects.order_by("id").values_list("status", "rank"))
    run = begun(version, assistant)
    assisting.work(run)
    assert (run.status, model_server.stats.calls) == (RunStatus.FINISHED, 4)
    assert all(r["messages"][0]["content"].startswith("You read as a nurse.") for r in model_server.stats.requests)
    made = Suggestion.objects.all()
    assert {one.role for one in made} == {SuggestionRole.TRIAL}
    assert not Suggestion.objects.standing().exists()
    assert list(StageState.objects.order_by("id").values_list("status", "rank")) == before
    assert assisting.start(assistant).items.count() == len(records), "no record counts as looked at"
    assert prompts.publish(version=version, by=review.created_by).tried_on == 4


def test_records_are_drawn_from_settled_ones_of_both_kinds_and_none_that_is_held_out(scene):
    review, records, version, assistant = scene
    held = records[0]
    HeldOut.objects.create(review=review, record=held, stage="title_abstract", why="Test set", by=review.created_by)
    run = begun(version, assistant, number=6)
    asked = set(RunItem.objects.filter(run=run).values_list("record_id", flat=True))
    assert asked == {record.pk for record in records[1:6]}
    with pytest.raises(runs.RunRefusedError, match="held out"):
        begun(version, assistant, record_ids=[held.pk])
    with pytest.raises(runs.RunRefusedError, match="at most 50"):
        begun(version, assistant, record_ids=list(range(1, 60)))
    other = builders.record(assisting.review())
    with pytest.raises(runs.RunRefusedError, match="not at title and abstract in this review"):
        begun(version, assistant, record_ids=[other.pk])


def test_half_of_those_drawn_are_included_ones_where_there_are_so_many(scene):
    _, records, version, assistant = scene
    run = begun(version, assistant, number=3)
    asked = set(RunItem.objects.filter(run=run).values_list("record_id", flat=True))
    assert len(asked) == 3
    assert asked & {records[0].pk, records[1].pk}
    assert asked & {record.pk for record in records[2:6]}


def test_a_trial_is_refused_where_a_run_would_be_and_for_the_offline_engine(scene):
    review, _, version, assistant = scene
    with pytest.raises(runs.RunRefusedError, match="language model"):
        begun(version, assisting.local(review))
    type(review).objects.filter(pk=review.pk).update(may_be_sent_to_ai=False)
    version.refresh_from_db()
    version = type(version).objects.select_related("prompt__review").get(pk=version.pk)
    with pytest.raises(runs.RunRefusedError, match="may not be sent"):
        begun(version, assistant)


def test_what_a_trial_says_shows_beside_what_stands_and_to_who_screens_after_the_own_vote(scene):
    review, records, version, assistant = scene
    open_one = records[7]
    standing = assisting.start(assistant)
    item = standing.items.get(record=open_one)
    suggestions.make(item_id=item.pk)
    runs.cancel(run=standing, by=review.created_by)
    assisting.work(begun(version, assistant, record_ids=[open_one.pk, records[0].pk]))
    voter = review.memberships.filter(role="reviewer").order_by("-id").first().user
    rows, hidden = tried(version, user_id=review.created_by_id, roles={"lead"})
    assert ({row.record.pk for row in rows}, hidden) == ({open_one.pk, records[0].pk}, 0)
    beside = next(row for row in rows if row.record.pk == open_one.pk)
    assert (beside.verdict, beside.stands, beside.other, beside.differs) == ("exclude", "exclude", False, ())
    rows, hidden = tried(version, user_id=voter.pk, roles={"lead", "reviewer"})
    assert ([row.record.pk for row in rows], hidden) == ([records[0].pk], 1)
