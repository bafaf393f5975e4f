"""EXT-03: making, editing, publishing and exporting forms, as plain pages without a script."""

import io
import json
import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.actions import forms
from extraction.models.form import Form, FormVersion
from extraction.schema import fields, from_json, templates, to_json
from screening.enums import Role
from screening.models.review import Review
from tests import builders, extracting

pytestmark = pytest.mark.django_db
DRAFT = to_json(templates()[2].schema)


@pytest.fixture
def review() -> Review:
    return builders.review(title="Sleep & <pain>")


@pytest.fixture
def lead(client: Client, review: Review) -> User:
    client.force_login(review.created_by)
    return review.created_by


@pytest.fixture
def form(review: Review, lead: User) -> Form:
    return forms.create(review=review, name="Deaths", draft=DRAFT, by=lead)


def address(form: Form, name: str = "form", *more: object) -> str:
    return reverse(f"extraction:{name}", args=[form.review_id, form.pk, *more])


def step(client: Client, form: Form, do: str, *, token: int | None = None, **data: Any) -> Any:
    token = Form.objects.get(pk=form.pk).draft_token if token is None else token
    return client.post(address(form, "form-edit"), {"token": token, "do": do, **data}, follow=True)


def draft(form: Form) -> list[list[str]]:
    return [[field["key"] for field in group["fields"]] for group in Form.objects.get(pk=form.pk).draft["groups"]]


SAVED = {"label": "Deaths", "kind": "number", "tier": "outcome", "group": "1", "help": "All causes", "unit": "people",
         "units": "participants, persons", "minimum": "0", "whole": "on", "required": "on",
         "key": "events"}  # fmt: skip


def test_each_template_becomes_a_draft(client: Client, review: Review, lead: User) -> None:
    for template in templates():
        page = client.post(
            reverse("extraction:form-new", args=[review.pk]), {"new-template": template.key}, follow=True
        )
        assert f"{template.title} is a draft" in page.content.decode()
    assert Form.objects.filter(review=review).count() == 6
    again = client.post(reverse("extraction:form-new", args=[review.pk]), {"new-template": "rct_continuous"})
    assert "There is a form called" in again.content.decode()


def test_an_empty_form_needs_a_name(client: Client, review: Review, lead: User) -> None:
    page = client.post(reverse("extraction:form-new", args=[review.pk]), {"new-template": ""}).content.decode()
    assert "Give the form a name" in page
    client.post(reverse("extraction:form-new", args=[review.pk]), {"new-template": "", "new-name": "Mine"})
    assert Form.objects.get().draft["groups"] == []


@pytest.mark.parametrize("way", ["file", "text"])
def test_json_comes_in_as_a_file_or_pasted(client: Client, review: Review, lead: User, way: str) -> None:
    text = json.dumps(DRAFT)
    handed = io.BytesIO(text.encode()) if way == "file" else text
    data = {"import": "yes", f"json-{way}": handed}
    client.post(reverse("extraction:form-new", args=[review.pk]), data)
    assert from_json(Form.objects.get().draft) == templates()[2].schema


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "This is empty"),
        ("{", "This is not JSON"),
        (json.dumps({**DRAFT, "groups": []}), "at least one group"),
        (
            json.dumps({"title": "<b>", "groups": [{"key": "<b>", "label": "x", "fields": []}]}),
            "“&lt;b&gt;” can&#x27;t",
        ),
        ("x" * 1_000_001, "at most 1 MB"),
    ],
)
def test_json_that_is_no_form_is_refused_in_place_and_stays_in_the_box(
    client: Client, review: Review, lead: User, text: str, says: str
) -> None:
    response = client.post(reverse("extraction:form-new", args=[review.pk]), {"import": "yes", "json-text": text})
    page = response.content.decode()
    assert response.status_code == 200
    assert says in page
    assert not Form.objects.exists()


def test_a_field_is_added_saved_moved_and_removed_without_a_script(client: Client, form: Form) -> None:
    page = step(client, form, "field-add 1 arm_results", label="Deaths of <all>", kind="text").content.decode()
    assert "Deaths of &lt;all&gt;" in page
    assert draft(form)[1][-1] == "deaths_of_all"
    step(client, form, "field-up 1.4 deaths_of_all")
    assert draft(form)[1][3] == "deaths_of_all"
    step(client, form, "field-save 1.0 events", **SAVED)
    saved = Form.objects.get().draft["groups"][1]["fields"][0]
    assert saved == {"key": "events", "label": "Deaths", "kind": "number", "tier": "outcome", "help": "All causes",
                     "unit": "people", "units": ["participants", "persons"], "minimum": "0", "whole": True,
                     "required": True}  # fmt: skip
    page = step(client, form, "field-remove 1.3 deaths_of_all").content.decode()
    assert "Removed the field" in page
    undo = address(form, "form-undo", Form.objects.get().draft_token)
    assert f'action="{undo}"' in page
    assert "The draft is as it was before" in client.post(undo, follow=True).content.decode()
    assert draft(form)[1][3] == "deaths_of_all"


