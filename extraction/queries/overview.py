"""Studies by forms: who extracts what, how far they are, what waits for whoever looks. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from extraction.enums import AssignmentStatus, Capacity, ValueState
from extraction.models.assignment import Assignment
from extraction.models.form import Form, FormVersion
from extraction.models.value import Value
from extraction.queries.settled import Team, needed_in
from extraction.visibility import sees_settled
from screening.models.review import Review
from screening.models.study import Study
from screening.queries.identification.studies import included_studies


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody at a study: their name, and how many cells have their word.

    `entered` is None where whoever looks extracts too: of others they learn it when all are done.
    """

    assignment: Assignment
    name: str
    entered: int | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A study under a form; `waiting` cells are to be settled, None where that is not told."""

    study: Study
    form: Form
    team: Team
    seated: tuple[Seated, ...]
    own: Assignment | None
    waiting: int | None = None

    @property
    def state(self) -> str:
        """What is next: "free", "working", "waiting" (for another extractor) or "done"."""
        if self.team.all_done:
            return "done"
        if self.own is not None and self.own.status == AssignmentStatus.WORKING:
            return "working"
        return "free" if self.team.free and not self.own else "waiting"


def forms_in_use(review: Review) -> list[Form]:
    """The forms that can be filled in: published and not retired."""
    published = FormVersion.objects.values("form_id")
    return list(
        Form.objects.filter(review=review, retired=False, pk__in=published).order_by("-purpose", "id")
    )  # data before bias


def listed(review: Review) -> QuerySet[Study]:
    """The studies that have an included report, and those that somebody extracts all the same, by label."""
    counted = included_studies(review).order_by().values("pk")
    begun = Assignment.objects.filter(review=review).exclude(status=AssignmentStatus.RELEASED).values("study_id")
    return Study.objects.filter(Q(pk__in=counted) | Q(pk__in=begun), review=review).order_by("label", "id")


def slots(
    review: Review, studies: Sequence[Study], forms: Sequence[Form], user_id: int, roles: Collection[str]
) -> dict[int, list[Slot]]:
    """Study to its slots, in the order of `forms`, as somebody with these roles sees them. Three queries."""
    needed = needed_in(review.pk)
    rows = Assignment.objects.filter(study__in=studies, form__in=forms).select_related("extractor").order_by("id")
    held: dict[tuple[int, int], list[Assignment]] = defaultdict(list)
    for assignment in rows.exclude(status=AssignmentStatus.RELEASED):
        held[assignment.study_id, assignment.form_id].append(assignment)
    entered = _entered(studies, forms)
    found: dict[int, list[Slot]] = {}
    for study in studies:
        found[study.pk] = [
            _slot(study, form, held[study.pk, form.pk], entered, needed, user_id, roles) for form in forms
        ]
    return found


def _slot(
    study: Study,
    form: Form,
    held: Sequence[Assignment],
    entered: dict[tuple[int, int, int], int],
    needed: int,
    user_id: int,
    roles: Collection[str],
) -> Slot:
    team = Team({assignment.extractor_id: assignment.status for assignment in held}, needed)
    told = sees_settled(roles=roles, all_done=team.all_done)
    seated = tuple(
        Seated(
            assignment,
            assignment.extractor.get_full_name() or assignment.extractor.get_username(),
            entered.get((study.pk, form.pk, assignment.extractor_id), 0)
            if told or assignment.extractor_id == user_id
            else None,
        )
        for assignment in held
    )
    own = next((assignment for assignment in held if assignment.extractor_id == user_id), None)
    return Slot(study, form, team, seated, own)


def _entered(studies: Sequence[Study], forms: Sequence[Form]) -> dict[tuple[int, int, int], int]:
    rows = Value.objects.filter(study__in=studies, form_version__form__in=forms, superseded_by=None)
    rows = rows.filter(capacity=Capacity.EXTRACTION).exclude(state=ValueState.WITHDRAWN).order_by()
    counted = rows.values_list("study_id", "form_version__form_id", "author_id").annotate(number=Count("pk"))
    return {(study, form, author): number for study, form, author, number in counted}
