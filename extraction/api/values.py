"""The extraction screen's API: store a value, accept or reject a proposal; the answer says what changed there."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from extraction.access import form_for
from extraction.actions import proposals, values
from extraction.enums import OverrideReason, ValueState
from extraction.models.form import Form
from extraction.models.proposal import Proposal
from extraction.page import around, progress, sides
from extraction.queries.sheets import sheet
from screening.access import Seat, seat_for, study_for
from screening.models.study import Study


class Refused(APIException):
    """The value can't stand; nothing was stored."""

    status_code = status.HTTP_409_CONFLICT


class NeedsConfirming(APIException):
    """It can be stored with `confirmed`: true, once the person has looked."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "needs_confirming"


class ValueIn(serializers.Serializer[Any]):
    """One value. With `accept`, that proposal as it stands; then `raw`, `unit` and `state` are not read."""

    field = serializers.CharField(max_length=60)
    arm = serializers.IntegerField(required=False, allow_null=True)
    measure = serializers.IntegerField(required=False, allow_null=True)
    raw = serializers.JSONField(required=False, allow_null=True, default=None)
    unit = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)
    state = serializers.ChoiceField(ValueState.choices, default=ValueState.REPORTED)
    citing = serializers.IntegerField(required=False, allow_null=True, default=None)
    accept = serializers.IntegerField(required=False, allow_null=True, default=None)
    override = serializers.ChoiceField(OverrideReason.choices, required=False, allow_blank=True, default="")
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=5_000)
    quote = serializers.CharField(required=False, allow_blank=True, default="", max_length=values.LONGEST_QUOTE)
    document = serializers.IntegerField(required=False, allow_null=True, default=None)
    confirmed = serializers.BooleanField(default=False)
    idempotency_key = serializers.UUIDField()


class RejectionIn(serializers.Serializer[Any]):
    proposal = serializers.IntegerField()
    reason = serializers.ChoiceField(OverrideReason.choices)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=5_000)


class ValuesView(APIView):
    """Store what the extractor who asks says of a cell."""

    decides = True

    @extend_schema(request=ValueIn, responses={201: OpenApiTypes.OBJECT, 200: OpenApiTypes.OBJECT})
    def post(self, request: Request, review_id: int, study_id: int, form_id: int) -> Response:
        seat, study, form = _place(request, review_id, study_id, form_id)
        asked = ValueIn(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            stored = _store(study, form, seat, asked.validated_data)
        except values.NeedsConfirmingError as error:
            raise NeedsConfirming(str(error)) from error
        except values.ValueRefusedError as error:
            raise Refused(str(error)) from error
        code = status.HTTP_201_CREATED if stored.created else status.HTTP_200_OK
        return Response(changed(study, form, seat, stored.value.cell), code)


class RejectionsView(APIView):
    """Reject a proposal, with the reason."""

    decides = True

    @extend_schema(request=RejectionIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, review_id: int, study_id: int, form_id: int) -> Response:
        seat, study, form = _place(request, review_id, study_id, form_id)
        asked = RejectionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        proposal = proposal_of(study, form, data["proposal"])
        try:
            proposals.reject(proposal=proposal, by=seat.user, reason=data["reason"], note=data["note"])
        except values.ValueRefusedError as error:
            raise Refused(str(error)) from error
        return Response(changed(study, form, seat, proposal.cell), status.HTTP_201_CREATED)


def changed(study: Study, form: Form, seat: Seat, key: str) -> dict[str, Any]:
    """What a new word in a cell changes on the screen."""
    now = sheet(study, form, user_id=seat.user.pk, roles=seat.roles)
    return {"cell": key, "sides": sides(now, around(now, key)), "doubts": now.doubts, "progress": progress(now)}


def proposal_of(study: Study, form: Form, pk: int) -> Proposal:
    """A proposal for this study and form; else the request is refused."""
    proposal = Proposal.objects.filter(pk=pk, study=study, form_version__form=form).first()
    if proposal is None:
        raise Refused("There is no such proposal for this study. Load the page again.")
    return proposal


def _place(request: Request, review_id: int, study_id: int, form_id: int) -> tuple[Seat, Study, Form]:
    seat = seat_for(request.user, review_id, "extract")
    return seat, study_for(seat, study_id), form_for(seat, form_id)


def _store(study: Study, form: Form, seat: Seat, data: dict[str, Any]) -> values.Stored:
    if data["accept"] is not None:
        return values.accept(
            proposal=proposal_of(study, form, data["accept"]),
            form=form,
            by=seat.user,
            idempotency_key=data["idempotency_key"],
            confirmed=data["confirmed"],
            note=data["note"],
        )
    return values.record(
        study=study,
        form=form,
        field_key=data["field"],
        arm_id=data.get("arm"),
        measure_id=data.get("measure"),
        raw=data["raw"],
        unit=data["unit"],
        state=data["state"],
        citing_id=data["citing"],
        override=data["override"],
        note=data["note"],
        quote=data["quote"],
        document_id=data["document"],
        confirmed=data["confirmed"],
        by=seat.user,
        idempotency_key=data["idempotency_key"],
    )
