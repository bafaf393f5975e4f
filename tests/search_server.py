"""A small server that plays PubMed and Europe PMC with the replies in `tests/recorded`: real HTTP, real sockets.

Run in a thread (`with SearchServer() as server: … server.address`) or as `python -m tests.search_server --port 8398`.
Words of the strategy say how it behaves; without any it finds all recorded articles, in a top-up the last two:

    wrong      errors and warnings of PubMed            nothing   finds nothing
    refused    the strategy can't be run                busy      429 with Retry-After: 1, the first two times
    down       503, always                              html      a web page
    redirect   points elsewhere (302)                   huge      a reply without end
    expires    forgets the search after the first page, once      cut       a page that breaks off, once
    grows      forgets it, and finds one more           packed    a gigabyte, packed as gzip
    slow       waits a second before each page          many      says that there are 120,000
    short      a page lacks a record                    stuck     never answers with records
    thousand   finds two hundred of each record that it has
"""

import argparse
import gzip
import json
import re
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

RECORDED = Path(__file__).parent / "recorded"
ENTRY = {"pubmed": r"<PubmedArticle>.*?</PubmedArticle>\n", "europe_pmc": r"<result>.*?</result>\n?"}


def recorded(name: str, **filled: object) -> str:
    """A reply, with its placeholders filled in."""
    text = (RECORDED / name).read_text(encoding="utf-8")
    for key, value in filled.items():
        text = text.replace(f"@{key.upper()}@", escape(str(value)))
    return text


