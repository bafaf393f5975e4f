"""Making an assistant, and starting a run."""

from typing import Any

from django import forms

from screening.enums import Engine, Oversight, Stage
from screening.models.assistant import Assistant
from screening.models.prompt import PromptVersion
from screening.models.review import Review
from screening.queries.assistants.endpoints import Offer, available_models
from screening.queries.assistants.examples import MOST
from screening.queries.assistants.prompts import published
from screening.queries.assistants.stability import DEFAULT_SHARE
from screening.queries.assistants.work import OLDER
from screening.queries.documents.papers import LEAST_ROOM, ROOM

LOCAL = "local"
FALLBACKS = ("fallback_1", "fallback_2", "fallback_3")


class AssistantForm(forms.Form):
    """A name and a model. What stands already under this name gets a new version if the model is another."""

    name = forms.CharField(max_length=80, help_text="As people will see it beside its suggestions.")
    model = forms.ChoiceField(help_text="An administrator can add models as model cards.")

    context_characters = forms.IntegerField(
        required=False,
        min_value=LEAST_ROOM,
        max_value=5_000_000,
        label="Longest full text, in characters",
        help_text=f"Of longer ones it is shown passages. Empty: {ROOM:,}, which models of today can read.",
    )

    examples = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST,
        label="Settled records shown to it as examples",
        help_text="The nearest that two people or an adjudicator of this review settled; titles and abstracts. "
        "Longer prompts, so each call costs more. Empty: none.",
    )

    prompt = forms.ModelChoiceField(
        PromptVersion.objects.none(),
        required=False,
        empty_label="Standard: the criteria alone",
        help_text="A published prompt of this review, with its persona and guidance. Not for the offline engine.",
    )

    fallback_1 = forms.ChoiceField(
        required=False,
        label="If it does not answer, ask",
        help_text="Another approved model, where this one is withdrawn, has no credit or key, or fails three times. "
        "Its answers are marked, and count in no agreement.",
    )
    fallback_2 = forms.ChoiceField(required=False, label="If that one does not answer either, ask")
    fallback_3 = forms.ChoiceField(required=False, label="And at last")

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prompt"].queryset = published(review)  # type: ignore[attr-defined]
        self.offers: dict[str, Offer] = {offer.key: offer for offer in available_models()}
        choices = [(offer.key, f"{offer.label} (sends text to {offer.host})") for offer in self.offers.values()]
        self.fields["model"].choices = [*choices, (LOCAL, Engine.LOCAL.label)]  # type: ignore[attr-defined]
        for name in FALLBACKS:
            self.fields[name].choices = [("", "No other model"), *choices]  # type: ignore[attr-defined]

    def offer(self) -> Offer | None:
        """The model that was chosen; None is the offline engine."""
        return self.offers.get(self.cleaned_data["model"])

    def falls_back_on(self) -> list[Offer]:
        """The models that are asked where those before them do not answer, in their order."""
        return [self.offers[said] for name in FALLBACKS if (said := self.cleaned_data[name])]

    def parameters(self) -> dict[str, Any]:
        """What else decides what it says, as far as it was said here."""
        if not self.offer():
            return {}
        return {name: said for name in ("context_characters", "examples") if (said := self.cleaned_data.get(name))}


class OversightForm(forms.Form):
    oversight = forms.ChoiceField(choices=Oversight.choices, widget=forms.RadioSelect, label="AI suggestions")


class RunForm(forms.Form):
    """Which assistant is to look at the records of which stage."""

    stage = forms.ChoiceField(choices=Stage.choices, required=False, initial=Stage.TITLE_ABSTRACT)
    assistant = forms.ModelChoiceField(Assistant.objects.none(), empty_label=None, required=False)
    only = forms.ChoiceField(
        choices=[("", "What it has not looked at yet"), (OLDER, "What was suggested under an older protocol")],
        required=False,
        label="Records",
    )
    repeat_share = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=100,
        initial=DEFAULT_SHARE,
        label="Asked again, %",
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = Assistant.objects.filter(review=review).order_by("name", "-version").distinct("name")
        self.fields["assistant"].queryset = Assistant.objects.filter(pk__in=newest)  # type: ignore[attr-defined]

    def clean_repeat_share(self) -> int:
        """As many in a hundred as usual unless another number was said; 0 is one."""
        said: int | None = self.cleaned_data["repeat_share"]
        return DEFAULT_SHARE if said is None else said

    def clean_stage(self) -> Stage:
        """Title and abstract unless another was chosen."""
        return Stage(self.cleaned_data["stage"] or Stage.TITLE_ABSTRACT)
