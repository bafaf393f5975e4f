"""Says who acts, for the length of a request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit.actors import acting, person


class ActingMiddleware:
    """Everything written in a request is written by the person who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(person(request.user)):
            return self.get_response(request)
