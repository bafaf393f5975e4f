"""One function per object that returns it or answers 404: strangers learn nothing, members without the role get 403."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest

from reviewapp import prepared
from screening import policies
from screening.enums import Role
from screening.models.api_token import ApiToken
from screening.models.bulk import BulkDecision
from screening.models.decision_import import DecisionImport
from screening.models.document import Document
from screening.models.note import Tag
from screening.models.pilot import PilotRound
from screening.models.prompt import Prompt
from screening.models.record import Record
from screening.models.review import Review
from screening.models.saved_filter import SavedFilter
from screening.models.search import SavedSearch
from screening.models.source import ImportedFile
from screening.models.stage import StageRule, StageState
from screening.models.study import Study, StudyHint, StudyReport
from screening.models.suggestion import Suggestion
from screening.visibility import mode_in_force, sees_suggestion

TOKENS_NEVER_DECIDE = (
    "A token can't decide: votes and values are given by people themselves. Nothing was stored. Sign in as yourself to "
    "screen or extract."
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place in one review."""

    review: Review
    user: User
    roles: frozenset[str]
    suspended: bool = False

    def can(self, action: str) -> bool:
        return policies.can(action, self.roles) and not (self.suspended and action in policies.NOT_WHILE_SUSPENDED)


SEAT = f"""
SELECT ARRAY(SELECT m.role FROM screening_membership m WHERE m.review_id = v.id AND m.user_id = %(user)s::int),
       EXISTS (SELECT 1 FROM screening_reviewer p
                WHERE p.review_id = v.id AND p.user_id = %(user)s::int AND p.suspended),
       {prepared.columns(Review, "v")}
  FROM screening_review v WHERE v.id = %(review)s::bigint
"""  # noqa: S608  names of columns


def seat_for(user: User | AnonymousUser, review_id: int, action: str = "see_review") -> Seat:
    """The review and this person's roles in it. Http404 for strangers, PermissionDenied for members who may not.

    A suspended reviewer keeps the role, and so stays blinded, and may not screen.

    An instance administrator reads every review as an auditor does.
    """
    if not isinstance(user, User):
        raise Http404
    asked = {"review": int(review_id), "user": user.pk}  # a pattern may hand on the digits themselves
    found = prepared.rows(SEAT, asked) if asked["review"] <= prepared.LARGEST else []
    held, suspended, *row = found[0] if found else ([], False)
    roles = {*held, Role.AUDITOR} if user.is_superuser else {*held}
    if not row or not roles:
        raise Http404("There is no such review, or you are not in its team.")
    seat = Seat(prepared.made(Review, row), user, frozenset(roles), suspended=bool(held) and suspended)
    policies.check(action, seat.roles)
    if seat.suspended and action in policies.NOT_WHILE_SUSPENDED:
        raise PermissionDenied(policies.SUSPENDED)
    return seat


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that `login_required` has let through."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def reviews_for(user: User) -> QuerySet[Review]:
    """The reviews that this person may open."""
    if user.is_superuser:
        return Review.objects.all()
    return Review.objects.filter(memberships__user=user).distinct()


def token_for(user: User, token_id: int) -> ApiToken:
    """One's own API token, or for an administrator anybody's; else Http404."""
    tokens = ApiToken.objects.all() if user.is_superuser else ApiToken.objects.filter(user=user)
    token = tokens.filter(pk=token_id).first()
    if token is None:
        raise Http404("There is no such token of yours.")
    return token


def check_token(token: ApiToken, *, review_id: int | None, writes: bool, decides: bool) -> None:
    """Whether a token's scope reaches what is asked; its user's own rights are looked at apart, as ever.

    Http404 outside its review, PermissionDenied for a person's judgement (law 1: behind a token may be a machine) and
    where it may only read. `review_id` is None outside all reviews: there is nothing there to write.
    """
    if token.review_id is not None and review_id not in (None, token.review_id):
        raise Http404("There is no such review, or this token is not for it.")
    if decides:
        raise PermissionDenied(TOKENS_NEVER_DECIDE)
    if writes and (review_id is None or not token.writes):
        raise PermissionDenied("This token may read, not write. Nothing was stored.")


def record_for(seat: Seat, record_id: int) -> Record:
    """A record of this review, merged or not; else Http404."""
    record = Record.objects.filter(pk=record_id, review=seat.review).first()
    if record is None:
        raise Http404("There is no such record in this review.")
    return record


def import_for(seat: Seat, file_id: int) -> ImportedFile:
    """An import of this review with its source, whatever became of it; else Http404."""
    files = ImportedFile.objects.select_related("source", "created_by", "review")
    file = files.filter(pk=file_id, review=seat.review).first()
    if file is None:
        raise Http404("There is no such import in this review.")
    return file


