"""The web process and the task registry start without what is heavy; what is rung for exists."""

import ast
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import pytest
from django.conf import settings

from screening.running.bells import BELLS

HEAVY = ("torch", "sentence_transformers", "litellm", "sklearn", "scipy", "transformers", "matplotlib", "pandas")
SHOW = f"import sys; print(' '.join(sorted(set({HEAVY!r}) & set(sys.modules))))"
RINGS = {"enqueue", "ring_many", "ring_later"}


@pytest.mark.parametrize(
    "start",
    [
        "import reviewapp.wsgi; from django.urls import get_resolver; get_resolver().reverse_dict",
        "from reviewapp.celery import app; app.loader.import_default_modules(); app.tasks['screening.sweep']",
        "import django; django.setup(); import reviewapp.rest",  # before REST framework's views, as commands do
    ],
)
def test_neither_starting_the_web_process_nor_importing_the_tasks_loads_what_is_heavy(start, tmp_path):
    assert printed(f"{start}; {SHOW}", tmp_path) == ""


def printed(program, data_dir):
    """What a process of its own prints: in this one, tests have imported all sorts of things."""
    surroundings = {
        "PATH": "/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "reviewapp.settings",
        "SECRET_KEY": "x" * 40,
        "DATA_DIR": str(data_dir),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR, env=surroundings, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def registered(tmp_path_factory):
    """The names of the tasks that a worker knows when it has started."""
    show = "from reviewapp.celery import app; app.loader.import_default_modules(); print(*app.tasks)"
    return set(printed(show, tmp_path_factory.mktemp("data")).split())


def rung():
    """(file, task name) of every ring in the source; names that are constants of a module are looked up there."""
    trees = {path: ast.parse(path.read_text()) for path in sources()}
    constants = {}
    for tree in trees.values():
        for node in tree.body:
            if isinstance(node, ast.Assign):
                constants |= dict(pairs(node.targets[0], node.value))
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RINGS:
                yield from ((path.name, name) for name in names(node.args[0], constants))


def sources():
    return [
        path
        for folder in ("audit", "screening", "extraction")
        for path in Path(settings.BASE_DIR, folder).rglob("*.py")
    ]


def pairs(target, value):
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=True):
            yield from pairs(one, other)
    elif isinstance(target, ast.Name) and isinstance(value, ast.Constant):
        yield target.id, value.value


def names(node, constants):
    """What a first argument may be: a string, a constant, one of two; a variable is whatever its choices are."""
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return names(node.body, constants) + names(node.orelse, constants)
    known = constants.get(getattr(node, "attr", None) or getattr(node, "id", None))
    return [known] if known else []


def test_every_name_that_is_rung_for_is_a_registered_task(registered):
    found = set(rung()) | {("bells.py", name) for bells in BELLS.values() for name in astuple(bells)}
    assert {"screening.run_import", "screening.screen_item", "screening.prepare_run"} <= {name for _, name in found}
    assert {(file, name) for file, name in found if name not in registered} == set()


def test_what_the_clock_rings_for_and_what_is_routed_is_registered_too(registered):
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= registered
    assert set(settings.CELERY_TASK_ROUTES) <= registered
