"""Decisions that were made elsewhere are brought in under the name of the lead who does it, and can be taken back
(IMP-06)."""

import pytest

from audit import integrity
from audit.models.event import Event
from screening.actions import duplicates, elsewhere, elsewhere_plan, elsewhere_run, reconcile
from screening.enums import DecisionImportStatus, ImportStatus, StageStatus
from screening.models.citation import Citation
from screening.models.decision import Decision
from screening.models.decision_import import DecisionImport
from screening.models.protocol import ExclusionReason
from screening.models.record import Record
from screening.models.stage import StageState
from tests import builders
from tests.citations import bring_in, hand_in, ris
from tests.elsewhere import TITLES, brought_in, chosen, looked, rayyan, said, taken_back

pytestmark = pytest.mark.django_db

THREE = rayyan(said("Anna", "Included"), said("Anna", "Excluded"), said("Anna", "Maybe"), "")


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def ben():
    return builders.user("ben")


@pytest.fixture
def review(ada, ben):
    return builders.review(reviewers=[ada, ben], adjudicators=[builders.user()])


def statuses(review, stage="title_abstract"):
    places = StageState.objects.filter(review=review, stage=stage).order_by("record")
    return list(places.values_list("status", flat=True))


def test_final_decisions_settle_records_whichever_number_of_reviewers_the_rule_asks(review):
    row = brought_in(bring_in(review, THREE))
    assert row.status == DecisionImportStatus.DONE
    assert statuses(review) == ["included", "excluded", "included", "unscreened"]
    assert statuses(review, "full_text") == ["unscreened", "unscreened"]
    words = Decision.objects.order_by("id")
    assert {(word.author, word.origin, word.brought_in) for word in words} == {(review.created_by, "imported", row)}
    assert [word.note for word in words][:2] == [
        "Decided elsewhere · by Anna: Included",
        "Decided elsewhere · by Anna: Excluded",
    ]
    assert list(reconcile.drifts(review)) == []


def test_each_has_its_line_in_the_ledger_and_the_audit_finds_nothing(review):
    brought_in(bring_in(review, THREE))
    lines = Event.objects.filter(type="record.decided_elsewhere")
    assert lines.count() == 3
    assert {line.actor_id for line in lines} == {review.created_by_id}
    assert not [(one.name, one.findings.first) for one in integrity.verify() if one.findings.bad]


def test_as_an_opinion_they_count_as_one_reviewer_of_the_two(review, ada, ben):
    brought_in(bring_in(review, THREE), counts_as="opinion")
    assert statuses(review) == ["partial", "partial", "partial", "unscreened"]
    first, second, *_ = Record.objects.order_by("pk")
    assert builders.decide(first, ada, "include").state.status == StageStatus.INCLUDED
    assert builders.decide(second, ben, "include").state.status == StageStatus.CONFLICT
    assert list(reconcile.drifts(review)) == []


def test_with_one_reviewer_an_opinion_from_elsewhere_settles(ada):
    review = builders.review(reviewers=[ada], reviewers_per_record=1)
    brought_in(bring_in(review, THREE), counts_as="opinion")
    assert statuses(review) == ["included", "excluded", "included", "unscreened"]


def test_what_people_decided_here_stands_first_and_the_preview_says_where_it_differs(review, ada, ben):
    file = bring_in(review, THREE)
    first, second, *_ = Record.objects.order_by("pk")
    for person in (ada, ben):
        builders.decide(first, person, "exclude")
    builders.decide(second, ada, "include")
    row = chosen(file)
    assert (row.preview["differ"], row.preview["differ_n"], row.preview["under_way"]) == ([first.pk], 1, 1)
    assert row.preview["verdicts"] == {"include": 1, "exclude": 1, "maybe": 1}
    assert row.preview["left"] == {"without": 1}
    brought_in(file)
    assert statuses(review) == ["excluded", "partial", "included", "unscreened"]
    assert list(reconcile.drifts(review)) == []


def test_a_vote_that_comes_later_puts_the_imported_word_aside_and_its_undo_brings_it_back(review, ada, ben):
    brought_in(bring_in(review, THREE))
    first = Record.objects.order_by("pk").first()
    assert builders.decide(first, ada, "exclude").state.status == StageStatus.PARTIAL
    assert builders.decide(first, ben, "exclude").state.status == StageStatus.EXCLUDED
    for person in (ada, ben):
        builders.decide(first, person, "withdrawn")
    assert statuses(review)[0] == "included"
    assert list(reconcile.drifts(review)) == []


