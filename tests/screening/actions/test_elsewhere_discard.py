"""Who leaves the decisions of a file alone after all has the file as it was before they were looked for (IMP-06)."""

import pytest
from django.urls import reverse

from screening.actions import elsewhere, import_run, imports
from screening.enums import ImportStatus
from screening.models.source import ImportedFile
from tests import builders
from tests.citations import bring_in, hand_in
from tests.elsewhere import brought_in, looked, rayyan, said, taken_back

pytestmark = pytest.mark.django_db

FILE = rayyan(said("Anna", "Included"), "")


@pytest.fixture
def review():
    return builders.review(reviewers=[builders.user()])


def left_alone(file):
    elsewhere.discard(row=looked(file), by=file.created_by)
    file.refresh_from_db()
    return file


def test_a_dry_run_can_be_imported_or_discarded_as_before(review):
    file = left_alone(hand_in(review, FILE))
    assert file.status == ImportStatus.CHECKED
    import_run.run_import(file_id=imports.commit(file=file, by=review.created_by).pk)
    file.refresh_from_db()
    assert (file.status, file.parsed) == (ImportStatus.DONE, 2)
    other = left_alone(hand_in(review, FILE + "\n", name="other.ris"))
    imports.discard(file=other, by=review.created_by)
    assert ImportedFile.objects.get() == file


def test_an_imported_file_stays_imported(review):
    assert left_alone(bring_in(review, FILE)).status == ImportStatus.DONE


def test_a_file_of_which_decisions_were_brought_in_stays_read_for_its_decisions(review):
    bring_in(review, FILE)
    row = brought_in(hand_in(review, FILE + "\n", name="decisions.ris"))
    assert left_alone(row.file).status == ImportStatus.DECISIONS
    taken_back(row)
    assert left_alone(row.file).status == ImportStatus.DECISIONS, "what was brought in and taken back is kept with it"


def test_what_is_read_for_its_decisions_says_how_it_is_imported_or_dropped(review):
    file = hand_in(review, FILE)
    looked(file)
    for verb in (imports.commit, imports.discard):
        with pytest.raises(imports.ImportRefusedError, match="read for its decisions only") as refused:
            verb(file=file, by=review.created_by)
        assert "undo" not in str(refused.value)


@pytest.mark.parametrize("content", [FILE, rayyan("", "")])
def test_the_page_of_the_file_offers_to_import_it_again(client, review, content):
    client.force_login(review.created_by)
    file = hand_in(review, content)
    row = looked(file)
    page = client.get(reverse("screening:elsewhere", args=[review.pk, row.pk])).content.decode()
    assert "Leave these decisions alone" in page
    left = client.post(reverse("screening:elsewhere-change", args=[review.pk, row.pk, "discard"]), follow=True)
    assert "It can be imported as before" in left.content.decode()
    assert "Import 2 citations" in left.content.decode()
