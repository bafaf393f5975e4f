"""The file itself, for the viewer and for people: whole or a range of it (RFC 9110, section 14)."""

import re
from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from screening.access import document_for, seat_for
from screening.models.document import Document

CHUNK = 1 << 16
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})$")  # a longer number is no place in any file
# Whatever is in the file gets no script, no style, no frame and no request of ours.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@login_required
@require_safe
def file(request: HttpRequest, review_id: int, document_id: int) -> HttpResponseBase:
    """A document as it came. Its content never changes, so browsers keep it; nobody else may."""
    seat = seat_for(request.user, review_id, "read_documents")
    document = document_for(seat, document_id)
    if _has(request, document):
        return _headed(HttpResponse(status=304), document)
    start, end, status = _wanted(request, document)
    if status == 416:
        return _headed(HttpResponse(status=416, headers={"Content-Range": f"bytes */{document.size}"}), document)
    response = _headed(_body(request, document, start, end), document)
    response.status_code, response["Content-Length"] = status, str(end - start)
    if status == 206:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{document.size}"
    return response


def _body(request: HttpRequest, document: Document, start: int, end: int) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(content_type="application/pdf")
    try:
        stored = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The stored file is gone. Upload it again; its record and its history are kept.") from error
    stored.seek(start)
    return StreamingHttpResponse(_pieces(stored, end - start), content_type="application/pdf")


def _pieces(stored: IO[bytes], left: int) -> Iterator[bytes]:
    with stored:
        while left > 0 and (piece := stored.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


def _wanted(request: HttpRequest, document: Document) -> tuple[int, int, int]:
    """(start, end, status) of the bytes that were asked for. What isn't one plain range gets the whole file."""
    size, asked = document.size, _RANGE.match(request.headers.get("Range", ""))
    current = request.headers.get("If-Range", _tag(document)) == _tag(document)
    if not asked or not current or asked.groups() == ("", ""):
        return 0, size, 200
    first, last = asked.groups()
    if first == "":
        return max(size - int(last), 0), size, 206 if int(last) else 416
    start, end = int(first), min(int(last) + 1, size) if last else size
    return (start, end, 206) if start < end else (0, 0, 416)


def _has(request: HttpRequest, document: Document) -> bool:
    return _tag(document) in re.findall(r'"[^"]*"', request.headers.get("If-None-Match", ""))


def _tag(document: Document) -> str:
    return f'"{document.sha256}"'


def _headed(response: HttpResponseBase, document: Document) -> HttpResponseBase:
    plain = re.sub(r"[^A-Za-z0-9._ ()-]", "_", document.name)
    response["Content-Disposition"] = f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(document.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = _tag(document)
    return response
