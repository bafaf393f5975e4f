"""A file from anywhere is read or refused with a kind sentence; who asked always lives, and nothing is left running."""

import json
import os
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import NullObject
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from screening.fulltext import child
from screening.fulltext.child import read_limited
from screening.fulltext.page import Page, quality_of
from screening.fulltext.reading import KINDS, NotReadable, read
from screening.fulltext.refusals import Kind
from tests.screening.fulltext.papers import paper, prose, text


def encrypted(path: Path) -> None:
    paper(path, text(["secret"]), encrypt=StandardEncryption("reader", "owner", strength=128))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def page_of_html(path: Path) -> None:
    path.write_text("<!DOCTYPE html><html><body>Please sign in to %PDF-1.7 download</body></html>")


def only_says_so(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(128, 256)) * 100)


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.pdf", b"%PDF-1.7 1 0 obj endobj xref startxref")


def gzipped(path: Path) -> None:
    path.write_bytes(b"\x1f\x8b\x08\x00" + zlib.compress(b"%PDF-1.7"))


def cut_off(path: Path) -> None:
    paper(path, *[text(prose("word", 50))] * 20)
    os.truncate(path, 3000)


def broken_inside(path: Path) -> None:
    path.write_bytes(
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 9 0 R >>\nendobj\nxref\nnonsense\nstartxref\n12\n%%EOF"
    )


def without_pages(path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.remove_page(0)
    writer.write(path)


def many_pages(path: Path) -> None:
    writer = PdfWriter()
    for _ in range(2001):
        writer.add_blank_page(100, 100)
    writer.write(path)


def raw_page(path: Path, content: bytes, extra: bytes = b"", box: bytes = b"0 0 600 800") -> None:
    """One page whose content stream is given, compressed."""
    stream = zlib.compress(content, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [" + box + b"] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
        extra or b"null",
    ]
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    path.write_bytes(out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))


def million_words(path: Path) -> None:
    raw_page(path, b"BT /F 10 Tf 50 700 Td " + b"(word word word word ) Tj " * 100_000 + b"ET")


def unpacks_to_gigabytes(path: Path) -> None:
    raw_page(path, b" " * 900_000_000)


BAD: list[tuple[Callable[[Path], None], Kind]] = [
    (encrypted, "encrypted"),
    (empty, "empty"),
    (page_of_html, "not_pdf"),
    (only_says_so, "not_pdf"),
    (zipped, "not_pdf"),
    (gzipped, "not_pdf"),
    (cut_off, "damaged"),
    (broken_inside, "damaged"),
    (without_pages, "empty"),
    (many_pages, "too_many_pages"),
    (million_words, "bomb"),
]


@pytest.mark.parametrize(("make", "kind"), BAD)
def test_a_bad_file_is_refused_by_kind(tmp_path: Path, make: Callable[[Path], None], kind: Kind) -> None:
    make(tmp_path / "a.pdf")
    with pytest.raises(NotReadable) as direct:
        list(read(tmp_path / "a.pdf"))
    with pytest.raises(NotReadable) as limited:
        read_limited(tmp_path / "a.pdf")
    assert direct.value.kind == limited.value.kind == kind
    assert str(direct.value) == str(limited.value)


def test_a_page_that_can_not_be_read_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf", text(["one"]), text(["two"]), text(["three"]))
    writer = PdfWriter(clone_from=path)
    writer.root_object["/Pages"]["/Kids"][1] = NullObject()
    writer.write(path)
    pages = read_limited(path)
    assert [page.text for page in pages] == ["one", "", "three"]
    assert quality_of(pages).broken == [2]


def test_a_stream_that_unpacks_without_end_is_stopped(tmp_path: Path) -> None:
    unpacks_to_gigabytes(tmp_path / "a.pdf")
    try:
        pages = read_limited(tmp_path / "a.pdf", seconds=30, megabytes=600)
    except NotReadable as error:
        assert error.kind in {"bomb", "too_slow", "damaged"}  # noqa: PT017 — a parser may also cope with it
    else:
        assert [page.text for page in pages] == [""]


def test_forms_within_forms_come_to_an_end(tmp_path: Path) -> None:
    own = b"/X Do " * 50
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X 6 0 R >> >> /Length %d >>"
    )
    raw_page(tmp_path / "a.pdf", b"/X Do", form % len(own) + b"\nstream\n" + own + b"\nendstream")
    with pytest.raises(NotReadable) as refused:
        read_limited(tmp_path / "a.pdf", seconds=30)
    assert refused.value.kind in {"bomb", "too_slow"}


@pytest.mark.parametrize(
    "box", [b"0 0 1e9 1e9", b"0 0 0 0", b"600 800 0 0", b"0 0 0.001 900000", b"-1e30 -1e30 1e30 1e30"]
)
def test_pages_of_absurd_size_are_read(tmp_path: Path, box: bytes) -> None:
    raw_page(tmp_path / "a.pdf", b"BT /F 10 Tf 1 g 50 700 Td (some white words) Tj ET", box=box)
    (page,) = read_limited(tmp_path / "a.pdf", seconds=30)
    assert page.text == "some white words"
    assert all(0 <= value <= 1 for word in page.words for value in (word.x0, word.y0, word.x1, word.y1))


def test_a_pdf_that_only_its_owner_may_change_is_read(tmp_path: Path) -> None:
    lock = StandardEncryption("", "owner", canPrint=0, canCopy=0, strength=128)
    (page,) = read_limited(paper(tmp_path / "a.pdf", text(["open to read"]), encrypt=lock))
    assert page.text == "open to read"


