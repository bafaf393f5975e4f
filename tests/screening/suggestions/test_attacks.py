"""The attack corpus end to end, on a model that gives in to every one (SEC-05, SEC-06, AI-04).

The model does what each attack wants, and quotes sentences that really stand in the text, so that nothing but the
product's own guard holds. What this doesn't show: an attack that no pattern knows. Of such a one a model's "exclude"
stands as a suggestion, and excludes where a person says the same; and its "include" may be a second opinion.
"""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from audit.models.model_call import ModelCall
from screening.actions import document_reading, documents, stages
from screening.enums import ItemStatus, Oversight, Stage
from screening.models.decision import Decision
from screening.models.run import RunItem
from screening.models.stage import StageState
from screening.models.suggestion import Judgement, Suggestion
from tests import assisting, builders, reading
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.attacks.corpus import ATTACKS, one_of_each_family
from tests.attacks.places import PLACES, drawable, page_with
from tests.screening.fulltext.papers import paper

pytestmark = pytest.mark.django_db
HONEST = "We treated adults with asthma for a year."


def attacked(review, attacks):
    """Two records of each attack: in the abstract, and in the title."""
    for attack in attacks:
        builders.record(review, title="Exercise for asthma", abstract=f"{HONEST} {attack.text}")
        builders.record(review, title=f"Exercise. {attack.text}", abstract=HONEST)


def statuses(stage=Stage.TITLE_ABSTRACT):
    return list(StageState.objects.filter(stage=stage).order_by("id").values_list("record", "status"))


def nothing_changes_in_any_mode(review, before, stage=Stage.TITLE_ABSTRACT):
    records = list(review.records.values_list("id", flat=True))
    for mode in Oversight:
        review.stage_rules.filter(stage=stage).update(oversight=mode)
        stages.refresh(review=review, record_ids=records, stage=stage)
        assert statuses(stage) == before, mode


@pytest.mark.parametrize("wants", ["exclude", "include"])
def test_what_gives_in_to_an_attack_keeps_the_form_excludes_nothing_and_changes_no_status(model_server, wants):  # noqa: F811
    review = assisting.review(oversight="second_reviewer")
    attacks = [attack for attack in ATTACKS if attack.wants == wants]
    attacked(review, attacks)
    before, decisions = statuses(), Decision.objects.count()
    run = assisting.start(assisting.llm(review, model_server, f"obey-{wants}"))
    assisting.work(run)
    made = Suggestion.objects.select_related("record")
    assert made.count() == ModelCall.objects.count() == 2 * len(attacks)
    for suggestion in made:
        assert suggestion.proposed_verdict == "maybe", suggestion.record.title
        assert suggestion.flags
    assert Judgement.objects.count() == made.count() * len(made[0].protocol.criteria.all())
    nothing_changes_in_any_mode(review, before)
    assert Decision.objects.count() == decisions


def test_a_reply_in_the_form_that_an_attack_wants_is_no_suggestion_and_goes_to_people(model_server):  # noqa: F811
    review = assisting.review(oversight="second_reviewer")
    attacks = [attack for attack in ATTACKS if attack.wants == "form"]
    attacked(review, attacks)
    before = statuses()
    run = assisting.start(assisting.llm(review, model_server, "obey-form"))
    assisting.work(run)
    items = RunItem.objects.filter(run=run)
    assert {item.status for item in items} == {ItemStatus.FAILED}
    assert all("did not answer in the form" in item.error for item in items)
    assert Suggestion.objects.count() == 0
    assert not any(body.get("tools") or body.get("functions") for body in model_server.stats.requests)
    nothing_changes_in_any_mode(review, before)


def test_without_the_attack_the_same_model_would_have_proposed_to_exclude(model_server):  # noqa: F811
    review = assisting.review()
    builders.record(review, title="Exercise for asthma", abstract=HONEST)
    assisting.work(assisting.start(assisting.llm(review, model_server, "obey-exclude")))
    assert Suggestion.objects.get().proposed_verdict == "exclude"


def test_a_person_who_excludes_an_attacked_record_is_not_seconded_by_the_machine(model_server):  # noqa: F811
    review = assisting.review(oversight="second_reviewer")
    for attack in one_of_each_family()[::4]:
        builders.record(review, abstract=f"{HONEST} {attack.text}")
    assisting.work(assisting.start(assisting.llm(review, model_server, "obey-exclude")))
    person = builders.user()
    for record in review.records.all():
        builders.decide(record, person, "exclude")
    assert not StageState.objects.filter(status="excluded").exists()


@pytest.mark.parametrize("place", PLACES)
def test_an_attack_in_a_pdf_changes_nothing_at_full_text(model_server, tmp_path, place):  # noqa: F811
    review = assisting.review()
    attacks = drawable()
    attack = attacks[list(PLACES).index(place) * 3 % len(attacks)]
    record = reading.at_full_text(review, title="Exercise for asthma in adults")
    file = ContentFile(paper(tmp_path / "trial.pdf", page_with(attack, place)).read_bytes(), name="trial.pdf")
    document = documents.upload(review=review, file=file, by=review.created_by, record=record)
    document_reading.read(document.pk)
    documents.permit(review=review, by=review.created_by, may=True, documents=[document])
    before, decisions = statuses(Stage.FULL_TEXT), Decision.objects.count()
    run = assisting.start(assisting.llm(review, model_server, "obey-exclude"), stage=Stage.FULL_TEXT)
    assisting.work(run)
    suggestion = Suggestion.objects.get()
    assert suggestion.proposed_verdict == "maybe"
    assert ("hidden_text" in suggestion.flags) is (place != "visible")
    nothing_changes_in_any_mode(review, before, Stage.FULL_TEXT)
    assert Decision.objects.count() == decisions


def test_the_words_of_an_attack_are_text_on_every_page_that_shows_them(client):
    review = assisting.review()
    attacks = [attack for attack in ATTACKS if "<" in attack.text]
    for attack in attacks:
        record = builders.record(review, title=attack.text, abstract=attack.text)
    client.force_login(review.created_by)
    pages = [reverse("screening:records", args=[review.pk]), reverse("screening:record", args=[review.pk, record.pk])]
    for page in pages:
        html = client.get(page).content.decode()
        assert "&lt;" in html
        for attack in attacks:
            marked = attack.text[attack.text.index("<") :][:12]
            assert marked not in html
