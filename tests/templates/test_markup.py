"""What the content security policy and the vendored parts ask of every template and script."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/vendor/tabler/icons.svg").read_text()))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_has_nothing_that_the_policy_refuses(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text())
    assert not re.search(r"<[^>]*\sstyle\s*=", text), "an inline style attribute"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), "an inline event handler"
    assert not re.search(r"<style\b", text), "an inline style sheet"
    assert not re.search(r"<script\b(?![^>]*(\bsrc=|application/json))", text), "an inline script"
    assert not re.search(r"(?:\ssrc|<(?!a\b)[^>]*\shref)=[\"']?(?:https?:)?//", text), "a third-party host"


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_comment_does_not_show(template: Path) -> None:
    """Django's `{# #}` ends with its line: a longer one is text on the page, except above the blocks of a child."""
    text = template.read_text()
    if "{% extends" in text:
        text = text[text.index("{% block") :]
    assert not re.search(r"\{#(?:(?!#\}).)*$", text, re.MULTILINE)


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_every_icon_that_a_template_names_is_in_the_sprite(template: Path) -> None:
    text = template.read_text()
    named = re.findall(r'components/icon\.html" with name="([\w-]+)"', text) + re.findall(r'\bicon="([\w-]+)"', text)
    assert set(named) <= SPRITE


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_every_icon_that_a_script_names_is_in_the_sprite(script: Path) -> None:
    text = script.read_text()
    named = re.findall(r'\bicon\("([\w-]+)"', text) + re.findall(r'\bicon: "([\w-]+)"', text)
    assert set(named) <= SPRITE


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_a_script_is_small_and_never_parses_data_as_markup(script: Path) -> None:
    text = script.read_text()
    assert len(text.splitlines()) < 120
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_imports_have_the_form_that_hashed_names_need(script: Path) -> None:
    for line in re.findall(r"^import .*$", script.read_text(), re.MULTILINE):
        found = re.fullmatch(r'import (?:.+ from )?"(\.{1,2}/[\w./-]+\.js)";', line)
        assert found, line
        assert (script.parent / found.group(1)).exists()


def test_each_vendored_package_has_its_version_and_licence_written_down() -> None:
    listed = (ROOT / "static/vendor/VENDORED.md").read_text()
    for folder in (ROOT / "static/vendor").iterdir():
        if folder.is_dir():
            assert f"`{folder.name}/" in listed
            assert any(folder.glob("*LICENSE*"))


def test_no_rule_of_tabler_makes_a_page_be_styled_anew_at_each_key() -> None:
    """`scripts/vendor` leaves those rules out: beside a PDF, typing a letter took 70 ms longer with them."""
    sheet = (ROOT / "static/vendor/tabler/tabler.min.css").read_text()
    assert not re.findall(r":has\(:focus-visible\)|\.steps:not\(:has\(", sheet)
