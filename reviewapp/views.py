"""Home and health; every other page belongs to an app."""

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET


def home(request: HttpRequest) -> HttpResponse:
    """The list of one's reviews is the home of a signed-in person; anybody else signs in first."""
    return redirect("screening:reviews" if request.user.is_authenticated else "account_login")


def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """The process can work: the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return JsonResponse({"status": "waiting", "detail": "The database does not answer yet."}, status=503)
    return JsonResponse({"status": "ok"})


@never_cache
@require_GET
def session(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and the token of this session: for a page that was open while its reader signed in anew."""
    signed_in = request.user.is_authenticated
    return JsonResponse({"user": request.user.pk, "csrf": get_token(request) if signed_in else ""})
