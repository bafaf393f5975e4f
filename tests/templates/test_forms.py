"""Forms as the renderer writes them: named, explained and with errors that a screen reader finds."""

from django import forms
from django.test import SimpleTestCase


class Sample(forms.Form):
    title = forms.CharField(label="Title", help_text="What your team calls it.")
    note = forms.CharField(widget=forms.Textarea, required=False)
    mode = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    agreed = forms.BooleanField(label="Agreed")


def rendered(**data: str) -> str:
    return str(Sample(data or None))


def test_an_error_is_linked_to_its_field() -> None:
    html = rendered(mode="a")
    SimpleTestCase().assertInHTML(
        '<input type="text" name="title" class="form-control" required aria-invalid="true"'
        ' aria-describedby="id_title_helptext id_title_error" id="id_title">',
        html,
    )
    assert '<ul class="errorlist" id="id_title_error">' in html


def test_help_has_the_id_that_the_field_points_to() -> None:
    assert 'id="id_title_helptext">What your team calls it.' in rendered()


def test_radio_buttons_are_one_group_with_a_legend() -> None:
    html = rendered()
    assert "<legend>Mode</legend>" in html
    assert html.count('type="radio"') == 2


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert rendered().count("(optional)") == 1


def test_what_people_typed_is_escaped_and_kept_as_it_was() -> None:
    html = rendered(title='"><script>', note="one\n  two")
    assert "<script>" not in html
    assert ">\none\n  two</textarea>" in html
