"""Notes and tags of a record over HTTP (SCR-03). What others remarked is blinded as on every page."""

from typing import Any
from uuid import uuid4

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from screening import policies
from screening.access import Seat, record_for, seat_for, tag_for
from screening.actions import notes
from screening.models.note import LONGEST_NOTE, LONGEST_TAG
from screening.models.record import Record
from screening.queries.marks import annotations
from screening.queries.marks.annotations import NoteShown


class NotStored(APIException):
    """The note or tag can't stand so; nothing was stored."""

    status_code = status.HTTP_409_CONFLICT


class NoteIn(serializers.Serializer[Any]):
    """A note; with `replaces` in place of one's earlier one, and with an empty text to remove that one."""

    text = serializers.CharField(allow_blank=True, help_text=f"At most {LONGEST_NOTE:,} characters.")
    private = serializers.BooleanField(default=True)
    replaces = serializers.IntegerField(required=False, allow_null=True)
    idempotency_key = serializers.UUIDField(required=False, default=uuid4)


class TagIn(serializers.Serializer[Any]):
    name = serializers.CharField(allow_blank=True, help_text=f"At most {LONGEST_TAG} characters.")


class NotesView(APIView):
    """The notes on a record that one may see, and writing one."""

    decides = False  # a remark settles nothing

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, review_id: int, record_id: int) -> Response:
        seat = seat_for(request.user, review_id)
        return Response(_notes(seat, record_for(seat, record_id)))

    @extend_schema(request=NoteIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, review_id: int, record_id: int) -> Response:
        seat, record = _annotated(request, review_id, record_id)
        data = _checked(NoteIn(data=request.data))
        try:
            stored = notes.write(
                record=record,
                text=data["text"],
                private=data["private"],
                by=seat.user,
                idempotency_key=data["idempotency_key"],
                replaces_id=data.get("replaces"),
            )
        except notes.AnnotationRefusedError as error:
            raise NotStored(str(error)) from error
        return Response({"id": stored.pk, **_notes(seat, record)}, status.HTTP_201_CREATED)


class TagsView(APIView):
    """The tags on a record that one may see, all tags of the review, and putting one on the record."""

    decides = False  # a tag settles nothing

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, review_id: int, record_id: int) -> Response:
        seat = seat_for(request.user, review_id)
        return Response(_tags(seat, record_for(seat, record_id)))

    @extend_schema(request=TagIn, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, review_id: int, record_id: int) -> Response:
        seat, record = _annotated(request, review_id, record_id)
        data = _checked(TagIn(data=request.data))
        try:
            tag = notes.tag(record=record, name=data["name"], by=seat.user, roles=seat.roles)
        except notes.AnnotationRefusedError as error:
            raise NotStored(str(error)) from error
        return Response({"id": tag.pk, **_tags(seat, record)}, status.HTTP_201_CREATED)


class TagView(APIView):
    """Taking a tag off a record; the answer is what is left."""

    decides = False

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def delete(self, request: Request, review_id: int, record_id: int, tag_id: int) -> Response:
        seat, record = _annotated(request, review_id, record_id)
        notes.untag(record=record, tag=tag_for(seat, tag_id), by=seat.user, roles=seat.roles)
        return Response(_tags(seat, record))


def _annotated(request: Request, review_id: int, record_id: int) -> tuple[Seat, Record]:
    """The seat and the record: strangers and other reviews' records get 404, those who only read 403."""
    seat = seat_for(request.user, review_id)
    record = record_for(seat, record_id)
    policies.check("annotate", seat.roles)
    return seat, record


def _checked(asked: serializers.Serializer[Any]) -> dict[str, Any]:
    asked.is_valid(raise_exception=True)
    data: dict[str, Any] = asked.validated_data
    return data


def _notes(seat: Seat, record: Record) -> dict[str, Any]:
    found = annotations.notes_of(record, user_id=seat.user.pk, roles=seat.roles)
    return {"notes": [note_shown(note) for note in found], "blinded": _blinded(seat, record)}


def note_shown(note: NoteShown) -> dict[str, Any]:
    """A note as JSON; `text` is null where only that it was written may be told."""
    return {
        "id": note.id,
        "author": note.author,
        "mine": note.mine,
        "text": note.text,
        "private": note.private,
        "changed": note.changed,
        "created_at": note.at.isoformat(),
    }


def _tags(seat: Seat, record: Record) -> dict[str, Any]:
    root = record.merged_into_id or record.pk
    found = annotations.tags_of([root], review_id=seat.review.pk, user_id=seat.user.pk, roles=seat.roles)
    return {
        "tags": found.get(root, []),
        "all": annotations.vocabulary(seat.review.pk),
        "blinded": _blinded(seat, record),
    }


def _blinded(seat: Seat, record: Record) -> bool:
    return annotations.blinded(record, user_id=seat.user.pk, roles=seat.roles)
