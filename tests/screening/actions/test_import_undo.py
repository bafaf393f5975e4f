"""Taking a whole import back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models.event import Event
from screening.actions import duplicates, import_progress, import_run, import_undo, imports, reconcile
from screening.actions.decisions import DecisionRefusedError
from screening.enums import CandidateStatus, ImportStatus, StageStatus, Verdict
from screening.models.citation import Citation
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.record import Record
from screening.models.source import ImportedFile
from screening.models.stage import StageState
from tests import builders
from tests.citations import bring_in, hand_in, ris, some_ris
from tests.elsewhere import brought_in, rayyan, said, taken_back

pytestmark = pytest.mark.django_db

SAME = ris("Telephone coaching after myocardial infarction in forty villages", number=4, doi="10.1234/same")


class PowerCut(BaseException):
    """Not an Exception: like kill -9, no handler of the program sees it."""


@pytest.fixture
def review():
    return builders.review(reviewers_per_record=1)


def undo(file):
    return import_undo.undo(file=file, by=file.created_by)


def test_records_are_inactive_and_rows_are_kept(review):
    file = bring_in(review, some_ris(3))
    assert undo(file) == 3
    file.refresh_from_db()
    assert file.status == ImportStatus.UNDONE
    assert (Record.objects.filter(active=True).count(), Record.objects.count(), Citation.objects.count()) == (0, 3, 3)
    assert set(StageState.objects.values_list("status", flat=True)) == {StageStatus.INACTIVE}
    assert sorted(StageState.history.values_list("history_type", flat=True)) == ["+"] * 3 + ["~"] * 3


def test_it_is_refused_while_a_decision_would_be_lost_and_names_the_record(review):
    file = bring_in(review, some_ris(3))
    record, person = Record.objects.order_by("pk").last(), builders.user()
    builders.decide(record, person)
    with pytest.raises(import_undo.UndoRefusedError, match="1 record has a decision") as refusal:
        undo(file)
    assert refusal.value.records == [record]
    assert record.title[:80] in str(refusal.value)
    builders.decide(record, person, Verdict.WITHDRAWN)
    assert undo(file) == 3


def test_a_record_of_another_import_that_was_merged_into_it_stands_for_itself_again(review):
    first = bring_in(review, some_ris(2) + SAME)
    bring_in(review, SAME.replace("TY  - JOUR", "TY  - JOUR\nN1  - other"), source="Second")
    assert Merge.objects.get().kept.citation.file == first
    undo(first)
    freed = Record.objects.get(active=True)
    assert (freed.citation.source.name, freed.merged_into) == ("Second", None)
    assert StageState.objects.get(record=freed).status == StageStatus.UNSCREENED


def test_what_was_set_free_is_compared_with_one_another_again(review):
    first = bring_in(review, SAME)
    for number in (1, 2):
        bring_in(review, SAME.replace("TY  - JOUR", f"TY  - JOUR\nN1  - {number}"), source=f"Source {number}")
    undo(first)
    assert Record.objects.filter(active=True).count() == 1
    assert Merge.objects.filter(undone__isnull=True).count() == 1


def test_open_pairs_with_its_records_go_and_answers_stay(review):
    file = bring_in(review, some_ris(3))
    one, two, three = Record.objects.order_by("pk")
    common = {"review": review, "score": 0.5, "reason": "Alike.", "engine_version": "1"}
    DuplicateCandidate.objects.create(first=one, second=two, **common)
    judged = DuplicateCandidate.objects.create(first=one, second=three, **common)
    judged.status, judged.judged_by, judged.judged_at = (
        CandidateStatus.NOT_DUPLICATE,
        review.created_by,
        file.created_at,
    )
    judged.save()
    undo(file)
    assert list(DuplicateCandidate.objects.all()) == [judged]


def test_the_same_file_may_come_again_after_an_undo(review):
    undo(bring_in(review, some_ris(3)))
    assert bring_in(review, some_ris(3)).status == ImportStatus.DONE
    assert Record.objects.filter(active=True).count() == 3


def test_a_queued_import_is_taken_back_before_a_worker_comes(review):
    file = imports.commit(file=hand_in(review, some_ris(3)), by=review.created_by)
    undo(file)
    import_run.run_import(file_id=file.pk)
    assert Record.objects.count() == 0


def test_a_dry_run_is_nothing_to_undo(review):
    with pytest.raises(import_undo.UndoRefusedError, match="nothing to undo"):
        undo(hand_in(review, some_ris(1)))


def by_a_worker(file):
    assert import_undo.undo(file=file, by=file.created_by, reason="The wrong export.", at_once=False) is None


@pytest.fixture
def small_lots(monkeypatch):
    monkeypatch.setattr(import_undo, "LOT", 2)


def test_a_worker_takes_a_large_import_back_in_lots(review, small_lots):
    file = bring_in(review, some_ris(5))
    by_a_worker(file)
    assert import_progress.of(ImportedFile.objects.get()).done == 0
    import_undo.carry_on(file_id=file.pk)
    assert ImportedFile.objects.get().status == ImportStatus.UNDONE
    assert Record.objects.filter(active=True).count() == 0
    told = Event.objects.get(type="import.undone")
    assert (told.actor_name, told.reason, told.data["records"]) == (
        file.created_by.username,
        "The wrong export.",
        5,
    )
    assert Record.history.filter(history_type="~", active=False).count() == 5


@pytest.mark.parametrize("step", [1, 2, 3])
def test_an_undo_that_is_cut_off_goes_on_where_it_was(review, small_lots, monkeypatch, step):
    file = bring_in(review, some_ris(5))
    by_a_worker(file)
    taken, lots = import_undo._take_out, iter(range(1, 10))

    def cut_off(row):
        count = taken(row)
        if next(lots) == step:
            raise PowerCut
        return count

    with monkeypatch.context() as patch:
        patch.setattr(import_undo, "_take_out", cut_off)
        with pytest.raises(PowerCut):
            import_undo.carry_on(file_id=file.pk)
    assert import_undo.still_in(file) == 5 - 2 * (step - 1)
    ImportedFile.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    assert imports.sweep() == 1
    import_undo.carry_on(file_id=file.pk)
    assert ImportedFile.objects.get().status == ImportStatus.UNDONE
    assert Record.history.filter(history_type="~", active=False).count() == 5


def test_a_decision_before_the_worker_comes_calls_the_undo_off(review):
    file = bring_in(review, some_ris(3))
    by_a_worker(file)
    builders.decide(Record.objects.order_by("pk").first(), builders.user())
    import_undo.carry_on(file_id=file.pk)
    file.refresh_from_db()
    assert (file.status, Record.objects.filter(active=True).count()) == (ImportStatus.DONE, 3)
    assert "1 record has a decision" in file.error


def test_nobody_decides_on_a_record_once_its_import_is_being_taken_back(review):
    file = bring_in(review, some_ris(3))
    by_a_worker(file)
    import_undo._step(file.pk, import_undo._close)
    with pytest.raises(DecisionRefusedError, match="no longer at this stage"):
        builders.decide(Record.objects.order_by("pk").first(), builders.user())


def test_nobody_decides_on_a_record_that_was_merged_into_another_imports_either(review):
    first = bring_in(review, SAME)
    file = bring_in(review, SAME + some_ris(1), source="Second")
    absorbed, kept = (
        Record.objects.get(citation__file=file, merged_into__isnull=False),
        Record.objects.get(citation__file=first),
    )
    by_a_worker(file)
    import_undo._step(file.pk, import_undo._close)
    with pytest.raises(DecisionRefusedError, match="no longer at this stage"):
        builders.decide(absorbed, builders.user())
    builders.decide(kept, builders.user())  # the other import's record stands for itself, and stays open
    import_undo.carry_on(file_id=file.pk)
    file.refresh_from_db()
    assert (file.status, list(Record.objects.filter(active=True))) == (ImportStatus.UNDONE, [kept])
    assert StageState.objects.get(record=kept, stage="title_abstract").status == StageStatus.INCLUDED
    assert list(reconcile.drifts(review)) == []


@pytest.fixture
def three(review):
    """A record of each of three imports, none like another."""
    files = [bring_in(review, some_ris(1, start=n), source=f"Source {n}") for n in (0, 20, 40)]
    return [Record.objects.get(citation__file=file) for file in files]


def test_a_decision_that_waits_at_the_end_of_a_chain_of_merges_is_waited_for(review, three):
    ours, between, root = three
    duplicates.merge(kept=between, absorbed=ours, by=review.created_by)
    duplicates.merge(kept=root, absorbed=between, by=review.created_by)
    held = import_undo._places(ours.citation.file, {ours.pk, between.pk})
    assert set(held.values_list("record_id", flat=True)) == {one.pk for one in three}


def test_only_what_the_undo_parts_is_compared_anew(review, three, monkeypatch):
    ours, long_parted, parted_now = three
    by, compared = review.created_by, []
    duplicates.unmerge(merge=duplicates.merge(kept=long_parted, absorbed=ours, by=by), by=by, reason="Not the same.")
    duplicates.merge(kept=parted_now, absorbed=Record.objects.get(pk=ours.pk), by=by)
    monkeypatch.setattr(
        import_undo.deduplication, "deduplicate", lambda *, new_records, **_: compared.append(new_records)
    )
    undo(ours.citation.file)
    assert compared == [{parted_now.pk}]


def test_decisions_that_were_brought_in_are_said_to_be_taken_back_where_they_were(review):
    file = bring_in(review, rayyan(said("Anna", "Included"), ""))
    row = brought_in(file)
    with pytest.raises(import_undo.UndoRefusedError, match="brought in from another tool") as refusal:
        undo(file)
    assert refusal.value.imports == [row]
    taken_back(row)
    assert undo(file) == 2


def test_a_second_click_on_undo_and_a_second_bell_change_nothing(review):
    file = bring_in(review, some_ris(3))
    by_a_worker(file)
    assert undo(file) is None
    import_undo.carry_on(file_id=file.pk)
    import_undo.carry_on(file_id=file.pk)
    assert Event.objects.filter(type="import.undone").count() == 1


def test_undoing_costs_the_same_number_of_queries_whatever_the_number_of_records(review, django_assert_max_num_queries):
    small, large = bring_in(review, some_ris(3)), bring_in(review, some_ris(60, start=10))
    undo(small)
    with django_assert_max_num_queries(35):
        undo(large)
