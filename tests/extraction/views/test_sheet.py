"""The extraction screen: what it shows to whom, that its plain forms work, and that it opens quickly."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.actions import assignments, values
from extraction.actions.bias import add_instrument
from extraction.models.proposal import Rejection
from extraction.models.structure import Arm, Measure
from extraction.models.value import Value
from screening.enums import Role
from tests import builders, extracting

pytestmark = pytest.mark.django_db
SCHEMA = {
    "title": "Data",
    "purpose": "data",
    "groups": [
        {"key": "g", "label": "Study", "fields": [{"key": "country", "label": "Country", "kind": "text", "help": "H"}]},
        {
            "key": "r",
            "label": "Results",
            "repeats": "arm",
            "fields": [
                {"key": "events", "label": "Events", "kind": "number", "tier": "outcome", "required": True},
                {"key": "n", "label": "N", "kind": "number"},
                {
                    "key": "share",
                    "label": "Share",
                    "kind": "number",
                    "tier": "derived",
                    "formula": "percentage",
                    "inputs": {"events": "events", "total": "n"},
                },
            ],
        },
    ],
}


@pytest.fixture
def desk(client):
    review = builders.review(ai_enabled=True)
    version = extracting.form_version(review, SCHEMA)
    person = extracting.extractor(review, "erin")
    study = extracting.study(review, label="Okafor 2021")
    arm = extracting.arm(study)
    assignments.begin(study=study, form=version.form, by=person)
    client.force_login(person)
    return study, version, person, arm


def address(study, version, name="sheet"):
    return reverse(f"extraction:{name}", args=[study.review_id, study.pk, version.form_id])


def api(study, version, name="values"):
    return reverse(f"extraction-api:{name}", args=[study.review_id, study.pk, version.form_id])


def post(client, desk, body, name="values"):
    body = {"idempotency_key": str(uuid4()), **body}
    return client.post(api(*desk[:2], name), body, content_type="application/json")


def test_a_saved_value_brings_back_what_it_changes(client, desk):
    *_, arm = desk
    post(client, desk, {"field": "n", "arm": arm.pk, "raw": "50"})
    reply = post(client, desk, {"field": "events", "arm": arm.pk, "raw": "10"})
    assert reply.status_code == 201
    sides = reply.json()["sides"]
    assert sides[f"events@{arm.pk}@0"]["state"] == "edited"
    assert "20" in sides[f"share@{arm.pk}@0"]["html"]
    assert "10" in sides[f"share@{arm.pk}@0"]["html"]
    assert reply.json()["progress"] == {"filled": 2, "of": 3}


def test_a_doubt_stands_beside_both_cells(client, desk):
    *_, arm = desk
    post(client, desk, {"field": "n", "arm": arm.pk, "raw": "50"})
    doubts = post(client, desk, {"field": "events", "arm": arm.pk, "raw": "60"}).json()["doubts"]
    assert set(doubts) == {f"n@{arm.pk}@0", f"events@{arm.pk}@0"}
    assert "60 events among 50 participants" in client.get(address(*desk[:2])).content.decode()


def test_what_is_refused_says_why_and_stores_nothing(client, desk):
    *_, arm = desk
    reply = post(client, desk, {"field": "n", "arm": arm.pk, "raw": "many"})
    assert reply.status_code == 409
    assert "number" in reply.json()["detail"]
    assert not Value.objects.exists()


def test_the_same_key_twice_stores_once(client, desk):
    body = {"field": "country", "raw": "Peru", "idempotency_key": str(uuid4())}
    assert [post(client, desk, body).status_code for _ in range(2)] == [201, 200]
    assert Value.objects.count() == 1


def test_a_doubtful_proposal_asks_for_a_second_press(client, desk):
    study, version, *_ = desk
    proposal = extracting.proposal(study, version, "country", None, state="not_reported", quote="")
    body = {"field": "country", "accept": proposal.pk}
    assert post(client, desk, body).status_code == 428
    assert post(client, desk, {**body, "confirmed": True}).status_code == 201


def test_before_the_own_entry_a_blind_cell_is_the_same_with_and_without_a_proposal(client, desk):
    study, version, _, arm = desk
    before = client.get(address(study, version)).content.decode()
    proposal = extracting.proposal(study, version, "events", "4242", arm=arm)
    after = client.get(address(study, version)).content.decode()
    assert "4242" not in after
    assert "after your entry" in after
    assert mask(before) == mask(after)
    assert post(client, desk, {"field": "events", "arm": arm.pk, "raw": "1", "citing": proposal.pk}).status_code == 409
    assert post(client, desk, {"proposal": proposal.pk, "reason": "incorrect"}, "rejections").status_code == 409
    html = post(client, desk, {"field": "events", "arm": arm.pk, "raw": "1"}).json()["sides"][proposal.cell]["html"]
    assert "4242" in html
    assert "Change to this" in html


def mask(html):
    return re.sub(r"[A-Za-z0-9]{64}", "", html)


def test_a_rejection_by_key_keeps_the_reason(client, desk):
    study, version, *_ = desk
    proposal = extracting.proposal(study, version, "country", "Peru")
    reply = post(client, desk, {"proposal": proposal.pk, "reason": "wrong_context"}, "rejections")
    assert "You rejected it" in reply.json()["sides"][proposal.cell]["html"]
    assert reply.json()["sides"][proposal.cell]["state"] == "empty"
    assert Rejection.objects.get().reason == "wrong_context"


def test_an_extractor_never_sees_what_the_other_entered(client, desk):
    study, version, *_ = desk
    other = extracting.extractor(study.review)
    assignments.begin(study=study, form=version.form, by=other)
    said = {"study": study, "form": version.form, "field_key": "country", "by": other}
    values.record(**said, raw="Qwertzland", idempotency_key=uuid4())
    assert "Qwertzland" not in client.get(address(study, version)).content.decode()
    html = post(client, desk, {"field": "country", "raw": "Peru"}).content.decode()
    assert "Qwertzland" not in html


def test_the_plain_forms_work_without_scripts(client, desk):
    study, version, _, arm = desk
    proposal = extracting.proposal(study, version, "country", "Peru")

    def send(**body):
        return client.post(address(study, version), body, follow=True).content.decode()

    assert "Accepted." in send(do="accept", proposal=proposal.pk, cell="country-0-0")
    assert "Stored." in send(do="value", field="n", arm=arm.pk, raw="5")
    assert "Stored." in send(do="value", field="events", arm=arm.pk, state="not_reported")
    assert "number" in send(do="value", field="n", arm=arm.pk, raw="x")
    send(do="arm_add", name="Drug")
    send(do="arm_rename", id=arm.pk, name="Sham")
    send(do="measure_add", name="Death", time_point="1 year")
    measure = Measure.objects.get()
    send(do="measure_rename", id=measure.pk, name="Death", time_point="2 years")
    send(do="measure_retire", id=measure.pk)
    send(do="arm_retire", id=Arm.objects.get(name="Drug").pk)
    assert [str(one) for one in Arm.objects.filter(retired=False)] == ["Sham"]
    assert client.post(address(study, version), {"do": "dance"}).status_code == 404
    assert [v.state for v in Value.objects.order_by("id")] == ["reported", "reported", "not_reported"]


def test_arms_and_outcomes_stay_open_after_one_was_added(client, desk):
    study, version, _, _ = desk
    reply = client.post(address(study, version), {"do": "arm_add", "name": "New"})
    assert reply.url.endswith("#new-arm")  # inside the folded part, which a browser opens for it
    assert 'id="new-arm"' in client.get(reply.url).content.decode()
    assert client.post(address(study, version), {"do": "measure_add", "name": "New"}).url.endswith("#new-measure")


def test_done_leads_back_to_the_first_empty_required_cell(client, desk):
    study, version, _, arm = desk
    reply = client.post(address(study, version, "work"), {"do": "done"})
    assert reply.url.endswith(f"#c-events-{arm.pk}-0")
    post(client, desk, {"field": "events", "arm": arm.pk, "state": "unclear"})
    reply = client.post(address(study, version, "work"), {"do": "done"}, follow=True)
    assert "Okafor 2021 is done." in reply.content.decode()
    assert "You are done with this study" in client.get(address(study, version)).content.decode()


def test_in_a_risk_of_bias_form_questions_fold_and_judgements_are_computed(client, desk):
    study, _, person, _ = desk
    form = add_instrument(review=study.review, instrument="rob2", by=study.review.created_by)
    measure = extracting.measure(study)
    assignments.begin(study=study, form=form, by=person)
    version = form.versions.get()
    at = (study, version)
    for question, answer in (("d1_1", "Y"), ("d1_2", "Y")):
        post(client, at, {"field": question, "measure": measure.pk, "raw": answer})
    reply = post(client, at, {"field": "d1_3", "measure": measure.pk, "raw": "N"}).json()
    judged = reply["sides"][f"d1@0@{measure.pk}"]["html"]
    assert "The algorithm says" in judged
    assert "Low" in judged
    reply = post(client, at, {"field": "d1", "measure": measure.pk, "raw": "high"}).json()
    assert "write the reason" in reply["sides"][f"d1@0@{measure.pk}"]["html"]
    sent = client.post(address(study, version, "work"), {"do": "done"}, follow=True).content.decode()
    assert "need a reason" in sent


def many(study, version, proposals):
    for place in range(proposals):
        extracting.proposal(study, version, f"f{place}", str(place))


@pytest.mark.parametrize("fields", [3, 30])
def test_the_screen_asks_the_database_the_same_number_of_times_however_long_the_form(
    client, desk, fields, django_assert_max_num_queries
):
    study, _, person, _ = desk
    listed = [{"key": f"f{n}", "label": f"Field {n}", "kind": "number"} for n in range(fields)]
    schema = {"title": "L", "purpose": "data", "groups": [{"key": "g", "label": "G", "fields": listed}]}
    version = extracting.form_version(study.review, schema)
    assignments.begin(study=study, form=version.form, by=person)
    many(study, version, fields)
    for place in range(0, fields, 2):
        extracting.value(study, version, f"f{place}", "1", person)
    with django_assert_max_num_queries(27) as counted:
        assert client.get(address(study, version)).status_code == 200
    QUERIES[fields] = len(counted)
    assert len(set(QUERIES.values())) == 1, QUERIES


QUERIES: dict[int, int] = {}


def test_home_says_what_waits_and_lets_a_lead_hand_out_places(client, desk):
    study, version, *_ = desk
    home = reverse("extraction:home", args=[study.review_id])
    assert "Yours to finish" in client.get(home).content.decode()
    lead = study.review.created_by
    other = extracting.extractor(study.review)
    client.force_login(lead)
    client.post(address(study, version, "assign"), {"do": "assign", "extractor": other.pk})
    assert study.assignments.count() == 2
    client.post(address(study, version, "assign"), {"do": "release", "extractor": other.pk})
    rule = {"extractors_per_study": 1, "descriptive_mode": "off", "outcome_mode": "off"}
    client.post(reverse("extraction:rule", args=[study.review_id]), rule)
    assert "One person extracts" in client.get(home).content.decode()


def test_home_costs_the_same_at_one_and_at_three_studies(client, desk):
    study, version, person, _ = desk
    home = reverse("extraction:home", args=[study.review_id])
    client.get(home)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(home)
        counts.append(len(captured))
        for _ in range(2):
            assignments.begin(study=extracting.study(study.review), form=version.form, by=person)
    assert counts[0] == counts[1]


def test_an_observer_looks_and_finds_no_entry_of_anybody(client, desk):
    study, version, *_ = desk
    post(client, desk, {"field": "country", "raw": "Qwertzland"})
    observer = builders.user()
    builders.join(study.review, observer, Role.OBSERVER)
    client.force_login(observer)
    page = client.get(address(study, version))
    assert page.status_code == 200
    assert "Qwertzland" not in page.content.decode()


def test_the_only_unit_of_a_field_is_sent_with_the_number_because_the_form_may_change_meanwhile(client, desk):
    study, version, person, _ = desk
    weight = {"key": "weight", "label": "Weight", "kind": "number", "unit": "mg"}
    form = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "G", "fields": [weight]}]}
    extracting.next_version(version, form)
    assert (
        '<input type="hidden" name="unit" value="mg" data-unit>' in client.get(address(study, version)).content.decode()
    )
    weight["unit"] = "g"
    extracting.next_version(version.form.versions.first(), form)
    old_tab = {"do": "value", "cell": "weight-0-0", "field": "weight", "raw": "5", "unit": "mg"}
    assert "is not a unit of this field" in client.post(address(study, version), old_tab, follow=True).content.decode()
    assert not Value.objects.filter(author=person).exists()


def test_enter_in_a_plain_form_stores_what_is_written_and_says_nothing_else(client, desk):
    """A browser presses the first button of a form for Enter, and that was "not reported"."""
    page = client.get(address(*desk[:2])).content.decode()
    entries = page.split('class="xt-entry"')[1:]
    assert entries
    for form in entries:
        assert "name=" not in form[form.index("<button") : form.index(">", form.index("<button"))]


@pytest.mark.parametrize(
    ("before", "raw", "after", "told"),
    [
        ({"kind": "text"}, "a and b", {"kind": "multi_choice"}, "a and b"),
        ({"kind": "multi_choice"}, ["a"], {"kind": "choice", "options": [{"key": "b", "label": "B"}]}, "a"),
        ({"kind": "choice"}, "a", {"kind": "choice", "options": [{"key": "b", "label": "B"}]}, "a"),
        ({"kind": "number", "unit": "mg"}, "5", {"kind": "number", "unit": "g"}, "5 mg"),
    ],
)
def test_what_the_form_has_outgrown_is_shown_as_it_was_entered_and_ticks_nothing(
    client, desk, before, raw, after, told
):
    study, version, person, _ = desk
    options = {"options": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]}

    def publish(shape):
        field = {"key": "x", "label": "X", **(options if "choice" in shape["kind"] else {}), **shape}
        schema = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "G", "fields": [field]}]}
        extracting.next_version(version.form.versions.first(), schema)

    publish(before)
    stored = values.record(
        study=study, form=version.form, field_key="x", raw=raw, by=person, idempotency_key=uuid4()
    ).value
    publish(after)
    page = client.get(address(study, version)).content.decode()
    assert f"As it was entered under version {stored.form_version.number}: <b>{told}</b>" in page
    assert " checked" not in page
    assert 'value="b" selected' not in page


def test_who_has_no_place_changes_no_arms_or_outcomes(client, desk):
    study, version, _, arm = desk
    client.force_login(extracting.extractor(study.review))
    for said in ({"do": "arm_retire", "id": arm.pk}, {"do": "measure_add", "name": "Pain"}):
        assert "no place at this study" in client.post(address(study, version), said, follow=True).content.decode()
    arm.refresh_from_db()
    assert (arm.retired, Measure.objects.exists()) == (False, False)
