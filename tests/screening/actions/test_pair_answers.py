"""Relations between records, judged by clusters: what is stored, what is refused, and what is taken back."""

from itertools import pairwise

import pytest

from screening.actions import deduplication, duplicates, pair_answers
from screening.actions.answers import Answer, MergeRefusedError, Seen, StaleAnswerError, ToldApartError
from screening.dedup import Pair
from screening.enums import CandidateStatus, HintKind, Stage, StageStatus, Verdict
from screening.models.decision import Decision
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.record import Record
from screening.models.stage import StageState
from screening.models.study import StudyHint
from screening.queries.identification.relations import in_words, relations_of
from tests import builders
from tests.citations import bring_in, ris

pytestmark = pytest.mark.django_db

OPEN, SAME, NOTICE, NOT = (CandidateStatus(word) for word in ("open", "same_study", "correction", "not_duplicate"))
RETRACTION = Answer(NOTICE, sort="retraction")
TITLE = "Telephone coaching after myocardial infarction: a randomised trial in forty villages"


@pytest.fixture
def review():
    return builders.review(reviewers_per_record=1)


@pytest.fixture
def ada():
    return builders.user("ada")


@pytest.fixture
def ben():
    return builders.user("ben")


def pair(one, two, score=0.8):
    first, second = sorted((one, two), key=lambda record: record.pk)
    said = {"score": score, "reason": "Alike.", "engine_version": "1"}
    return DuplicateCandidate.objects.create(review=one.review, first=first, second=second, **said)


def records(review, count):
    return [builders.record(review) for _ in range(count)]


def chain(review, count=4):
    """Records in a row, each asked about beside the next."""
    row = records(review, count)
    return row, [pair(one, two, 0.9 - at / 10) for at, (one, two) in enumerate(pairwise(row))]


def roots():
    return {pk: into or pk for pk, into in Record.objects.values_list("pk", "merged_into_id")}


def seen(asked, status=OPEN):
    return Seen(status, frozenset((asked.first_id, asked.second_id)))


def test_a_notice_merges_nothing_and_is_told_from_both_sides(review, ada):
    article, notice = records(review, 2)
    asked = pair(article, notice)
    pair_answers.answer_pair(pair=asked, answer=Answer(NOTICE, sort="retraction", special=notice.pk), by=ada)
    assert Merge.objects.count() == 0
    (of_article,), (of_notice,) = relations_of(article), relations_of(notice)
    assert (of_article.words, of_article.badge, of_article.record) == ("Retraction of this record", "Retracted", notice)
    assert (of_notice.words, of_notice.badge, of_notice.who) == ("This record retracts it", "Is a retraction", "ada")
    told = in_words([article.pk, notice.pk])
    assert told[article.pk] == [f"record {notice.pk} is its retraction"]
    assert told[notice.pk] == [f"a retraction of record {article.pk}"]


def test_a_correction_without_a_sort_is_a_correction_and_a_study_has_none(review, ada):
    one, two, three = records(review, 3)
    first, second = pair(one, two), pair(two, three)
    pair_answers.answer_pair(pair=first, answer=Answer(NOTICE, special=one.pk), by=ada)
    pair_answers.answer_pair(pair=second, answer=Answer(SAME), by=ada)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.sort, first.of_first, second.sort) == ("correction", False, "")


@pytest.mark.parametrize(
    "answer", [Answer(SAME, sort="retraction"), Answer(NOTICE, sort="preprint"), Answer("perhaps")]
)
def test_what_goes_together_with_no_answer_is_refused(review, ada, answer):
    asked = pair(*records(review, 2))
    with pytest.raises(MergeRefusedError):
        pair_answers.answer_pair(pair=asked, answer=answer, by=ada)
    asked.refresh_from_db()
    assert (asked.status, asked.history.count()) == (OPEN, 1)


def test_words_are_changed_later_and_the_old_ones_stay_on_record(review, ada, ben):
    asked = pair(*records(review, 2))
    for answer, by in ((Answer(SAME, sort="preprint"), ada), (RETRACTION, ben), (Answer(NOT), ada)):
        pair_answers.answer_pair(pair=asked, answer=answer, by=by)
    said = list(asked.history.order_by("history_id").values_list("status", "sort", "judged_by_id"))
    assert said[1:3] == [(SAME, "preprint", ada.pk), (NOTICE, "retraction", ben.pk)]
    assert said[3][0] == NOT


def test_what_is_related_is_joined_by_no_machine(review, ada):
    bring_in(review, ris(TITLE, number=4, doi="10.1/a") + ris(TITLE, number=9, doi="10.1/b"))
    one, two = Record.objects.order_by("pk")
    asked = DuplicateCandidate.objects.first() or pair(one, two)
    pair_answers.answer_pair(pair=asked, answer=RETRACTION, by=ada)
    Record.objects.update(doi="10.1/a", volume="5", pages="71")
    assert deduplication.deduplicate(review=review, by=ada).merged == 0