def test_groups_too(client: Client, form: Form) -> None:
    step(client, form, "group-add 0", label="Harms", repeats="arm")
    step(client, form, "group-up 3 harms")
    step(client, form, "group-save 2 harms", label="Adverse events", repeats="arm", help="", key="harms")
    assert [group["label"] for group in Form.objects.get().draft["groups"]][2] == "Adverse events"
    step(client, form, "group-remove 2 harms")
    assert len(draft(form)) == 3


def test_a_formula_finds_fields_that_are_called_as_its_inputs_and_options_keep_their_keys(
    client: Client, form: Form
) -> None:
    values = {
        "label": "Risk",
        "kind": "number",
        "tier": "derived",
        "group": "1",
        "formula": "percentage",
        "key": "risk",
    }
    step(client, form, "field-add 1 arm_results", label="Total", kind="number", tier="outcome")
    step(client, form, "field-add 1 arm_results", label="Risk", kind="number")
    page = step(client, form, "field-save 1.5 risk", **values).content.decode()
    assert Form.objects.get().draft["groups"][1]["fields"][5]["inputs"] == {"events": "events", "total": "total"}
    assert 'name="input_total"' in page
    step(client, form, "field-save 1.5 risk", **values, input_events="events", input_total="n")
    assert Form.objects.get().draft["groups"][1]["fields"][5]["inputs"] == {"events": "events", "total": "n"}
    listed = {"label": "Judge", "kind": "choice", "tier": "descriptive", "group": "0", "key": "judge"}
    step(client, form, "field-add 0 outcome", label="Judge", kind="choice")
    step(client, form, "field-save 0.4 judge", **listed, options="one = First judge\r\n\r\nSecond, too")
    spec = fields(from_json(Form.objects.get().draft))["judge"]
    assert [(option.key, option.label) for option in spec.options] == [
        ("one", "First judge"),
        ("second_too", "Second, too"),
    ]
    assert "one = First judge" in client.get(address(form) + "?at=0.4").content.decode()


def test_faults_stand_at_the_field_and_keep_the_draft_from_being_published(client: Client, form: Form) -> None:
    step(client, form, "field-save 1.0 events", **{**SAVED, "minimum": "none", "label": ""})
    page = client.get(address(form) + "?at=1.0").content.decode()
    assert "The field needs a name." in page
    assert "is not a number" in page
    assert 'value="none"' in page
    publishing = client.get(address(form, "form-publish")).content.decode()
    assert "can't be published yet" in publishing.replace("&#x27;", "'")
    assert f'href="{address(form)}?at=1.0"' in publishing
    client.post(address(form, "form-publish"), {"token": 2})
    assert not FormVersion.objects.exists()


