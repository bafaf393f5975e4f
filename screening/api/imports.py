"""Imports of a review, for scripts that watch them."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import generics, serializers

from screening.access import seat_for
from screening.models.source import ImportedFile


class ImportSerializer(serializers.ModelSerializer[ImportedFile]):
    """One file on its way in: status, counts, and the state of its data."""

    source = serializers.CharField(  # type: ignore[assignment]  # a column of ours, not the option of a field
        source="source.name", read_only=True
    )
    created_by = serializers.CharField(source="created_by.username", read_only=True)

    class Meta:
        model = ImportedFile
        fields = [
            "id", "name", "source", "status", "format", "encoding", "sha256", "size", "found", "parsed", "rejected",
            "stored", "duplicates", "quality", "error", "created_at", "created_by",
        ]  # fmt: skip


class ImportsView(generics.ListAPIView[ImportedFile]):
    """The imports of a review, newest first; for its whole team."""

    serializer_class = ImportSerializer
    queryset = ImportedFile.objects.none()  # for the schema; `get_queryset` answers

    def get_queryset(self) -> QuerySet[ImportedFile, Any]:
        seat = seat_for(self.request.user, self.kwargs["review_id"])
        return ImportedFile.objects.filter(review=seat.review).select_related("source", "created_by")
