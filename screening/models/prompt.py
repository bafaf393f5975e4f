"""What assistants are told beside the criteria: versions that never change, and who put which of them to use."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.immutable import ImmutableModel
from screening.models.review import Review
from screening.prompts.wordings import Wording

LONGEST_NAME = 80


class Prompt(ImmutableModel):
    """A name under which versions of a wording stand."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="prompts")
    name = models.CharField(max_length=LONGEST_NAME)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "name"], name="prompt_name_once")]

    def __str__(self) -> str:
        return self.name


class PromptVersion(ImmutableModel):
    """Persona and guidance as somebody saved them (`prompts.wordings`); hashed together with the frame around them."""

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    persona = models.TextField(blank=True)
    guidance = models.TextField(blank=True)
    frame = models.CharField(max_length=20)
    note = models.TextField(blank=True, help_text="What was changed, and why.")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["prompt", "-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["prompt", "number"], name="prompt_number_once")]

    def __str__(self) -> str:
        return f"{self.prompt} v{self.number}"

    @property
    def wording(self) -> Wording:
        """As models are told it."""
        return Wording(self.persona, self.guidance)


class PromptPublication(ImmutableModel):
    """That a version may be used by assistants, who said so, and on what ground."""

    version = models.OneToOneField(PromptVersion, on_delete=models.PROTECT, related_name="publication")
    reason = models.TextField(blank=True, help_text="Why it was published without a trial, or what the trial showed.")
    tried_on = models.PositiveIntegerField(help_text="Records that it had been tried on.")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.version} published"
