"""The workbench's API: what comes next, and storing what a reviewer says of it."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reviewapp.prepared import LARGEST
from screening.access import Seat, record_for, seat_for
from screening.actions import decisions
from screening.actions.reservations import claim_next
from screening.actions.stages import rule_for
from screening.enums import Judged, OverrideReason, Stage, Verdict
from screening.forms.records import narrowing
from screening.models.stage import StageRule
from screening.queries.amendments.earlier import earlier_word
from screening.queries.amendments.protocol import id_in_force
from screening.queries.assistants.suggestions import latest, shown
from screening.queries.progress.progress import recent_progress
from screening.queries.stages.queue import cards, decision_shown
from screening.visibility import mode_in_force, sees_suggestion

MOST = 20
MOST_CRITERIA = 100


class Refused(APIException):
    """The decision can't stand; nothing was stored."""

    status_code = status.HTTP_409_CONFLICT


class QueueQuery(serializers.Serializer[Any]):
    stage = serializers.ChoiceField(Stage.choices, default=Stage.TITLE_ABSTRACT)
    limit = serializers.IntegerField(min_value=0, max_value=MOST, default=5)


class DecisionIn(serializers.Serializer[Any]):
    """One decision, and how much of the queue to send along with the answer."""

    record = serializers.IntegerField(min_value=1, max_value=LARGEST)
    stage = serializers.ChoiceField(Stage.choices)
    verdict = serializers.ChoiceField(Verdict.choices)
    reason = serializers.IntegerField(required=False, allow_null=True)
    idempotency_key = serializers.UUIDField()
    seconds = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=86_400)
    citing = serializers.IntegerField(required=False, allow_null=True)
    override = serializers.ChoiceField(OverrideReason.choices, required=False, allow_blank=True, default="")
    protocol = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=LARGEST)
    judgements = serializers.DictField(child=serializers.ChoiceField(Judged.choices), required=False, default=dict)
    have = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST), required=False, default=list, max_length=100
    )
    limit = serializers.IntegerField(min_value=0, max_value=MOST, default=5)

    def validate_judgements(self, value: dict[str, str]) -> dict[str, str]:
        """By id of the criterion."""
        if len(value) > MOST_CRITERIA or not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in value):
            raise serializers.ValidationError("Judgements are given by the id of a criterion of the protocol.")
        return value


class QueueView(APIView):
    """The next records for the reviewer who asks, reserved for half an hour."""

    get_writes = True  # reservations
    decides = True  # of records for a vote

    @extend_schema(
        parameters=[QueueQuery, OpenApiParameter("have", OpenApiTypes.STR, description="Ids in hand, by comma.")],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, review_id: int) -> Response:
        seat = seat_for(request.user, review_id, "screen")
        query = QueueQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        words = request.query_params.get("have", "").split(",")
        have = [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 19][:100]
        rule = rule_for(seat.review, query.validated_data["stage"])
        within = narrowing(request.query_params, seat)[0]
        return Response(upcoming(seat, rule, limit=query.validated_data["limit"], have=have, within=within))


class DecisionsView(APIView):
    """Store a decision; the answer brings the revealed suggestion, if the mode allows, and the next records."""

    decides = True

    @extend_schema(request=DecisionIn, responses={201: OpenApiTypes.OBJECT, 200: OpenApiTypes.OBJECT})
    def post(self, request: Request, review_id: int) -> Response:
        seat = seat_for(request.user, review_id, "screen")
        asked = DecisionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        recorded = _store(seat, data)
        rule = recorded.rule
        within = narrowing(request.query_params, seat)[0]
        limit, have = data["limit"] - len(data["have"]), data["have"]
        body = {
            "decision": decision_shown(recorded.decision),
            "suggestion": _revealed(seat, rule, recorded),
            "earlier": _earlier(seat, recorded),
            **upcoming(seat, rule, limit=limit, have=have, within=within, key="next"),
        }
        return Response(body, status.HTTP_201_CREATED if recorded.created else status.HTTP_200_OK)


class RecordView(APIView):
    """One record as the workbench shows it, with one's own last word on it."""

    @extend_schema(parameters=[QueueQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, review_id: int, record_id: int) -> Response:
        seat = seat_for(request.user, review_id)
        query = QueueQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        record = record_for(seat, record_id)
        stage = query.validated_data["stage"]
        (card,) = cards(
            [record.merged_into_id or record.pk],
            stage=stage,
            reviewer_id=seat.user.pk,
            oversight=mode(seat, rule_for(seat.review, stage)),
            roles=seat.roles,
        )
        return Response(card)


def upcoming(
    seat: Seat,
    rule: StageRule,
    *,
    limit: int,
    have: list[int],
    within: "QuerySet[Any, Any] | None" = None,
    key: str = "records",
) -> dict[str, Any]:
    """The next records of the rule's stage under `key`, the progress of that stage, and what it asks of a decision.

    `within` are the ids that the address narrows the queue to (SCR-10), or None.
    """
    stage = rule.stage
    ids = claim_next(rule=rule, reviewer_id=seat.user.pk, limit=limit, have=have, within=within)
    found = cards(ids, stage=stage, reviewer_id=seat.user.pk, oversight=mode(seat, rule), roles=seat.roles)
    asked = {"rule": asked_of(rule, mode(seat, rule)), "protocol": id_in_force(seat.review.pk)}
    return {key: found, "progress": recent_progress(seat.review.pk, stage), **asked}


def asked_of(rule: StageRule, oversight: str) -> dict[str, Any]:
    """What a page that is open already must know when a rule is changed meanwhile."""
    return {"reason_required": rule.reason_required, "ask_criteria": rule.ask_criteria, "oversight": oversight}


def mode(seat: Seat, rule: StageRule) -> str:
    """The oversight mode in force: none where the review's AI is off."""
    return mode_in_force(rule.oversight, ai_enabled=seat.review.ai_enabled)


def _store(seat: Seat, data: dict[str, Any]) -> decisions.Recorded:
    try:
        return decisions.record(
            review=seat.review,
            record_id=data["record"],
            stage=data["stage"],
            verdict=data["verdict"],
            by=seat.user,
            idempotency_key=UUID(str(data["idempotency_key"])),
            reason_id=data.get("reason"),
            citing_id=data.get("citing"),
            override=data["override"],
            seconds=data.get("seconds"),
            protocol_id=data.get("protocol"),
            judgements={int(key): said for key, said in data["judgements"].items()},
        )
    except decisions.DecisionRefusedError as error:
        raise Refused(str(error)) from error


def _earlier(seat: Seat, recorded: decisions.Recorded) -> dict[str, Any] | None:
    """What this person said of the record before it was screened anew: shown as such, and after the new vote only."""
    if not recorded.state.counts_from or recorded.decision.verdict == Verdict.WITHDRAWN:
        return None
    return earlier_word(recorded.state, author_id=seat.user.pk)


def _revealed(seat: Seat, rule: StageRule, recorded: decisions.Recorded) -> dict[str, Any] | None:
    voted = recorded.decision.verdict != Verdict.WITHDRAWN
    if not sees_suggestion(oversight=mode(seat, rule), roles=seat.roles, voted=voted):
        return None
    suggestion = latest([recorded.state.record_id], rule.stage).get(recorded.state.record_id)
    return shown(suggestion) if suggestion else None
