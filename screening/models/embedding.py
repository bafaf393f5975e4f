"""What a record means, as a vector that the embedding model made of its title and abstract."""

from typing import ClassVar

from django.db import models
from pgvector.django import VectorField

from screening.models.record import Record


class RecordEmbedding(models.Model):
    """Exempt from history: made from a record's text by a model, and can be made again at any time.

    One per record and model. `model_sha256` names the model (`reviewapp.ai.embedding.model_hash`): only those of equal
    hashes can be compared. `text_sha256` is the hash of the text that was read. Where title or abstract change, a
    trigger removes the row (its migration), so that a row that stands always speaks of the text that stands.
    `vector` has unit length; how many numbers it has is the model's affair.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="embeddings")
    model_sha256 = models.CharField(max_length=64)
    text_sha256 = models.CharField(max_length=64)
    vector = VectorField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "model_sha256"], name="embedded_once"),
        ]

    def __str__(self) -> str:
        return f"meaning of record {self.record_id}"