def test_a_lead_who_screens_has_a_vote_of_their_own_besides(review, ben):
    lead = review.created_by
    brought_in(bring_in(review, THREE), counts_as="opinion")
    first = Record.objects.order_by("pk").first()
    assert builders.decide(first, lead, "include").state.status == StageStatus.INCLUDED
    assert builders.decide(first, lead, "withdrawn").state.status == StageStatus.PARTIAL


def test_all_of_it_can_be_taken_back_by_another_lead_and_nothing_is_deleted(review):
    row = brought_in(bring_in(review, THREE))
    other = builders.user()
    taken_back(row, by=other)
    assert row.status == DecisionImportStatus.TAKEN_BACK
    assert statuses(review) == ["unscreened"] * 4
    assert statuses(review, "full_text") == ["inactive", "inactive"]
    assert Decision.objects.count() == 6
    assert set(Decision.objects.filter(verdict="withdrawn").values_list("author", flat=True)) == {other.pk}
    assert list(reconcile.drifts(review)) == []
    assert not [(one.name, one.findings.first) for one in integrity.verify() if one.findings.bad]


def test_a_second_import_leaves_the_first_standing_when_it_is_taken_back(review):
    brought_in(bring_in(review, THREE))
    second = brought_in(hand_in(review, rayyan(said("Ben", "Excluded")), name="second.ris"))
    assert second.preview["again"] == 1
    assert statuses(review)[0] == "excluded", "the newest word counts"
    taken_back(second)
    assert statuses(review) == ["included", "excluded", "included", "unscreened"]


def test_a_worker_that_is_killed_leaves_whole_batches_and_the_next_goes_on(review, monkeypatch):
    monkeypatch.setattr(elsewhere_run, "BATCH", 1)
    row = elsewhere.commit(row=chosen(bring_in(review, THREE)), by=review.created_by)
    store, done = elsewhere_run.store_batch, []

    def killed(*args, **kwargs):
        if done:
            raise KeyboardInterrupt
        done.append(store(*args, **kwargs))

    monkeypatch.setattr(elsewhere_run, "store_batch", killed)
    with pytest.raises(KeyboardInterrupt):
        elsewhere_run.run(import_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.stored, row.total) == (DecisionImportStatus.RUNNING, 1, 3)
    monkeypatch.setattr(elsewhere_run, "store_batch", store)
    for _ in range(2):  # a doorbell too many
        elsewhere_run.run(import_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.stored, Decision.objects.count()) == (DecisionImportStatus.DONE, 3, 3)


HONEY = "Honey against nocturnal cough of children"


def excluded_elsewhere(title, doi=""):
    named = f"DO  - {doi}\n" if doi else ""
    return (
        f"TY  - JOUR\nTI  - {title}\nPY  - 2019\n{named}N1  - RAYYAN-INCLUSION: {said('Anna', 'Excluded')}\nER  - \n\n"
    )


def cut_off(review, *entries, after):
    """Decisions of these entries are being brought in; the worker was killed once it had stored so many."""
    row = elsewhere.commit(row=chosen(hand_in(review, "".join(entries), name="r.ris")), by=review.created_by)
    DecisionImport.objects.filter(pk=row.pk).update(status=DecisionImportStatus.RUNNING)
    row.refresh_from_db()
    elsewhere_run.store_batch(row, elsewhere_plan.plan(row).items[:after], after=0)
    return row


def gone_on(row):
    elsewhere_run.run(import_id=row.pk)
    row.refresh_from_db()
    assert row.status == DecisionImportStatus.DONE, row.error
    return row


def test_what_came_meanwhile_gives_no_record_a_second_word_of_the_same_import(review):
    bring_in(review, ris(HONEY, doi="10.1/a"))
    entries = excluded_elsewhere(HONEY), excluded_elsewhere("Honey, the corrected title of the same", "10.1/a")
    row = cut_off(review, *entries, after=1)
    builders.record(review, title=HONEY, year=2019)  # from now on the first entry could mean either
    assert (gone_on(row).stored, row.total, Decision.objects.count()) == (1, 1, 1)


def test_an_entry_that_is_found_only_when_it_goes_on_is_not_lost(review):
    bring_in(review, ris("Bed nets treated with permethrin in river villages", doi="10.1/b"))
    entries = excluded_elsewhere(HONEY), excluded_elsewhere("Bed nets treated with permethrin in river villages")
    row = cut_off(review, *entries, after=1)
    late = builders.record(review, title=HONEY, year=2019)
    assert gone_on(row).stored == 2
    assert Decision.objects.filter(record=late, brought_in=row, verdict="exclude").exists()


