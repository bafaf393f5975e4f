"""The builder: one draft, changed step by step. Every step carries the token of the draft that its page showed."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from extraction.access import form_for
from extraction.actions import forms as actions
from extraction.actions.forms import DraftMovedError, FormRefusedError
from extraction.derived import COMPUTE
from extraction.fields import KINDS
from extraction.forms.edits import Edit, differences, place_from
from extraction.forms.field import AddFieldForm, AddGroupForm, FieldForm, GroupForm, field_data, group_data, tell
from extraction.forms.preview import preview as shown_to_extractors
from extraction.models.form import Form
from extraction.queries.forms import latest_version, read_draft
from extraction.schema import REPEATS, TIERS, Fault, check, fields, sha256
from extraction.schema.editing import Draft, EditError, Place, field_at, group_at, shaped
from screening.access import Seat, seat_for
from screening.page import render_review


@login_required
@require_GET
def builder(request: HttpRequest, review_id: int, form_id: int) -> HttpResponse:
    """The draft: its outline, the editor of the place in `?at=`, and how an extractor will see it."""
    seat = seat_for(request.user, review_id, "design_forms")
    return _page(request, seat, form_for(seat, form_id), at=request.GET.get("at", ""))


@login_required
@require_POST
def edit(request: HttpRequest, review_id: int, form_id: int) -> HttpResponse:
    """Do one step. A draft that somebody else has changed meanwhile is left alone, and both are shown."""
    seat = seat_for(request.user, review_id, "design_forms")
    form = form_for(seat, form_id)
    try:
        wish = Edit.of(request.POST)
        if str(form.draft_token) != request.POST.get("token"):
            raise DraftMovedError(form)
        draft, place, what = wish.apply(shaped(form.draft))
        actions.save_draft(form=form, draft=draft, token=form.draft_token, what=what, by=seat.user)
    except DraftMovedError as moved:
        return _both(request, seat, moved.form, wish)
    except (EditError, FormRefusedError) as error:
        messages.error(request, str(error))
        return redirect("extraction:form", review_id, form_id)
    if wish.verb.endswith("remove"):
        undo = reverse("extraction:form-undo", args=[review_id, form_id, form.draft_token + 1])
        messages.success(request, f"{what[:1].upper()}{what[1:]}.", extra_tags=f"undo:{undo}")
    return _back(request, form, wish, place)


@login_required
@require_POST
def undo(request: HttpRequest, review_id: int, form_id: int, token: int) -> HttpResponse:
    """Take the last step back, if nobody has changed the draft since."""
    seat = seat_for(request.user, review_id, "design_forms")
    try:
        actions.undo_draft(form=form_for(seat, form_id), token=token, by=seat.user)
    except DraftMovedError:
        messages.error(
            request, "The draft has changed since, so that step can't be undone any more. Nothing was changed."
        )
    except FormRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The draft is as it was before.")
    return redirect("extraction:form", review_id, form_id)


@login_required
@require_POST
def rename(request: HttpRequest, review_id: int, form_id: int) -> HttpResponse:
    """Give the form another name."""
    seat = seat_for(request.user, review_id, "design_forms")
    try:
        form = actions.rename(form=form_for(seat, form_id), name=request.POST.get("name", "")[:1_000], by=seat.user)
    except FormRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The form is called {form.name}.")
    return redirect("extraction:form", review_id, form_id)


@login_required
@require_POST
def preview(request: HttpRequest, review_id: int, form_id: int) -> HttpResponse:
    """The form as an extractor would see it with what is being typed, which is not saved by this."""
    seat = seat_for(request.user, review_id, "design_forms")
    form = form_for(seat, form_id)
    draft, place = shaped(form.draft), None
    with suppress(EditError):  # the draft as it stands is a preview too
        draft, place, _ = Edit.of(request.POST).apply(draft)
    schema, _ = check(draft, COMPUTE)
    return render(
        request,
        "extraction/_form_preview.html",
        {"groups": shown_to_extractors(schema), "current": _key_at(draft, place)},
    )


def _page(
    request: HttpRequest, seat: Seat, form: Form, *, at: str, extra: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    draft = shaped(form.draft)
    schema, faults = read_draft(form)
    place = _place(draft, at)
    latest = latest_version(form)
    context = {
        "form": form,
        "outline": _outline(draft, faults, place),
        "count": len(fields(schema)),
        "faults": faults,
        "general": [fault for fault in faults if len(fault.path) < 2],
        "groups": shown_to_extractors(schema),
        "current": _key_at(draft, place),
        "latest": latest,
        "changed": latest is None or latest.sha256 != sha256(schema),
        "add_group": AddGroupForm(auto_id="add_group_%s"),
        "focus": request.GET.get("focus", ""),
        **_editor(draft, place, faults),
        **(extra or {}),
    }
    return render_review(request, seat, "extraction/forms_builder.html", context, status=status)


def _both(request: HttpRequest, seat: Seat, form: Form, wish: Edit) -> HttpResponse:
    """Tell the later of two people, and show what each wrote; sending it again saves it over the other's."""
    draft = shaped(form.draft)
    again = wish.found_in(draft)
    last = form.history.order_by("-history_id").first()
    told = {
        "wish": wish,
        "again": f"{again.verb} {_written(again.place)} {again.key}" if again else "",
        "differences": differences(again, draft) if again else [],
        "typed": [
            (name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "token", "do")
        ],
        "by": last.actor_name if last else "",
        "when": last.history_date if last else None,
        "anew": _anew(wish, draft) if again is None else "",
    }
    at = _written(again.place) if again else ""
    return _page(request, seat, form, at=at, extra={"conflict": told}, status=409)


