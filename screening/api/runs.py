"""Runs of AI suggestions, and the suggestions for a record, over HTTP."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reviewapp.rest import Pagination
from screening.access import Seat, record_for, seat_for
from screening.actions import runs
from screening.actions.stages import rule_for
from screening.enums import Stage
from screening.models.assistant import Assistant
from screening.models.run import Run
from screening.models.stage import StageState
from screening.queries.assistants import runs as run_queries
from screening.queries.assistants import suggestions
from screening.queries.assistants.stability import DEFAULT_SHARE
from screening.queries.assistants.work import OLDER
from screening.visibility import mode_in_force, sees_suggestion


class NotNow(APIException):
    """The run can't be started or changed so; nothing was."""

    status_code = status.HTTP_409_CONFLICT


class RunIn(serializers.Serializer[Any]):
    """Which assistant is to look at the records of a stage. `estimate`: only say what it would take."""

    assistant = serializers.IntegerField()
    stage = serializers.ChoiceField(Stage.choices, default=Stage.TITLE_ABSTRACT)
    estimate = serializers.BooleanField(default=False)
    only = serializers.ChoiceField(["", OLDER], default="", help_text="`older`: only what an older protocol was asked.")
    repeat_share = serializers.IntegerField(
        default=DEFAULT_SHARE, min_value=0, max_value=100, help_text="How many of 100 records are asked about again."
    )


class VerbIn(serializers.Serializer[Any]):
    verb = serializers.ChoiceField(["pause", "resume", "cancel", "retry"])


class RunsView(APIView):
    """The runs of a review, and starting one (AI-10)."""

    decides = False  # it asks for suggestions

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, review_id: int) -> Response:
        seat = seat_for(request.user, review_id, "see_ai")
        pagination: LimitOffsetPagination = Pagination()
        page = pagination.paginate_queryset(run_queries.listed(seat.review), request, view=self) or []
        return pagination.get_paginated_response([shown(run) for run in page])

    @extend_schema(request=RunIn, responses={201: OpenApiTypes.OBJECT, 200: OpenApiTypes.OBJECT})
    def post(self, request: Request, review_id: int) -> Response:
        seat = seat_for(request.user, review_id, "run_ai")
        asked = RunIn(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        assistant = Assistant.objects.filter(pk=data["assistant"], review=seat.review).first()
        if assistant is None:
            raise NotFound("There is no such assistant in this review.")
        asked_for = {"review": seat.review, **{name: data[name] for name in ("stage", "only", "repeat_share")}}
        try:
            if data["estimate"]:
                expected = runs.estimate(**asked_for, assistant=assistant)
                return Response(expected.as_dict() | {"left_out": expected.left_out})
            run = runs.start(**asked_for, assistant=assistant, by=seat.user)
        except runs.RunRefusedError as error:
            raise NotNow(str(error)) from error
        return Response(shown(run), status.HTTP_201_CREATED)


class RunView(APIView):
    """One run with its counts; POST pauses, resumes, cancels or retries it."""

    decides = False

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, review_id: int, run_id: int) -> Response:
        seat = seat_for(request.user, review_id, "see_ai")
        return Response(self._detail(seat, _run(seat, run_id)))

    @extend_schema(request=VerbIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, review_id: int, run_id: int) -> Response:
        seat = seat_for(request.user, review_id, "run_ai")
        asked = VerbIn(data=request.data)
        asked.is_valid(raise_exception=True)
        verbs = {"pause": runs.pause, "resume": runs.resume, "cancel": runs.cancel, "retry": runs.retry_failed}
        try:
            changed = verbs[asked.validated_data["verb"]](run=_run(seat, run_id), by=seat.user)
        except runs.RunRefusedError as error:
            raise NotNow(str(error)) from error
        return Response(self._detail(seat, changed))

    def _detail(self, seat: Seat, run: Run) -> dict[str, Any]:
        voted_by = seat.user.pk if run_queries.veiled(run, seat.roles) else None
        counted, failures = (
            run_queries.progress(run, voted_by=voted_by),
            run_queries.failures(run, voted_by=voted_by),
        )
        kept = run_queries.spent_tells(run, user_id=seat.user.pk, roles=seat.roles)
        return shown(run) | {
            "total": counted.total,
            "done": counted.done,
            "failed": counted.failed,
            "cancelled": counted.cancelled,
            "waiting": counted.waiting,
            "claimed": counted.claimed,
            "seconds_left": counted.seconds_left,
            "spent": None if kept else run_queries.spent(run),
            "proposed": run_queries.split(run, user_id=seat.user.pk, roles=seat.roles),
            "failures": [
                {
                    "record": item.record_id,
                    "study": item.study_id,
                    "kind": item.failure,
                    "why": item.error,
                    "attempts": item.attempts,
                }
                for item in failures[:100]
            ],
        }


class SuggestionsView(APIView):
    """The latest suggestion for a record at each stage where the reader may see it (AI-01, AI-02)."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, review_id: int, record_id: int) -> Response:
        seat = seat_for(request.user, review_id)
        record = record_for(seat, record_id)
        root_id = record.merged_into_id or record.pk
        found = {stage.value: _visible(seat, root_id, stage) for stage in Stage}
        return Response({"suggestions": {stage: one for stage, one in found.items() if one}})


def shown(run: Run) -> dict[str, Any]:
    """A run as JSON."""
    return {
        "id": run.pk,
        "purpose": run.purpose,
        "stage": run.stage,
        "assistant": str(run.assistant),
        "engine": run.assistant.engine,
        "model": run.assistant.model,
        "status": run.status,
        "estimate": run.estimate,
        "created_at": run.created_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
    }


def _run(seat: Seat, run_id: int) -> Run:
    run = Run.objects.select_related("review", "assistant").filter(pk=run_id, review=seat.review).first()
    if run is None:
        raise NotFound("There is no such run in this review.")
    return run


def _visible(seat: Seat, record_id: int, stage: Stage) -> dict[str, Any] | None:
    rule = rule_for(seat.review, stage)
    mode = mode_in_force(rule.oversight, ai_enabled=seat.review.ai_enabled)
    voted = StageState.objects.filter(record_id=record_id, stage=stage, voters__contains=[seat.user.pk]).exists()
    if not sees_suggestion(oversight=mode, roles=seat.roles, voted=voted):
        return None
    suggestion = suggestions.latest([record_id], stage).get(record_id)
    return suggestions.shown(suggestion) if suggestion else None
