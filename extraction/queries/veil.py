"""Which studies a reader learns nothing of yet, because they extract them themselves, or still may (EXT-06)."""

from collections.abc import Collection

from extraction.models.form import Form
from extraction.queries.settled import teams_of
from extraction.visibility import sees_settled


def blinded(*, form: Form, study_ids: Collection[int], roles: Collection[str]) -> set[int]:
    """Those of `study_ids` of whose cells this member sees nothing but their own entries. Two queries, or none."""
    if sees_settled(roles=roles, all_done=False):
        return set()
    return {
        study
        for study, team in teams_of(form, study_ids).items()
        if not sees_settled(roles=roles, all_done=team.all_done)
    }
