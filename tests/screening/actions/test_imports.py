"""A file from its dry run to stored records."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from audit.models.event import Event
from screening.actions import import_run, imports, sources
from screening.enums import ImportStatus, Stage, StageStatus
from screening.importing import IMPORTER_VERSION
from screening.models.citation import Citation
from screening.models.record import Record
from screening.models.source import ImportedFile, RejectedEntry
from screening.models.stage import StageState
from tests import builders
from tests.citations import bring_in, hand_in, ris, some_ris

pytestmark = pytest.mark.django_db

BAD = "TY  - JOUR\nPY  - 2019\nER  - \n\n"


@pytest.fixture
def review():
    return builders.review()


def test_the_dry_run_counts_and_stores_no_record(review):
    file = hand_in(review, some_ris(3) + BAD)
    assert (file.status, file.format, file.found, file.parsed, file.rejected) == (ImportStatus.CHECKED, "ris", 4, 3, 1)
    assert [(reject["line"], reject["field"]) for reject in file.rejects] == [(34, "title")]
    assert len(file.sample) == 3
    assert Record.objects.count() == Citation.objects.count() == RejectedEntry.objects.count() == 0


def test_the_dry_run_says_what_the_data_lacks(review):
    file = hand_in(review, ris("A title", abstract="") + ris("Another title", number=5, doi="10.1234/x"))
    assert file.quality["missing"] == {"title": 0, "abstract": 1, "year": 0, "doi": 1}


def test_every_citation_keeps_its_raw_text_line_hash_and_importer(review):
    text = some_ris(2)
    file = bring_in(review, text)
    second = Citation.objects.get(file=file, position=2)
    assert second.raw in text
    assert second.raw_sha256 == hashlib.sha256(second.raw.encode()).hexdigest()
    assert (second.line, second.source.name, file.importer_version) == (12, "Invented Database", IMPORTER_VERSION)
    assert file.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_good_entries_are_stored_and_bad_ones_listed_with_line_and_reason(review):
    file = bring_in(review, some_ris(2) + BAD + some_ris(1, start=9))
    assert (file.status, file.stored, file.parsed, file.rejected) == (ImportStatus.DONE, 4, 3, 1)
    reject = RejectedEntry.objects.get(file=file)
    assert (reject.line, reject.field, "no title" in reject.reason) == (23, "title", True)
    assert list(Citation.objects.filter(file=file).values_list("position", flat=True)) == [1, 2, 4]


def test_new_records_wait_at_title_and_abstract_with_history_of_who_brought_them(review):
    bring_in(review, some_ris(2))
    states = StageState.objects.filter(review=review, stage=Stage.TITLE_ABSTRACT)
    assert [state.status for state in states] == [StageStatus.UNSCREENED] * 2
    assert {row.history_type for row in Record.history.all()} == {"+"}
    assert Record.history.count() == 2


def test_the_ledger_tells_the_story_of_an_import(review):
    bring_in(review, some_ris(1))
    told = list(Event.objects.filter(review_id=review.pk).order_by("id").values_list("type", flat=True))
    assert told == [
        "source.added",
        "import.uploaded",
        "import.checked",
        "import.started",
        "duplicates.found",
        "import.finished",
    ]


def test_the_same_content_is_refused_with_the_earlier_import(review):
    earlier = bring_in(review, some_ris(2), name="first.ris")
    with pytest.raises(imports.ImportRefusedError, match=r"first\.ris") as refusal:
        hand_in(review, some_ris(2), name="second.ris")
    assert refusal.value.earlier == earlier
    assert ImportedFile.objects.count() == 1


def test_another_review_may_have_the_same_file(review):
    bring_in(review, some_ris(2))
    assert bring_in(builders.review(), some_ris(2)).status == ImportStatus.DONE


def test_a_file_handed_in_twice_before_its_import_has_one_dry_run(review):
    first, second = hand_in(review, some_ris(2)), hand_in(review, some_ris(2), source="Another Database")
    assert first.pk == second.pk
    assert second.source.name == "Another Database"


def test_a_file_over_the_limit_is_refused(review, settings):
    settings.IMPORT_MAX_BYTES = 100
    with pytest.raises(imports.ImportRefusedError, match="larger than"):
        hand_in(review, some_ris(2))
    assert ImportedFile.objects.count() == 0


def test_importing_twice_imports_once(review):
    file = hand_in(review, some_ris(2))
    for _ in range(2):
        imports.commit(file=file, by=review.created_by)
        import_run.run_import(file_id=file.pk)
    assert Record.objects.count() == 2


def test_a_large_file_is_checked_by_a_worker(review):
    source = sources.describe(review=review, name="Big", by=review.created_by)
    content = ContentFile(some_ris(2).encode(), name="big.ris")
    file = imports.upload(review=review, source=source, file=content, by=review.created_by, at_once=False)
    assert file.status == ImportStatus.CHECKING


def test_a_discarded_dry_run_leaves_its_event_only(review, django_capture_on_commit_callbacks):
    file = hand_in(review, some_ris(2))
    with django_capture_on_commit_callbacks(execute=True):
        imports.discard(file=file, by=review.created_by)
    assert not default_storage.exists(f"imports/{review.pk}/{file.sha256}")
    assert Event.objects.filter(type="import.discarded").count() == 1
    assert ImportedFile.objects.count() == 0


def test_what_is_imported_can_not_be_discarded(review):
    file = bring_in(review, some_ris(1))
    with pytest.raises(imports.ImportRefusedError, match="undo the import"):
        imports.discard(file=file, by=review.created_by)


CSV = "Record title,Summary of it,When\nOn honey,It helps,2019\nOn yoga,It helps too,2020\n"


def test_a_table_without_a_known_title_column_can_be_mapped_and_then_imported(review):
    file = hand_in(review, CSV.replace("Record title", "Heading"), name="table.csv")
    assert file.status == ImportStatus.REFUSED
    assert file.columns == ["Heading", "Summary of it", "When"]
    mapping = {"title": "Heading", "abstract": "Summary of it", "year": "When"}
    file = imports.set_mapping(file=file, mapping=mapping, by=review.created_by)
    assert (file.status, file.parsed) == (ImportStatus.CHECKED, 2)
    imports.commit(file=file, by=review.created_by)
    import_run.run_import(file_id=file.pk)
    assert list(Record.objects.values_list("title", "abstract", "year")) == [
        ("On honey", "It helps", 2019),
        ("On yoga", "It helps too", 2020),
    ]


def test_a_field_that_was_taken_out_of_the_mapping_stays_out(review):
    text = "Title,Year,DOI\nOn honey,2019,10.1234/a\nOn yoga,2020,10.1234/b\n"
    file = imports.set_mapping(
        file=hand_in(review, text, name="t.csv"), mapping={"title": "Title", "year": ""}, by=review.created_by
    )
    imports.commit(file=file, by=review.created_by)
    import_run.run_import(file_id=file.pk)
    assert list(Record.objects.values_list("year", "doi")) == [(None, ""), (None, "")]


def test_long_fields_are_kept_whole(review):
    long = "7" * 300
    bring_in(review, ris("A title").replace("ER  -", f"VL  - {long}\nIS  - {long}\nLA  - {long}\nER  -"))
    record = Record.objects.get()
    assert (record.volume, record.issue, record.language) == (long, long, long)
    assert {Record._meta.get_field(name).max_length for name in ("pages", "type")} == {None}
    assert long in record.citation.raw