def test_the_engine_proposes_a_notice_with_its_direction(review):
    notice = ris(f"Erratum: {TITLE}", number=9, abstract="").replace("VL  - 10", "VL  - 5")
    bring_in(review, notice + ris(TITLE, number=4))
    (asked,) = DuplicateCandidate.objects.all()
    assert (asked.proposed, asked.sort, asked.tier, asked.status) == (NOTICE, "correction", "related", OPEN)
    assert (asked.second if asked.of_first else asked.first).title.startswith("Erratum")


@pytest.mark.parametrize("of_first", [True, False])
def test_ids_are_ordered_as_numbers_and_the_direction_with_them(of_first):
    link = deduplication.link_of(Pair("10", "9", 0.5, "x", "related", "correction", "correction", of_first))
    assert (link.a, link.b, link.special) == (9, 10, 9 if of_first else 10)


def test_a_relation_of_an_absorbed_record_counts_for_the_kept_one_and_comes_back_with_it(review, ada):
    article, copy, notice = records(review, 3)
    pair_answers.answer_pair(pair=pair(copy, notice), answer=Answer(NOTICE, special=notice.pk), by=ada)
    merge = duplicates.merge(kept=article, absorbed=copy, by=ada)
    assert [told.record for told in relations_of(article)] == [notice]
    assert [told.record for told in relations_of(notice)] == [article]
    duplicates.unmerge(merge=merge, by=ada)
    assert (relations_of(article), [told.record for told in relations_of(notice)]) == ([], [copy])


def test_a_hint_goes_with_the_answer_that_it_came_of(review, ada):
    asked = pair(*records(review, 2))
    pair_answers.answer_pair(pair=asked, answer=Answer(SAME), by=ada)
    ends = {"first_id": asked.first_id, "second_id": asked.second_id}
    StudyHint.objects.create(review=review, kind=HintKind.JUDGED, reason="x", score=1, **ends)
    pair_answers.answer_pair(pair=asked, answer=Answer(NOT), by=ada)
    assert StudyHint.objects.count() == 0


def test_an_answer_to_what_somebody_else_has_judged_is_refused_and_says_so(review, ada, ben):
    asked = pair(*records(review, 2))
    before = seen(asked)
    pair_answers.answer_pair(pair=asked, answer=Answer(NOT), by=ben, seen=before)
    with pytest.raises(StaleAnswerError, match="ben has judged this pair meanwhile: not a duplicate"):
        pair_answers.answer_pair(pair=asked, answer=Answer(CandidateStatus.DUPLICATE), by=ada, seen=before)
    asked.refresh_from_db()
    assert (asked.status, asked.judged_by, Merge.objects.count()) == (NOT, ben, 0)


def test_an_answer_that_the_browser_sends_twice_is_stored_once(review, ada):
    asked = pair(*records(review, 2))
    before = seen(asked)
    for _ in range(2):
        pair_answers.answer_pair(pair=asked, answer=Answer(NOT), by=ada, seen=before)
    assert asked.history.count() == 2


def test_an_answer_about_records_that_were_merged_meanwhile_is_refused(review, ada, ben):
    one, two, three = records(review, 3)
    asked = pair(one, two)
    duplicates.merge(kept=three, absorbed=one, by=ben)
    with pytest.raises(StaleAnswerError, match="merged with another record"):
        pair_answers.answer_pair(pair=asked, answer=Answer(NOT), by=ada, seen=seen(asked))


def test_two_that_nobody_asked_about_are_judged_and_gone_again_when_taken_back(review, ada):
    one, two = records(review, 2)
    step = pair_answers.answer_two(one=one, two=two, answer=Answer(CandidateStatus.DUPLICATE, kept=two.pk), by=ada)
    assert roots()[one.pk] == two.pk
    assert pair_answers.take_back(review=review, step=step, by=ada)
    assert (roots()[one.pk], DuplicateCandidate.objects.count()) == (one.pk, 0)


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_a_whole_cluster_becomes_one_and_comes_apart_again(review, ada, kept):
    row, asked = chain(review)
    before = roots()
    members = [record.pk for record in row]
    step = pair_answers.join_all(pairs=asked, members=members, kept=row[kept].pk, by=ada)
    assert set(roots().values()) == {row[kept].pk}
    assert set(DuplicateCandidate.objects.values_list("status", flat=True)) == {CandidateStatus.DUPLICATE}
    assert pair_answers.take_back(review=review, step=step, by=ada)
    assert roots() == before
    assert set(DuplicateCandidate.objects.values_list("status", flat=True)) == {OPEN}


