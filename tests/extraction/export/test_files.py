"""EXT-10, SEC-05: the files of the evidence table, read back."""

import csv
import io
import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries  # type: ignore[attr-defined]

from audit.models.model_card import ModelCard
from extraction.models.form import FormVersion
from extraction.queries import table
from screening.actions import assistants
from screening.enums import Role
from screening.models.review import Review
from screening.queries.assistants.endpoints import Offer
from tests import builders, extracting, tabling

pytestmark = pytest.mark.django_db

FILES = ("table.csv", "long.csv", "cells.csv", "evidence.xlsx", "evidence.json", "revman.csv")
SAID = {"country": "Kenya", "total": "61", "n": ("25", "36"), "se": ("0.5", "1"), "mean": ("3.1", "-4.2")}


@pytest.fixture
def review() -> Review:
    return builders.review(title="Sleep & <pain>", ai_enabled=True)


@pytest.fixture
def version(review: Review) -> FormVersion:
    return extracting.form_version(review, tabling.SCHEMA, name="Trials")


def fetch(client: Client, version: FormVersion, file: str, query: str = "", by: User | None = None) -> bytes:
    client.force_login(by or version.created_by)
    answer = client.get(reverse("extraction:table-file", args=[version.form.review_id, version.form_id, file]) + query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="sleep-pain-trials')
    return answer.getvalue()


def rows(client: Client, version: FormVersion, file: str, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(fetch(client, version, file, query).decode("utf-8-sig"))))


def sheets(client: Client, version: FormVersion, query: str = "") -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(io.BytesIO(fetch(client, version, "evidence.xlsx", query)))
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def about(client: Client, version: FormVersion, query: str = "") -> dict[str, object]:
    return {str(title): said for title, said, *_ in sheets(client, version, query)["About"]}


