"""What several people, tabs and clicks do at the same moment: nothing is lost, and no cell stands in two states."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection

from audit import integrity
from extraction.actions import assignments, forms, structure, values
from extraction.models.form import Form
from extraction.models.structure import Arm
from extraction.models.value import Value
from extraction.queries.settled import settled
from screening.models.study import Study
from tests import builders, extracting

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = [{"key": "n", "label": "N", "kind": "number"}]
SCHEMA = {"title": "D", "purpose": "data", "groups": [{"key": "g", "label": "G", "fields": FIELDS}]}


@pytest.fixture
def case() -> tuple[Study, Form, list[User]]:
    review = builders.review()
    form = forms.create(review=review, name="Form", by=review.created_by, draft=SCHEMA)
    forms.publish(form=form, by=review.created_by)
    return extracting.study(review), form, [extracting.extractor(review) for _ in range(4)]


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment, each in a connection of its own; what each gave, or the refusal it met."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        start.wait()
        try:
            return deed()
        except (values.ValueRefusedError, assignments.AssignmentRefusedError) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def enter(study: Study, form: Form, by: User, raw: str, key: UUID, **fields: str) -> Callable[[], values.Stored]:
    given = {"study": study, "form": form, "field_key": "n", "by": by, "idempotency_key": key, **fields}
    return lambda: values.record(raw=raw, **given)  # type: ignore[arg-type]


def sound() -> bool:
    return not [result.name for result in integrity.verify() if result.findings.bad]


def test_a_double_click_stores_once_and_two_tabs_make_one_chain(case: tuple[Study, Form, list[User]]) -> None:
    study, form, (one, *_) = case
    assignments.begin(study=study, form=form, by=one)
    key = uuid4()
    at_once(*(enter(study, form, one, "5", key) for _ in range(3)))
    assert Value.objects.count() == 1
    at_once(*(enter(study, form, one, raw, uuid4()) for raw in ("6", "7", "8")))
    assert (Value.objects.count(), Value.objects.filter(superseded_by=None).count()) == (4, 1)
    assert sound()


def test_of_four_who_begin_two_get_a_place(case: tuple[Study, Form, list[User]]) -> None:
    study, form, people = case
    at_once(*(lambda person=person: assignments.begin(study=study, form=form, by=person) for person in people))  # type: ignore[misc]
    assert study.assignments.count() == 2


def test_a_value_comes_before_done_or_is_refused(case: tuple[Study, Form, list[User]]) -> None:
    study, form, (one, *_) = case
    held = assignments.begin(study=study, form=form, by=one)
    said, _ = at_once(enter(study, form, one, "5", uuid4()), lambda: assignments.done(assignment=held, by=one))
    assert isinstance(said, values.ValueRefusedError) is not Value.objects.exists()
    held.refresh_from_db()
    assert held.status == "done"


def test_a_form_that_is_published_meanwhile_keeps_what_is_entered(case: tuple[Study, Form, list[User]]) -> None:
    study, form, (one, two, *_) = case
    for person in (one, two):
        assignments.begin(study=study, form=form, by=person)
    wider = {
        **SCHEMA,
        "groups": [{"key": "g", "label": "G", "fields": [*FIELDS, {"key": "m", "label": "M", "kind": "text"}]}],
    }
    form = forms.save_draft(form=form, draft=wider, token=form.draft_token, what="added M", by=one)
    at_once(
        enter(study, form, one, "5", uuid4()),
        enter(study, form, two, "5", uuid4()),
        lambda: forms.publish(form=form, by=one, reason="M was missing"),
    )
    assert settled(form, [study.pk])[study.pk]["n@0@0"].value == "5"
    assert sound()


def test_two_who_settle_at_once_leave_one_value_that_stands(case: tuple[Study, Form, list[User]]) -> None:
    study, form, (one, two, judge, other) = case
    for person, raw in ((one, "5"), (two, "6")):
        held = assignments.begin(study=study, form=form, by=person)
        enter(study, form, person, raw, uuid4())()
        assignments.done(assignment=held, by=person)
    at_once(
        enter(study, form, judge, "5", uuid4(), capacity="consensus"),
        enter(study, form, other, "6", uuid4(), capacity="consensus"),
        lambda: assignments.reopen(assignment=held, by=judge, as_lead=True),
    )
    last = Value.objects.filter(capacity="consensus").order_by("-id").first()
    stood = settled(form, [study.pk])[study.pk]["n@0@0"]
    assert stood.value_id == (last.pk if last else None)
    assert sound()


def test_an_arm_of_one_name_is_made_once(case: tuple[Study, Form, list[User]]) -> None:
    study, _, (one, *_) = case

    def add() -> object:
        try:
            return structure.add_arm(study=study, name="Placebo", by=one)
        except structure.StructureRefusedError as refused:
            return refused

    at_once(*(add for _ in range(4)))
    assert Arm.objects.filter(study=study).count() == 1
