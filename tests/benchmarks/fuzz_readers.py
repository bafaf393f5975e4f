"""Does any file make a reader raise? `nice python tests/benchmarks/fuzz_readers.py [--minutes N] [--seed S]` tries.

Real exports (`../shared/data/citations/exports`, where it is there) and made-up files of every format are cut, doubled,
shuffled, spliced, have bytes flipped, tags mangled and encodings mixed, and are given to `parse`. A finding is any
exception but `NotACitationFile`, a sum that is wrong, a text that PostgreSQL or UTF-8 could not hold, and a case that
takes more than `SLOW` seconds. Each is printed with the `--seed S --case N` that repeats it; the exit code says whether
there was any. A case that never ends is shown after `HANGS` seconds, with the traceback and the case that it was.
"""

import argparse
import faulthandler
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from screening.importing import NotACitationFile, ParsedCitation, parse  # noqa: E402  (a script, run from anywhere)

EXPORTS = ROOT.parent / "shared/data/citations/exports"
SLOW, HANGS = 5.0, 60.0  # seconds
WINDOW = 20_000  # bytes of a file that most cases take
LARGEST = 300_000
SHOWN = 20  # findings that are printed whole
MADE = (
    b"TY  - JOUR\nTI  - Naps\nAU  - Ott, I\nPY  - 2021\nSP  - 1\nEP  - 9\nDO  - 10.1000/n\nAB  - They nap.\nER  - \n\n",
    b"PMID- 31234567\nOWN - NLM\nTI  - Naps\n      again\nFAU - Ott, Ida\nDP  - 2021 Mar\nLID - 10.1000/n [doi]\n\n",
    b'@article{ott21,\n  title = {N{\\\'a}ps},\n  author = {Ott, I and Berg, J},\n  year = 2021\n}\n@string{x = "y"}\n',
    b"%0 Journal Article\n%T Naps\n%A Ott, I\n%D 2021\n%R 10.1000/n\n%X They nap.\n\n",
    b"FN Clarivate\nVR 1.0\nPT J\nAU Ott, I\n   Berg, J\nTI Naps\nPY 2021\nUT W:1\nER\n\nEF\n",
    b"<1>\nScore\n  *\nAuthors\n  Ott I MD 1,2\nTitle\n  Naps.[Article]\nSource\n  Nap. 7(2):1-9, 2021.\n",
    b"<1. >\nVN  - Ovid Technologies\nAU  - Ott I.\nTI  - Naps\nSO  - Nap. 7 (2) (pp 1-9), 2021.\nYR  - 2021\n",
    b"Record #1 of 2\nID: CN-01234567\nAU: Ott I\nTI: Naps\nSO: Nap, 2021, 7(2), 1-9\nYR: 2021\nAB: They nap.\n\n\n",
    b'Title,Authors,Year,DOI,Abstract\n"Naps, and more","Ott, I; Berg, J",2021,10.1000/n,"They\nnap."\n',
    b"PT\tAU\tTI\tSO\tPY\tUT\nJ\tOtt, I; Berg, J\tNaps\tNap\t2021\tWOS:1\n",
    (
        b"<?xml version='1.0'?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>"
        b"Naps</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    ),
    b"<xml><records><record><titles><title><style>Naps</style></title></titles></record></records></xml>",
    (
        b"<Trials_downloaded_from_ICTRP><Trial><TrialID>NCT01234567</TrialID><Public_title>Naps</Public_title></Trial>"
        b"</Trials_downloaded_from_ICTRP>"
    ),
)
SPICES = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\x80\x81", b"\xf0\x9f\x98\xb4", b"\xed\xa0\x80",
    b"\xe2\x80\xa8\xc2\x85", b"\r", b"\n\n", b"\x1a", b"\t", b'"', b"{", b"}", b"<", b">", b"\\", b"  - ",
    b"9" * 400, b"(" * 300,
    b"&#x0;", b"&amp;", b"<![CDATA[", b"]]>", b"%0\n", b"ER  - \n", b"ER\n", b"TY  - ", b"PMID- ", b"@article{",
    b"<1>\n", b"Record #9 of 9\n",
)  # fmt: skip

