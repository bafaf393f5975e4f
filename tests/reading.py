"""Records at full text with documents whose text is known, for tests: real rows, as a worker would have stored them."""

from django.contrib.auth.models import User

from screening.enums import Role, Stage
from screening.models.document import Document, DocumentPage
from screening.models.record import Record
from screening.models.review import Review
from tests import builders

METHODS = "Methods. We included adults with asthma\nwho were older than 18 years. Patients were randomised by computer."
RESULTS = "Results. Symptoms fell in both groups. Nobody\nwas lost."


def at_full_text(review: Review, **fields: object) -> Record:
    """A record that was included on title and abstract."""
    record = builders.record(review, **fields)
    member = review.memberships.filter(role=Role.REVIEWER).first()
    person: User = member.user if member else _joined(review)
    review.stage_rules.filter(stage=Stage.TITLE_ABSTRACT).update(reviewers_per_record=1)
    record.states.update(needed=1)
    builders.decide(record, person)
    if not record.states.filter(stage=Stage.FULL_TEXT).exists():  # where a machine counts as the second reviewer
        builders.decide(record, _joined(review))
    return record


def _joined(review: Review) -> User:
    person = builders.user()
    builders.join(review, person, Role.REVIEWER)
    return person


def document(
    record: Record, *pages: str, hidden: dict[int, list[list[object]]] | None = None, **fields: object
) -> Document:
    """A document that was read; `hidden` are spans by page number. It may be sent unless told otherwise."""
    pages = pages or (METHODS, RESULTS)
    values = {
        "name": "trial.pdf", "sha256": f"{next(builders.number):064x}", "size": 1, "file": "documents/none.pdf",
        "matched_by": "person", "status": "ready", "layer": "text", "may_be_sent_to_ai": True,
        "page_count": len(pages), "characters": sum(map(len, pages)), "created_by": record.review.created_by,
    }  # fmt: skip
    made = Document.objects.create(review=record.review, record=record, **{**values, **fields})
    for number, text in enumerate(pages, 1):
        spans = (hidden or {}).get(number, [])
        DocumentPage.objects.create(document=made, number=number, width=595, height=842, text=text, hidden=spans)
    return made
