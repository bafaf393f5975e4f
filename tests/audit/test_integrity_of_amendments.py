"""verify_audit finds what does not fit the version of the protocol that it was made under (SCR-09)."""

import pytest

from audit import integrity
from screening.actions import rescreening
from screening.enums import Facet
from tests import builders
from tests.audit import story

pytestmark = pytest.mark.django_db
JUDGED = "judgements belong to the text their author read"
COUNTED = "decisions count the criteria that speak against the record"
PLACED = "records count from a version that there is"
AGAIN = "re-screenings are of their review"


@pytest.fixture
def amended() -> None:
    """Two reviews: one amended, with judgements under both versions and a re-screening; the other with a protocol."""
    ann = builders.user()
    review = builders.review(reviewers=[ann])
    first, second = builders.record(review), builders.record(review)
    design = review.protocol_versions.get().criteria.get(key="randomised")
    builders.decide(first, ann, "exclude", judgements={design.pk: "not_met"})
    newer = builders.protocol(review, by=review.created_by, criteria=[("adults", Facet.POPULATION)])
    builders.decide(second, ann, judgements={newer.criteria.get().pk: "met"})
    rescreening.begin(
        review=review, stage="title_abstract", record_ids=[first.pk], by=review.created_by, reason="Reworded"
    )
    builders.decide(builders.record(builders.review(reviewers=[ann])), ann)


def found() -> dict[str, str]:
    return {result.name: result.findings.first for result in integrity.verify() if result.findings.bad}


def test_what_was_written_by_the_product_is_in_order(amended: None) -> None:
    looked = {result.name: result.findings.looked_at for result in integrity.verify()}
    assert found() == {}
    assert [looked[name] for name in (JUDGED, COUNTED, PLACED, AGAIN)] == [2, 3, 3, 1]


@pytest.mark.parametrize(
    ("table", "forgery", "check", "says"),
    [
        (
            "screening_criterionjudgement",
            "UPDATE screening_criterionjudgement SET criterion_id = (SELECT max(id) FROM screening_criterion)",
            JUDGED,
            "was not made under",
        ),
        ("screening_decision", "UPDATE screening_decision SET criteria_failed = 2", COUNTED, "its judgements say"),
        (
            "screening_criterionjudgement",
            "UPDATE screening_criterionjudgement SET judged = 'unclear'",
            COUNTED,
            "counts 1 criteria against the record; its judgements say 0",
        ),
        (
            "screening_decision",
            "UPDATE screening_decision SET protocol_id = (SELECT max(id) FROM screening_protocolversion)",
            COUNTED,
            "another review",
        ),
        ("screening_stagestate", "UPDATE screening_stagestate SET counts_from = 9", PLACED, "the newest is"),
        (
            "screening_rescreening",
            "UPDATE screening_rescreening SET records = array_append(records, (SELECT max(id) FROM screening_record))",
            AGAIN,
            "not in its review",
        ),
        (
            "screening_rescreening",
            "UPDATE screening_rescreening SET protocol_id = (SELECT max(id) FROM screening_protocolversion)",
            AGAIN,
            "another review",
        ),
    ],
)
def test_a_forged_row_is_found_and_named(amended: None, table: str, forgery: str, check: str, says: str) -> None:
    story.forge(table, forgery)
    assert says in found()[check]
