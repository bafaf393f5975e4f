"""Making panels on a review's AI page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from screening.access import seat_for
from screening.actions import assistants
from screening.forms.assistants import PanelForm


@login_required
@require_POST
def add_panel(request: HttpRequest, review_id: int) -> HttpResponse:
    """Make a panel, or its next version."""
    seat = seat_for(request.user, review_id, "run_ai")
    form = PanelForm(request.POST, review=seat.review)
    if not form.is_valid():
        messages.error(request, "Give the panel a name and choose two to five assistants. Nothing was made.")
        return redirect("screening:assistants", review_id)
    said = form.cleaned_data
    try:
        made = assistants.create_panel(
            review=seat.review,
            name=said["name"],
            members=list(said["members"]),
            adjudicator=said["adjudicator"],
            by=seat.user,
        )
    except assistants.AssistantRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{made} is ready.")
    return redirect("screening:assistants", review_id)
