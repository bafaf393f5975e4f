"""What a lead does to bring in decisions that were made elsewhere: look, choose, bring in, take back (IMP-06).

They are stored by a worker (`elsewhere_run`), each under the name of the lead who brought them in.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from audit import events
from reviewapp.queue import enqueue
from screening.actions import elsewhere_plan
from screening.actions.imports import CHECKED_AT_ONCE
from screening.enums import CountsAs, DecisionImportStatus, ImportStatus, Stage, Verdict
from screening.importing import NotACitationFile
from screening.models.decision_import import DecisionImport
from screening.models.protocol import ExclusionReason
from screening.models.record import Record
from screening.models.source import ImportedFile

log = structlog.get_logger(__name__)
MATCHED_AT_ONCE = 5_000
"""Records. To match a file with more, all of them are learned first, which takes longer than a request may."""

LOOK, RUN = "screening.look_for_decisions", "screening.bring_in_decisions"
Status = DecisionImportStatus
OPEN_TO_CHOICE = (Status.LOOKING, Status.CHOOSING)
UNDER_WAY = (Status.LOOKING, Status.QUEUED, Status.RUNNING, Status.RETURNING)
RETURNABLE = (Status.QUEUED, Status.RUNNING, Status.DONE, Status.FAILED)
MEANINGS = (Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.MAYBE)


class ElsewhereRefusedError(ValueError):
    """Nothing was changed; the message says why and what to do."""


@transaction.atomic
def begin(*, file: ImportedFile, by: User, at_once: bool | None = None) -> DecisionImport:
    """Look for decisions in a file that was imported, or in one whose dry run is done, which from then on is read for
    its decisions only: no citation of it is imported. Raises ElsewhereRefusedError.
    """
    row = ImportedFile.objects.select_for_update(no_key=True, of=("self",)).select_related("review").get(pk=file.pk)
    if row.status == ImportStatus.CHECKED:
        row.status = ImportStatus.DECISIONS
        row.save()
    if row.status not in (ImportStatus.DONE, ImportStatus.DECISIONS):
        raise ElsewhereRefusedError(
            f"“{row.name}” is {row.get_status_display().lower()}. Decisions are read from a file that was imported, or "
            "whose dry run is done."
        )
    open_one = DecisionImport.objects.filter(file=row, status__in=OPEN_TO_CHOICE).first()
    if open_one is not None:
        return open_one
    made = DecisionImport.objects.create(review=row.review, file=row, author=by, heartbeat_at=timezone.now())
    _event("decisions.import_begun", made, by)
    _look(made, at_once=at_once)
    return made


def _look(row: DecisionImport, *, at_once: bool | None) -> None:
    if _is_quick(row) if at_once is None else at_once:
        look(import_id=row.pk)
        row.refresh_from_db()
    else:
        enqueue(LOOK, import_id=row.pk)


def _is_quick(row: DecisionImport) -> bool:
    if row.file.size >= CHECKED_AT_ONCE:
        return False
    matched = row.verdicts and row.file.status == ImportStatus.DECISIONS
    return not matched or Record.objects.filter(review=row.review_id)[:MATCHED_AT_ONCE].count() < MATCHED_AT_ONCE


def look(*, import_id: int) -> None:
    """Read the file of an import that is LOOKING: what stands where, or, once that is chosen, what it would bring.

    Whatever happens, it is LOOKING no more: an error is for the log, and its `error` says that there was one.
    """
    row = DecisionImport.objects.select_related("file", "review").filter(pk=import_id, status=Status.LOOKING).first()
    if row is None:
        return
    found, preview, error = row.found, {}, ""
    try:
        found = found or elsewhere_plan.survey(row)
        preview = elsewhere_plan.plan(row).as_preview() if row.verdicts else {}
    except (NotACitationFile, OSError):
        error = "The stored file can’t be read any more. Tell an administrator."
    except Exception:  # whatever it is, the lead must see that it stopped, and the sweeper must not ring for ever
        log.exception("decisions_not_looked_at", import_id=row.pk)
        error = (
            "The decisions of this file could not be looked at because of an error on the server. Nothing was brought "
            "in. Look again; if it happens again, tell an administrator."
        )
    with transaction.atomic():
        # not if what was chosen is another by now
        same = DecisionImport.objects.select_for_update(no_key=True).filter(pk=row.pk, status=Status.LOOKING)
        now = same.filter(place=row.place, verdicts=row.verdicts, stage=row.stage, reasons=row.reasons).first()
        if now is not None:
            now.found, now.preview, now.error = found, preview, error
            now.status, now.heartbeat_at = Status.CHOOSING, timezone.now()
            now.save()


@transaction.atomic
def choose(
    *,
    row: DecisionImport,
    place: str,
    stage: str,
    counts_as: str,
    by: User,
    verdicts: Mapping[str, str] | None = None,
    reason_place: str = "",
    reasons: Mapping[str, int] | None = None,
    at_once: bool | None = None,
) -> DecisionImport:
    """Say where the decisions stand, what their values mean, and what they count as; see what that would bring.

    `verdicts` is value -> include, exclude or maybe, what is left out means nothing; `reasons` value -> id of an
    exclusion reason of that stage. Without `verdicts` only the place is chosen. Raises ElsewhereRefusedError.
    """
    row = _locked(row)
    if row.status not in OPEN_TO_CHOICE:
        raise ElsewhereRefusedError("These decisions are brought in already; take them back to choose anew.")
    _check(row, place, stage, counts_as, verdicts or {}, reason_place, reasons or {})
    old = _chosen(row)
    row.place, row.stage, row.counts_as, row.reason_place = place, stage, counts_as, reason_place
    row.verdicts, row.reasons = dict(verdicts or {}), dict(reasons or {})
    row.status, row.preview, row.heartbeat_at = Status.LOOKING, {}, timezone.now()
    row.save()
    _event("decisions.chosen", row, by, old=old, new=_chosen(row))
    _look(row, at_once=at_once)
    return row


def _check(
    row: DecisionImport,
    place: str,
    stage: str,
    counts_as: str,
    verdicts: Mapping[str, str],
    reason_place: str,
    reasons: Mapping[str, int],
) -> None:
    places = {name for name, *_ in row.found.get("places", [])}
    others = {name for name, *_ in row.found.get("reasons", [])}
    if place not in places or (reason_place and reason_place not in others):
        raise ElsewhereRefusedError("There is no such column or tag in this file. Choose one of the list.")
    if stage not in Stage.values or counts_as not in CountsAs.values or not set(verdicts.values()) <= set(MEANINGS):
        raise ElsewhereRefusedError("Choose include, exclude, maybe or nothing for each value.")
    known = ExclusionReason.objects.filter(review=row.review, stage=stage, retired=False).values_list("pk", flat=True)
    if not set(reasons.values()) <= set(known):
        raise ElsewhereRefusedError("One of the reasons is not in the list of this stage any more. Choose again.")


def _chosen(row: DecisionImport) -> dict[str, Any]:
    names = ("place", "stage", "counts_as", "verdicts", "reason_place", "reasons")
    return {name: getattr(row, name) for name in names}


def choice_digest(row: DecisionImport) -> str:
    """Stands for what is chosen, as a page shows it."""
    return hashlib.sha256(json.dumps(_chosen(row), sort_keys=True).encode()).hexdigest()


@transaction.atomic
def commit(*, row: DecisionImport, by: User, seen: str | None = None) -> DecisionImport:
    """Have a worker bring in what the preview showed, or go on where one failed. Raises ElsewhereRefusedError, also
    where something else than `seen` (its `choice_digest`) is chosen by now.
    """
    row = _locked(row)
    if seen is not None and seen != choice_digest(row):
        raise ElsewhereRefusedError(
            "Somebody else, or you in another window, chose otherwise since you opened this page. Nothing was started "
            "by you. Read what is chosen now."
        )
    if row.status in (Status.QUEUED, Status.RUNNING, Status.DONE):
        return row  # a second click
    ready = row.status == Status.CHOOSING and row.preview.get("records") and not row.error
    if not ready and not (row.status == Status.FAILED and row.returned_by_id is None):
        raise ElsewhereRefusedError("Choose first what the values mean: as it stands, no decision would be brought in.")
    _check_once(row)
    again = row.status == Status.FAILED
    row.status, row.error, row.author, row.heartbeat_at = Status.QUEUED, "", by, timezone.now()
    row.save()
    _event("decisions.import_started", row, by, new=_chosen(row), records=row.preview.get("records", 0), again=again)
    enqueue(RUN, import_id=row.pk)
    return row


def _check_once(row: DecisionImport) -> None:
    """The same words twice would be two reviewers' opinions."""
    same = DecisionImport.objects.filter(file=row.file, place=row.place, stage=row.stage).exclude(pk=row.pk)
    earlier = same.exclude(status__in=(*OPEN_TO_CHOICE, Status.TAKEN_BACK)).select_related("author").first()
    if earlier is not None:
        day, at = timezone.localtime(earlier.created_at).strftime("%-d %B %Y"), earlier.get_stage_display().lower()
        who = earlier.author.get_full_name() or earlier.author.get_username()
        raise ElsewhereRefusedError(
            f"What stands there in “{row.file.name}” was brought in already, for {at}, by {who} in the import begun on "
            f"{day}. Nothing was stored again. To read it otherwise, take that import back first, on its page (the "
            "file’s page lists it), and then bring this one in."
        )


