"""Importing from the command line."""

import pytest
from django.core.management import CommandError, call_command

from audit.models.event import Event
from screening.models.record import Record
from screening.models.source import Source
from tests import builders
from tests.citations import some_ris

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return builders.review(lead=builders.user("ada"))


def run(review, *files, **options):
    call_command("import_citations", str(review.pk), *map(str, files), source="MEDLINE", **options)


def test_files_are_imported_and_counted_by_a_named_command(review, tmp_path, capsys):
    path = tmp_path / "export.ris"
    path.write_text(some_ris(3) + "TY  - JOUR\nER  - \n")
    run(review, path, kind="register")
    told = capsys.readouterr().out
    assert "line 34: title: The entry has no title" in told
    assert "ris, utf-8: 4 found, 3 imported, 1 rejected, 0 merged" in told
    assert (Record.objects.count(), Source.objects.get().kind) == (3, "register")
    event = Event.objects.get(type="import.finished")
    assert (event.actor_kind, event.actor_name) == ("command", "import_citations as ada")
    assert set(Record.history.values_list("actor_name", flat=True)) == {"import_citations as ada"}


def test_a_bad_file_does_not_stop_the_next_and_the_command_fails(review, tmp_path, capsys):
    bad, good = tmp_path / "bad.ris", tmp_path / "good.ris"
    bad.write_text("Dear all!\n\nAttached please find nothing.\n")
    good.write_text(some_ris(2))
    with pytest.raises(CommandError, match="2 of 3 files"):
        run(review, bad, tmp_path / "absent.ris", good)
    assert "No citations were found" in capsys.readouterr().out
    assert Record.objects.count() == 2


def test_who_is_not_a_lead_can_not_answer_for_an_import(review, tmp_path):
    with pytest.raises(CommandError, match="not a lead"):
        run(review, tmp_path / "x.ris", user=builders.user().username)


def test_an_unknown_review_is_said(tmp_path):
    with pytest.raises(CommandError, match="no review"):
        call_command("import_citations", "nowhere", str(tmp_path), source="MEDLINE")
