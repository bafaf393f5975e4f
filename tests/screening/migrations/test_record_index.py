"""The index of words is kept by PostgreSQL: whatever path writes a record, it is found by what it says now."""

from importlib import import_module

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from screening.models.record import Record
from screening.models.record_index import RecordIndex
from screening.searching.fold import fold
from tests import builders

migration = import_module("screening.migrations.0007_lists")


def found(words, column="abstract"):
    return set(
        RecordIndex.objects.extra(where=[f"{column} @@ to_tsquery('english', %s)"], params=[words]).values_list(
            "record_id", flat=True
        )
    )


@pytest.mark.django_db
def test_every_way_of_writing_a_record_keeps_its_words():
    review = builders.review()
    record = builders.record(review, title="Empagliflozin", abstract="kidneys", keywords=["diabetes"], journal="Lancet")
    (other,) = Record.objects.bulk_create([Record(review=review, abstract="spleens")])
    assert (found("kidney"), found("spleen"), found("diabetes & lancet", "fields")) == (
        {record.pk},
        {other.pk},
        {record.pk},
    )
    Record.objects.filter(pk=record.pk).update(abstract="livers")
    assert (found("kidney"), found("liver")) == (set(), {record.pk})
    record.refresh_from_db()
    record.merged_into, record.active, record.year = other, False, 1999
    record.save()
    index = RecordIndex.objects.get(record=record)
    assert (index.active, index.year) == (False, 1999)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE screening_record SET title = 'Sitagliptin' WHERE id = %s", [record.pk])
    assert found("sitagliptin", "fields") == {record.pk}


@pytest.mark.django_db
def test_identifiers_are_kept_whole_whatever_the_accessions_look_like():
    review = builders.review()
    kept = builders.record(review, doi="10.1000/ABC.(1)", accessions=[["pmid", "123"], ["nct", "NCT00000001"]])
    odd = builders.record(review, accessions={"not": "a list"})
    assert sorted(RecordIndex.objects.get(record=kept).ids) == ["10.1000/abc.(1)", "123", "nct00000001"]
    assert RecordIndex.objects.get(record=odd).ids == []


@pytest.mark.django_db
def test_texts_of_any_length_are_taken():
    review = builders.review()
    long = " ".join(f"word{n}" for n in range(200_000))
    record = builders.record(
        review, title=long, abstract=long, keywords=[long], authors=["x" * 3_000_000], journal=long
    )
    assert found("word7 & word4000") == {record.pk}
    assert found("word7", "fields") == {record.pk}


@pytest.mark.django_db
def test_a_record_is_loaded_without_its_words(django_assert_num_queries):
    builders.record(builders.review())
    with django_assert_num_queries(1) as captured:
        Record.objects.get()
    assert "recordindex" not in captured[0]["sql"]


@pytest.mark.django_db
def test_rows_from_before_are_filled_in():
    record = builders.record(builders.review(), abstract="kidneys")
    RecordIndex.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(migration.FILL)
    assert found("kidney") == {record.pk}


class TestFolding(TestCase):
    @settings(max_examples=60)
    @given(st.text(st.characters(codec="utf-8", exclude_characters="\0", max_codepoint=0x24FF), max_size=40))
    def test_python_and_postgresql_fold_alike(self, text):
        with connection.cursor() as cursor:
            cursor.execute("SELECT screening_fold(%s)", [text])
            (there,) = cursor.fetchone()
        assert there.split() == fold(text).split()
