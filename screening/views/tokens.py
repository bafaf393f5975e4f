"""API tokens: a person's own, and everybody's for administrators. A token itself is on one page, once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.access import signed_in, token_for
from screening.actions import tokens
from screening.forms.tokens import TokenForm
from screening.models.api_token import ApiToken
from screening.queries.team.tokens import of_everybody, of_person

PER_PAGE = 50


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def own_tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens, and making one: the answer to the form is the only page that ever shows it."""
    user = signed_in(request)
    form = TokenForm(request.POST or None, user=user)
    made = _made(request, form) if request.method == "POST" and form.is_valid() else None
    context = _page(request, of_person(user))
    shown = {"form": TokenForm(user=user) if made else form, "made": made, "own": True}
    return render(request, "screening/tokens.html", context | shown)


@never_cache
@login_required
@require_GET
def all_tokens(request: HttpRequest) -> HttpResponse:
    """Everybody's tokens, by name and key, for administrators."""
    if not signed_in(request).is_superuser:
        raise PermissionDenied("Only administrators may see everybody's tokens.")
    return render(request, "screening/tokens.html", _page(request, of_everybody()))


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token, one's own or, for an administrator, anybody's."""
    user = signed_in(request)
    token = token_for(user, token_id)
    tokens.revoke(token=token, by=user)
    messages.success(request, f"The token “{token.name}” is revoked: from now on the API refuses it.")
    return redirect("tokens:all" if request.POST.get("from") == "all" and user.is_superuser else "tokens:list")


def _made(request: HttpRequest, form: TokenForm) -> tokens.Made | None:
    asked = form.cleaned_data
    try:
        return tokens.make(
            name=asked["name"],
            review=form.chosen(),
            writes=asked["may"] == "write",
            days=asked["days"],
            by=signed_in(request),
        )
    except tokens.TokenRefusedError as error:
        form.add_error("name", str(error))
        return None


def _page(request: HttpRequest, rows: QuerySet[ApiToken]) -> dict[str, Any]:
    return {"page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))}
