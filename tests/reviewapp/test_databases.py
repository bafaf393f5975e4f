"""The fixtures that give each test its rows: what one test writes, the next never sees."""

import psycopg
import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection


@pytest.mark.parametrize("run", [1, 2])
def test_rows_of_a_rolled_back_test_are_gone(db: None, run: int) -> None:
    assert not User.objects.exists()
    User.objects.create_user("someone")


@pytest.mark.parametrize("run", [1, 2])
def test_rows_of_a_committed_test_are_gone(transactional_db: None, run: int) -> None:
    assert not User.objects.exists()
    User.objects.create_user("someone")


def test_a_committed_row_is_seen_from_outside(transactional_db: None, database_address: str) -> None:
    User.objects.create_user("someone")
    with psycopg.connect(database_address) as other:
        assert other.execute("SELECT username FROM auth_user").fetchall() == [("someone",)]


def test_what_migrations_wrote_outlives_a_committed_test(
    transactional_db: None,
) -> None:
    assert Permission.objects.exists()


def test_the_application_is_no_superuser(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_vectors_are_there(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT '[1,2]'::vector <-> '[1,2]'::vector")
        assert cursor.fetchone() == (0.0,)
