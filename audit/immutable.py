"""Rows that are written once: Python refuses a second save, PostgreSQL refuses UPDATE, DELETE and TRUNCATE (AUD-01)."""

from typing import Any, NoReturn, TypeVar

from django.db import migrations, models

Row = TypeVar("Row", bound=models.Model)


class ImmutableRowError(TypeError):
    """An append-only row was about to be changed or removed. Write a new row that supersedes it."""


class ImmutableQuerySet(models.QuerySet[Row]):
    """Reads and inserts only."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise ImmutableRowError(f"{self.model.__name__} rows are append-only: they can't be updated.")

    def delete(self) -> NoReturn:
        raise ImmutableRowError(f"{self.model.__name__} rows are append-only: they can't be deleted.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableRowError(f"{self.model.__name__} rows are append-only: they can't be updated.")


class ImmutableModel(models.Model):
    """Base of every append-only table. Its migration adds `AppendOnly("<table>")`; a test holds that."""

    objects = models.Manager.from_queryset(ImmutableQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a row that stands already raises ImmutableRowError."""
        if not self._state.adding:
            raise ImmutableRowError(f"{type(self).__name__} {self.pk} is append-only: it can't be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableRowError(f"{type(self).__name__} {self.pk} is append-only: it can't be deleted.")


REFUSE = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""
DROP_REFUSE = "DROP FUNCTION IF EXISTS audit_refuse();"


class AppendOnly(migrations.RunSQL):
    """Migration operation: PostgreSQL itself refuses to change or remove rows of these tables. Reversible."""

    def __init__(self, *tables: str) -> None:
        self.tables = tables
        super().__init__(
            sql="".join(self._protect(table) for table in tables),
            reverse_sql="".join(self._release(table) for table in tables),
            elidable=False,
        )

    def deconstruct(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        return (type(self).__name__, self.tables, {})

    @staticmethod
    def _protect(table: str) -> str:
        return (
            f'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse();\n"
            f'CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();\n"
        )

    @staticmethod
    def _release(table: str) -> str:
        return (
            f'DROP TRIGGER IF EXISTS append_only ON "{table}";\n'
            f'DROP TRIGGER IF EXISTS append_only_truncate ON "{table}";\n'
        )
