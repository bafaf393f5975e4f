"""Read a PDF in a process of its own, with limits of memory, processor and time: nothing in it can hurt the caller.

The child writes a line of JSON for each page and a last one that says how it ended; the parent reads no more than
it can hold, and whatever happens the child is gone when `read_limited` returns. The child gets no environment but what
Python needs: no database address and no key is where a parser could be made to read it.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from screening.fulltext.page import Hidden, Page, Word
from screening.fulltext.refusals import KINDS, NotReadable

ROOT = Path(__file__).resolve().parents[2]  # where `screening` is imported from
SECONDS, MEGABYTES, MOST_PAGES = 120, 1024, 2_000

# Of the memory limit: what the child may say. As pages it takes seven times as much in the caller, and a book of 2,000
# full pages is 60 MB.
_OUTPUT = 0.1
_CHUNK = 1 << 20
_GRACE = 5  # seconds of processor time after which the kernel ends a child that its parent forgot
_KEPT = "PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT", "VIRTUAL_ENV"
# How pdfium ends itself when it gets no memory, and how a kernel or a container ends what takes too much.
_OUT_OF_MEMORY = {signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGKILL}


def read_limited(
    path: str | os.PathLike[str],
    *,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    most_pages: int = MOST_PAGES,
) -> list[Page]:
    """Pages of the PDF at `path`. Raises NotReadable, whatever the file does to the process that reads it."""
    command = [sys.executable, "-m", "screening.fulltext.child", str(Path(path).resolve())]
    limits = [str(seconds), str(megabytes), str(most_pages)]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(  # noqa: S603 — our own interpreter and module; the path is one argument and no shell reads it
        [*command, *limits],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        try:
            said = _heard(child, time.monotonic() + seconds, int(megabytes * 1_000_000 * _OUTPUT))
        except _TooLate as error:
            raise NotReadable("too_slow", int(seconds)) from error
        except _TooMuchSaid as error:
            raise NotReadable("bomb", megabytes) from error
        finally:
            _end(child)
    return _pages(said, child.returncode, seconds, megabytes)


class _TooLate(Exception):
    pass


class _TooMuchSaid(Exception):
    pass


def _heard(child: "subprocess.Popen[bytes]", deadline: float, most: int) -> list[bytearray]:
    """Lines of what the child writes until it ends, and no more than `most` bytes. Raises _TooLate, _TooMuchSaid."""
    out = child.stdout.fileno() if child.stdout else -1
    said = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(out, selectors.EVENT_READ)
        while True:
            if not ready.select(max(deadline - time.monotonic(), 0)):
                raise _TooLate
            piece = os.read(out, _CHUNK)
            if not piece:
                break
            said += piece
            if len(said) > most:
                raise _TooMuchSaid
    try:
        child.wait(max(deadline - time.monotonic(), 1))
    except subprocess.TimeoutExpired as error:
        raise _TooLate from error
    return said.splitlines()


def _end(child: "subprocess.Popen[bytes]") -> None:
    """The child and whatever it started; one that ended by itself has already been waited for."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _pages(said: list[bytearray], code: int, seconds: float, megabytes: int) -> list[Page]:
    try:
        ended = json.loads(said[-1]) if said and code == 0 else None
        if isinstance(ended, dict) and ended.get("kind") in KINDS:
            raise NotReadable(ended["kind"], int(ended["limit"]))
        if isinstance(ended, dict) and ended.get("kind") == "done":
            return [_unpacked(json.loads(line)) for line in said[:-1]]
    except (LookupError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:  # a child out of control
        raise NotReadable("damaged") from error
    if -code == signal.SIGXCPU:
        raise NotReadable("too_slow", int(seconds))
    raise NotReadable("bomb", megabytes) if -code in _OUT_OF_MEMORY else NotReadable("damaged")


def _packed(page: Page) -> dict[str, Any]:
    plain = {name: getattr(page, name) for name in Page.__slots__}
    words = [(word.start, word.end, word.x0, word.y0, word.x1, word.y1) for word in page.words]
    return plain | {"words": words, "hidden": [(span.start, span.end, span.why) for span in page.hidden]}


def _unpacked(plain: dict[str, Any]) -> Page:
    words, hidden = plain.pop("words"), plain.pop("hidden")
    return Page(**plain, words=tuple(Word(*word) for word in words), hidden=tuple(Hidden(*span) for span in hidden))


def main(path: str, seconds: float, megabytes: int, most_pages: int) -> None:
    """In the child: set the limits, then open the file."""
    _limit(seconds, megabytes)
    with os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace") as out:
        try:
            _report(path, most_pages, out)
        except NotReadable as refusal:
            print(json.dumps({"kind": refusal.kind, "limit": refusal.limit}), file=out)
        except (MemoryError, RecursionError):
            print(json.dumps({"kind": "bomb", "limit": megabytes}), file=out)
        except OSError:
            print(json.dumps({"kind": "damaged", "limit": 0}), file=out)
            raise


def _report(path: str, most_pages: int, out: IO[str]) -> None:
    from screening.fulltext.reading import read

    for page in read(path, most_pages=most_pages):
        print(json.dumps(_packed(page), ensure_ascii=False, separators=(",", ":")), file=out)
    print(json.dumps({"kind": "done"}), file=out)


def _limit(seconds: float, megabytes: int) -> None:
    """Memory, processor time, no files written, no core dump; and to go when the parent goes (Linux)."""
    import ctypes
    import resource

    size, time_limit = megabytes * 1_000_000, int(seconds) + _GRACE
    for what, soft, hard in (
        (resource.RLIMIT_AS, size, size),
        (resource.RLIMIT_CPU, time_limit, time_limit + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(ValueError, OSError):  # a system or a container that has a lower limit already
            resource.setrlimit(what, (soft, hard))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
