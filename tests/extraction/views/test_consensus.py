"""Where two extractors differ, a third settles it, with both values and the proposal in sight."""

from uuid import uuid4

import pytest
from django.urls import reverse

from extraction.actions import assignments, values
from extraction.models.value import Value
from extraction.queries.consensus import comparison
from extraction.queries.settled import settled
from screening.enums import Role
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [
    {"key": "country", "label": "Country", "kind": "text"},
    {"key": "n", "label": "N", "kind": "number", "unit": "people"},
    {"key": "blind", "label": "Blinded", "kind": "yes_no"},
]
SCHEMA = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "G", "fields": FIELDS}]}
SAID = ({"country": "Peru", "n": "50", "blind": "yes"}, {"country": "peru", "n": "52", "blind": "no"})


@pytest.fixture
def case(client):
    """Two extractors of one study, who have entered different numbers and are done; an adjudicator signed in."""
    review = builders.review(ai_enabled=True)
    version = extracting.form_version(review, SCHEMA)
    study = extracting.study(review)
    people = [extracting.extractor(review) for _ in range(2)]
    held = [assignments.begin(study=study, form=version.form, by=person) for person in people]
    for person, said in zip(people, SAID, strict=True):
        for field, raw in said.items():
            values.record(study=study, form=version.form, field_key=field, raw=raw, by=person, idempotency_key=uuid4())
    judge = builders.user()
    builders.join(review, judge, Role.ADJUDICATOR)
    client.force_login(judge)
    return study, version, held, judge


def address(study, version):
    return reverse("extraction:consensus", args=[study.review_id, study.pk, version.form_id])


def finish(held):
    for assignment in held:
        assignments.done(assignment=assignment, by=assignment.extractor)


def test_nothing_is_shown_or_settled_before_both_are_done(client, case):
    study, version, held, _ = case
    assignments.done(assignment=held[0], by=held[0].extractor)
    reply = client.get(address(study, version))
    assert (reply.status_code, reply.url) == (302, reverse("extraction:home", args=[study.review_id]))
    assert client.post(address(study, version), {"field": "n", "raw": "51"}).status_code == 403


def test_what_differs_stands_first_and_agreement_is_said(client, case):
    study, version, held, _ = case
    finish(held)
    found = comparison(study, version.form)
    assert [line.cell.spec.key for line in found.lines] == ["n", "blind", "country"]
    assert (found.agreement.alike.hits, found.agreement.alike.n, found.waiting) == (1, 3, 2)
    page = client.get(address(study, version)).content.decode()
    assert "50 people" in page
    assert "52 people" in page
    assert "33 % alike" in page


def test_the_left_value_is_taken_or_another_one_typed(client, case):
    study, version, held, judge = case
    finish(held)
    left = Value.objects.get(author=held[0].extractor, field_key="n")
    client.post(address(study, version), {"take": left.pk, "note": "table 1", "idempotency_key": uuid4()})
    client.post(address(study, version), {"field": "blind", "state": "unclear", "idempotency_key": uuid4()})
    now = settled(version.form, [study.pk])[study.pk]
    assert (now["n@0@0"].value, now["n@0@0"].state) == ("50", "verified")
    assert now["blind@0@0"].value_state == "unclear"
    taken = Value.objects.get(author=judge, field_key="n")
    assert (taken.capacity, taken.note) == ("consensus", "table 1")
    assert comparison(study, version.form).waiting == 0


def post(client, case, **said):
    return client.post(address(case[0], case[1]), {"idempotency_key": uuid4(), **said}, follow=True).content.decode()


def standing(case, field="n"):
    return settled(case[1].form, [case[0].pk])[case[0].pk][f"{field}@0@0"]


def test_the_proposal_is_taken_with_its_quote_and_cited(client, case):
    study, version, held, judge = case
    offered = extracting.proposal(study, version, "n", "51", unit="people", quote="51 people took part")
    finish(held)
    page = client.get(address(study, version)).content.decode()
    assert f'name="proposal" value="{offered.pk}"' in page
    post(client, case, proposal=offered.pk)
    taken = Value.objects.get(author=judge, field_key="n")
    assert (taken.value, taken.unit, taken.capacity, taken.manner) == ("51", "people", "consensus", "accepted")
    assert (taken.citing, taken.quote) == (offered, "51 people took part")
    assert standing(case).citing_id == offered.pk


