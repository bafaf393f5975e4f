"""The models that can be called: their cards, to read for leads, and to approve or withdraw for administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from audit import cards
from audit.models.model_card import ModelCard
from screening.access import signed_in
from screening.actions import card_test, model_cards
from screening.forms.cards import ApprovalForm, WithdrawalForm
from screening.queries.assistants import card_list
from screening.queries.assistants.endpoints import not_carded

PER_PAGE = 50


@login_required
@require_GET
def all_models(request: HttpRequest) -> HttpResponse:
    """Every card, and what the environment offers without one."""
    _check_reader(request)
    page = Paginator(card_list.all_cards(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "shown": [card_list.shown(card) for card in page],
        "not_carded": [name for name, _, _ in not_carded()],
        "may_approve": cards.may_approve(signed_in(request)),
    }
    return render(request, "screening/models.html", context)


@login_required
@require_GET
def model(request: HttpRequest, card_id: int) -> HttpResponse:
    """One card: what people should know, its approval, and what was done with it."""
    _check_reader(request)
    card = get_object_or_404(card_list.all_cards(), pk=card_id)
    tried = {"tried": card_list.tried(card), "card": card}
    if request.GET.get("part") == "test":
        return render(request, "screening/_model_test.html", tried)
    context = {
        **tried,
        "shown": card_list.shown(card),
        "fingerprint": cards.fingerprint(card),
        "story": card_list.story(card),
        "may_approve": cards.may_approve(signed_in(request)),
        "approval": ApprovalForm(initial={"seen": cards.fingerprint(card)}),
        "withdrawal": WithdrawalForm(),
    }
    return render(request, "screening/model.html", context)


@login_required
@require_POST
def approve(request: HttpRequest, card_id: int) -> HttpResponse:
    """Let the model be called, as the card was shown."""
    card = _for_administrator(request, card_id)
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was approved. Look at the card, and approve what it says.")
        return redirect("models:model", card.pk)
    try:
        cards.approve(card=card, by=signed_in(request), note=form.cleaned_data["note"], seen=form.cleaned_data["seen"])
    except cards.CardRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{card.name}” is approved: reviews can use it from now on.")
    return redirect("models:model", card.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, card_id: int) -> HttpResponse:
    """Let the model be called no more."""
    card = _for_administrator(request, card_id)
    form = WithdrawalForm(request.POST)
    try:
        cards.withdraw(card=card, by=signed_in(request), why=form.cleaned_data["why"] if form.is_valid() else "")
    except cards.CardRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The approval of “{card.name}” is withdrawn: within seconds nothing more is asked.")
    return redirect("models:model", card.pk)


@login_required
@require_POST
def test(request: HttpRequest, card_id: int) -> HttpResponse:
    """Try the model out, by a worker."""
    card = _for_administrator(request, card_id)
    try:
        card_test.ask_for_test(card=card, by=signed_in(request))
    except cards.CardRefusedError as error:
        messages.error(request, str(error))
    return redirect("models:model", card.pk)


@login_required
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Cards for what the environment offers."""
    _check_administrator(request)
    made = model_cards.draft_of_environment(by=signed_in(request))
    told = f"{len(made)} draft{'s' if len(made) != 1 else ''} made. Fill in what people should know, then approve."
    messages.success(request, told if made else "There is a card for everything that the environment offers.")
    return redirect("models:list")


def _check_reader(request: HttpRequest) -> None:
    if not card_list.may_read(signed_in(request)):
        raise Http404("Model cards are for leads of reviews and for administrators.")


def _check_administrator(request: HttpRequest) -> None:
    _check_reader(request)
    if not cards.may_approve(signed_in(request)):
        raise PermissionDenied("Only an administrator says which models can be called.")


def _for_administrator(request: HttpRequest, card_id: int) -> ModelCard:
    _check_administrator(request)
    return get_object_or_404(ModelCard, pk=card_id)
