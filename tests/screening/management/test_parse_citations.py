"""The command scripts and benchmarks use: no database, one JSON document."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

RIS = "TY  - JOUR\nTI  - Sleep\nPY  - 2019\nAN  - CN-00778158\nER  - \nTY  - JOUR\nER  - \n"


def run(*args: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("parse_citations", *args, stdout=out)
    except SystemExit as stop:
        return out.getvalue(), int(str(stop.code))
    return out.getvalue(), 0


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "good.ris"
    path.write_text(RIS)
    return str(path)


def test_json_is_one_document_with_a_dict_per_file(good: str) -> None:
    out, code = run(good, good, "--json")
    first, second = json.loads(out)

    assert (code, first) == (0, second)
    assert (first["file"], first["format"], first["encoding"], first["found"], first["parsed"]) == (
        good,
        "ris",
        "utf-8",
        2,
        1,
    )
    assert [(reject["line"], reject["field"]) for reject in first["rejects"]] == [(6, "title")]
    assert first["records"][0]["title"] == "Sleep"
    assert first["records"][0]["accession_ids"] == {"central": "CN-00778158"}


def test_a_file_that_cannot_be_read_is_an_error_and_the_others_are_read(good: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    out, code = run(str(empty), str(tmp_path / "missing"), good, "--json")
    first, second, third = json.loads(out)

    assert code == 1
    assert "empty" in first["error"]
    assert "cannot be opened" in second["error"]
    assert third["parsed"] == 1


def test_a_mapping_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("heading,x\nSleep,1\n")
    out, code = run(str(path), "--map", "title=heading", "--json")

    assert (code, json.loads(out)[0]["records"][0]["title"]) == (0, "Sleep")


def test_the_summary_is_for_people(good: str) -> None:
    out, _ = run(good)

    assert "2 found, 1 parsed" in out
    assert "line 6: " in out
