"""Model cards in Django's admin. A key goes in and never comes out (SEC-08)."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin

from audit import cards
from audit.models.model_card import ModelCard
from reviewapp.ai import providers


class ModelCardForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The key is write-only: it is never rendered, an empty field keeps the one that is stored."""

    new_key = forms.CharField(
        label="Key",
        required=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text="Write-only. Empty: the stored key stays, or else the provider's environment variable is used.",
    )
    api_base = forms.URLField(
        label="Address",
        required=False,
        assume_scheme="https",
        help_text=ModelCard._meta.get_field("api_base").help_text,
    )
    options = forms.JSONField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=ModelCard._meta.get_field("options").help_text,
    )
    clear_key = forms.BooleanField(label="Forget the stored key", required=False)

    class Meta:
        model = ModelCard
        # The key must never be shown, and approving is a verb of its own, on the page Models.
        exclude = ("key", "approved", "approved_by", "approved_at", "approved_sha256", "approval_note")  # noqa: DJ006

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["options"] = cleaned.get("options") or {}
        named = providers.PROVIDERS.get(cleaned.get("provider", ""))
        if named and cleaned.get("model") and "/" not in cleaned["model"]:
            cleaned["model"] = f"{named.prefixes[0]}/{cleaned['model']}"
        if cleaned.get("new_key") and cleaned.get("clear_key"):
            raise forms.ValidationError("Either give a new key or forget the stored one, not both.")
        return cleaned

    def save(self, commit: bool = True) -> ModelCard:  # noqa: FBT001, FBT002  (Django's signature)
        if self.cleaned_data.get("clear_key"):
            self.instance.key = ""
        elif self.cleaned_data.get("new_key"):
            self.instance.key = self.cleaned_data["new_key"].strip()
        card: ModelCard = super().save(commit=commit)
        return card


@admin.register(ModelCard)
class ModelCardAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    form = ModelCardForm
    list_display = ("name", "provider", "model", "api_base", "region", "can_be_called", "has_key")
    list_filter = ("approved", "provider")
    readonly_fields = ("approved", "approved_by", "approved_at", "approval_note")
    search_fields = ("name", "model")
    fieldsets: ClassVar = [
        (None, {"fields": ["name", "provider", "model", "api_base", "options", "new_key", "clear_key"]}),
        (
            "Approval",
            {
                "fields": ["approved", "approved_by", "approved_at", "approval_note"],
                "description": "Given and withdrawn on the page Models. A change of provider, model, address or "
                "options suspends it until the card is approved again.",
            },
        ),
        (
            "What people should know",
            {"fields": ["intended_use", "limits", "data_terms", "region", "retention", "retires_on"]},
        ),
        (
            "Pace and price",
            {"fields": ["requests_per_minute", "tokens_per_minute", "timeout_seconds", "price_in", "price_out"]},
        ),
    ]

    @admin.display(boolean=True, description="Can be called")
    def can_be_called(self, card: ModelCard) -> bool:
        """Approved as it stands, and not retired."""
        return not cards.why_not_callable(card)

    @admin.display(boolean=True, description="Key stored")
    def has_key(self, card: ModelCard) -> bool:
        """Whether a key is stored; never which."""
        return bool(card.key)
