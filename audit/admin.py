"""Model cards in Django's admin. A key goes in and never comes out (SEC-08)."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin

from audit.models.model_card import ModelCard


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
    clear_key = forms.BooleanField(label="Forget the stored key", required=False)

    class Meta:
        model = ModelCard
        exclude = ("key",)  # noqa: DJ006  (what else a card gets is for the admin too; only this must never be)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
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
    list_display = ("name", "model", "api_base", "region", "approved", "has_key")
    list_filter = ("approved",)
    search_fields = ("name", "model")
    fieldsets: ClassVar = [
        (None, {"fields": ["name", "model", "api_base", "new_key", "clear_key", "approved"]}),
        ("What people should know", {"fields": ["intended_use", "limits", "data_terms", "region"]}),
        (
            "Pace and price",
            {"fields": ["requests_per_minute", "tokens_per_minute", "timeout_seconds", "price_in", "price_out"]},
        ),
    ]

    @admin.display(boolean=True, description="Key stored")
    def has_key(self, card: ModelCard) -> bool:
        """Whether a key is stored; never which."""
        return bool(card.key)
