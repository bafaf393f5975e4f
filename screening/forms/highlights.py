"""The lists of words that are highlighted while people screen."""

from typing import Any

from django import forms

from screening.enums import Facet
from screening.models.review import Review
from screening.queries.marks.highlights import FACETS, lines

MOST = 200  # entries of one list
LONGEST = 60  # characters of one entry
WILDCARDS = 3  # in one entry


class WordsField(forms.CharField):
    """One entry per line: words, or phrases, where `*` stands for any letters. Never a pattern of another kind."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}), **options)

    def clean(self, value: Any) -> str:
        """The entries, each once. Raises ValidationError with every line that can't stand."""
        entries = lines(super().clean(value))
        if len(entries) > MOST:
            raise forms.ValidationError(f"A list has at most {MOST} entries; this one has {len(entries)}.")
        wrong = [forms.ValidationError(why) for entry in entries if (why := _refusal(entry))]
        if wrong:
            raise forms.ValidationError(wrong[:10])
        return "\n".join(entries)


def _refusal(entry: str) -> str:
    shown = f"“{entry[:40]}…”" if len(entry) > 40 else f"“{entry}”"
    letters = sum(sign.isalnum() for sign in entry)
    if len(entry) > LONGEST:
        return f"{shown} has {len(entry)} characters; an entry has at most {LONGEST}."
    if not letters:
        return f"{shown} has no letter or digit to look for."
    if "*" in entry and letters < 2:
        return f"{shown} would mark nearly every word. Write at least two letters beside the *."
    if entry.count("*") > WILDCARDS:
        return f"{shown} has {entry.count('*')} wildcards; an entry has at most {WILDCARDS}."
    return ""


class HighlightsForm(forms.Form):
    """All lists of a review; `changes` are they as fields of the Review."""

    include_words = WordsField(label="Words for", help_text="Speak for inclusion: a solid line under the word.")
    exclude_words = WordsField(label="Words against", help_text="Speak against it: a wavy line.")
    population = WordsField(label=Facet.POPULATION.label)
    intervention = WordsField(label=Facet.INTERVENTION.label)
    comparator = WordsField(label=Facet.COMPARATOR.label)
    outcome = WordsField(label=Facet.OUTCOME.label)
    study_design = WordsField(label=Facet.STUDY_DESIGN.label)
    search_words = WordsField(label="Words of the search", help_text="A dashed line: why the record was found.")

    @classmethod
    def of(cls, review: Review, data: Any = None, *, proposed: list[str] | None = None) -> "HighlightsForm":
        """The lists as they are; `proposed` words stand after those of the search, and are not stored yet."""
        initial = {facet.name.lower(): review.pico_words.get(facet, "") for facet in FACETS}
        initial |= {name: getattr(review, name) for name in ("include_words", "exclude_words", "search_words")}
        initial["search_words"] = "\n".join(lines("\n".join([review.search_words, *(proposed or [])])))
        return cls(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        against = {line.casefold() for line in data.get("exclude_words", "").splitlines()}
        both = [line for line in data.get("include_words", "").splitlines() if line.casefold() in against]
        if both:
            self.add_error(
                "exclude_words", f"“{both[0]}” speaks for and against at once. Leave it in one of the lists."
            )
        return data

    @property
    def changes(self) -> dict[str, Any]:
        data = self.cleaned_data
        pico = {str(facet): words for facet in FACETS if (words := data[facet.name.lower()])}
        plain = {name: data[name] for name in ("include_words", "exclude_words", "search_words")}
        return {**plain, "pico_words": pico}
