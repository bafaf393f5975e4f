"""Hashed static files: modules import each other by their hashed names, and vendored scripts are left alone."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("static")
    storages = {"staticfiles": {"BACKEND": "reviewapp.staticfiles.ModuleStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=target, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return target


def test_every_module_imports_files_that_exist_under_their_hashed_names(collected: Path) -> None:
    names = json.loads((collected / "staticfiles.json").read_text())["paths"]
    scripts = [collected / names[path] for path in names if path.startswith("js/") and path.endswith(".js")]
    for script in scripts:
        for target in re.findall(r'^import .*?"(\.[^"]+)"', script.read_text(), re.MULTILINE):
            assert re.search(r"\.[0-9a-f]{12}\.js$", target), f"{script.name}: {target}"
            assert (script.parent / target).exists()


def test_everything_is_compressed(collected: Path) -> None:
    assert list((collected / "js" / "workbench").glob("main.*.js.gz"))
