"""The pages by which a lead brings in decisions that were made elsewhere, and where these show (IMP-06)."""

import csv
import io

import pytest
from django.urls import reverse

from screening.actions import elsewhere_run
from screening.models.decision_import import DecisionImport
from screening.models.record import Record
from screening.queries.team import pace, people_agreement
from screening.queries.team.blind_words import Scope
from screening.queries.team.roster import roster
from tests import builders
from tests.citations import bring_in, hand_in
from tests.elsewhere import brought_in, looked, rayyan, said

pytestmark = pytest.mark.django_db

FILE = rayyan(said("Anna", "Included"), said("Anna", "Excluded"), said("Ben", "Excluded"), "")


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def review(ada, client):
    made = builders.review(reviewers=[ada, builders.user()], adjudicators=[builders.user("judge")])
    client.force_login(made.created_by)
    return made


def url(name, review, *more):
    return reverse(f"screening:{name}", args=[review.pk, *more])


def html(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client, review):
    """The table of decisions, as a file."""
    return b"".join(client.get(url("export", review, "decisions.csv")).streaming_content).decode("utf-8-sig")


def test_a_lead_looks_says_what_values_mean_sees_what_it_brings_and_brings_it_in(client, review):
    file = bring_in(review, FILE)
    assert "Look for decisions in this file" in html(client.get(url("import", review, file.pk)))
    page = client.post(url("elsewhere-begin", review, file.pk), follow=True)
    row = DecisionImport.objects.get()
    assert "Excluded (2)" in html(page)
    assert page.context["chosen"]["place"] == "Rayyan: decision"
    given = {"counts_as": "final", "v0": "exclude", "v1": "include", **page.context["chosen"]}
    page = client.post(url("elsewhere-change", review, row.pk, "choose"), given, follow=True)
    assert page.context["preview"]["verdicts"] == {"include": 1, "exclude": 2, "maybe": 0}
    assert "Bring in decisions on 3 records" in html(page)
    sent_off = client.post(url("elsewhere-change", review, row.pk, "commit"), page.context["as_seen"], follow=True)
    assert "Waits for a worker" in html(sent_off)
    assert "Waits for a worker" in html(client.get(url("elsewhere-card", review, row.pk)))
    elsewhere_run.run(import_id=row.pk)
    assert client.get(url("elsewhere-card", review, row.pk)).headers["HX-Redirect"] == url("elsewhere", review, row.pk)
    page = client.get(url("elsewhere", review, row.pk))
    assert (page.context["came"].decisions, page.context["came"].counted) == (3, 3)
    assert client.get(page.context["records_url"]).context["page"].paginator.count == 3
    for asked, n in (("settled", 3), ("counts", 3), ("here", 0), (str(row.pk), 3)):
        listed = client.get(url("records", review), {"elsewhere": asked})
        assert listed.context["page"].paginator.count == n, asked
    page = client.post(url("elsewhere-change", review, row.pk, "take-back"), {"reason": "Wrong file"}, follow=True)
    assert "being taken back" in html(page)
    elsewhere_run.run(import_id=row.pk)
    shown = html(client.get(url("elsewhere", review, row.pk)))
    assert ("All of them were taken back" in shown, "Set aside" in shown) == (True, False)


def test_another_place_shows_its_values_before_anything_is_chosen(client, review):
    row = looked(bring_in(review, FILE))
    page = client.get(url("elsewhere", review, row.pk), {"place": "*", "stage": "title_abstract", "reason_place": ""})
    assert [field.label for field in page.context["meaning"].verdict_fields] == ["Every entry"]
    odd = client.get(url("elsewhere", review, row.pk), {"place": "<script>", "stage": "third"})
    assert odd.context["chosen"]["place"] == "Rayyan: decision"
    assert "<script>" not in html(odd).replace("<script ", "")


def test_markup_in_a_file_is_shown_as_text(client, review):
    table = "title,year,decision,reason\nA trial of <b>honey</b>,2020,<script>alert(1)</script>,<i>why</i>\n"
    row = looked(bring_in(review, table, name="x.csv"))
    asked = {"place": "decision", "reason_place": "reason", "stage": "full_text"}
    shown = html(client.get(url("elsewhere", review, row.pk), asked))
    assert "<script>alert" not in shown
    assert "&lt;i&gt;why" in shown


