"""EXT-03: drafts, versions, and values that stay with the version that they were entered under."""

from typing import Any

import pytest

from audit.immutable import ImmutableRowError
from audit.models.event import Event
from extraction.actions import forms
from extraction.actions.bias import add_instrument
from extraction.actions.forms import DraftMovedError, FormRefusedError
from extraction.models.form import Form, FormVersion
from extraction.models.value import Value
from extraction.queries.forms import coming, latest_version, read_draft, rows, standing
from extraction.schema import SchemaError, fields, from_json, templates, to_json
from extraction.schema.editing import Place, remove_field, set_field
from screening.models.review import Review
from tests import builders, extracting

pytestmark = pytest.mark.django_db
DRAFT = to_json(templates()[2].schema)


@pytest.fixture
def review() -> Review:
    return builders.review()


def made(review: Review, **changes: Any) -> Form:
    return forms.create(**{"review": review, "name": "Outcomes", "draft": DRAFT, "by": review.created_by, **changes})


def without(draft: dict[str, Any], group: int, field: int) -> dict[str, Any]:
    return remove_field(draft, Place(group, field))[0]


def save(form: Form, draft: dict[str, Any], token: int | None = None) -> Form:
    token = form.draft_token if token is None else token
    return forms.save_draft(form=form, draft=draft, token=token, what="changed it", by=form.created_by)


def test_a_form_begins_empty_or_from_json(review: Review) -> None:
    empty = made(review, draft=None)
    assert [str(fault) for fault in read_draft(empty)[1]] == ["Groups: A form needs at least one group of fields."]
    full = made(review, name="  Twice   spaced ")
    assert full.draft["title"] == full.name == "Twice spaced"
    assert len(fields(read_draft(full)[0])) == 14


def test_json_with_faults_makes_no_form(review: Review) -> None:
    with pytest.raises(SchemaError):
        made(review, draft={"title": "x", "groups": []})
    with pytest.raises(FormRefusedError, match="no instrument"):
        made(review, draft={**DRAFT, "purpose": "bias", "instrument": "jadad"})
    assert not Form.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "Outcomes"])
def test_a_name_is_needed_once(review: Review, name: str) -> None:
    made(review)
    with pytest.raises(FormRefusedError):
        made(review, name=name)


def test_another_review_may_use_the_same_name(review: Review) -> None:
    made(review)
    assert made(builders.review()).name == "Outcomes"


def test_the_later_of_two_editors_is_told_and_overwrites_nothing(review: Review) -> None:
    form = made(review)
    save(form, without(form.draft, 0, 3), token=1)
    with pytest.raises(DraftMovedError) as moved:
        save(form, without(form.draft, 1, 0), token=1)
    assert moved.value.form.draft_token == 2
    assert moved.value.form.draft == without(DRAFT | {"title": "Outcomes"}, 0, 3)


def test_a_step_that_changes_nothing_leaves_no_trace(review: Review) -> None:
    form = made(review)
    assert save(form, form.draft).draft_token == 1
    assert not Event.objects.filter(type="form.drafted").exists()


def test_a_step_can_be_undone_and_the_undoing_too(review: Review) -> None:
    form = made(review)
    shorter = save(form, without(form.draft, 0, 3))
    back = forms.undo_draft(form=form, token=2, by=form.created_by)
    assert (back.draft, back.draft_token) == (form.draft, 3)
    assert forms.undo_draft(form=form, token=3, by=form.created_by).draft == shorter.draft
    with pytest.raises(DraftMovedError):
        forms.undo_draft(form=form, token=2, by=form.created_by)


def test_there_is_nothing_to_undo_in_a_new_form(review: Review) -> None:
    with pytest.raises(FormRefusedError, match="nothing to undo"):
        forms.undo_draft(form=made(review), token=1, by=review.created_by)


