"""What people write about a study."""

from django import forms


class StudyForm(forms.Form):
    label = forms.CharField(max_length=120, label="Name", help_text="As reviewers call it, such as “Okafor 2021”.")
    registrations = forms.CharField(
        required=False,
        max_length=1_300,
        label="Trial registrations",
        help_text="Numbers of registers, apart by commas, such as NCT01234567.",
    )

    def codes(self) -> list[str]:
        """The registrations, one by one."""
        written: str = self.cleaned_data["registrations"]
        return written.replace(";", ",").split(",")
