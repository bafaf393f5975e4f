"""The forms of a review: the list, making one, its versions, publishing the next."""

import json

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from extraction.access import form_for, version_for
from extraction.actions import forms as actions
from extraction.actions.forms import DraftMovedError, FormRefusedError
from extraction.forms.forms import ImportForm, NewFormForm, PublishForm
from extraction.forms.preview import preview
from extraction.models.form import Form, FormVersion
from extraction.queries.forms import coming, latest_version, read_draft, rows
from extraction.schema import Difference, Fault, SchemaError, fields, from_json, templates, to_json
from extraction.schema.source import decode
from screening.access import Seat, seat_for
from screening.page import render_review


@login_required
@require_GET
def form_list(request: HttpRequest, review_id: int) -> HttpResponse:
    """The forms in use, and below them the retired ones."""
    seat = seat_for(request.user, review_id, "see_extraction")
    context = {
        "rows": rows(seat.review),
        "retired": rows(seat.review, retired=True),
        "can_design": seat.can("design_forms"),
    }
    return render_review(request, seat, "extraction/forms.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, review_id: int) -> HttpResponse:
    """Make a form from a template, from JSON, or empty."""
    seat = seat_for(request.user, review_id, "design_forms")
    imported = request.method == "POST" and "import" in request.POST
    begin = NewFormForm(None if imported or request.method == "GET" else request.POST, prefix="new")
    bring = ImportForm(request.POST if imported else None, request.FILES if imported else None, prefix="json")
    chosen: forms.Form = bring if imported else begin
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and chosen.is_valid():
        try:
            form = _imported(seat, bring) if imported else _begun(seat, begin)
        except SchemaError as error:
            faults = error.faults
        except FormRefusedError as error:
            chosen.add_error("name", str(error))
        else:
            messages.success(request, f"{form.name} is a draft. Look at it, change it, and publish it.")
            return redirect("extraction:form", review_id, form.pk)
    context = {"begin": begin, "bring": bring, "faults": faults[:40], "more": max(len(faults) - 40, 0)}
    return render_review(request, seat, "extraction/forms_new.html", context)


@login_required
@require_GET
def versions(request: HttpRequest, review_id: int, form_id: int) -> HttpResponse:
    """Every version with its reason, and one of them as an extractor sees it."""
    seat = seat_for(request.user, review_id, "see_extraction")
    form = form_for(seat, form_id)
    listed = list(
        FormVersion.objects.filter(form=form).order_by("-number").defer("schema").select_related("created_by")
    )
    wanted = request.GET.get("version", "")
    shown = next((version for version in listed if str(version.number) == wanted), listed[0] if listed else None)
    context = {
        "form": form,
        "versions": listed,
        "shown": shown,
        "groups": preview(from_json(version_for(form, shown.number).schema)) if shown else [],
        "can_design": seat.can("design_forms"),
    }
    return render_review(request, seat, "extraction/forms_versions.html", context)


@login_required
@require_GET
def form_json(request: HttpRequest, review_id: int, form_id: int, number: int) -> HttpResponse:
    """A version as JSON that can be imported elsewhere; number 0 is the draft."""
    seat = seat_for(request.user, review_id, "see_extraction")
    form = form_for(seat, form_id)
    if number:
        content = version_for(form, number).schema
    else:
        schema, faults = read_draft(form)
        content = form.draft if faults else to_json(schema)
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    name = f"{slugify(form.name)[:60] or 'form'}-{f'v{number}' if number else 'draft'}.json"
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, review_id: int, form_id: int) -> HttpResponse:
    """What the next version changes, and putting it into force."""
    seat = seat_for(request.user, review_id, "design_forms")
    form = form_for(seat, form_id)
    asked = PublishForm(request.POST or None)
    asked.fields["reason"].required = latest_version(form) is not None
    moved = False
    if request.method == "POST" and asked.is_valid():
        try:
            version = actions.publish(
                form=form, reason=asked.cleaned_data["reason"], token=_number(request.POST.get("token")), by=seat.user
            )
        except DraftMovedError as error:
            form, moved = error.form, True
        except FormRefusedError as error:
            asked.add_error("reason", str(error))
        except SchemaError:
            pass  # the page lists every fault
        else:
            messages.success(request, f"Version {version.number} of {form.name} is in force.")
            return redirect("extraction:form-versions", review_id, form.pk)
    return _publishing(request, seat, form, asked, moved=moved)


@login_required
@require_POST
def retire(request: HttpRequest, review_id: int, form_id: int) -> HttpResponse:
    """Take a form out of use, or up again."""
    seat = seat_for(request.user, review_id, "design_forms")
    retired = request.POST.get("retired") == "yes"
    form = actions.set_retired(form=form_for(seat, form_id), retired=retired, by=seat.user)
    what = "is retired; its versions and values stay" if retired else "is in use again"
    messages.success(request, f"{form.name} {what}.")
    return redirect("extraction:forms", review_id)


def _publishing(request: HttpRequest, seat: Seat, form: Form, asked: PublishForm, *, moved: bool) -> HttpResponse:
    schema, faults = read_draft(form)
    next_up = None if faults else coming(form, schema)
    context = {
        "form": form,
        "faults": faults,
        "asked": asked,
        "moved": moved,
        "count": len(fields(schema)),
        "coming": next_up,
        "group_count": len(schema.groups),
        "lines": _lines(next_up.difference, next_up.values) if next_up and next_up.difference else [],
    }
    return render_review(request, seat, "extraction/forms_publish.html", context, status=409 if moved else 200)


def _lines(found: Difference, values: dict[str, int]) -> list[dict[str, object]]:
    """The rows of "what changes": a word, the field, sentences, values that stand there."""
    listed: list[dict[str, object]] = [
        {"what": "goes", "field": field, "sentences": (), "values": values.get(field.key, 0)} for field in found.removed
    ]
    for change in found.changed:
        what = "changes its meaning" if change.harms else "changes"
        row = {"what": what, "field": change.after, "sentences": change.sentences}
        listed.append({**row, "values": values.get(change.after.key, 0)})
    listed += [{"what": "comes", "field": field, "sentences": (), "values": 0} for field in found.added]
    return listed


def _begun(seat: Seat, begin: NewFormForm) -> Form:
    template = next((found for found in templates() if found.key == begin.cleaned_data["template"]), None)
    name = begin.cleaned_data["name"] or (template.title if template else "")
    draft = to_json(template.schema) if template else None
    return actions.create(review=seat.review, name=name, draft=draft, by=seat.user)


def _imported(seat: Seat, bring: ImportForm) -> Form:
    raw = decode(bring.content())
    title = raw.get("title") if isinstance(raw, dict) else ""
    name = bring.cleaned_data["name"] or (title if isinstance(title, str) else "")
    return actions.create(review=seat.review, name=name or "Imported form", draft=raw, by=seat.user)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1
