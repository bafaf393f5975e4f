"""EXT-10: what the evidence table shows of each cell, in which order, and to whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from extraction.models.form import FormVersion
from extraction.models.structure import Arm
from extraction.queries.table import Line, Table
from extraction.queries.table_wanted import Eyes, Filter, Wanted
from screening.enums import Role
from screening.models.review import Review
from screening.models.study import Study
from tests import builders, extracting, tabling

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> Review:
    return builders.review()


@pytest.fixture
def version(review: Review) -> FormVersion:
    return extracting.form_version(review, tabling.SCHEMA)


def table(version: FormVersion, roles: tuple[str, ...] = (Role.LEAD,), **wanted: object) -> Table:
    version = FormVersion.objects.select_related("form__review").get(pk=version.pk)
    return Table(version, Wanted(**wanted), Eyes(version.created_by_id, roles))  # type: ignore[arg-type]


def read(version: FormVersion, **wanted: object) -> list[Line]:
    found = table(version, **wanted)  # type: ignore[arg-type]
    return found.lines(found.places())


def labels(version: FormVersion, **wanted: object) -> list[str]:
    return [line.place.study.label for line in read(version, **wanted)]


def texts(line: Line) -> list[str | None]:
    return [None if cell is None else cell.text or cell.state for cell in line.cells]


def half_done(review: Review, version: FormVersion, label: str, *said: str) -> Study:
    """A study of two extractors who still work, of whom as many spoken of the country as `said` holds."""
    study = extracting.included_study(review, label=label)
    for words in (*said, None, None)[:2]:
        person = extracting.extractor(review)
        extracting.assign(study, version, person)
        if words:
            extracting.value(study, version, "country", words, person)
    return study


def test_a_study_stands_over_its_arms_and_results(review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", country="Kenya", total="120", dose=("5", "0"), mean=("3.1", "4.2"))
    (line,) = read(version, columns=("country", "dose", "mean"))
    assert texts(line) == ["Kenya", None, None]
    assert [(part.place.label, texts(part)) for part in line.parts] == [
        ("Sleepwell", [None, "5", None]),
        ("Placebo", [None, "0", None]),
        ("Pain, 8 weeks · Sleepwell", [None, None, "3.1"]),
        ("Pain, 8 weeks · Placebo", [None, None, "4.2"]),
    ]


def test_the_long_table_repeats_what_is_said_of_the_study_and_the_arm(review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", country="Kenya", dose=("5", "0"), mean=("3.1", "4.2"))
    lines = read(version, columns=("country", "dose", "mean"), layout="long")
    assert [(str(line.place.arm), *texts(line)) for line in lines] == [
        ("Sleepwell", "Kenya", "5", "3.1"),
        ("Placebo", "Kenya", "0", "4.2"),
    ]


def test_a_retired_arm_is_left_out_until_what_was_kept_is_asked_for(review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", dose=("5", "0"))
    Arm.objects.filter(name="Placebo").update(retired=True)
    assert [part.place.label for part in read(version, columns=("dose",))[0].parts] == ["Sleepwell"]
    assert len(read(version, columns=("dose",), kept=True)[0].parts) == 2


def test_only_what_is_settled_is_a_value(review: Review, version: FormVersion) -> None:
    half_done(review, version, "A", "Kenya")
    half_done(review, version, "B", "Kenya", "Uganda")
    half_done(review, version, "C")
    half_done(review, version, "D", "Kenya", "Kenya")
    found = [line.cells[0] for line in read(version, columns=("country",))]
    assert [(cell.state, cell.text) for cell in found if cell] == [
        ("open", ""),
        ("conflict", ""),
        ("empty", ""),
        ("verified", "Kenya"),
    ]


def test_not_reported_is_an_answer_and_no_number(review: Review, version: FormVersion) -> None:
    study = tabling.trial(review, version, "Okafor")
    for assignment in study.assignments.all():
        extracting.value(study, version, "total", None, assignment.extractor, state="not_reported")
    cell = read(version, columns=("total",))[0].cells[0]
    assert cell is not None
    assert (cell.state, cell.text, cell.number, cell.missing) == ("verified", "not reported", None, True)


def test_a_derived_field_is_computed_from_settled_values(review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", n=("25", "36"), se=("0.5", None))
    first, second = (part.cells[0] for part in read(version, columns=("sd_by_se",))[0].parts)
    assert first is not None
    assert (first.state, first.text) == ("computed", "2.5")
    assert "√" in first.note
    assert second is not None
    assert second.state == "empty"


def test_a_number_in_another_unit_is_shown_with_it_and_not_computed_with_as_if_it_were_in_the_first(
    review: Review, version: FormVersion
) -> None:
    study = tabling.trial(review, version, "Okafor")
    arm = study.arms.get(name="Placebo")
    for assignment in study.assignments.all():
        extracting.value(study, version, "dose", "2", assignment.extractor, arm=arm, unit="g")
    cell = read(version, columns=("dose",))[0].parts[1].cells[0]
    assert cell is not None
    assert (cell.text, cell.plain, cell.number) == ("2 g", "2 g", None)


@pytest.mark.parametrize("layout", ["study", "long"])
def test_numbers_sort_as_numbers_and_what_has_none_stays_last(
    review: Review, version: FormVersion, layout: str
) -> None:
    for label, total in (("A", "10"), ("B", "9"), ("C", None), ("D", "101")):
        tabling.trial(review, version, label, **({"total": total} if total else {}))
    wanted = {"columns": ("total",), "sort": "total", "layout": layout}
    assert labels(version, **wanted) == ["B", "A", "D", "C"]
    assert labels(version, **wanted, descending=True) == ["D", "A", "B", "C"]


def test_by_default_studies_stand_by_their_names_either_way(review: Review, version: FormVersion) -> None:
    for label in ("Tan", "Abebe", "Okafor"):
        tabling.trial(review, version, label)
    assert labels(version) == ["Abebe", "Okafor", "Tan"]
    assert labels(version, descending=True) == ["Tan", "Okafor", "Abebe"]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Filter("country", "contains", "KEN"), ["A", "C"]),
        (Filter("country", "equals", "kenya"), ["A"]),
        (Filter("country", "state", "empty"), ["D"]),
        (Filter("study", "contains", "b"), ["B"]),
        (Filter("mean", "equals", "4.2"), ["A"]),
        (Filter("nothing", "contains", "x"), ["A", "B", "C", "D"]),
    ],
)
def test_filters_keep_the_studies_that_fit(
    review: Review, version: FormVersion, wanted: Filter, left: list[str]
) -> None:
    tabling.trial(review, version, "A", country="Kenya", mean=("3.1", "4.2"))
    tabling.trial(review, version, "B", country="Norway")
    tabling.trial(review, version, "C", country="Kenya, Uganda")
    tabling.trial(review, version, "D")
    assert labels(version, filters=(wanted,)) == left


def test_the_long_table_is_filtered_line_by_line(review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "A", mean=("3.1", "4.2"))
    lines = read(version, layout="long", filters=(Filter("mean", "equals", "4.2"),), columns=("mean",))
    assert [str(line.place.arm) for line in lines] == ["Placebo"]


def test_what_only_an_older_version_asked_is_kept_and_shown_on_demand(review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", country="Kenya", total="120")
    newer = {**tabling.SCHEMA, "groups": tabling.SCHEMA["groups"][1:]}  # type: ignore[index]
    second = FormVersion.objects.create(
        form=version.form, number=2, schema=newer, sha256="0" * 64, created_by=version.created_by
    )
    assert "country" not in {column.field.key for column in table(second).columns}
    shown = table(second, kept=True)
    kept = [column for column in shown.columns if column.version]
    assert [(column.key, column.version) for column in kept] == [("country~1", 1), ("total~1", 1)]
    (line,) = read(second, kept=True, columns=("country~1",))
    assert texts(line) == ["Kenya"]


def test_an_unconfirmed_proposal_is_left_out_or_marked_never_a_value(review: Review, version: FormVersion) -> None:
    review.ai_enabled = True
    review.save()
    study = half_done(review, version, "Okafor")
    extracting.proposal(study, version, "country", "Kenya")
    (line,) = read(version, columns=("country",))
    assert texts(line) == ["empty"]
    cell = read(version, columns=("country",), proposals=True)[0].cells[0]
    assert cell is not None
    assert (cell.state, cell.text, cell.missing, cell.value_id) == ("unconfirmed", "Kenya", True, None)
    review.ai_enabled = False
    review.save()
    assert texts(read(version, columns=("country",), proposals=True)[0]) == ["empty"]


@pytest.mark.parametrize(("role", "shown"), [(Role.OBSERVER, "empty"), (Role.AUDITOR, "Kenya")])
def test_who_may_not_see_proposals_is_shown_none(review: Review, version: FormVersion, role: Role, shown: str) -> None:
    review.ai_enabled = True
    review.save()
    extracting.proposal(half_done(review, version, "Okafor"), version, "country", "Kenya")
    (line,) = read(version, roles=(role,), columns=("country",), proposals=True)
    assert texts(line) == [shown]


def test_an_extractor_learns_nothing_of_a_study_before_its_extractors_are_done(
    review: Review, version: FormVersion
) -> None:
    half_done(review, version, "Working", "Kenya", "Kenya")
    tabling.trial(review, version, "Done", country="Norway")
    done, working = read(version, roles=(Role.EXTRACTOR,), columns=("country",))
    assert (texts(done), texts(working)) == (["Norway"], ["veiled"])
    assert labels(version, roles=(Role.EXTRACTOR,), filters=(Filter("country", "contains", "Kenya"),)) == []


def test_a_study_without_an_included_report_is_not_in_the_table(review: Review, version: FormVersion) -> None:
    extracting.study(review, label="Never included")
    tabling.trial(review, version, "Okafor")
    assert labels(version) == ["Okafor"]


@pytest.mark.parametrize(
    "wanted",
    [{}, {"layout": "long"}, {"sort": "mean", "filters": (Filter("country", "contains", "n"),), "proposals": True}],
)
def test_the_table_asks_the_database_as_often_for_three_studies_as_for_one(
    review: Review, version: FormVersion, wanted: dict[str, object]
) -> None:
    said = {"country": "Kenya", "dose": ("5", "0"), "n": ("25", "36"), "se": ("0.5", "1"), "mean": ("3", "4")}
    tabling.trial(review, version, "A", **said)
    with CaptureQueriesContext(connection) as one:
        assert len(read(version, **wanted)) > 0
    tabling.trial(review, version, "B", **said)
    tabling.trial(review, version, "C", **said)
    with CaptureQueriesContext(connection) as three:
        assert len(read(version, **wanted)) > 1
    assert len(three) == len(one)