def tag_for(seat: Seat, tag_id: int) -> Tag:
    """A tag of this review; else Http404."""
    tag = Tag.objects.filter(pk=tag_id, review=seat.review).first()
    if tag is None:
        raise Http404("There is no such tag in this review.")
    return tag


def pilot_for(seat: Seat, pilot_id: int) -> PilotRound:
    """A pilot round of this review; else Http404."""
    pilot = PilotRound.objects.select_related("review", "protocol").filter(pk=pilot_id, review=seat.review).first()
    if pilot is None:
        raise Http404("There is no such pilot round in this review.")
    return pilot


def study_for(seat: Seat, study_id: int) -> Study:
    """A study of this review, whether or not it counts; else Http404."""
    study = Study.objects.select_related("review").filter(pk=study_id, review=seat.review).first()
    if study is None:
        raise Http404("There is no such study in this review.")
    return study


def report_for(seat: Seat, report_id: int) -> StudyReport:
    """A report of a study of this review; else Http404."""
    reports = StudyReport.objects.select_related("study", "record")
    report = reports.filter(pk=report_id, review=seat.review).first()
    if report is None:
        raise Http404("There is no such report in this review.")
    return report


def hint_for(seat: Seat, hint_id: int) -> StudyHint:
    """A hint of this review; else Http404."""
    hint = StudyHint.objects.select_related("first", "second").filter(pk=hint_id, review=seat.review).first()
    if hint is None:
        raise Http404("There is no such hint in this review.")
    return hint


def document_for(seat: Seat, document_id: int) -> Document:
    """A document of this review, with its record, removed or not; else Http404."""
    document = Document.objects.filter(pk=document_id, review=seat.review).select_related("record").first()
    if document is None:
        raise Http404("There is no such document in this review.")
    return document


def saved_filter_for(seat: Seat, filter_id: int) -> SavedFilter:
    """A saved filter of this review that this person may open: their own or a shared one; else Http404."""
    filters = SavedFilter.objects.filter(pk=filter_id, review=seat.review).select_related("owner")
    found = filters.filter(Q(owner=seat.user) | Q(shared=True)).first()
    if found is None:
        raise Http404("There is no such saved filter of yours in this review.")
    return found


def bulk_for(seat: Seat, bulk_id: int) -> BulkDecision:
    """One's own decision on many records; else Http404."""
    found = (
        BulkDecision.objects.select_related("review").filter(pk=bulk_id, review=seat.review, author=seat.user).first()
    )
    if found is None:
        raise Http404("There is no such decision of yours in this review.")
    return found


def saved_search_for(seat: Seat, search_id: int) -> SavedSearch:
    """A search of a public database that this review keeps, removed ones too."""
    rows = SavedSearch.objects.select_related("source", "created_by").filter(review=seat.review, pk=search_id)
    search = rows.first()
    if search is None:
        raise Http404("There is no such search in this review.")
    return search


def suggestion_for(seat: Seat, suggestion_id: int) -> Suggestion:
    """A suggestion of this review in whatever role, where this person may see it; else Http404. One query.

    One that may not be seen yet is answered as one that there is not (AI-02).
    """
    root = Coalesce(OuterRef("record__merged_into"), OuterRef("record"))
    places = StageState.objects.filter(record=root, stage=OuterRef("stage"), voters__contains=[seat.user.pk])
    rules = StageRule.objects.filter(review=OuterRef("review"), stage=OuterRef("stage"))
    rows = Suggestion.objects.annotate(voted=Exists(places), mode=Subquery(rules.values("oversight")[:1]))
    rows = rows.select_related("record", "assistant__card", "assistant__prompt__prompt", "protocol", "item__run")
    found: Any = rows.select_related("beside").filter(pk=suggestion_id, review=seat.review).first()
    mode = mode_in_force(found.mode if found else "off", ai_enabled=seat.review.ai_enabled)
    if found is None or not sees_suggestion(oversight=mode, roles=seat.roles, voted=found.voted):
        raise Http404("There is no such suggestion in this review.")
    suggestion: Suggestion = found
    return suggestion


def prompt_for(seat: Seat, prompt_id: int) -> Prompt:
    """A prompt of this review; else Http404."""
    found = Prompt.objects.select_related("review").filter(pk=prompt_id, review=seat.review).first()
    if found is None:
        raise Http404("There is no such prompt in this review.")
    return found


def decision_import_for(seat: Seat, import_id: int) -> DecisionImport:
    """One import of decisions of the review. Http404 for any other."""
    rows = DecisionImport.objects.select_related("review", "file__source", "author", "returned_by")
    found = rows.filter(pk=import_id, review=seat.review).first()
    if found is None:
        raise Http404("There is no such import of decisions in this review.")
    return found