def test_the_later_of_two_people_sees_both_and_can_do_hers_over_his(client: Client, form: Form, review: Review) -> None:
    robin = builders.user("robin")
    builders.join(review, robin, Role.LEAD)
    other = Client()
    other.force_login(robin)
    step(other, form, "field-save 1.0 events", token=1, **{**SAVED, "label": "Robin's name"})
    answer = step(client, form, "field-save 1.0 events", token=1, **{**SAVED, "label": "My <name>"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "robin changed this form while you were editing" in page
    assert "My &lt;name&gt;" in page
    assert "Robin&#x27;s name" in page
    assert Form.objects.get().draft["groups"][1]["fields"][0]["label"] == "Robin's name"
    step(client, form, "field-save 1.0 events", token=2, **{**SAVED, "label": "My <name>"})
    assert Form.objects.get().draft["groups"][1]["fields"][0]["label"] == "My <name>"


def test_a_step_for_an_older_draft_is_offered_where_its_field_stands_now(client: Client, form: Form) -> None:
    step(client, form, "field-down 1.0 events", token=1)
    page = step(client, form, "field-remove 1.0 events", token=1).content.decode()
    assert 'value="field-remove 1.1 events"' in page
    assert "events" in draft(form)[1]


def test_what_was_typed_into_a_field_that_is_gone_meanwhile_is_not_lost(client: Client, form: Form) -> None:
    step(client, form, "field-remove 1.0 events", token=1)
    page = step(client, form, "field-save 1.0 events", token=1, **SAVED).content.decode()
    assert "not in the form any more" in page
    assert "All causes" in page
    assert 'value="field-add 1 arm_results"' in page
    step(client, form, "field-add 1 arm_results", **SAVED)
    assert Form.objects.get().draft["groups"][1]["fields"][-1]["help"] == "All causes"


@pytest.mark.parametrize("do", ["", "field-eat 0.0", "field-up 9.9 x", "field-up x", "field-remove 1", "group-up -1",
                                "field-up 0.99999999999999"])  # fmt: skip
def test_what_no_page_of_ours_sends_changes_nothing(client: Client, form: Form, do: str) -> None:
    page = step(client, form, do).content.decode()
    assert "Nothing was changed." in page
    assert Form.objects.get().draft_token == 1


def test_control_characters_of_a_pasted_text_do_no_harm(client: Client, form: Form) -> None:
    step(client, form, "field-save 1.0 events", **{**SAVED, "help": "a\x00b\x0bc"})
    assert Form.objects.get().draft["groups"][1]["fields"][0]["help"] == "abc"


def test_the_preview_shows_what_is_typed_and_saves_nothing(client: Client, form: Form) -> None:
    data = {"do": "field-save 1.0 events", "token": "1", **SAVED, "label": "Typed <just> now"}
    page = client.post(address(form, "form-preview"), data).content.decode()
    assert "Typed &lt;just&gt; now" in page
    assert Form.objects.get().draft_token == 1


def test_publishing_shows_what_changes_and_how_many_values_stand_there(
    client: Client, form: Form, review: Review
) -> None:
    assert "first version" in client.get(address(form, "form-publish")).content.decode()
    client.post(address(form, "form-publish"), {"token": 1})
    version = FormVersion.objects.get()
    study, person = extracting.study(review), extracting.extractor(review)
    extracting.value(
        study, version, "events", "12", person, arm=extracting.arm(study), measure=extracting.measure(study)
    )
    assert "Nothing has changed" in client.get(address(form, "form-publish")).content.decode()
    step(client, form, "field-remove 1.3 event_percent")
    step(client, form, "field-remove 1.0 events")
    page = client.get(address(form, "form-publish")).content.decode()
    assert "1 value stands under fields that go" in page
    refused = client.post(address(form, "form-publish"), {"token": 3}).content.decode()
    assert "Say why the form is changed" in refused
    moved = client.post(address(form, "form-publish"), {"token": 2, "reason": "Shorter"})
    assert moved.status_code == 409
    assert "nothing was published" in moved.content.decode()
    done = client.post(address(form, "form-publish"), {"token": 3, "reason": "Shorter"}, follow=True).content.decode()
    assert "Version 2 of Deaths is in force" in done
    assert "Shorter" in done


def test_versions_and_draft_are_exported_and_imported_elsewhere(client: Client, form: Form) -> None:
    forms.publish(form=form, by=form.created_by)
    step(client, form, "field-remove 0.3 missing_handling")
    first, now = (client.get(address(form, "form-json", number)) for number in (1, 0))
    assert first["Content-Disposition"] == 'attachment; filename="deaths-v1.json"'
    assert len(fields(from_json(first.json()))) == 14
    assert len(fields(from_json(now.json()))) == 13
    assert client.get(address(form, "form-json", 7)).status_code == 404
    data = {"import": "yes", "json-text": first.content.decode(), "json-name": "Second"}
    client.post(reverse("extraction:form-new", args=[form.review_id]), data)
    assert len(fields(from_json(Form.objects.get(name="Second").draft))) == 14


def test_extractors_see_versions_and_no_builder(client: Client, form: Form, review: Review) -> None:
    forms.publish(form=form, by=form.created_by)
    client.force_login(extracting.extractor(review))
    page = client.get(reverse("extraction:forms", args=[review.pk])).content.decode()
    assert address(form, "form-versions") in page
    assert "New form" not in page
    assert client.get(address(form)).status_code == 403
    assert "Version 1 as an extractor sees it" in client.get(address(form, "form-versions")).content.decode()


def test_a_form_of_another_review_is_not_found(client: Client, form: Form) -> None:
    other = builders.review(lead=form.created_by)
    assert client.get(reverse("extraction:form", args=[other.pk, form.pk])).status_code == 404


def test_a_retired_form_is_listed_apart(client: Client, form: Form, review: Review) -> None:
    client.post(address(form, "form-retire"), {"retired": "yes"})
    page = client.get(reverse("extraction:forms", args=[review.pk])).content.decode()
    assert "Retired (1)" in page
    client.post(address(form, "form-retire"), {"retired": "no"})
    assert "Retired (" not in client.get(reverse("extraction:forms", args=[review.pk])).content.decode()


def test_the_lists_ask_the_database_equally_often_for_one_and_for_three(
    client: Client, form: Form, review: Review
) -> None:
    pages = [reverse("extraction:forms", args=[review.pk]), address(form, "form-versions"), address(form) + "?at=0.0"]
    forms.publish(form=form, by=form.created_by)
    counts = [queries(client, page) for page in pages]
    for name in ("Two", "Three"):
        forms.publish(form=forms.create(review=review, name=name, draft=DRAFT, by=form.created_by), by=form.created_by)
        step(client, form, "group-add 0", label=name, repeats="arm")
        step(client, form, f"field-add {len(draft(form)) - 1} {name.lower()}", label=name, kind="text")
        forms.publish(form=form, by=form.created_by, reason=name)
    assert [queries(client, page) for page in pages] == counts


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as context:
        assert client.get(page).status_code == 200
    return len(context)


def test_a_form_of_300_fields_opens_in_good_time(client: Client, review: Review, lead: User) -> None:
    listed = [{"key": f"f{n}", "label": f"Field {n}", "kind": "choice", "options": ["A", "B", "C"]} for n in range(300)]
    big = {"title": "Big", "groups": [{"key": "g", "label": "G", "fields": listed}]}
    form = forms.create(review=review, name="Big", draft=big, by=lead)
    client.get(address(form))
    start = time.perf_counter()
    assert client.get(address(form) + "?at=0.150").status_code == 200
    assert time.perf_counter() - start < 1.5
