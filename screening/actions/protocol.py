"""Writing protocol versions: immutable, numbered, hashed (SCR-09)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify

from audit import events
from reviewapp.deadlocks import begun_again
from screening.enums import Facet, IfNotReported, Polarity
from screening.models.protocol import Criterion, ProtocolVersion
from screening.models.review import Review
from screening.queries.amendments.protocol import current_protocol
from screening.queries.audited.fingerprints import protocol_sha256
from screening.wording import Wording


class ProtocolRefusedError(ValueError):
    """The version can't be written so; the message says why and what to do."""


class AmendedMeanwhileError(ProtocolRefusedError):
    """Another version came into force since the author began to write."""


@dataclass(frozen=True, slots=True)
class CriterionDraft:
    """A criterion as it is being written. An empty key is made from the label; it stays from version to version."""

    label: str
    text: str
    facet: str
    polarity: str = Polarity.INCLUDE
    if_not_reported: str = IfNotReported.UNCLEAR
    key: str = ""


@begun_again
@transaction.atomic
def amend(
    *,
    review: Review,
    question: str,
    criteria: Sequence[CriterionDraft],
    by: User,
    reason: str = "",
    based_on: int | None = None,
) -> ProtocolVersion:
    """Write the next version; the same text again writes nothing. From the second on, an amendment needs a reason.

    `based_on` is the number of the version that its author had before them, 0 where there was none; where another one
    has come into force since, AmendedMeanwhileError says so, and nothing is written.
    """
    Review.objects.select_for_update().get(pk=review.pk)
    before = current_protocol(review)
    if before is not None and based_on is not None and based_on != before.number:
        raise AmendedMeanwhileError(
            f"Version {before.number} came into force while you wrote, by {before.created_by}. Nothing was saved, and "
            "your text stands here as you wrote it. Compare the two, take over what you want to keep of the other one, "
            "and save again."
        )
    drafts = _keyed(criteria)
    digest = _sha256(question, drafts)
    if before is not None and before.sha256 == digest:
        return before
    if before is not None and not reason.strip():
        raise ProtocolRefusedError("Say why the protocol is amended: the reason is kept with the version.")
    version = ProtocolVersion.objects.create(
        review=review,
        number=before.number + 1 if before else 1,
        question=question,
        reason=reason.strip(),
        sha256=digest,
        created_by=by,
    )
    Criterion.objects.bulk_create(
        Criterion(protocol=version, position=position, **_fields(draft)) for position, draft in enumerate(drafts, 1)
    )
    events.record(
        "protocol.amended" if before else "protocol.written",
        subject=version,
        by=by,
        review_id=review.pk,
        reason=reason.strip(),
        number=version.number,
        sha256=digest,
        criteria=[draft.label for draft in drafts],
    )
    return version


def worded(criteria: Sequence[CriterionDraft]) -> list[Wording]:
    """Drafts as they are compared with the version in force, under the keys that they would get."""
    return [
        Wording(
            key=draft.key,
            label=draft.label,
            text=draft.text,
            facet=Facet(draft.facet).label,
            polarity=Polarity(draft.polarity).label,
            if_not_reported=IfNotReported(draft.if_not_reported).label,
        )
        for draft in _keyed(criteria)
    ]


def _keyed(criteria: Sequence[CriterionDraft]) -> list[CriterionDraft]:
    """Every draft with a key of its own, and values that the lists know."""
    taken: set[str] = set()
    keyed = []
    for draft in criteria:
        base = draft.key or slugify(draft.label)[:34] or "criterion"
        key = next(key for key in (base, *(f"{base}-{n}" for n in range(2, 1_000))) if key not in taken)
        taken.add(key)
        keyed.append(
            CriterionDraft(
                label=draft.label.strip(),
                text=draft.text.strip(),
                facet=str(Facet(draft.facet)),
                polarity=str(Polarity(draft.polarity)),
                if_not_reported=str(IfNotReported(draft.if_not_reported)),
                key=key,
            )
        )
    return keyed


def _fields(draft: CriterionDraft) -> dict[str, str]:
    return asdict(draft)


def _sha256(question: str, drafts: Sequence[CriterionDraft]) -> str:
    """What a decision or a suggestion was made under."""
    return protocol_sha256(question, [asdict(draft) for draft in drafts])
