"""Real rows of extraction with keyword defaults, for tests. Append yours; keep what others use."""

import hashlib
import json
from uuid import uuid4

from django.contrib.auth.models import User

from extraction.models.assignment import Assignment
from extraction.models.form import Form, FormVersion
from extraction.models.proposal import Proposal
from extraction.models.rule import ExtractionRule
from extraction.models.structure import Arm, Measure
from extraction.models.value import Value, cell_key
from screening.enums import Role
from screening.models.assistant import Assistant
from screening.models.document import Document, DocumentPage
from screening.models.protocol import ProtocolVersion
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.stage import StageState
from screening.models.study import Study, StudyReport
from tests import builders
from tests.audit import story


def extractor(made: Review, name: str = "") -> User:
    """A person who extracts in this review."""
    person = builders.user(name)
    builders.join(made, person, Role.EXTRACTOR)
    return person


def study(made: Review, **fields: object) -> Study:
    return Study.objects.create(review=made, **{"label": f"Study {next(builders.number)}", **fields})


def included_study(made: Review, **fields: object) -> Study:
    """A study with a report that was included at full text."""
    of, record = study(made, **fields), builders.record(made, year=2021)
    StudyReport.objects.create(review=made, study=of, record=record)
    StageState.objects.update_or_create(review=made, record=record, stage="full_text", defaults={"status": "included"})
    return of


def arm(of: Study, name: str = "Placebo", **fields: object) -> Arm:
    return Arm.objects.create(review=of.review, study=of, name=name, **{"created_by": of.review.created_by, **fields})


def measure(of: Study, outcome: str = "HbA1c", **fields: object) -> Measure:
    return Measure.objects.create(
        review=of.review, study=of, outcome=outcome, **{"created_by": of.review.created_by, **fields}
    )


def form_version(made: Review, schema: dict[str, object], **fields: object) -> FormVersion:
    """A form with this schema, and its first published version."""
    values = {"name": f"Form {next(builders.number)}", "created_by": made.created_by, **fields}
    form = Form.objects.create(review=made, draft=schema, **values)
    digest = hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()
    return FormVersion.objects.create(form=form, number=1, schema=schema, sha256=digest, created_by=made.created_by)


def next_version(before: FormVersion, schema: dict[str, object]) -> FormVersion:
    """The same form, published again with another schema."""
    digest = hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()
    number, by = before.number + 1, before.created_by
    return FormVersion.objects.create(form=before.form, number=number, schema=schema, sha256=digest, created_by=by)


def assign(of: Study, version: FormVersion, person: User, **fields: object) -> Assignment:
    return Assignment.objects.create(review=of.review, study=of, form=version.form, extractor=person, **fields)


def value(of: Study, version: FormVersion, field: str, said: object, by: User, **fields: object) -> Value:
    """What a person says of a cell; `said` None and a `state` for what is not reported."""
    group, outcome = fields.pop("arm", None), fields.pop("measure", None)
    cell = cell_key(field, getattr(group, "pk", None), getattr(outcome, "pk", None))
    place = {"cell": cell, "field_key": field, "arm": group, "measure": outcome}
    defaults = {"state": "reported", "mode": "off", "idempotency_key": uuid4()}
    return Value.objects.create(
        study=of, form_version=version, value=said, author=by, **place, **{**defaults, **fields}
    )


def rule(made: Review, extractors: int = 2, **modes: str) -> ExtractionRule:
    """One or two extractors; proposals shown as by default unless told otherwise."""
    return ExtractionRule.objects.update_or_create(review=made, defaults={"extractors_per_study": extractors, **modes})[
        0
    ]


def proposal(of: Study, version: FormVersion, field: str, said: object, **fields: object) -> Proposal:
    """What an assistant proposes for a cell, its quote and number found unless told otherwise."""
    group, outcome = fields.pop("arm", None), fields.pop("measure", None)
    protocol = ProtocolVersion.objects.filter(review=of.review).latest("id")
    assistant = Assistant.objects.filter(review=of.review).first() or story.assistant(of.review)
    run = Run.objects.create(
        review=of.review, purpose="extraction", stage="", assistant=assistant, protocol=protocol,
        created_by=of.review.created_by,
    )  # fmt: skip
    cell = cell_key(field, getattr(group, "pk", None), getattr(outcome, "pk", None))
    defaults = {
        "state": "reported",
        "quote": f"It was {said}.",
        "quote_found": True,
        "number_found": True,
        "cell": cell,
    }
    return Proposal.objects.create(
        study=of,
        item=RunItem.objects.create(run=run, study=of),
        assistant=assistant,
        form_version=version,
        field_key=field,
        arm=group,
        measure=outcome,
        value=said,
        **{**defaults, **fields},
    )


def paper(of: Study, pages: list[str], **fields: object) -> Document:
    """A report of the study with a document that was read: its pages as text, one string each."""
    record = builders.record(of.review)
    StudyReport.objects.create(review=of.review, study=of, record=record, main=not of.reports.exists())
    values = {
        "name": "paper.pdf",
        "sha256": hashlib.sha256(f"{next(builders.number)}".encode()).hexdigest(),
        "size": 1000,
        "status": "ready",
        "layer": "text",
        "may_be_sent_to_ai": True,
        "created_by": of.review.created_by,
        "page_count": len(pages),
        "characters": sum(map(len, pages)),
    }
    made = Document.objects.create(review=of.review, record=record, **{**values, **fields})
    DocumentPage.objects.bulk_create(
        DocumentPage(document=made, number=number, width=595, height=842, text=text)
        for number, text in enumerate(pages, 1)
    )
    return made