@transaction.atomic
def take_back(*, row: DecisionImport, by: User, reason: str) -> DecisionImport:
    """Withdraw all that this import brought in, by a worker. What people decided here stays; nothing is deleted."""
    row = _locked(row)
    if row.status in (Status.RETURNING, Status.TAKEN_BACK):
        return row
    if row.status not in RETURNABLE:
        raise ElsewhereRefusedError("Nothing was brought in yet, so there is nothing to take back.")
    if not reason.strip():
        raise ElsewhereRefusedError("Say why these decisions are taken back: the reason is kept.")
    row.status, row.error, row.returned_by, row.heartbeat_at = Status.RETURNING, "", by, timezone.now()
    row.save()
    _event("decisions.returning", row, by, reason=reason.strip())
    enqueue(RUN, import_id=row.pk)
    return row


@transaction.atomic
def discard(*, row: DecisionImport, by: User) -> None:
    """Leave the decisions of a file alone after all; one that was looked at for these alone waits to be imported again.

    Raises ElsewhereRefusedError once they were brought in.
    """
    file = ImportedFile.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.file_id)
    row = _locked(row)
    if row.status not in OPEN_TO_CHOICE:
        raise ElsewhereRefusedError("These decisions are brought in already; take them back instead.")
    _event("decisions.discarded", row, by)
    row.delete()
    if file.status == ImportStatus.DECISIONS and not file.decision_imports.exists():
        file.status = ImportStatus.CHECKED
        file.save()


def _locked(row: DecisionImport) -> DecisionImport:
    rows = DecisionImport.objects.select_for_update(no_key=True, of=("self",)).select_related("file", "review")
    return rows.get(pk=row.pk)


def _event(kind: str, row: DecisionImport, by: User, *, reason: str = "", **data: Any) -> None:
    events.record(kind, subject=row, by=by, review_id=row.review_id, reason=reason, name=row.file.name, **data)


@transaction.atomic
def sweep(*, stale_seconds: int = 60) -> int:
    """Ring again for what no worker has been at for a while; how often."""
    stale = timezone.now() - timedelta(seconds=stale_seconds)
    rows = DecisionImport.objects.filter(status__in=UNDER_WAY, heartbeat_at__lt=stale)
    left = list(rows.select_for_update(no_key=True, skip_locked=True))
    for row in left:
        DecisionImport.objects.filter(pk=row.pk).update(heartbeat_at=timezone.now())
        enqueue(LOOK if row.status == Status.LOOKING else RUN, import_id=row.pk)
    return len(left)