def test_a_record_that_was_merged_meanwhile_brings_its_word_along(review):
    first, second = builders.record(review, title=HONEY, year=2019), builders.record(review, title="Kept", year=2019)
    row = cut_off(review, excluded_elsewhere(HONEY), after=1)
    duplicates.merge(kept=second, absorbed=first, by=review.created_by)
    assert (gone_on(row).stored, Decision.objects.get().record_id) == (1, first.pk)


def test_a_second_worker_with_the_same_plan_stores_nothing_again(review):
    file = bring_in(review, THREE)
    row = elsewhere.commit(row=chosen(file), by=review.created_by)
    DecisionImport.objects.filter(pk=row.pk).update(status=DecisionImportStatus.RUNNING)
    items = elsewhere_plan.plan(row).items
    elsewhere_run.store_batch(row, items[:2], after=0)
    with pytest.raises(elsewhere_run.OvertakenError):
        elsewhere_run.store_batch(row, items[:2], after=0)
    elsewhere_run.store_batch(row, items[1:], after=items[1].position)
    row.refresh_from_db()
    assert (row.stored, row.reached, Decision.objects.count()) == (3, items[2].position, 3)


def test_the_sweeper_rings_for_what_stands_still(review, django_capture_on_commit_callbacks):
    row = elsewhere.commit(row=chosen(bring_in(review, THREE)), by=review.created_by)
    assert elsewhere.sweep(stale_seconds=60) == 0
    assert elsewhere.sweep(stale_seconds=-1) == 1
    assert DecisionImport.objects.get().pk == row.pk


def test_an_error_makes_it_failed_with_what_was_stored_kept_and_it_can_go_on(review, monkeypatch):
    row = elsewhere.commit(row=chosen(bring_in(review, THREE)), by=review.created_by)
    plan = elsewhere_run.plan

    def broken(row):
        raise RuntimeError

    monkeypatch.setattr(elsewhere_run, "plan", broken)
    with pytest.raises(RuntimeError):
        elsewhere_run.run(import_id=row.pk)
    row.refresh_from_db()
    assert row.status == DecisionImportStatus.FAILED
    assert "0 decisions brought in" in row.error
    monkeypatch.setattr(elsewhere_run, "plan", plan)
    elsewhere_run.run(import_id=elsewhere.commit(row=row, by=review.created_by).pk)
    assert statuses(review) == ["included", "excluded", "included", "unscreened"]


def test_reasons_are_mapped_to_the_ordered_list_and_the_highest_counts(review):
    low, high = ExclusionReason.objects.filter(review=review, stage="title_abstract").first(), None
    high = ExclusionReason.objects.create(review=review, stage="title_abstract", position=2, text="Wrong design")
    why = " | RAYYAN-EXCLUSION-REASONS: wrong design,wrong population"
    file = bring_in(review, rayyan(said("Anna", "Excluded", why), said("Anna", "Included", why)))
    reasons = {"wrong design": high.pk, "wrong population": low.pk}
    row = brought_in(file, reason_place="Rayyan: exclusion reasons", reasons=reasons)
    excluded, included = Decision.objects.order_by("id")
    assert (excluded.reason, included.reason) == (low, None)
    assert excluded.note.endswith("for: wrong design, wrong population")
    assert row.preview["reasons"] == 1


def test_reviewers_who_disagreed_elsewhere_bring_nothing_unless_a_lead_says_what_it_means(review):
    both = rayyan('{"Anna"=>"Included", "Ben"=>"Excluded"}', said("Anna", "Included"))
    row = chosen(bring_in(review, both))
    assert [value for value, *_ in row.found["places"][0][2]] == ["Included", "Excluded + Included"]
    assert row.preview["left"] == {"unknown": 1}
    assert row.preview["unknown"] == [["Excluded + Included", 1]]
    brought_in(row.file, verdicts={"Excluded + Included": "include"})
    assert Decision.objects.get().note == "Decided elsewhere · by Anna: Included; Ben: Excluded"


