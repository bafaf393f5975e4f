"""A change of a stage's rule or of the team: said first, made when the lead says so (SCR-01, SCR-06)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from screening.access import Seat
from screening.actions import reviews, rule_preview
from screening.actions.applying import RuleBusyError
from screening.actions.rule_preview import Preview
from screening.enums import Role
from screening.forms.stage_rules import GROUPS, StageRuleForm
from screening.models.stage import StageRule
from screening.page import render_review
from screening.presenters.rules import said
from screening.queries.team.numbers import names_of
from screening.queries.team.rule_doubts import Doubt, doubts

DONE = "Saved. What follows for records with opinions was computed anew."
LATER = "Saved, and in force for every decision from now on. The records follow; how far that is stands below."
MEANWHILE = "Somebody else changed this stage in the meantime. This is what your change would do now."


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before a change: the address that makes it, and the fields that say yes to it.

    `rows` are (what, now, then); `back` is where somebody goes who leaves it as it is.
    """

    about: str
    action: str
    back: str
    fields: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, str, str]] = ()
    note: str = ""


def ask(
    request: HttpRequest, seat: Seat, question: Question, previews: Sequence[Preview], doubted: Iterable[Doubt] = ()
) -> HttpResponse:
    """The page that says what a change will do."""
    names = names_of({hand.user_id for preview in previews for hand in preview.hands})
    shown = [{"it": one, "tiles": _tiles(one), "hands": _hands(one, names)} for one in previews]
    context = {"question": question, "previews": shown, "doubts": list(doubted)}
    return render_review(request, seat, "screening/settings_preview.html", context)


def bound(seat: Seat) -> bool:
    """Whether this person may yet have to vote, and is to see nothing that tells how others did (SCR-02)."""
    return Role.REVIEWER in seat.roles


def _tiles(preview: Preview) -> list[tuple[str, int]]:
    """The figures that are not nothing; what goes back to people always."""
    rest = (
        ("Would be settled, or in conflict", preview.folded),
        ("Need two opinions instead of one", preview.more),
        ("Need one opinion instead of two", preview.fewer),
        ("Begin to wait for a senior reviewer", preview.seniors),
        ("No longer wait for a senior reviewer", preview.unseniors),
        ("Settled with the second reviewer waived", preview.waived),
        ("Second reviewer no longer waived", preview.unwaived),
    )
    return [("Go back to people", preview.requeued), *(tile for tile in rest if tile[1])]


def _hands(preview: Preview, names: Mapping[int, str]) -> list[dict[str, Any]]:
    rows = [
        {"name": names.get(hand.user_id, "somebody who left"), "before": hand.before, "after": hand.after}
        for hand in preview.hands
    ]
    return sorted(rows, key=lambda row: str(row["name"]).casefold())


def submit(request: HttpRequest, seat: Seat, form: StageRuleForm) -> HttpResponse | None:
    """Make the change that a valid form asks for, or ask first; None where somebody was faster: read anew, try again.

    A change that alters nothing but what an exclusion says is made at once.
    """
    rule = form.merged
    if rule.applied_through is not None and (reviews.SETTLING | reviews.ORDERING) & set(form.changes):
        return _busy(request, seat, RuleBusyError())
    question = reviews.SETTLING & set(form.changes)
    outdated = request.POST.get("confirmed") == "yes" and not form.moved.isdisjoint(reviews.SETTLING)
    if question and (request.POST.get("confirmed") != "yes" or outdated):
        preview, doubted = rule_preview.preview(rule, blind=bound(seat)), doubts(rule)
        # a blind preview does not depend on what a waiver settles, so that is always asked
        if preview.anything or doubted or (preview.blind and "waive_second" in form.changes):
            return ask(request, seat, _question(seat, form, outdated=outdated), [preview], doubted)
    try:
        saved = _save(seat, form)
    except reviews.OutdatedError:
        return None
    except RuleBusyError as error:
        return _busy(request, seat, error)
    if form.changes:
        messages.success(request, LATER if saved.applied_through is not None else DONE)
    else:
        messages.info(request, "Nothing was different, so nothing was changed.")
    return redirect("screening:settings", seat.review.pk)


def _busy(request: HttpRequest, seat: Seat, error: RuleBusyError) -> HttpResponse:
    messages.error(request, str(error))
    return redirect("screening:settings", seat.review.pk)


def _question(seat: Seat, form: StageRuleForm, *, outdated: bool) -> Question:
    now, then = form.said, said(form.merged)
    url = reverse("screening:settings", args=[seat.review.pk])
    return Question(
        about=str(form.instance.get_stage_display()),
        action=url,
        back=url,
        fields=[("form", str(form.instance.stage)), *form.as_merged],
        rows=[(group.title, now[group.key], then[group.key]) for group in GROUPS if now[group.key] != then[group.key]],
        note=MEANWHILE if outdated else "",
    )


@transaction.atomic
def _save(seat: Seat, form: StageRuleForm) -> StageRule:
    """Only what its author changed; nothing at all where something else stands than they were judged by."""
    rule = StageRule.objects.get(pk=form.instance.pk)
    fields = {name: value for name, value in form.changes.items() if name != "reasons"}
    shown = {name: value for name, value in form.in_force.items() if name != "reasons"}
    saved = reviews.change_rule(rule=rule, by=seat.user, shown=shown, **fields)
    if "reasons" in form.changes:
        reviews.set_reasons(
            review=seat.review,
            stage=rule.stage,
            texts=form.changes["reasons"],
            by=seat.user,
            shown=form.in_force["reasons"],
        )
    return saved
