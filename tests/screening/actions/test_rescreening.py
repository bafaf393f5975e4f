"""Records are given back after an amendment, at once or by a worker, and taken back again (SCR-09)."""

import pytest

from audit.models.event import Event
from screening.actions import decisions, duplicates, rescreening, sweeping
from screening.actions.reconcile import drifts
from screening.enums import Facet, Stage, StageStatus
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState
from screening.queries.amendments import rescreenings
from screening.queries.amendments.amendments import amendment, decided_before
from tests import builders

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT
NEWER = (("adults", Facet.POPULATION), ("controlled", Facet.STUDY_DESIGN))


def amended(reviewers: int = 1) -> tuple[Review, list, list[Record]]:
    """A review whose four records were screened by everybody under version 1 (included, excluded, …), then amended."""
    people = [builders.user() for _ in range(reviewers)]
    review = builders.review(reviewers=people, reviewers_per_record=reviewers)
    records = [builders.record(review) for _ in range(4)]
    for place, record in enumerate(records):
        for person in people:
            builders.decide(record, person, ("include", "exclude")[place % 2])
    builders.protocol(review, by=review.created_by, criteria=NEWER)
    return review, people, records


def begin(review: Review, records: list[Record], stage: str = TA) -> rescreening.Rescreening:
    ids = [record.pk for record in records]
    return rescreening.begin(review=review, stage=stage, record_ids=ids, by=review.created_by, reason="Reworded")


def place(record: Record, stage: str = TA) -> StageState:
    return StageState.objects.get(record=record, stage=stage)


def test_only_what_was_decided_under_an_older_text_is_given_back() -> None:
    review, (ann,), records = amended()
    fresh, unseen = builders.record(review), builders.record(review)
    builders.decide(fresh, ann)
    begun = begin(review, [*records[:3], fresh, unseen])
    assert begun.records == [record.pk for record in records[:3]]
    assert [place(record).status for record in (*records, fresh, unseen)] == [
        *["unscreened"] * 3,
        "excluded",
        "included",
        "unscreened",
    ]
    with pytest.raises(rescreening.RescreeningRefusedError, match="None of these"):
        begin(review, [fresh, *records[:3]])


def test_what_is_given_back_leaves_full_text_until_it_is_included_again_and_its_words_there_wait() -> None:
    review, (ann,), records = amended()
    read = review.protocol_versions.get(number=1).pk
    builders.decide(records[0], ann, "exclude", stage=Stage.FULL_TEXT, protocol_id=read)
    begin(review, records)
    assert place(records[0], Stage.FULL_TEXT).status == StageStatus.INACTIVE
    assert decided_before(amendment(review, 2), Stage.FULL_TEXT) == []
    builders.decide(records[0], ann)
    assert place(records[0], Stage.FULL_TEXT).status == StageStatus.EXCLUDED
    assert decided_before(amendment(review, 2), Stage.FULL_TEXT) == [records[0].pk]


def test_taking_it_back_lets_older_words_count_where_nobody_has_decided_anew() -> None:
    review, (ann,), records = amended()
    begun = begin(review, records)
    builders.decide(records[0], ann, "exclude")
    builders.decide(records[1], ann)
    builders.decide(records[1], ann, "withdrawn")
    assert rescreening.take_back(rescreening=begun, by=review.created_by, reason="A slip") == 2
    assert [place(record).status for record in records] == ["excluded", "unscreened", "included", "excluded"]
    assert [place(record).counts_from for record in records] == [2, 2, 0, 0]
    assert place(records[2], Stage.FULL_TEXT).status == StageStatus.UNSCREENED
    event = Event.objects.get(type="rescreening.taken_back")
    assert (event.reason, event.data["records"]) == ("A slip", 2)
    last = place(records[2]).history.order_by("-history_id").first()
    assert (last.counts_from, last.status) == (0, "included")
    with pytest.raises(rescreening.RescreeningRefusedError, match="Every one"):
        rescreening.take_back(rescreening=begun, by=review.created_by, reason="Again")
    with pytest.raises(rescreening.RescreeningRefusedError, match="Say why"):
        rescreening.take_back(rescreening=begun, by=review.created_by, reason=" ")


def merged_after_it_was_given_back() -> tuple[Review, list, list[Record], rescreening.Rescreening]:
    review, people, records = amended()
    kept, begun = builders.record(review), begin(review, records[:1])
    duplicates.merge(kept=kept, absorbed=records[0], by=review.created_by)
    return review, people, [kept, records[0]], begun


def test_words_on_a_record_that_was_merged_meanwhile_count_for_the_one_it_was_merged_into() -> None:
    review, _, (kept, _), begun = merged_after_it_was_given_back()
    assert place(kept).status == StageStatus.UNSCREENED
    rescreening.take_back(rescreening=begun, by=review.created_by, reason="A slip")
    assert place(kept).status == StageStatus.INCLUDED
    assert list(drifts(review)) == []