def test_a_cluster_that_somebody_else_changed_stays_as_it_is(review, ada, ben):
    row, asked = chain(review)
    duplicates.judge(candidate=asked[1], status=NOT, by=ben)
    before = roots()
    with pytest.raises(StaleAnswerError):
        pair_answers.join_all(pairs=asked, members=[record.pk for record in row], kept=row[0].pk, by=ada)
    assert roots() == before


def test_what_somebody_else_said_since_is_not_taken_back(review, ada, ben):
    asked = pair(*records(review, 2))
    step = pair_answers.answer_pair(pair=asked, answer=Answer(SAME), by=ada)
    pair_answers.answer_pair(pair=asked, answer=Answer(NOT), by=ben)
    assert not pair_answers.take_back(review=review, step=step, by=ada)
    asked.refresh_from_db()
    assert asked.status == NOT


def test_a_merge_of_a_record_with_decisions_is_undone_long_after(review, ada, ben):
    """Decisions before, between and after: each stays its record's, and each record has the status of its own."""
    kept, absorbed, third = records(review, 3)
    builders.decide(absorbed, ada, Verdict.EXCLUDE)
    step = pair_answers.answer_two(one=kept, two=absorbed, answer=Answer("duplicate", kept=kept.pk), by=ben)
    builders.decide(kept, ben, Verdict.INCLUDE)
    duplicates.merge(kept=third, absorbed=kept, by=ben)
    builders.decide(third, ben, Verdict.MAYBE)
    words = Decision.objects.count()
    (merge,) = Merge.objects.filter(pk__in=step.merges)
    duplicates.unmerge(merge=merge, by=ada)
    status = dict(StageState.objects.filter(stage=Stage.TITLE_ABSTRACT).values_list("record_id", "status"))
    assert (status[absorbed.pk], roots()[kept.pk]) == (StageStatus.EXCLUDED, third.pk)
    assert Decision.objects.count() == words


def test_the_other_record_is_kept_unless_only_the_one_in_hand_was_read(review, ada):
    in_hand, other, empty = records(review, 3)
    pair_answers.mark(record=in_hand, of=other, by=ada)
    assert roots()[in_hand.pk] == other.pk
    Record.objects.filter(pk=empty.pk).update(abstract="")
    empty.refresh_from_db()
    pair_answers.mark(record=Record.objects.get(pk=other.pk), of=empty, by=ada)
    assert roots()[empty.pk] == other.pk


def told_apart(review, by):
    """Three records in a row, of which somebody has told the ends apart; the pair of the ends, too."""
    row, asked = chain(review, 3)
    apart = pair(row[0], row[2], 0.3)
    pair_answers.answer_pair(pair=apart, answer=Answer(NOT), by=by)
    return row, asked, apart


def test_a_cluster_is_not_made_one_over_what_somebody_told_apart(review, ada, ben):
    row, asked, apart = told_apart(review, ada)
    with pytest.raises(
        ToldApartError, match=f"ada has judged records {row[0].pk} and {row[2].pk}: not a dup"
    ) as refused:
        pair_answers.join_all(pairs=asked, members=[record.pk for record in row], kept=row[0].pk, by=ben)
    assert refused.value.pair == apart
    assert Merge.objects.count() == 0


def test_two_answers_in_a_row_do_not_join_what_was_told_apart_either(review, ada, ben):
    row, asked, apart = told_apart(review, ada)
    pair_answers.answer_pair(pair=asked[0], answer=Answer(CandidateStatus.DUPLICATE), by=ben)
    with pytest.raises(ToldApartError):
        pair_answers.answer_pair(pair=asked[1], answer=Answer(CandidateStatus.DUPLICATE), by=ben)
    with pytest.raises(ToldApartError):
        pair_answers.mark(record=row[0], of=row[2], by=ben)
    apart.refresh_from_db()
    assert (apart.status, roots()[row[2].pk]) == (NOT, row[2].pk)


def test_whoever_changes_that_very_answer_joins_them(review, ada, ben):
    _, asked, apart = told_apart(review, ada)
    pair_answers.answer_pair(pair=asked[0], answer=Answer(CandidateStatus.DUPLICATE), by=ben)
    pair_answers.answer_pair(pair=apart, answer=Answer(CandidateStatus.DUPLICATE), by=ben)
    assert len(set(roots().values())) == 1
    assert set(DuplicateCandidate.objects.values_list("status", flat=True)) == {CandidateStatus.DUPLICATE}


def test_relations_to_what_was_taken_back_with_its_import_are_told_no_more(review, ada):
    article, notice = records(review, 2)
    asked = pair(article, notice)
    pair_answers.answer_pair(pair=asked, answer=Answer(NOTICE, sort="retraction", special=notice.pk), by=ada)
    Record.objects.filter(pk=notice.pk).update(active=False)
    assert (relations_of(article), in_words([article.pk])) == ([], {article.pk: []})