def test_a_proposal_that_no_machine_can_check_is_taken_only_by_who_says_that_they_looked(client, case):
    study, version, held, judge = case
    offered = extracting.proposal(study, version, "n", "51", unit="people", quote_found=False)
    finish(held)
    assert f'name="checked_proposal" value="{offered.pk}"' in client.get(address(study, version)).content.decode()
    assert "Confirm that you checked" in post(client, case, proposal=offered.pk)
    assert not Value.objects.filter(author=judge).exists()
    post(client, case, checked_proposal=offered.pk)
    assert Value.objects.get(author=judge).citing == offered


def test_a_proposal_of_another_study_or_form_is_not_taken(client, case):
    study, version, held, judge = case
    elsewhere = extracting.proposal(extracting.study(study.review), version, "n", "51")
    other_form = extracting.proposal(study, extracting.form_version(study.review, SCHEMA), "n", "51")
    finish(held)
    for offered in (elsewhere.pk, other_form.pk, "9" * 30):
        assert "no such proposal" in post(client, case, proposal=offered)
    assert not Value.objects.filter(author=judge).exists()


def test_what_an_extractor_s_value_rests_on_goes_on_with_it(client, case):
    study, version, held, judge = case
    offered = extracting.proposal(study, version, "n", "51", unit="people", quote_found=False, quote="51 of them")
    person = held[0].extractor
    given = {"study": study, "form": version.form, "field_key": "n", "by": person, "citing_id": offered.pk}
    values.record(**given, raw="51", confirmed=True, idempotency_key=uuid4())
    finish(held)
    study.review.ai_enabled = False
    study.review.save()
    post(client, case, take=Value.objects.get(author=person, field_key="n", superseded_by=None).pk)
    taken = Value.objects.get(author=judge, field_key="n")
    assert (taken.citing, taken.manner, taken.quote) == (offered, "accepted", "51 of them")


def test_of_two_who_settle_a_cell_the_last_word_stands_even_if_it_was_said_before(client, case):
    study, _, held, judge = case
    finish(held)
    other = builders.user()
    builders.join(study.review, other, Role.ADJUDICATOR)
    for person, raw in ((judge, "50"), (other, "52"), (judge, "50")):
        client.force_login(person)
        post(client, case, field="n", raw=raw)
    assert standing(case).value == "50"
    assert Value.objects.filter(capacity="consensus", author=judge).count() == 2


def test_a_word_that_changes_after_it_was_settled_opens_the_line_until_it_is_settled_anew(client, case):
    study, version, held, _ = case
    finish(held)
    post(client, case, field="n", raw="50")
    assert comparison(study, version.form).waiting == 1
    person = held[1].extractor
    assignments.reopen(assignment=held[1], by=study.review.created_by, as_lead=True)
    values.record(study=study, form=version.form, field_key="n", raw="49", by=person, idempotency_key=uuid4())
    assignments.done(assignment=held[1], by=person)
    assert comparison(study, version.form).waiting == 2
    assert "changed after it was settled" in client.get(address(study, version)).content.decode()
    assert standing(case).value == "50"
    post(client, case, field="n", raw="50")
    assert comparison(study, version.form).waiting == 1


def test_enter_in_the_field_settles_with_what_is_written_there_and_takes_no_side(client, case):
    """A browser presses the first button of a form for Enter."""
    study, version, held, _ = case
    finish(held)
    page = client.get(address(study, version)).content.decode()
    for form in page.split('class="xt-settle"')[1:]:
        first = form[form.index("<button") : form.index(">", form.index("<button"))]
        assert "name=" not in first


def test_a_null_byte_settles_nothing_badly(client, case):
    finish(case[2])
    post(client, case, field="n", raw="50\x00", note="\x00", state="reported")
    assert standing(case).value == "50"


def test_what_does_not_fit_is_refused_here_too(client, case):
    study, version, held, _ = case
    finish(held)
    reply = client.post(address(study, version), {"field": "n", "raw": "some"}, follow=True)
    assert "number" in reply.content.decode()
    assert (
        "does not stand any more" in client.post(address(study, version), {"take": "0x"}, follow=True).content.decode()
    )


def test_an_extractor_at_work_settles_nothing_even_as_the_lead(client, case):
    study, version, *_ = case
    lead = study.review.created_by
    builders.join(study.review, lead, Role.EXTRACTOR)
    client.force_login(lead)
    assert client.get(address(study, version)).status_code == 302


def test_the_screen_costs_the_same_however_many_cells(client, case, django_assert_max_num_queries):
    study, version, held, _ = case
    finish(held)
    with django_assert_max_num_queries(24):
        client.get(address(study, version))