def test_a_merged_record_on_which_somebody_decided_anew_is_not_taken_back() -> None:
    review, (ann,), (_, absorbed), begun = merged_after_it_was_given_back()
    builders.decide(Record.objects.select_related("review").get(pk=absorbed.pk), ann, "exclude")
    with pytest.raises(rescreening.RescreeningRefusedError, match="decided anew"):
        rescreening.take_back(rescreening=begun, by=review.created_by, reason="A slip")
    assert place(absorbed).counts_from == 2


def test_a_second_amendment_taken_back_leaves_what_the_first_began() -> None:
    review, (ann,), records = amended()
    begin(review, records)
    builders.decide(records[0], ann, "exclude")
    builders.protocol(review, by=review.created_by, criteria=(("adults", Facet.POPULATION),))
    second = begin(review, records)
    assert second.records == [records[0].pk]
    rescreening.take_back(rescreening=second, by=review.created_by, reason="A slip")
    assert (place(records[0]).status, place(records[0]).counts_from) == ("excluded", 2)


def test_an_adjudication_is_set_aside_and_comes_back() -> None:
    ann, ben, ada = builders.user(), builders.user(), builders.user()
    review = builders.review(reviewers=[ann, ben], adjudicators=[ada])
    record = builders.record(review)
    builders.decide(record, ann)
    builders.decide(record, ben, "exclude")
    builders.decide(record, ada, "exclude", origin="adjudication")
    builders.protocol(review, by=review.created_by, criteria=NEWER)
    begun = begin(review, [record])
    assert place(record).status == StageStatus.UNSCREENED
    with pytest.raises(decisions.DecisionRefusedError):  # there is no conflict, and no word of hers to take back
        builders.decide(record, ada, "withdrawn", origin="adjudication")
    rescreening.take_back(rescreening=begun, by=review.created_by, reason="A slip")
    assert place(record).status == StageStatus.EXCLUDED


class TestMany:
    """More than a request changes itself."""

    @pytest.fixture(autouse=True)
    def _few_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rescreening, "AT_ONCE", 3)

    def test_a_worker_gives_them_back_and_can_be_killed_between_two_pages(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        review, (ann,), records = amended(1)
        begun = begin(review, records)
        assert {place(record).counts_from for record in records} == {0}
        assert rescreenings.waiting_for_a_worker() == [begun.pk]
        builders.decide(records[3], ann)  # meanwhile, under the new version: that one counts
        turn_page = rescreening._turn_page
        monkeypatch.setattr(rescreening, "_turn_page", lambda *given: turn_page(*given) and False)
        rescreening.carry_on(rescreening_id=begun.pk)
        assert [place(record).counts_from for record in records] == [2, 2, 2, 0]
        with pytest.raises(rescreening.RescreeningRefusedError, match="still being given back"):
            rescreening.take_back(rescreening=begun, by=review.created_by, reason="A slip")
        (progress,) = rescreenings.all_of(review)
        assert (progress.label, progress.bar) == ("Being given back", (3, 4))
        monkeypatch.setattr(rescreening, "_turn_page", turn_page)
        rescreening.carry_on(rescreening_id=begun.pk)
        rescreening.carry_on(rescreening_id=begun.pk)  # the doorbell rang twice
        assert [place(record).status for record in records] == ["unscreened"] * 3 + ["included"]
        assert Event.objects.filter(type="rescreening.done").count() == 1
        assert rescreenings.waiting_for_a_worker() == []

    def test_the_sweeper_rings_for_what_was_not_carried_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        review, _, records = amended()
        begun, rung = begin(review, records), []
        monkeypatch.setattr(sweeping, "pending", lambda queue: 0)
        monkeypatch.setattr(sweeping, "enqueue", lambda task, **arguments: rung.append((task, arguments)))
        assert sweeping.ring_again() == 1
        assert rung == [("screening.rescreen", {"rescreening_id": begun.pk})]

    def test_a_worker_takes_them_back_but_not_what_was_decided_meanwhile(self) -> None:
        review, (ann,), records = amended()
        begun = begin(review, records)
        rescreening.carry_on(rescreening_id=begun.pk)
        assert rescreening.take_back(rescreening=begun, by=review.created_by, reason="A slip") == 4
        builders.decide(records[0], ann, "exclude")
        rescreening.carry_on(rescreening_id=begun.pk)
        assert [place(record).status for record in records] == ["excluded", "excluded", "included", "excluded"]
        assert [place(record).counts_from for record in records] == [2, 0, 0, 0]


def test_what_became_of_the_records_is_told_from_one_status_to_another() -> None:
    review, (ann,), records = amended()
    begun = begin(review, records)
    builders.decide(records[0], ann, "exclude")
    builders.decide(records[1], ann, "exclude")
    found = [(turn.old, turn.new, turn.n, turn.kept) for turn in rescreenings.turns(begun)]
    assert found == [
        ("excluded", "excluded", 1, True),
        ("excluded", "unscreened", 1, False),
        ("included", "excluded", 1, False),
        ("included", "unscreened", 1, False),
    ]
    assert rescreenings.turned(begun, closed=True, old="included") == [(records[0].pk, "included", "excluded")]
    (progress,) = rescreenings.all_of(review)
    assert (progress.label, progress.bar, progress.left) == ("Screened anew", (2, 4), 2)