class SearchServer:
    """Counts what it is asked; `asked` holds (path, fields, moment) of every request."""

    def __init__(self, port: int = 0) -> None:
        self.asked: list[tuple[str, dict[str, str], float]] = []
        self.times: Counter[str] = Counter()
        self.terms: dict[str, str] = {}
        self.in_flight = self.most_in_flight = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                fields = {name: values[0] for name, values in parse_qs(body).items()}
                server.in_flight += 1
                server.most_in_flight = max(server.most_in_flight, server.in_flight)
                try:
                    server.answer(self, self.path, fields)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # the client had enough
                finally:
                    server.in_flight -= 1

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def urls(self) -> dict[str, str]:
        """For the setting SEARCH_URLS."""
        return {"pubmed": f"{self.address}/eutils/", "europe_pmc": f"{self.address}/rest/"}

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def paths(self) -> list[str]:
        return [path.rsplit("/", 1)[1] for path, _, _ in self.asked]

    def again(self, what: str, most: int) -> bool:
        """True the first `most` times that it is asked for."""
        self.times[what] += 1
        return self.times[what] <= most

    def answer(self, to: BaseHTTPRequestHandler, path: str, fields: dict[str, str]) -> None:
        self.asked.append((path, fields, time.monotonic()))
        term = fields.get("term") or fields.get("query") or self.terms.get(fields.get("WebEnv", ""), "")
        words = set(re.findall(r"[a-z]+", term.lower()))
        if "busy" in words and self.again("busy", 2):
            send(to, recorded("pubmed/too-many-requests.json"), status=429, kind="application/json", retry="1")
        elif "wrongkey" in words:
            send(to, json.dumps({"error": "API key invalid", "api-key": fields["api_key"]}), status=400)
        elif "echo" in words:
            send(to, f"<eSearchResult><ERROR>Not for {fields['api_key']}</ERROR></eSearchResult>")
        elif "down" in words:
            send(to, "<h1>Service unavailable</h1>", status=503)
        elif "redirect" in words:
            send(to, "", status=302, location="http://127.0.0.1:1/elsewhere")
        elif "html" in words:
            send(to, "<!doctype html><title>Welcome</title><p>A new interface!", kind="text/html")
        elif "huge" in words or "packed" in words:
            send_huge(to, packed="packed" in words)
        elif path.endswith("esearch.fcgi"):
            send(to, self.esearch(fields, term, words))
        elif path.endswith("efetch.fcgi"):
            send(to, self.efetch(fields, words))
        else:
            send(to, self.europe_pmc(fields, term, words))

    def entries(self, provider: str, term: str, words: set[str]) -> list[str]:
        name = "pubmed/efetch.xml" if provider == "pubmed" else "europe_pmc/search.xml"
        found = re.findall(ENTRY[provider], recorded(name), re.DOTALL)
        if "[crdt]" in term or "FIRST_IDATE" in term:
            return found[-2:]
        if provider == "pubmed" and not ("grows" in words and self.times["expired"]):
            found = found[:-1]  # the last one is new
        if "thousand" in words:
            return [entry.replace("9100", f"9{n:03d}").replace("<ArticleTitle>", f"<ArticleTitle>Site {n}: ")
                    for n in range(101, 301) for entry in found]  # fmt: skip
        return found

    def esearch(self, fields: dict[str, str], term: str, words: set[str]) -> str:
        if "refused" in words:
            return recorded("pubmed/esearch-error.xml")
        if "nothing" in words or ("onlynew" in words and "[crdt]" in term):
            return recorded("pubmed/esearch-nothing.xml", term=term)
        env = f"MCID_{len(self.terms):024d}"
        self.terms[env] = term
        if "wrong" in words:
            return recorded("pubmed/esearch-wrong.xml", webenv=env)
        count = 120_000 if "many" in words else len(self.entries("pubmed", term, words))
        return recorded("pubmed/esearch.xml", count=count, webenv=env)

    def efetch(self, fields: dict[str, str], words: set[str]) -> str:
        if "slow" in words:
            time.sleep(1)
        start, most = int(fields["retstart"]), int(fields["retmax"])
        forgets = {"expires", "grows"} & words and start > 0 and not self.times["expired"]
        if forgets or "stuck" in words:
            self.times["expired"] += 1
            return recorded("pubmed/efetch-expired.xml")
        entries = self.entries("pubmed", self.terms[fields["WebEnv"]], words)[start : start + most]
        if "short" in words and start == 0:
            entries = entries[:-1]
        whole = recorded("pubmed/efetch.xml")
        head = whole[: whole.index("<PubmedArticle>")]
        if "cut" in words and start > 0 and self.again("cut", 1):
            return head + entries[0][:300]
        return head + "".join(entries) + "</PubmedArticleSet>\n"

    def europe_pmc(self, fields: dict[str, str], term: str, words: set[str]) -> str:
        if "refused" in words:
            return recorded("europe_pmc/error.xml")
        found = [] if "nothing" in words else self.entries("europe_pmc", term, words)
        start = 0 if fields["cursorMark"] == "*" else int(fields["cursorMark"].removeprefix("AoJ"))
        page = found[start : start + int(fields["pageSize"])]
        after = f"AoJ{start + len(page)}" if page else fields["cursorMark"]
        count = 120_000 if "many" in words else len(found)
        whole = recorded("europe_pmc/search.xml", count=count, next=after, cursor=fields["cursorMark"], term=term)
        head, tail = whole[: whole.index("<result>")], "</resultList></responseWrapper>\n"
        return head + ("" if fields["resultType"] == "idlist" else "".join(page)) + tail


def send(
    to: BaseHTTPRequestHandler,
    text: str,
    *,
    status: int = 200,
    kind: str = "text/xml",
    retry: str = "",
    location: str = "",
) -> None:
    body = text.encode()
    to.send_response(status)
    for name, value in (("Content-Type", kind), ("Retry-After", retry), ("Location", location)):
        if value:
            to.send_header(name, value)
    to.send_header("Content-Length", str(len(body)))
    to.end_headers()
    to.wfile.write(body)


def send_huge(to: BaseHTTPRequestHandler, *, packed: bool) -> None:
    """Without a length: as much as the client takes, up to a gigabyte unpacked."""
    to.send_response(200)
    if packed:
        to.send_header("Content-Encoding", "gzip")
    to.end_headers()
    block = b"<x>" + b" " * 2**20
    for _ in range(64 if packed else 1024):
        to.wfile.write(gzip.compress(block * 16) if packed else block)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--port", type=int, default=8398)
    with SearchServer(parser.parse_args().port) as server:
        print(server.urls, flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