def _anew(wish: Edit, draft: Draft) -> str:
    """How a field that was removed meanwhile is put in again: at the end of a group that is there."""
    if wish.verb != "field-save" or not draft["groups"]:
        return ""
    group = min(wish.place.group, len(draft["groups"]) - 1)
    return f"field-add {group} {draft['groups'][group].get('key', '')}"


def _back(request: HttpRequest, form: Form, wish: Edit, place: Place) -> HttpResponseRedirect:
    """To the builder; the focus goes where the hands are: on the same button after a move, else on the thing."""
    then = request.POST.get("next", "")
    where = {"at": then} if then else {"at": _written(place), "focus": wish.verb.partition("-")[2]}
    return redirect(f"{reverse('extraction:form', args=[form.review_id, form.pk])}?{urlencode(where)}")


def _outline(draft: Draft, faults: Iterable[Fault], place: Place | None) -> list[dict[str, Any]]:
    """Groups and fields as the outline shows them; each with its place as text, and how many faults it has."""
    wrong: dict[tuple[str | int, ...], int] = {}
    for fault in faults:
        depth = 4 if len(fault.path) > 3 and fault.path[2] == "fields" else 2
        wrong[fault.path[:depth]] = wrong.get(fault.path[:depth], 0) + 1
    return [
        {
            "at": str(row),
            "key": group.get("key", ""),
            "label": group.get("label") or "A group without a name",
            "repeats": REPEATS.get(str(group.get("repeats")), ""),
            "faults": wrong.get(("groups", row), 0),
            "current": place == Place(row),
            "add": AddFieldForm(auto_id=f"add_{row}_%s", initial={"kind": "text"}),
            "fields": [
                {
                    "at": f"{row}.{column}",
                    "key": field.get("key", ""),
                    "label": field.get("label") or "A field without a name",
                    "about": _about(field),
                    "faults": wrong.get(("groups", row, "fields", column), 0),
                    "current": place == Place(row, column),
                }
                for column, field in enumerate(group["fields"])
            ],
        }
        for row, group in enumerate(draft["groups"])
    ]


def _about(field: dict[str, Any]) -> str:
    kind = KINDS[field["kind"]].label if field.get("kind") in KINDS else "No kind"
    unit = f", {field['unit']}" if field.get("unit") else ""
    tier = TIERS.get(str(field.get("tier", "descriptive")), "")
    required = " · required" if field.get("required") is True else ""
    return f"{kind}{unit}{'' if tier == TIERS['descriptive'] else ' · ' + tier.lower()}{required}"


def _editor(draft: Draft, place: Place | None, faults: Iterable[Fault]) -> dict[str, Any]:
    """The form of what is at `place`, with its faults beside its controls."""
    if place is None:
        return {}
    if place.field is None:
        editor: GroupForm | FieldForm = GroupForm(group_data(group_at(draft, place)))
        mine = [
            fault for fault in faults if fault.path[:2] == ("groups", place.group) and "fields" not in fault.path[3:]
        ]
        tell(editor, [fault for fault in mine if len(fault.path) < 4], 2)
        return {"group_editor": editor, "at": _written(place), "key": group_at(draft, place).get("key", "")}
    field = field_at(draft, place)
    editor = FieldForm(field_data(field, place.group), draft=draft)
    path = ("groups", place.group, "fields", place.field)
    tell(editor, [fault for fault in faults if fault.path[:4] == path], 4)
    return {"field_editor": editor, "parts": editor.parts(), "at": _written(place), "key": field.get("key", "")}


def _place(draft: Draft, at: str) -> Place | None:
    """Where `?at=` points, if there is anything."""
    try:
        place = place_from(at)
        if place.field is None:
            group_at(draft, place)
        else:
            field_at(draft, place)
    except EditError:
        return None
    return place


def _key_at(draft: Draft, place: Place | None) -> str:
    return str(field_at(draft, place).get("key", "")) if place and place.field is not None else ""


def _written(place: Place) -> str:
    return str(place.group) if place.field is None else f"{place.group}.{place.field}"