def test_the_child_reads_as_the_parent_would(tmp_path: Path) -> None:
    def hidden(canvas: Canvas) -> None:
        text(prose("word", 20))(canvas)
        canvas.setFillGray(1)
        canvas.drawString(50, 100, "Include this — ﬁnally “é” 🙂")

    path = paper(tmp_path / "a name with spaces & 'quotes'.pdf", hidden, text([]))
    assert read_limited(path) == list(read(path))


def test_too_many_pages_can_be_fewer(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf", text(["one"]), text(["two"]))
    with pytest.raises(NotReadable, match=r"more pages than can be read here \(1\)"):
        read_limited(path, most_pages=1)
    assert len(read_limited(path, most_pages=2)) == 2


def test_time_runs_out(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf", *[text(prose("word", 60))] * 300)
    start = time.monotonic()
    with pytest.raises(NotReadable) as refused:
        read_limited(path, seconds=0.5)
    assert refused.value.kind == "too_slow"
    assert time.monotonic() - start < 5


def test_memory_runs_out(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf", text(["one"]))
    with pytest.raises(NotReadable) as refused:
        read_limited(path, megabytes=20)
    assert refused.value.kind in {"bomb", "damaged"}


CHILDREN = {
    "crashes": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "damaged"),
    "gets no memory": ("import os; os.abort()", "bomb"),
    "is killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "bomb"),
    "works too long": ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too_slow"),
    "says nothing": ("", "damaged"),
    "says nonsense": ("print('nonsense')", "damaged"),
    "says something else": ("print('[1]'); print('{\"kind\": \"done\"}')", "damaged"),
    "does not stop talking": ("while True: print('x' * 100_000)", "bomb"),
    "hangs": ("import time; print('1', flush=True); time.sleep(60)", "too_slow"),
    "closes its mouth and hangs": ("import os, time; os.close(1); time.sleep(60)", "too_slow"),
    "leaves a child behind": (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])",
        "too_slow",
    ),
}


@pytest.mark.parametrize(("code", "kind"), CHILDREN.values(), ids=CHILDREN.keys())
def test_the_caller_lives_whatever_the_child_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, kind: Kind
) -> None:
    module = tmp_path / "screening" / "fulltext" / "child.py"
    module.parent.mkdir(parents=True)
    module.write_text(code)
    monkeypatch.setattr(child, "ROOT", tmp_path)
    with pytest.raises(NotReadable) as refused:
        read_limited(tmp_path / "a.pdf", seconds=3, megabytes=50)
    assert refused.value.kind == kind
    assert not running(str(tmp_path))


def test_the_caller_takes_no_more_memory_than_the_child_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that says all it may, in full pages of short words, as a bomb of text would."""
    words = [[at * 2, at * 2 + 1, 0.12345, 0.23456, 0.34567, 0.45678] for at in range(6_000)]
    page = {name: getattr(Page(1, 600.0, 800.0, "a " * 6_000), name) for name in Page.__slots__} | {"words": words}
    line = json.dumps(page, separators=(",", ":"))
    module = tmp_path / "screening" / "fulltext" / "child.py"
    module.parent.mkdir(parents=True)
    (tmp_path / "line").write_text(line + "\n")
    most = int(child.MEGABYTES * 1_000_000 * child._OUTPUT / (len(line) + 1))
    module.write_text(
        f"import sys\nline = open({str(tmp_path / 'line')!r}).read()\n"
        f'for _ in range({most}): sys.stdout.write(line)\nprint(\'{{"kind":"done"}}\')'
    )
    caller = (
        "import pathlib; from screening.fulltext import child\n"
        f"child.ROOT = pathlib.Path({str(tmp_path)!r})\n"
        f"assert len(child.read_limited('a.pdf')) == {most}\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"  # ru_maxrss counts what this process took too
        "print(status.split('VmHWM:')[1].split()[0])"
    )
    taken = subprocess.check_output([sys.executable, "-c", caller], text=True, cwd=Path(__file__).parents[3])
    assert int(taken) / 1024 <= child.MEGABYTES


def running(part: str) -> list[str]:
    """Command lines of processes that are about `part`."""
    lines = (path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.parent.exists())
    return [line.decode(errors="replace") for line in lines if part.encode() in line]


def test_the_child_goes_when_its_parent_is_killed(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf", *[text(prose("word", 60))] * 400)
    code = f"from screening.fulltext.child import read_limited; read_limited({str(path)!r})"
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=child.ROOT)
    until(lambda: len(running(str(path))) == 2)
    parent.kill()
    parent.wait()
    until(lambda: not running(str(path)))


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_child_knows_no_secret_and_no_framework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://hush")
    module = tmp_path / "screening" / "fulltext" / "child.py"
    module.parent.mkdir(parents=True)
    seen = tmp_path / "seen"
    module.write_text(f"import os, pathlib; pathlib.Path({str(seen)!r}).write_text(str(dict(os.environ)))")
    monkeypatch.setattr(child, "ROOT", tmp_path)
    with pytest.raises(NotReadable):
        read_limited(tmp_path / "a.pdf")
    assert "hush" not in seen.read_text()
    modules = "import sys, screening.fulltext.child, screening.fulltext.reading; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", modules], text=True, cwd=Path(__file__).parents[3]).split()
    assert not {"django", "celery", "litellm", "numpy", "pypdfium2"} & set(loaded)


@pytest.mark.parametrize("kind", KINDS)
def test_every_refusal_is_kind(kind: Kind) -> None:
    sentence = str(NotReadable(kind, 1234))
    assert sentence.startswith("This ")
    assert sentence.endswith(".")
    assert "{" not in sentence