def test_publishing_makes_numbered_versions_that_never_change(review: Review) -> None:
    form = made(review)
    first = forms.publish(form=form, by=form.created_by)
    assert forms.publish(form=form, by=form.created_by) == first
    form = save(form, without(form.draft, 0, 3))
    with pytest.raises(FormRefusedError, match="Say why"):
        forms.publish(form=form, by=form.created_by, reason=" ")
    second = forms.publish(form=form, by=form.created_by, reason="Never reported")
    assert (first.number, second.number, second.reason) == (1, 2, "Never reported")
    assert first.sha256 != second.sha256
    assert len(fields(from_json(FormVersion.objects.get(pk=first.pk).schema))) == 14
    with pytest.raises(ImmutableRowError):
        FormVersion.objects.filter(pk=first.pk).update(reason="Rewritten")


def test_a_draft_with_faults_is_kept_but_not_published(review: Review) -> None:
    form = made(review)
    broken, _ = set_field(form.draft, Place(0, 0), {"key": "a b", "label": "", "kind": "text"})
    form = save(form, broken)
    with pytest.raises(SchemaError, match="needs a name"):
        forms.publish(form=form, by=form.created_by)
    assert Form.objects.get().draft["groups"][0]["fields"][0]["key"] == "a b"
    assert latest_version(form) is None


def test_what_was_looked_at_is_what_is_published(review: Review) -> None:
    form = made(review)
    save(form, without(form.draft, 0, 3))
    with pytest.raises(DraftMovedError):
        forms.publish(form=form, by=form.created_by, token=1)


def test_a_changed_form_keeps_every_value_and_says_how_many_stand_under_what_goes(review: Review) -> None:
    form = made(review)
    version = forms.publish(form=form, by=form.created_by)
    study, person = extracting.study(review), extracting.extractor(review)
    outcome = extracting.measure(study)
    old = extracting.value(study, version, "event_definition", "Death", person, measure=outcome)
    extracting.value(study, version, "event_definition", "Any death", person, measure=outcome, supersedes=old)
    extracting.value(study, version, "event_is", "harm", person, measure=outcome)
    gone = extracting.value(study, version, "analysis", "completers_only", person, measure=outcome)
    extracting.value(study, version, "analysis", None, person, measure=outcome, state="withdrawn", supersedes=gone)
    form = save(form, without(without(form.draft, 0, 2), 0, 0))
    found = coming(form, read_draft(form)[0])
    assert found.difference is not None
    assert set(found.difference.touched) == {"event_definition", "analysis"}
    assert found.values == {"event_definition": 1}
    forms.publish(form=form, by=form.created_by, reason="Shorter")
    assert Value.objects.filter(form_version=version).count() == 5
    assert standing(form, ["event_is", "event_definition"]) == {"event_is": 1, "event_definition": 1}


def test_renaming_keeps_the_draft_and_retiring_keeps_everything(review: Review) -> None:
    form = made(review)
    assert forms.rename(form=form, name="Deaths", by=form.created_by).draft["title"] == "Deaths"
    with pytest.raises(FormRefusedError):
        forms.rename(form=form, name="", by=form.created_by)
    forms.publish(form=form, by=form.created_by)
    forms.set_retired(form=form, retired=True, by=form.created_by)
    with pytest.raises(FormRefusedError, match="retired"):
        forms.publish(form=form, by=form.created_by)
    assert rows(review) == []
    (row,) = rows(review, retired=True)
    assert (row.form.name, row.latest.number if row.latest else 0, row.changed) == ("Deaths", 1, False)


def test_the_questions_of_a_published_instrument_can_not_be_taken_away(review: Review) -> None:
    form = add_instrument(review=review, instrument="rob2", by=review.created_by)
    assert read_draft(form)[1] == []
    form = save(form, without(form.draft, 0, 0))
    assert "belongs to RoB 2" in str(read_draft(form)[1][0])
    with pytest.raises(SchemaError, match="algorithm needs this question"):
        forms.publish(form=form, by=form.created_by, reason="Shorter")