def test_a_file_whose_dry_run_is_done_can_bring_its_decisions_only(client, review):
    bring_in(review, rayyan("", "", "", ""))
    file = hand_in(review, FILE, name="decisions.ris")
    assert "Bring in its decisions only" in html(client.get(url("imports", review)))
    page = client.post(url("elsewhere-begin", review, file.pk), follow=True)
    assert page.context["row"].file == file
    assert "Decisions only" in html(client.get(url("imports", review)))
    assert "none of its 4 citations was imported" in html(client.get(url("import", review, file.pk)))


def test_a_step_out_of_turn_is_refused_with_a_sentence(client, review):
    row = brought_in(bring_in(review, FILE))
    answers = [
        client.post(url("elsewhere-change", review, row.pk, verb), {}, follow=True)
        for verb in ("choose", "discard", "take-back")
    ]
    assert ["brought in already" in html(answers[1]), "Say why" in html(answers[2])] == [True, True]
    assert client.post(url("elsewhere-change", review, row.pk, "burn")).status_code == 404
    assert DecisionImport.objects.get().status == "done"


def test_a_reviewer_learns_nothing_of_an_imported_opinion_before_voting(client, review, ada):
    brought_in(bring_in(review, FILE), counts_as="opinion")
    record = Record.objects.order_by("pk").first()
    client.force_login(ada)
    assert "imported" not in html(client.get(url("record", review, record.pk)))
    got = client.get(reverse("screening-api:queue", args=[review.pk]), {"stage": "title_abstract"})
    assert record.title in got.content.decode()
    assert "Anna" not in got.content.decode()


def test_the_lead_who_brought_them_in_and_screens_is_blind_to_them_too(client, review):
    builders.join(review, review.created_by, "reviewer")
    brought_in(bring_in(review, FILE), counts_as="opinion")
    record = Record.objects.order_by("pk").first()
    assert "Decided elsewhere" not in html(client.get(url("record", review, record.pk)))
    assert "Decided elsewhere" not in sent(client, review)
    assert "brought in the decision" not in html(client.get(url("record-timeline", review, record.pk)))


def test_everywhere_they_are_told_apart(client, review):
    brought_in(bring_in(review, FILE))
    record = Record.objects.order_by("pk").first()
    shown = html(client.get(url("record", review, record.pk)))
    assert "imported from export.ris" in shown
    assert "by Anna: Included" in shown
    assert "made elsewhere, from “export.ris”" in html(client.get(url("record-timeline", review, record.pk)))
    rows = list(csv.DictReader(io.StringIO(sent(client, review))))
    assert {(row["author"], row["origin"]) for row in rows} == {(review.created_by.username, "imported")}
    flow = client.get(url("prisma", review))
    assert "3 records were decided on in another tool; those decisions were imported" in html(flow)
    ((_, listed, _),) = flow.context["footnotes"]
    assert client.get(listed).context["page"].paginator.count == 3


def test_they_are_no_work_and_no_agreement_of_anybody_here(client, review, ada):
    brought_in(bring_in(review, FILE), counts_as="opinion")
    builders.decide(Record.objects.order_by("pk").first(), ada, "include")
    days = pace.person_days(review, "title_abstract")
    assert [(day.person, day.opinions) for day in days] == [(ada.pk, 1)]
    assert people_agreement.at_stage(Scope(review, "title_abstract")).records.pairs == []
    assert all(one.last is None for one in roster(review.pk) if one.user == review.created_by)
    assert "1" in html(client.get(url("progress", review)))


def test_a_conflict_with_an_opinion_from_elsewhere_is_shown_and_settled(client, review, ada):
    brought_in(bring_in(review, FILE), counts_as="opinion")
    record = Record.objects.order_by("pk").first()
    state = builders.decide(record, ada, "exclude").state
    assert state.status == "conflict"
    client.force_login(review.memberships.get(role="adjudicator").user)
    assert "Decided elsewhere" in html(client.get(url("conflicts", review)))
    opened = client.post(url("conflict-opinions", review, state.pk))
    assert "Decided elsewhere (export.ris)" in opened.content.decode()
