"""The page where a lead edits the lists of words that are highlighted while people screen."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from screening.access import seat_for
from screening.actions import reviews
from screening.forms.highlights import MOST, HighlightsForm
from screening.page import render_review
from screening.queries.marks.highlights import lines, strategies


@login_required
@require_http_methods(["GET", "POST"])
def highlights(request: HttpRequest, review_id: int) -> HttpResponse:
    """The lists; `?take=strategies` adds the words of the sources' search strategies, for the lead to edit and save."""
    seat = seat_for(request.user, review_id, "change_review")
    if request.method == "POST":
        form = HighlightsForm.of(seat.review, request.POST)
        if form.is_valid():
            reviews.change(review=seat.review, by=seat.user, **form.changes)
            messages.success(request, "Saved. Workbenches show the new lists when they are next opened.")
            return redirect("screening:highlights", review_id)
        return render_review(request, seat, "screening/highlights.html", {"form": form, "found": {}})
    found = strategies(seat.review)
    asked = request.GET.get("take") == "strategies"
    there = {line.casefold() for line in lines(seat.review.search_words)}
    every = lines("\n".join(word for words in found.values() for word in words))
    fresh = [word for word in every if word.casefold() not in there]
    proposed = fresh[: max(0, MOST - len(there))] if asked else []
    context = {
        "form": HighlightsForm.of(seat.review, proposed=proposed),
        "found": found,
        "asked": asked,
        "proposed": len(proposed),
        "left_out": len(fresh) - len(proposed) if asked else 0,
    }
    return render_review(request, seat, "screening/highlights.html", context)
