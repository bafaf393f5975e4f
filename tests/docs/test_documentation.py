"""What the documentation names exists: settings and their defaults, commands, make targets, linked files."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import get_commands

from reviewapp.settings import Environment

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
ADMINS = ROOT / "docs" / "admins-guide.md"
APACHE = "283ea6cc2997a1a70da0049e09adf9317bb60ca1b51279b65196b83a69e1996b"  # LICENSE-2.0.txt, stripped
SHOWN = {True: "true", False: "false", "": "empty", str(ROOT / ".data"): ".data"}
page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)


def _documented() -> dict[str, str]:
    """Variable -> default, from the table below the marker."""
    table = ADMINS.read_text().partition("<!-- settings:")[2].partition("\n\n")[0]
    return {name: default.strip("`") for name, default in re.findall(r"^\| `(\w+)` \| (\S+) \|", table, re.MULTILINE)}


def _anchors(path: Path) -> set[str]:
    """The fragments that GitHub and other viewers give to headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_setting_is_documented_with_its_default():
    fields = {name.upper(): str(field.default) for name, field in Environment.model_fields.items()}
    words = {str(value): shown for value, shown in SHOWN.items()}
    assert _documented() == {name: words.get(default, default) for name, default in fields.items()}


@page
def test_every_link_leads_to_a_file_and_a_heading(path: Path):
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if re.match(r"\w+:", target) or target == "docs/images/workbench.png":  # the picture is taken last
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            dead.append(target)
    assert dead == []


@page
def test_every_management_command_that_is_named_exists(path: Path):
    named = set(re.findall(r"manage\.py (\w+)", path.read_text()))
    assert named - set(get_commands()) == set()


@page
def test_every_make_target_that_is_named_exists(path: Path):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text(), re.MULTILINE))
    assert named - targets == set()


@page
def test_every_module_path_that_is_named_exists(path: Path):
    folders = "reviewapp|audit|screening|static|scripts|requirements|docs|tests|templates"
    named = re.findall(rf"`((?:{folders})/[\w./-]+)`", path.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_licence_is_the_whole_apache_licence():
    text = (ROOT / "LICENSE").read_bytes().strip()
    assert sha256(text).hexdigest() == APACHE
