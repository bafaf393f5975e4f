"""Forms from pages that were open for long: refused, and what was written in them given back instead of lost."""

import re
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

MOST = 100  # fields that are given back
WORDS = re.compile(r"\S\s+\S|[^\x00-\x7f]")  # of a person, rather than an id, a choice or a figure
NEVER = re.compile(r"password|secret|token|^shown$|-shown$", re.IGNORECASE)
SECRET_PATHS = ("/accounts/", "/admin/")


class WrittenIsKept:
    """A form of somebody who is signed out gets a page with what they wrote, where others get the sign-in page alone.

    The sign-in page leads on to where the form was sent, which may take nothing but forms, and the text is gone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or response.status_code != 302 or not _from_a_page(request):
            return response
        sign_in = resolve_url(settings.LOGIN_URL)
        if urlsplit(response["Location"]).path != sign_in or request.user.is_authenticated:
            return response
        back = _page_of(request)
        context = {"sign_in": f"{sign_in}?{urlencode({'next': back}, safe='/')}" if back else sign_in}
        return render(request, "signed_out.html", context | {"written": _written(request)}, status=403)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose token is not that of the session (CSRF_FAILURE_VIEW)."""
    return render(request, "403_csrf.html", {"written": _written(request)}, status=403)


def _from_a_page(request: HttpRequest) -> bool:
    """Sent by the browser itself: a script would show nobody the answer."""
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    accepted = "text/html" in request.headers.get("Accept", "") and "HX-Request" not in request.headers
    return accepted and mode == "navigate" and not request.path.startswith(SECRET_PATHS)


def _page_of(request: HttpRequest) -> str:
    """The path of the page that the form stood on, "" where it is not known or not one of ours."""
    referer = request.headers.get("Referer", "")
    if not referer or not url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        return ""
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _written(request: HttpRequest) -> list[tuple[str, str]]:
    """(name of the field, text) of what reads like a person's words; nothing where passwords are typed."""
    if request.path.startswith(SECRET_PATHS):
        return []
    sent = ((name, text) for name, texts in request.POST.lists() for text in texts)
    found = [(_label(name), text) for name, text in sent if WORDS.search(text) and not NEVER.search(name)]
    return found[:MOST]


def _label(name: str) -> str:
    counted = re.sub(r"(?<=-)\d+(?=-)", lambda number: str(int(number[0]) + 1), name)  # rows of a form count from 0
    return re.sub(r"[-_]+", " ", counted).strip().capitalize()
