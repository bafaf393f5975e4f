"""One record."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from screening.access import Seat, record_for, seat_for
from screening.actions.stages import rule_for
from screening.enums import Stage, StageStatus
from screening.forms.notes import NoteForm, TagForm
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.stage import StageState
from screening.page import render_review
from screening.queries.assistants import suggestions
from screening.queries.identification.relations import relations_of
from screening.queries.marks.annotations import blinded, notes_of, tags_of, vocabulary
from screening.queries.records.record import RecordAtStage, at_stages, family
from screening.queries.stages.authors import authors, note_of
from screening.queries.stages.conflicts import settled_anew
from screening.views.agreement import IN_CONFLICT
from screening.visibility import (
    mode_in_force,
    open_to_vote,
    sees_authors,
    sees_opinions,
    sees_override,
    sees_own_earlier,
    sees_suggestion,
)

ANEW = {
    "own": "You settled this record, and may change your mind.",
    "orphaned": "Settled by somebody who adjudicates here no more: you may settle it anew.",
}


@login_required
@require_GET
def record(request: HttpRequest, review_id: int, record_id: int) -> HttpResponse:
    """One record: what it says, where it came from, and what this person may see of what was said of it."""
    seat = seat_for(request.user, review_id)
    shown = record_for(seat, record_id)
    context = {
        "record": shown,
        "family": family(shown),
        "relations": relations_of(shown.merged_into or shown),
        "stages": [_visible(seat, at) for at in at_stages(shown, seat.user)],
        "can_audit": seat.can("see_audit"),
        "can_judge": seat.can("judge_duplicates"),
        **_annotations(seat, shown),
    }
    return render_review(request, seat, "screening/record.html", context)


def _annotations(seat: Seat, record: Record) -> dict[str, Any]:
    root = record.merged_into_id or record.pk
    return {
        "notes": notes_of(record, user_id=seat.user.pk, roles=seat.roles),
        "tags": tags_of([root], review_id=seat.review.pk, user_id=seat.user.pk, roles=seat.roles).get(root, []),
        "all_tags": vocabulary(seat.review.pk),
        "annotations_blinded": blinded(record, user_id=seat.user.pk, roles=seat.roles),
        "can_annotate": seat.can("annotate"),
        "note_form": NoteForm(),
        "tag_form": TagForm(),
        "note_key": str(uuid4()),
    }


def _visible(seat: Seat, at: RecordAtStage) -> dict[str, Any]:
    """A stage of a record, without what visibility keeps from this person."""
    rule = rule_for(seat.review, at.stage)
    mode = mode_in_force(rule.oversight, ai_enabled=seat.review.ai_enabled)
    conflict = at.state.status == StageStatus.CONFLICT
    opinions = sees_opinions(
        roles=seat.roles, voted=at.voted, settled=at.settled, finished=at.finished, conflict=conflict
    )
    suggestion = None
    if sees_suggestion(oversight=mode, roles=seat.roles, voted=at.voted):
        suggestion = suggestions.latest([at.root_id], at.stage).get(at.root_id)
    said = at.decisions if opinions else _own(seat, at)
    named = sees_authors(seat.roles)
    names = authors(said, user_id=seat.user.pk, named=named, full=True)
    return {
        "label": Stage(at.stage).label,
        "state": at.state,
        "said": [
            {
                "decision": word,
                "author": names[word.pk],
                "elsewhere": word.brought_in_id and note_of(word, named=named),
                "override": _override(seat, at, mode, word),
            }
            for word in said
        ],
        "blinded": not opinions,
        "settles": _settles(seat, at.state),
        "suggestion": suggestions.shown(suggestion) | {"made_at": suggestion.created_at} if suggestion else None,
    }


def _override(seat: Seat, at: RecordAtStage, mode: str, word: Decision) -> str:
    """Why its author decided otherwise than the assistant, where this person may know; else ""."""
    own = word.author_id == seat.user.pk
    told = sees_override(oversight=mode, roles=seat.roles, voted=at.voted, own=own)
    return word.get_override_display().lower() if word.override and told else ""


def _settles(seat: Seat, state: StageState) -> str:
    """Why this person may settle the record, in a sentence; "" where they may not."""
    if not seat.can("adjudicate"):
        return ""
    if state.status == StageStatus.CONFLICT:
        return IN_CONFLICT
    return ANEW.get(settled_anew(state, seat.user.pk), "")


def _own(seat: Seat, at: RecordAtStage) -> list[Decision]:
    """What this person said; the words before an amendment only after the new vote."""
    waits = open_to_vote(status=at.state.status, voted=at.voted)
    earlier = sees_own_earlier(roles=seat.roles, open_to_own_vote=waits)
    return [word for word in at.decisions if _own_word(seat, word) and (earlier or not word.set_aside)]  # type: ignore[attr-defined]  # annotated


def _own_word(seat: Seat, word: Decision) -> bool:
    """What somebody brought in was said elsewhere: to a reviewer it is another's."""
    return word.author_id == seat.user.pk and word.brought_in_id is None
