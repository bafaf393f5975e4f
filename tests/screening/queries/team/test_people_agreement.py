"""How far people agree, counted from real decisions: which words count, and which do not."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.agreement import ac1, kappa
from screening.actions import duplicates, stages
from screening.actions.judging import fails
from screening.enums import Facet, Judged, Polarity, Role, Stage, StageStatus
from screening.models.judgement import CriterionJudgement
from screening.models.pilot import PilotRound
from screening.models.protocol import Criterion, ProtocolVersion
from screening.models.stage import StageState
from screening.queries.team.blind_words import HERE, Scope, disputed, patterns, spoken
from screening.queries.team.people_agreement import at_stage, labels_of
from screening.visibility import CLOSED
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT


@pytest.fixture
def people():
    return [builders.user(name) for name in ("ana", "ben", "cem", "dee")]


@pytest.fixture
def review(people):
    return builders.review(reviewers=people, reviewers_per_record=2)


@pytest.fixture
def criteria(review):
    return {one.key: one.pk for one in Criterion.objects.filter(protocol__review=review)}


def votes(review, people, *said):
    """A record for each line of verdicts; an empty one is a missing answer."""
    records = []
    for line in said:
        record = builders.record(review)
        for person, verdict in zip(people, line.split(), strict=False):
            if verdict != "-":
                builders.decide(record, person, verdict)
        records.append(record)
    return records


def only_pair(review, statuses=HERE):
    (pair,) = at_stage(Scope(review, TA, statuses)).records.pairs
    return pair


def test_a_pair_is_counted_over_the_records_that_both_judged(review, people):
    votes(review, people, "include maybe", "exclude exclude", "include exclude", "include -", "- exclude")
    pair = only_pair(review)
    assert (pair.names, pair.n, pair.same.hits) == (("ana", "ben"), 3, 2)
    assert pair.table == Counter({("keep", "keep"): 1, ("drop", "drop"): 1, ("keep", "drop"): 1})
    assert pair.kappa == kappa(pair.table)
    assert pair.positive.value == pytest.approx(2 / 3)


def test_settled_records_alone_leave_out_what_is_in_conflict(review, people):
    votes(review, people, "include include", "include exclude")
    assert only_pair(review, CLOSED).n == 1
    assert only_pair(review).n == 2


def test_a_first_word_counts_as_it_was_first_said_whatever_was_said_later(review, people):
    (record,) = votes(review, people, "include exclude")
    builders.decide(record, people[1], "include")
    assert only_pair(review, CLOSED).table == Counter({("keep", "drop"): 1})


def test_a_word_that_had_seen_the_suggestion_does_not_count(people):
    review = assisting.review(reviewers=people[:2], oversight="assist")
    record = builders.record(review)
    suggestion = suggestion_for(assisting.start(assisting.local(review)).items.get(), verdict="include")
    builders.decide(record, people[0], "include", citing_id=suggestion.pk)
    builders.decide(record, people[1], "include")
    assert at_stage(Scope(review, TA)).records.pairs == []


def test_words_from_a_list_and_words_of_adjudicators_do_not_count(review, people):
    record = builders.record(review)
    builders.decide(record, people[0], "include")
    builders.decide(record, people[1], "include", origin="bulk")
    conflict = votes(review, people, "include exclude")[0]
    builders.decide(conflict, people[2], "include", origin="adjudication")
    assert only_pair(review).n == 1


def test_a_word_said_after_opening_the_opinions_of_a_conflict_is_not_blind(client, review, people):
    builders.join(review, people[2], Role.ADJUDICATOR)
    (record,) = votes(review, people, "include exclude")
    state = StageState.objects.get(record=record, stage=TA)
    client.force_login(people[2])
    assert client.post(reverse("screening:conflict-opinions", args=[review.pk, state.pk])).status_code == 200
    builders.decide(record, people[2], "include")
    builders.decide(record, people[3], "include")  # who opened nothing
    assert [word.author for word in spoken(Scope(review, TA))[record.pk]] == [
        one.pk for one in (*people[:2], people[3])
    ]


def test_a_word_on_a_record_that_was_settled_by_then_is_not_blind(review, people):
    settled, waived = votes(review, people, "include include", "exclude")
    builders.decide(settled, people[2], "exclude")
    StageState.objects.filter(record=waived, stage=TA).update(needed=1)
    stages.refresh(review=review, record_ids=[waived.pk], stage=TA)
    assert {len(words) for words in spoken(Scope(review, TA)).values()} == {2, 1}
    assert [word.author for word in spoken(Scope(review, TA))[settled.pk]] == [one.pk for one in people[:2]]
    builders.decide(settled, people[1], "exclude")  # who changes their mind said their first word blind
    assert [word.side for word in spoken(Scope(review, TA))[settled.pk]] == ["keep", "keep"]


def test_what_was_said_of_a_merged_record_counts_for_the_one_it_was_merged_into(review, people):
    one, other = builders.record(review), builders.record(review)
    builders.decide(one, people[0], "exclude")
    builders.decide(other, people[1], "exclude")
    duplicates.merge(kept=one, absorbed=other, by=review.created_by)
    assert only_pair(review).table == Counter({("drop", "drop"): 1})


def test_everybody_together_is_counted_with_missing_answers(review, people):
    everybody = {"reviewers": [one.pk for one in people], "started_by": review.created_by}
    pilot = PilotRound.objects.create(review=review, stage=TA, number=1, size=4, **everybody)
    lines = ("include include include exclude", "exclude exclude - -", "include - include -", "exclude - - -")
    for line in lines:
        record = builders.record(review)
        StageState.objects.filter(record=record).update(pilot=pilot)
        for person, verdict in zip(people, line.split(), strict=True):
            if verdict != "-":
                builders.decide(record, person, verdict)
    found = at_stage(Scope(review, TA)).records
    assert (found.together.records, found.together.people) == (3, 4)
    assert found.together.percent.value == pytest.approx((0.5 + 1 + 1) / 3)
    assert {pair.names: pair.n for pair in found.pairs}["ana", "ben"] == 2


def test_records_with_one_word_change_nothing_of_everybody_together(review, people):
    votes(review, people, "include include", "exclude exclude", "include exclude")
    before = at_stage(Scope(review, TA)).records.together
    votes(review, people, "include -", "- exclude", "exclude -")
    assert at_stage(Scope(review, TA)).records.together == before


def judged(review, people, criteria, *lines):
    """A record for each line; each word is a verdict with the keys of the criteria that speak against the record."""
    records = []
    for line in lines:
        record = builders.record(review)
        for person, word in zip(people, line.split(), strict=False):
            verdict, _, keys = word.partition(":")
            said = {criteria[key]: Judged.NOT_MET for key in keys.split(",") if key}
            if verdict != "-":
                builders.decide(record, person, verdict, judgements=said)
        records.append(record)
    return records


def of_criterion(review, key):
    return next((one for one in at_stage(Scope(review, TA)).criteria if one.key == key), None)


def test_who_keeps_a_record_says_of_each_criterion_that_it_does_not_speak_against_it(review, people, criteria):
    judged(review, people, criteria, "include exclude:adults", "include include", "exclude:adults exclude:adults")
    adults = of_criterion(review, "adults")
    assert adults.pairs[0].table == Counter({(False, True): 1, (False, False): 1, (True, True): 1})
    assert adults.together.records == 3


def test_who_excludes_has_said_nothing_of_the_criteria_they_left_out(review, people, criteria):
    judged(review, people, criteria, "exclude:adults exclude:randomised", "exclude:adults exclude:adults")
    assert of_criterion(review, "adults").pairs[0].n == 1
    assert of_criterion(review, "randomised") is None


def test_what_was_kept_before_criteria_were_asked_for_says_nothing_of_them(review, people, criteria):
    votes(review, people, "include include", "exclude exclude", "include exclude")
    judged(review, people, criteria, "include include", "exclude:adults include")
    assert of_criterion(review, "adults").pairs[0].table == Counter({(False, False): 1, (True, False): 1})


def test_a_criterion_that_must_not_be_met_speaks_against_a_record_where_it_is_met(people):
    review = builders.review(reviewers=people, criteria=[("animals", Facet.OTHER)])
    Criterion.objects.filter(protocol__review=review)  # the builder's criteria must be met: this one must not
    version = ProtocolVersion.objects.create(
        review=review, number=2, question="?", sha256="0" * 64, created_by=review.created_by
    )
    criterion = Criterion.objects.create(
        protocol=version, key="animals", position=1, label="Animals", text="?", facet="other", polarity=Polarity.EXCLUDE
    )
    record = builders.record(review)
    builders.decide(record, people[0], "exclude", judgements={criterion.pk: Judged.MET})
    builders.decide(record, people[1], "exclude", judgements={criterion.pk: Judged.NOT_MET})
    assert of_criterion(review, "animals").pairs[0].table == Counter({(True, False): 1})


def test_what_speaks_against_a_record_is_the_same_in_sql_and_in_the_verb(review, people, criteria):
    for said in Judged:
        record = builders.record(review)
        builders.decide(record, people[0], "exclude", judgements=dict.fromkeys(criteria.values(), said))
    for words in spoken(Scope(review, TA)).values():
        rows = CriterionJudgement.objects.filter(decision=words[0].decision).select_related("criterion")
        assert words[0].judged == {row.criterion.key: fails(row.criterion, row.judged) for row in rows}


def test_a_label_is_that_of_the_newest_version_that_has_the_criterion(review):
    builders.protocol(review, by=review.created_by, criteria=[("randomised", Facet.STUDY_DESIGN)])
    Criterion.objects.filter(protocol__review=review)
    assert list(labels_of(review)) == ["randomised", "adults"]


def test_disputed_records_are_those_that_the_figures_count(review, people, criteria):
    judged(review, people, criteria, "include exclude:adults", "include include", "exclude:adults exclude:randomised")
    found = at_stage(Scope(review, TA))
    assert len(disputed(Scope(review, TA))) == found.records.pairs[0].n - found.records.pairs[0].same.hits == 1
    assert len(disputed(Scope(review, TA), "adults")) == 1
    assert disputed(Scope(review, TA), "randomised") == {}
    assert disputed(Scope(review, TA, people=[people[0].pk, people[2].pk])) == {}


def test_after_a_round_is_closed_its_people_are_not_blind_any_more(review, people):
    record = builders.record(review)
    pilot = PilotRound.objects.create(
        review=review, stage=TA, number=1, size=1, reviewers=[one.pk for one in people[:2]],
        started_by=review.created_by, closed_by=review.created_by, closed_at=timezone.now(),
    )  # fmt: skip
    StageState.objects.filter(record=record).update(pilot=pilot)
    for person in people[1:3]:
        builders.decide(record, person, "include")
    assert [[word.author for word in words] for words, _ in patterns(Scope(review, TA))] == [[people[2].pk]]
    assert patterns(Scope(review, TA, pilot=pilot.pk + 1)) == []


def test_figures_do_not_depend_on_other_reviews_or_stages(review, people):
    votes(review, people, "include include")
    other = builders.review(reviewers=people)
    votes(other, people, "include exclude")
    assert only_pair(review).n == 1
    assert at_stage(Scope(review, Stage.FULL_TEXT)).records.pairs == []


@pytest.mark.parametrize("records", [1, 3])
def test_the_number_of_queries_does_not_grow(review, people, criteria, records):
    for _ in range(records):
        judged(review, people, criteria, "include exclude:adults", "exclude:adults exclude:adults")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = at_stage(Scope(review, TA))
    assert len(asked) == 4
    assert found.records.pairs[0].n == 2 * records
    assert ac1(found.records.pairs[0].table) == found.records.pairs[0].ac1


def test_no_record_is_left_out_of_what_is_here():
    assert set(HERE) == set(StageStatus) - {StageStatus.INACTIVE}
