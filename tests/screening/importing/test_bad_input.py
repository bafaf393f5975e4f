"""What is no citation file is refused kindly, quickly and in little memory."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from screening.importing import NotACitationFile, open_citations, parse


def xlsx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\n", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nTY  - JOUR\n", "PDF"),
        (xlsx(), "Excel"),
        (bytes(range(256)) * 40, "not a text file"),
        (b"\0" * 1000, "not a text file"),
        (b"<!DOCTYPE html><html><body>TY  - JOUR</body></html>", "web page"),
        (b'<?xml version="1.0"?><PubmedArticleSet></PubmedArticleSet>', "PubMed XML"),
        (b"<xml><records></records></xml>", "EndNote XML"),
        (b"<Trials_downloaded_from_ICTRP/>", "ICTRP"),
        (b"<collection><record><leader/></record></collection>", "XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office file"),
        (b'[{"title": "Sleep"}]', "JSON"),
        (b"Dear colleague,\nplease find the list attached.\n", "No citations"),
        (b"{\\rtf1 TY  - JOUR}", "word processor"),
    ],
    ids=[
        "nothing", "blank", "pdf", "excel", "bytes", "zeros", "html", "pubmed", "endnote", "ictrp", "marc", "xls",
        "json", "letter", "rtf",
    ],
)  # fmt: skip
def test_it_says_what_the_file_looks_like(content: bytes, says: str) -> None:
    with pytest.raises(NotACitationFile, match=says):
        parse(content)


MEASURE = """
import resource, sys, time
from pathlib import Path
from screening.importing import NotACitationFile, Reject, open_citations
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
try:
    for entry in open_citations(Path(sys.argv[1])):
        assert isinstance(entry, Reject), entry.title
except NotACitationFile as refusal:
    assert str(refusal)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert time.process_time() - start < 10, time.process_time() - start
assert grown < 120_000, grown
"""


@pytest.mark.parametrize(
    "start", [b"", b"TY  - JOUR\nTI  - ", b"PMID- 1\nTI  - ", b"@article{x, title = {", b'title,year\n"']
)
def test_fifty_megabytes_of_one_line_are_over_in_seconds_and_in_little_memory(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "long"
    with path.open("wb") as file:
        file.write(start)
        for _ in range(50):
            file.write(b"a" * 1_000_000)

    result = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_a_reading_can_be_repeated_and_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"TY  - JOUR\nTI  - Sl\xe9ep\nER  - \n")
    reading = open_citations(path)

    assert list(reading) == list(reading)
    assert len(reading.notes) == 1
