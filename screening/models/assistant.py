"""Who, of the machines, may make suggestions."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.immutable import ImmutableModel
from audit.models.model_card import ModelCard
from screening.enums import Engine
from screening.models.prompt import PromptVersion
from screening.models.review import Review


class Assistant(ImmutableModel):
    """A named, versioned, immutable configuration: engine, model, prompt, parameters. A change is a new version."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="assistants")
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    engine = models.CharField(max_length=5, choices=Engine)
    model = models.CharField(max_length=200, blank=True, help_text="litellm's name of the model; empty for `local`.")
    card = models.ForeignKey(ModelCard, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    prompt_version = models.CharField(max_length=20, blank=True)
    prompt = models.ForeignKey(
        PromptVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="assistants"
    )
    parameters = models.JSONField(default=dict, blank=True)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["name", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "name", "version"], name="assistant_version_once"),
            models.CheckConstraint(
                condition=models.Q(engine__in=["local", "panel"], model="")
                | (models.Q(engine="llm") & ~models.Q(model="")),
                name="only_an_llm_has_a_model",
            ),
            models.CheckConstraint(
                condition=models.Q(engine="llm") | models.Q(prompt__isnull=True), name="only_an_llm_has_a_prompt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
