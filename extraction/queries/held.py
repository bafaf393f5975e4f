"""What is held of some studies for the evidence table: what is settled, what an assistant offers, what is veiled."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from extraction.models.form import FormVersion
from extraction.models.proposal import Proposal
from extraction.models.rule import ExtractionRule
from extraction.policies import mode_of
from extraction.queries.cells_shown import Held, Offered
from extraction.queries.columns import Column
from extraction.queries.proposals import stands
from extraction.queries.settled import settled
from extraction.queries.table_wanted import Eyes
from extraction.queries.veil import blinded
from extraction.visibility import sees_proposal


def held_of(
    version: FormVersion,
    study_ids: Sequence[int],
    field_keys: Collection[str] | None,
    eyes: Eyes,
    offers: Collection[str],
) -> dict[int, Held]:
    """Study to what is held of it, in the fields named (None: in all). A fixed number of queries.

    `offers`: keys of the fields whose unconfirmed proposals are wanted, and may be seen by these eyes.
    """
    found = settled(version.form, study_ids, field_keys=field_keys)
    veiled = blinded(form=version.form, study_ids=study_ids, roles=eyes.roles)
    wanted = set(offers) if field_keys is None else set(offers) & set(field_keys)
    offered = _offered(version.form_id, set(study_ids) - veiled, wanted) if wanted else {}
    return {pk: Held(found.get(pk, {}), offered.get(pk, {}), pk in veiled) for pk in study_ids}


def fields_offered(version: FormVersion, columns: Iterable[Column], eyes: Eyes) -> set[str]:
    """Keys of those fields whose unconfirmed proposals these eyes may see in a table of everybody's work. One query."""
    review = version.form.review
    rule = ExtractionRule.objects.filter(review=review).first() or ExtractionRule(review=review)
    found = set()
    for column in columns:
        mode = mode_of(
            column.field.tier,
            descriptive=rule.descriptive_mode,
            outcome=rule.outcome_mode,
            ai_enabled=review.ai_enabled,
        )
        if sees_proposal(mode=mode, roles=eyes.roles, spoken=False):
            found.add(column.field.key)
    return found


def _offered(form_id: int, study_ids: Collection[int], field_keys: Collection[str]) -> dict[int, dict[str, Offered]]:
    """What `queries.proposals.offered_for` offers for each cell and nobody rejected, in few columns."""
    rows = (
        Proposal.objects.filter(study__in=study_ids, form_version__form=form_id, field_key__in=field_keys)
        .exclude(cell="")
        .filter(rejections=None)
        .select_related("assistant")
        .only(
            "study_id",
            "cell",
            "state",
            "value",
            "unit",
            "quote_found",
            "number_found",
            "flags",
            "assistant__name",
            "assistant__version",
            "assistant__engine",
            "answered_by",
        )
        .order_by("-id")
    )
    found: dict[int, dict[str, Offered]] = defaultdict(dict)
    for one in sorted(rows, key=stands, reverse=True):
        found[one.study_id].setdefault(one.cell, Offered(one.state, one.value, one.unit, one.said_by))
    return found
