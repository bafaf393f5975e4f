"""`manage.py deduplicate`: files in, two CSV files out, no database."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

HEADER = "ID,title,author,year,journal,volume,number,pages,doi\n"
ROW = 'Early mobilisation after stroke: a randomised trial,"Okafor, N. and Ito, K.",2019,Stroke,28,4,{pages},{doi}\n'
RIS = (
    "TY  - JOUR\nTI  - Early mobilisation after stroke: a randomised trial\nAU  - Okafor, N.\nAU  - Ito, K.\n"
    "PY  - 2019\nJO  - Stroke\nVL  - 28\nSP  - 11\nEP  - 19\nER  - \n\n"
)


def run(folder: Path, *files: Path) -> tuple[list[list[str]], list[list[str]], str]:
    """Rows of both CSV files and what was printed."""
    out, possible, printed = folder / "clusters.csv", folder / "pairs.csv", StringIO()
    call_command("deduplicate", *map(str, files), "--out", str(out), "--possible", str(possible), stdout=printed)
    return _rows(out), _rows(possible), printed.getvalue()


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_keeps_its_ids(tmp_path: Path) -> None:
    rows = "".join(f"{i}," + ROW.format(pages=p, doi=d) for i, p, d in [("x", "11-19", ""), ("y", "11-9", "")])
    merged, pairs, printed = run(tmp_path, written(tmp_path / "t.csv", HEADER + rows))
    assert merged == [["merged_ids"], ["x;y"]]
    assert pairs == [["id1", "id2", "score", "reason"]]
    assert "2 records" in printed
    assert "records per second" in printed
    assert "MB peak memory" in printed


def test_a_doubtful_pair_is_written_with_score_and_reason(tmp_path: Path) -> None:
    rows = "".join(f"{i}," + ROW.format(pages="11-19", doi=d) for i, d in [("x", "10.1000/one"), ("y", "10.1000/two")])
    merged, pairs, _ = run(tmp_path, written(tmp_path / "t.csv", HEADER + rows))
    assert merged == [["merged_ids"]]
    assert pairs[1][:2] == ["x", "y"]
    assert 0 < float(pairs[1][2]) < 1
    assert pairs[1][3] == "title 100 % alike; but not the same DOI"


def test_records_of_one_file_go_by_position_and_of_several_by_file_and_position(tmp_path: Path) -> None:
    one, two = written(tmp_path / "one.ris", RIS * 2), written(tmp_path / "two.ris", RIS)
    assert run(tmp_path, one)[0][1:] == [["1;2"]]
    assert run(tmp_path, one, two)[0][1:] == [["one:1;one:2;two:1"]]


def test_no_citation_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"not\.txt: No citations"):
        run(tmp_path, written(tmp_path / "not.txt", "hello\n"))


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be opened"):
        run(tmp_path, tmp_path / "gone.ris")


def test_ids_that_stand_twice_are_refused(tmp_path: Path) -> None:
    rows = ("x," + ROW.format(pages="11", doi="")) * 2
    with pytest.raises(CommandError, match="more than once, the first is “x”"):
        run(tmp_path, written(tmp_path / "t.csv", HEADER + rows))