def test_entries_of_one_record_that_differ_bring_nothing_and_are_named(review):
    file = bring_in(review, rayyan(said("Anna", "Included")))
    again = bring_in(review, rayyan(said("Anna", "Included")).replace("rayyan-1", "rayyan-9"), name="again.ris")
    assert Record.objects.filter(active=True).count() == 1, "the second is merged into the first"
    two = rayyan(said("Anna", "Included")) + "\n" + rayyan(said("Ben", "Excluded"))
    decided = looked(hand_in(review, two, name="both.ris"))
    values = {"Included": "include", "Excluded": "exclude"}
    row = elsewhere.choose(
        row=decided, place="Rayyan: decision", stage="title_abstract", counts_as="final", verdicts=values,
        by=review.created_by, at_once=True,
    )  # fmt: skip
    assert row.preview["records"] == 0
    assert row.preview["left"] == {"differing": 2}
    assert row.preview["contradictory"] == [Record.objects.get(active=True).pk]
    assert file.pk != again.pk


def test_a_merged_record_has_the_word_of_either_of_its_citations(review):
    bring_in(review, rayyan(""))
    brought_in(bring_in(review, rayyan(said("Anna", "Excluded")), name="again.ris"))
    assert sorted(statuses(review)) == ["excluded", "inactive"]
    assert list(reconcile.drifts(review)) == []


def test_a_second_file_is_matched_by_doi_or_title_and_brings_its_decisions_only(review):
    bring_in(review, rayyan("", "", "", ""))
    table = (
        "title,doi,year,included\n"
        f"Another title,10.1234/ELSEWHERE.0,2020,1\n{TITLES[1].upper()},,2020,0\n{TITLES[2]},,,1.0\n"
        f"{TITLES[3]},,1999,1\nNobody knows this study at all,,2020,1\n"
    )
    row = brought_in(hand_in(review, table, name="labels.csv"))
    assert row.file.status == ImportStatus.DECISIONS
    assert row.preview["left"] == {"unmatched": 2}
    assert (Citation.objects.count(), Record.objects.count()) == (4, 4)
    assert statuses(review) == ["included", "excluded", "included", "unscreened"]


def test_at_full_text_only_what_is_there_gets_a_decision_and_a_maybe_is_left_to_people(review, ada):
    file = bring_in(review, THREE)
    brought_in(file)
    row = brought_in(file, stage="full_text")
    assert row.preview["left"] == {"without": 1, "not_here": 1}
    assert statuses(review, "full_text") == ["included", "partial"]
    third = Record.objects.order_by("pk")[2]
    decided = builders.decide(third, ada, "include", stage="full_text")
    assert decided.state.status == StageStatus.PARTIAL, "the open question from elsewhere is set aside"
    assert list(reconcile.drifts(review)) == []


def test_in_an_open_pilot_round_they_settle_nothing_until_it_is_closed(review, ada, ben):
    from screening.actions import pilots

    file = bring_in(review, THREE)
    people = [ada.pk, ben.pk]
    pilot = pilots.start(review=review, stage="title_abstract", size=4, reviewers=people, by=review.created_by)
    brought_in(file)
    assert statuses(review) == ["unscreened"] * 4
    pilots.close(pilot=pilot, by=review.created_by)
    assert statuses(review) == ["included", "excluded", "included", "unscreened"]
    assert list(reconcile.drifts(review)) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"place": "Nowhere"}, "no such column"),
        ({"reason_place": "Nowhere"}, "no such column"),
        ({"stage": "third"}, "Choose include"),
        ({"verdicts": {"Included": "withdrawn"}}, "Choose include"),
        ({"reasons": {"wrong": 0}}, "not in the list"),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_a_sentence(review, fields, sentence):
    row = looked(bring_in(review, THREE))
    arguments = {"place": "Rayyan: decision", "stage": "title_abstract", "counts_as": "final", **fields}
    with pytest.raises(elsewhere.ElsewhereRefusedError, match=sentence):
        elsewhere.choose(row=row, by=review.created_by, **arguments)


def test_a_file_without_any_decision_says_so_and_nothing_can_be_brought_in(review):
    row = looked(bring_in(review, rayyan("", "")))
    assert row.found["proposed"] == ""
    with pytest.raises(elsewhere.ElsewhereRefusedError, match="what the values mean"):
        elsewhere.commit(row=row, by=review.created_by)
    elsewhere.discard(row=row, by=review.created_by)
    assert not DecisionImport.objects.exists()


def test_every_entry_of_a_file_can_mean_the_same(review):
    file = bring_in(review, rayyan("", ""))
    brought_in(file, place="*", verdicts={"in this file": "exclude"})
    assert statuses(review) == ["excluded", "excluded"]
    assert {word.note for word in Decision.objects.all()} == {"Decided elsewhere"}