def test_the_wide_file_has_a_line_per_study(client: Client, review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", **SAID)
    tabling.trial(review, version, "Tan", country="Norway")
    first, second = rows(client, version, "table.csv")
    assert (first["study"], first["year"], first["Country"], first["Arm 2 name"]) == (
        "Okafor",
        "2021",
        "Kenya",
        "Placebo",
    )
    assert (first["Mean [Pain, 8 weeks · arm 1]"], first["Mean [Pain, 8 weeks · arm 2]"]) == ("3.1", "-4.2")
    assert first["SD from the standard error [Pain, 8 weeks · arm 1]"] == "2.5"
    assert (second["Country"], second["Mean [Pain, 8 weeks · arm 1]"]) == ("Norway", "")


def test_the_long_file_has_a_line_per_outcome_and_arm(client: Client, review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", **SAID)
    found = rows(client, version, "long.csv")
    assert [(line["arm"], line["outcome"], line["time_point"], line["Country"], line["Mean"]) for line in found] == [
        ("Sleepwell", "Pain", "8 weeks", "Kenya", "3.1"),
        ("Placebo", "Pain", "8 weeks", "Kenya", "-4.2"),
    ]


@pytest.mark.parametrize("file", ["table.csv", "long.csv"])
def test_no_two_columns_are_called_the_same(client: Client, review: Review, file: str) -> None:
    fields = [
        [
            {"key": f"{group}_{at}", "label": label, "kind": "text"}
            for at, label in enumerate(("Lower", "Lower", "study"))
        ]
        for group in ("a", "b")
    ]
    groups = [
        {"key": f"g{at}", "label": "Contrast", "repeats": "study", "fields": one} for at, one in enumerate(fields)
    ]
    version = extracting.form_version(review, {"title": "T", "purpose": "data", "groups": groups}, name="Trials")
    tabling.trial(review, version, "Okafor", a_0="1", a_1="2", b_0="3", b_1="4", a_2="5")
    (line,) = rows(client, version, file)
    assert line["study"] == "Okafor"
    assert {key: line[f"Contrast: Lower ({key})"] for key in ("a_0", "a_1", "b_0", "b_1")} == {
        "a_0": "1", "a_1": "2", "b_0": "3", "b_1": "4",
    }  # fmt: skip


def test_a_heading_that_stands_in_two_groups_names_its_group(client: Client, review: Review) -> None:
    groups = [
        {
            "key": key,
            "label": label,
            "repeats": "study",
            "fields": [{"key": f"{key}_low", "label": "Lower", "kind": "text"}],
        }
        for key, label in (("arm", "Per arm"), ("contrast", "Between arms"))
    ]
    version = extracting.form_version(review, {"title": "T", "purpose": "data", "groups": groups}, name="Trials")
    tabling.trial(review, version, "Okafor", arm_low="1", contrast_low="2")
    (line,) = rows(client, version, "long.csv")
    assert (line["Per arm: Lower"], line["Between arms: Lower"]) == ("1", "2")


def test_files_hold_what_the_page_shows(client: Client, review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", **SAID)
    tabling.trial(review, version, "Tan", country="Norway")
    (line,) = rows(client, version, "long.csv", "?c=country&filter=country:contains:nor")
    assert list(line) == ["study_id", "study", "year", "outcome", "time_point", "arm", "Country"]
    assert line["study"] == "Tan"


def test_every_value_goes_out_with_its_provenance(client: Client, review: Review, version: FormVersion) -> None:
    study = tabling.trial(review, version, "Okafor")
    document = extracting.paper(study, ["It was done in Kenya."], name="=okafor.pdf")
    proposed = extracting.proposal(study, version, "country", "Kenya", answered_by="gpt-x-2026")
    for assignment in study.assignments.all():
        extracting.value(
            study, version, "country", "Kenya", assignment.extractor, manner="accepted", citing=proposed,
            quote="done in Kenya", document=document, page=1,
        )  # fmt: skip
    (line,) = rows(client, version, "cells.csv")
    assert (line["field"], line["value"], line["state"], line["manner"]) == ("Country", "Kenya", "Settled", "accepted")
    assert (line["quote"], line["document"], line["page"]) == ("done in Kenya", "'=okafor.pdf", "1")
    assert (line["ai_model"], line["proposal_id"]) == ("gpt-x-2026", str(proposed.pk))
    assert line["said_by"] in {assignment.extractor.get_username() for assignment in study.assignments.all()}


def test_an_observer_is_not_told_who_said_it(client: Client, review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", country="Kenya")
    observer = builders.user()
    builders.join(review, observer, Role.OBSERVER)
    content = fetch(client, version, "cells.csv", by=observer).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(content))
    assert (line["value"], line["said_by"]) == ("Kenya", "")


def test_an_unconfirmed_proposal_goes_out_only_marked(client: Client, review: Review, version: FormVersion) -> None:
    study = tabling.trial(review, version, "Okafor")
    extracting.proposal(study, version, "country", "Kenya")
    for file in FILES:
        assert b"Kenya" not in fetch(client, version, file), file
    (line,) = rows(client, version, "table.csv", "?ai=1")
    assert line["Country"] == "[AI, unconfirmed] Kenya"
    (cell,) = rows(client, version, "cells.csv", "?ai=1")
    assert (cell["state"], cell["value_id"]) == ("AI, unconfirmed", "")
    assert "left out" in str(about(client, version)["AI"])
    assert "marked" in str(about(client, version, "?ai=1")["AI"])


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", " =HYPERLINK(0)", "＝1+1"])
def test_no_file_carries_a_formula(client: Client, review: Review, version: FormVersion, text: str) -> None:
    tabling.trial(review, version, text, country=text)
    for file in ("table.csv", "long.csv", "cells.csv"):
        for line in rows(client, version, file):
            assert not [cell for cell in line.values() if cell.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t", "＝")]
    book = load_workbook(io.BytesIO(fetch(client, version, "evidence.xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert f"'{text}".strip() in {str(cell.value).strip() for cell in cells}


def test_the_workbook_has_its_five_sheets_and_says_what_it_is(
    client: Client, review: Review, version: FormVersion
) -> None:
    tabling.trial(review, version, "Okafor", **SAID)
    found = sheets(client, version)
    assert list(found) == ["Table", "Long", "Provenance", "Fields", "About"]
    assert found["Long"][1][-4:] == (25, 3.1, 0.5, 2.5)
    assert [row[0] for row in found["Fields"][1:]] == ["country", "total", "dose", "n", "mean", "se", "sd_by_se"]
    told = about(client, version)
    assert told["Form sha256"] == version.sha256
    assert (told["Review"], told["Studies"], told["Cells: settled"], told["Cells: computed"]) == (
        "Sleep & <pain>", 1, 8, 2,
    )  # fmt: skip


def test_characters_that_excel_refuses_do_not_break_the_workbook(
    client: Client, review: Review, version: FormVersion
) -> None:
    tabling.trial(review, version, "Okafor", country="Ken\x0bya" + "x" * 40_000)
    assert "Kenyaxxx" in str(sheets(client, version)["Table"])


def test_the_document_holds_the_schema_and_each_cell(client: Client, review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", **SAID)
    tabling.trial(review, version, "Tan", country="Norway")
    found = json.loads(fetch(client, version, "evidence.json"))
    assert (found["format"], found["schema"]) == ("evidence-table/1", version.schema)
    assert [study["label"] for study in found["studies"]] == ["Okafor", "Tan"]
    cells = {(cell["field"], (cell["arm"] or {}).get("name")): cell for cell in found["studies"][0]["cells"]}
    assert cells["mean", "Placebo"]["value"]["value"] == "-4.2"
    assert cells["sd_by_se", "Sleepwell"]["computed_by"].startswith("SD")
    assert cells["country", None]["value"]["author__username"]


def test_an_empty_review_gives_whole_files(client: Client, review: Review, version: FormVersion) -> None:
    assert json.loads(fetch(client, version, "evidence.json"))["studies"] == []
    for file in ("table.csv", "long.csv", "cells.csv", "revman.csv"):
        assert len(fetch(client, version, file).decode().splitlines()) == 1


def test_revman_reads_each_arm_against_the_control(client: Client, review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", **SAID)
    (line,) = rows(client, version, "revman.csv")
    assert (line["Study"], line["Study year"], line["Analysis name"], line["Subgroup"]) == (
        "Okafor", "2021", "Pain", "8 weeks",
    )  # fmt: skip
    experimental = [line[f"Experimental {what}"] for what in ("mean", "SD", "cases", "N")]
    control = [line[f"Control {what}"] for what in ("mean", "SD", "cases", "N")]
    assert (experimental, control) == (["3.1", "2.5", "", "25"], ["-4.2", "6", "", "36"])
    assert line["Footnotes"].startswith("Sleepwell versus Placebo. SD of Sleepwell computed: SD")


def test_revman_is_given_no_half_results(client: Client, review: Review, version: FormVersion) -> None:
    tabling.trial(review, version, "Okafor", **{**SAID, "se": ("0.5", None)})
    assert rows(client, version, "revman.csv") == []


@pytest.mark.parametrize("file", FILES)
def test_a_file_asks_the_database_as_often_for_three_studies_as_for_one(
    client: Client,
    review: Review,
    version: FormVersion,
    file: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    tabling.trial(review, version, "A", **SAID)
    fetch(client, version, file)
    with django_assert_max_num_queries(200) as one:
        fetch(client, version, file)
    tabling.trial(review, version, "B", **SAID)
    tabling.trial(review, version, "C", **SAID)
    with django_assert_max_num_queries(200) as three:
        fetch(client, version, file)
    assert len(three) == len(one)


def test_there_are_no_other_files(client: Client, review: Review, version: FormVersion) -> None:
    client.force_login(version.created_by)
    address = reverse("extraction:table-file", args=[review.pk, version.form_id, "table.exe"])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("query", ["", "?sort=-mean", "?sort=n"])
def test_revman_gets_every_pair_wherever_a_batch_ends_and_however_it_is_sorted(
    client: Client, review: Review, version: FormVersion, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(table, "BATCH", 3)
    said = [{**SAID, "mean": (f"{n}.5", f"{n + 3}.5")} for n in range(4)]
    for label, values in zip("ABCD", said, strict=True):
        tabling.trial(review, version, label, **values)
    assert [line["Study"] for line in rows(client, version, "revman.csv", query)] == ["A", "B", "C", "D"]


def results(review: Review, *numbers: str) -> FormVersion:
    """A form that asks these numbers of each outcome and arm."""
    fields = [{"key": key, "label": key, "kind": "number", "tier": "outcome"} for key in numbers]
    group = {"key": "r", "label": "R", "repeats": "measure_arm", "fields": fields}
    return extracting.form_version(review, {"title": "T", "purpose": "data", "groups": [group]}, name="Trials")


BASELINE = {"n": ("25", "36"), "baseline_mean": ("9", "9"), "baseline_sd": ("1", "1")}


def test_revman_never_takes_a_baseline_for_a_result(client: Client, review: Review) -> None:
    version = results(review, "baseline_mean", "baseline_sd", "n", "mean", "sd")
    tabling.trial(review, version, "Okafor", **BASELINE, mean=("3", None), sd=("2", None))
    assert rows(client, version, "revman.csv") == []
    tabling.trial(review, version, "Tan", **BASELINE, mean=("3", "4"), sd=("2", "2"))
    (line,) = rows(client, version, "revman.csv")
    assert (line["Control mean"], line["Control SD"]) == ("4", "2")


def test_revman_takes_results_by_whatever_word_the_form_puts_before_them(client: Client, review: Review) -> None:
    version = results(review, "baseline_mean", "baseline_sd", "n", "final_mean", "final_sd")
    tabling.trial(review, version, "Okafor", **BASELINE, final_mean=("3", "4"), final_sd=("2", "2"))
    (line,) = rows(client, version, "revman.csv")
    assert (line["Experimental mean"], line["Control SD"]) == ("3", "2")


@pytest.mark.parametrize("file", ["table.csv", "long.csv", "evidence.xlsx"])
def test_no_heading_is_a_formula(client: Client, review: Review, file: str) -> None:
    field = {"key": "x", "label": "=HYPERLINK(0)", "kind": "text"}
    group = {"key": "g", "label": "G", "repeats": "study", "fields": [field]}
    version = extracting.form_version(review, {"title": "T", "purpose": "data", "groups": [group]}, name="Trials")
    if file == "evidence.xlsx":
        headings = [str(title) for title in sheets(client, version)["Table"][0]]
    else:
        headings = fetch(client, version, file).decode("utf-8-sig").splitlines()[0].split(",")
    assert headings[-1] == "'=HYPERLINK(0)"


@pytest.mark.parametrize("file", ["cells.csv", "evidence.json"])
def test_the_card_of_a_value_is_that_of_the_model_that_answered(
    client: Client, review: Review, version: FormVersion, file: str
) -> None:
    own = ModelCard.objects.create(name="Own", model="openai/x")
    assistant = assistants.create(
        review=review, name="Reader", engine="llm", by=review.created_by,
        offer=Offer("card", "Own", "openai/x", "", own.pk, "x"),
    )  # fmt: skip
    extracting.rule(review, extractors=1)
    study, person = extracting.included_study(review), extracting.extractor(review)
    extracting.assign(study, version, person, status="done", done_at=timezone.now())
    for field, said, fell in (("country", "Kenya", {}), ("total", "61", {"card": "Second"})):
        proposal = extracting.proposal(study, version, field, said, fallback=fell)
        assert proposal.assistant == assistant
        extracting.value(study, version, field, said, person, citing=proposal)
    if file == "cells.csv":
        cards = [row["ai_card"] for row in rows(client, version, file)]
    else:
        (told,) = json.loads(fetch(client, version, file))["studies"]
        cards = [cell["value"]["citing__assistant__card__name"] for cell in told["cells"] if cell["value"]]
    assert sorted(cards) == ["Own", "Second"]
