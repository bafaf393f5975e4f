"""Handing in files of citations, saying where they come from, and which column is which."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from screening.enums import SourceKind
from screening.importing import Reading
from screening.models.source import ImportedFile, Source

SHOWN_FIELDS = (
    "title", "authors", "year", "journal", "volume", "issue", "pages", "doi",
    "abstract", "keywords", "url", "language", "type", "pmid",
)  # fmt: skip


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True
    needs_multipart_form = True


class FilesField(forms.FileField):
    """Several files in one field; cleans to a list."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given = data if isinstance(data, list | tuple) else [data]
        # an empty file goes on to the dry run, which has a better sentence for it than "required"
        return [super(FilesField, self).clean(item, initial) for item in given] if given else [super().clean(None)]


class UploadForm(forms.Form):
    """Files and their source; a source that is there already keeps what is left empty here."""

    source = forms.CharField(
        label="Where do they come from?",
        max_length=120,
        help_text="The database or register, for instance MEDLINE. Choose a known one, or name a new one.",
        widget=forms.TextInput(attrs={"list": "known-sources", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label="Kind", choices=SourceKind.choices, initial=SourceKind.DATABASE)
    platform = forms.CharField(max_length=120, required=False, help_text="For instance Ovid, EBSCOhost, PubMed.")
    date_searched = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    strategy = forms.CharField(label="Search strategy", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    files = FilesField(allow_empty_file=True)  # type: ignore[assignment]  # the metaclass takes it out of the way

    def source_details(self) -> dict[str, Any]:
        """What `actions.sources.describe` wants to know."""
        data = self.cleaned_data
        details = {name: data[name] for name in ("kind", "platform", "date_searched", "strategy")}
        return details | {"name": data["source"]}


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        model = Source
        fields = ["name", "kind", "platform", "date_searched", "strategy"]
        widgets = {
            "date_searched": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "strategy": forms.Textarea(attrs={"rows": 5}),
        }


class MappingForm(forms.Form):
    """One choice of column per field of ours, for a file that is a table."""

    def __init__(self, data: Any = None, *, file: ImportedFile) -> None:
        super().__init__(data, auto_id=f"id_{file.pk}_%s", initial=file.mapping)
        self._before = file.mapping
        columns = [("", "—"), *((column, column) for column in dict.fromkeys(file.columns) if column)]
        for name in SHOWN_FIELDS:
            label = {"doi": "DOI", "url": "URL", "pmid": "PubMed id"}.get(name, name.capitalize())
            self.fields[name] = forms.ChoiceField(choices=columns, required=name == "title", label=label)

    def mapping(self) -> dict[str, str]:
        """Field -> column; fields that are not shown keep what they had."""
        hidden = {name: column for name, column in self._before.items() if name in Reading.fields}
        return hidden | {name: self.cleaned_data[name] for name in SHOWN_FIELDS}