Mutation = Callable[[random.Random, bytes], bytes]


def cut(chance: random.Random, text: bytes) -> bytes:
    """A piece of it is gone, or only a piece is left."""
    begin, end = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
    return text[begin:end] if chance.random() < 0.3 else text[:begin] + text[end:]


def double(chance: random.Random, text: bytes) -> bytes:
    """A piece of it stands there twice, or all of it."""
    begin = chance.randrange(len(text) + 1)
    end = begin + chance.choice((1, 10, 200, 5_000))
    return text[:end] + text[begin:] if chance.random() < 0.8 else text + text


def flip(chance: random.Random, text: bytes) -> bytes:
    """Some bytes are others."""
    changed = bytearray(text)
    for _ in range(chance.choice((1, 3, 30))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def spice(chance: random.Random, text: bytes) -> bytes:
    """Bytes that mean something, where they mean nothing."""
    for _ in range(chance.choice((1, 2, 8))):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(SPICES) + text[at:]
    return text


def shuffle(chance: random.Random, text: bytes) -> bytes:
    """Lines in another order, all or some next to each other."""
    lines = text.splitlines(keepends=True)
    begin = chance.randrange(len(lines) + 1)
    some = lines[begin : begin + chance.choice((3, 20, len(lines) + 1))]
    chance.shuffle(some)
    return b"".join(lines[:begin] + some + lines[begin + len(some) :])


def mangle(chance: random.Random, text: bytes) -> bytes:
    """The first characters of some lines, where the tags are, changed, moved or gone."""
    lines = text.splitlines(keepends=True)
    for _ in range(chance.choice((1, 5, 20))):
        if lines:
            at = chance.randrange(len(lines))
            line = lines[at]
            lines[at] = chance.choice(
                (b" " + line, line[1:], line[:6] * 2 + line[6:], line[:4].lower() + line[4:], b"")
            )
    return b"".join(lines)


def end_lines(chance: random.Random, text: bytes) -> bytes:
    """Other line ends, or none."""
    return text.replace(b"\n", chance.choice((b"\r", b"\r\n", b"\n\n", b"", b"\r\r\n")), chance.choice((-1, 1, 10)))


def recode(chance: random.Random, text: bytes) -> bytes:
    """Another encoding, for all of it or from some place on."""
    at = chance.choice((0, 0, chance.randrange(len(text) + 1)))
    rest = text[at:].decode("utf-8", "replace")
    code = chance.choice(("utf-16", "utf-16-be", "utf-8-sig", "cp1252", "latin-1", "utf-32", "shift-jis"))
    return text[:at] + rest.encode(code, "replace")


def swell(chance: random.Random, text: bytes) -> bytes:
    """A few bytes of it, or of what means something, many thousand times: it shows patterns that take squared time."""
    if chance.random() < 0.7:
        return text
    at = chance.randrange(len(text) + 1)
    piece = chance.choice((text[at : at + 1], text[at : at + 4], chance.choice(SPICES)[:8], b"1", b" "))
    return text[:at] + piece * (50_000 // max(len(piece), 1)) + text[at:]


MUTATIONS: Sequence[Mutation] = (swell, cut, double, flip, spice, shuffle, mangle, end_lines, recode)


def corpus() -> list[bytes]:
    """What cases are made from: the made-up files, and the real ones where they are there."""
    real = [path.read_bytes() for path in sorted(EXPORTS.rglob("*")) if path.is_file()] if EXPORTS.exists() else []
    return [made * 3 for made in MADE] + [content for content in real if len(content) <= LARGEST]


def case(files: Sequence[bytes], seed: int, number: int) -> bytes:
    """The bytes of a case, always the same for the same corpus, seed and number."""
    chance = random.Random(f"{seed}:{number}")
    text = chance.choice(files)
    if len(text) > WINDOW and chance.random() < 0.9:
        begin = chance.choice((0, chance.randrange(len(text))))
        text = text[begin : begin + WINDOW]
    if chance.random() < 0.1:
        text += chance.choice(files)[:WINDOW]
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        text = chance.choice(MUTATIONS)(chance, text)
    return text[:LARGEST]


def judge(content: bytes) -> str:
    """Parse; the format, or "refused". Raises AssertionError for a result that is wrong, and whatever a reader does."""
    try:
        parsed = parse(content)
    except NotACitationFile as refusal:
        return "refused" if str(refusal).strip() else "refused without a sentence"
    assert parsed.found == len(parsed.citations) + len(parsed.rejects), "the sum is wrong"
    assert all(reject.reason for reject in parsed.rejects), "a reject without its reason"
    for citation in parsed.citations:
        storable(citation)
    return parsed.format


def storable(citation: ParsedCitation) -> None:
    """Raises AssertionError or UnicodeError where a database could not take the texts."""
    text = repr(citation.as_dict())
    text.encode()
    assert all("\0" not in str(value) for value in citation.as_dict().values()), "a NUL in a text"
    assert citation.year is None or 1000 <= citation.year <= 2200, f"the year {citation.year}"
    "".join((citation.title, citation.raw, citation.abstract, *citation.authors, *citation.keywords)).encode()


def run(files: Sequence[bytes], seed: int, minutes: float, first: int) -> int:
    """Cases until the time is over; the number of findings."""
    formats: Counter[str] = Counter()
    found: Counter[str] = Counter()
    end, began, number = time.monotonic() + 60 * minutes, time.monotonic(), first
    with tempfile.NamedTemporaryFile("w", prefix="fuzz-case-") as state:
        print(f"seed {seed}; the running case stands in {state.name}")
        while time.monotonic() < end:
            state.seek(0)
            state.write(f"{number:12d}\n")
            state.flush()
            if finding := tried(case(files, seed, number), formats):
                found[finding.splitlines()[-1][:100]] += 1
                if sum(found.values()) <= SHOWN:
                    print(f"--seed {seed} --case {number}\n{finding}\n")
            number += 1
    done = number - first
    print(f"{done:,} cases, {done / (time.monotonic() - began):,.0f} a second, {sum(found.values())} findings")
    print(", ".join(f"{name} {count:,}" for name, count in formats.most_common()))
    for sort, count in found.most_common():
        print(f"{count:6d} × {sort}")
    return sum(found.values())


def tried(content: bytes, formats: Counter[str]) -> str:
    """What is wrong with how these bytes are read; "" for nothing."""
    faulthandler.dump_traceback_later(HANGS, exit=True)
    began = time.monotonic()
    try:
        formats[judge(content)] += 1
    except Exception:  # noqa: BLE001 (whatever it is, it is what is looked for)
        return traceback.format_exc(limit=-4).strip()
    finally:
        faulthandler.cancel_dump_traceback_later()
    took = time.monotonic() - began
    return f"slow: {took:.1f} s for {len(content):,} bytes" if took > SLOW else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="first", metavar="N", help="number of the first case")
    parser.add_argument("--case", type=int, metavar="N", help="only this one")
    parser.add_argument("--save", type=Path, metavar="FILE", help="where --case writes its bytes")
    asked = parser.parse_args()
    files = corpus()
    if asked.case is None:
        return 1 if run(files, asked.seed, asked.minutes, asked.first) else 0
    content = case(files, asked.seed, asked.case)
    if asked.save:
        asked.save.write_bytes(content)
    finding = tried(content, Counter())
    print(finding or "nothing is wrong with this case")
    return 1 if finding else 0


if __name__ == "__main__":
    raise SystemExit(main())
