"""The vectors of records' texts. A text that changes loses its vector by a trigger: no path that edits one forgets it.

`vector` is PostgreSQL's extension pgvector. The embedded server has it. On another server a superuser makes it once,
before this migration: the role of the application may not.
"""

import django.db.models.deletion
import pgvector.django.vector
from django.db import NotSupportedError, OperationalError, ProgrammingError, migrations, models

MEND = (
    "PostgreSQL's extension “vector” (pgvector 0.5 or later) is needed and not there, and this role may not make it. "
    "Install pgvector on the server, then let a superuser run once, in this database: CREATE EXTENSION vector; "
    "and start the migration again. Nothing was changed."
)
FORGET = """
CREATE FUNCTION screening_forget_meaning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM screening_recordembedding WHERE record_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_meaning AFTER UPDATE OF title, abstract ON screening_record FOR EACH ROW
  WHEN (OLD.title IS DISTINCT FROM NEW.title OR OLD.abstract IS DISTINCT FROM NEW.abstract)
  EXECUTE FUNCTION screening_forget_meaning();
"""
REMEMBER = "DROP TRIGGER forget_meaning ON screening_record; DROP FUNCTION screening_forget_meaning();"


def find_or_make_extension(apps, editor):
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'vector')")
        if cursor.fetchone()[0]:
            return
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
        except (ProgrammingError, NotSupportedError, OperationalError) as error:
            raise ProgrammingError(MEND) from error


class Migration(migrations.Migration):
    dependencies = [("screening", "0016_suggestion_roles")]

    operations = [
        # backwards the extension stays: other things of the database may stand on it
        migrations.RunPython(find_or_make_extension, migrations.RunPython.noop),
        migrations.CreateModel(
            name="RecordEmbedding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model_sha256", models.CharField(max_length=64)),
                ("text_sha256", models.CharField(max_length=64)),
                ("vector", pgvector.django.vector.VectorField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="embeddings",
                        to="screening.record",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("record", "model_sha256"), name="embedded_once")],
            },
        ),
        migrations.RunSQL(FORGET, REMEMBER),
    ]
