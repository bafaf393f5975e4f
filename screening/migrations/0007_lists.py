"""Lists: the words of records under an index that PostgreSQL keeps, saved filters, decisions made together."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from audit.immutable import AppendOnly


# Words are compared without capitals and accents, and punctuation only parts them: "follow-up" and "and/or" are words
# side by side. `screening.searching.fold` says the same in Python, and a test compares the two.
# (A chain of replace() takes a tenth of the time of translate(), and every import pays it.)
def _chain(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        text = f"replace({text}, '{old}', '{new}')"
    return text


PLAIN = _chain(
    "(CASE WHEN octet_length(t) = char_length(t) THEN lower(t) ELSE {rest} END)", dict.fromkeys("./\\-_@<>&", " ")
)
OTHER = _chain(
    "regexp_replace(regexp_replace(lower(normalize(lower(t), NFKD)), '[\u0300-\u036f]+', '', 'g'),"
    " '[“”„‟«»‹›‘’‚‛–—―−‐‑‒…·•±×÷≥≤≠≈™©®°′″§¶]', ' ', 'g')",
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i"},
)
FOLD = (
    "CREATE FUNCTION screening_fold(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT "
    + PLAIN.replace("{rest}", OTHER)
    + " $$;"
)
# A tsvector holds a megabyte: longer texts are found by their beginnings. Identifiers are compared whole.
FIELDS = """
    setweight(to_tsvector('english', screening_fold(left(r.title, 40000))), 'A')
    || setweight(to_tsvector('simple', screening_fold(left(array_to_string(r.authors, ' ; '), 40000))), 'B')
    || setweight(to_tsvector('english', screening_fold(left(array_to_string(r.keywords, ' ; '), 40000))), 'C')
    || setweight(to_tsvector('english', screening_fold(left(r.journal, 4000))), 'D')"""
ABSTRACT = "to_tsvector('english', screening_fold(left(r.abstract, 150000)))"
IDS = """ARRAY(
        SELECT left(lower(r.doi), 500) WHERE r.doi <> ''
        UNION SELECT left(lower(pair ->> 1), 500) FROM jsonb_array_elements(
            CASE jsonb_typeof(r.accessions) WHEN 'array' THEN r.accessions ELSE '[]'::jsonb END) AS pair
         WHERE pair ->> 1 <> '')"""
COLUMNS = "record_id, review_id, active, year, ids, fields, abstract"
ROW = f"r.id, r.review_id, r.active, r.year, {IDS}, {FIELDS}, {ABSTRACT}"

TRIGGER = f"""
CREATE FUNCTION screening_index_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r screening_record := NEW;
BEGIN
    INSERT INTO screening_recordindex AS i ({COLUMNS}) SELECT {ROW}
        ON CONFLICT (record_id) DO UPDATE SET review_id = EXCLUDED.review_id, active = EXCLUDED.active,
           year = EXCLUDED.year, ids = EXCLUDED.ids, fields = EXCLUDED.fields, abstract = EXCLUDED.abstract;
    RETURN NULL;
END $$;
CREATE FUNCTION screening_index_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE screening_recordindex SET review_id = NEW.review_id, active = NEW.active, year = NEW.year
     WHERE record_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER index_words AFTER INSERT ON screening_record
    FOR EACH ROW EXECUTE FUNCTION screening_index_record();
CREATE TRIGGER index_words_again AFTER UPDATE ON screening_record FOR EACH ROW
    WHEN ((OLD.title, OLD.authors, OLD.keywords, OLD.journal, OLD.doi, OLD.accessions, OLD.abstract)
          IS DISTINCT FROM
          (NEW.title, NEW.authors, NEW.keywords, NEW.journal, NEW.doi, NEW.accessions, NEW.abstract))
    EXECUTE FUNCTION screening_index_record();
CREATE TRIGGER index_place AFTER UPDATE ON screening_record FOR EACH ROW
    WHEN ((OLD.review_id, OLD.active, OLD.year) IS DISTINCT FROM (NEW.review_id, NEW.active, NEW.year))
    EXECUTE FUNCTION screening_index_place();
"""  # noqa: S608 (constants of this file)
DROP_TRIGGER = """
DROP TRIGGER IF EXISTS index_words ON screening_record;
DROP TRIGGER IF EXISTS index_words_again ON screening_record;
DROP TRIGGER IF EXISTS index_place ON screening_record;
DROP FUNCTION IF EXISTS screening_index_record();
DROP FUNCTION IF EXISTS screening_index_place();
"""
# Where a row is too long for its page (from 2 kB), the words of the abstract leave it: what a list is ranked by stays.
STORAGE = """
ALTER TABLE screening_recordindex SET (toast_tuple_target = 128);
ALTER TABLE screening_recordindex ALTER COLUMN fields SET STORAGE MAIN, ALTER COLUMN abstract SET STORAGE EXTERNAL;
"""
FILL = f"INSERT INTO screening_recordindex ({COLUMNS}) SELECT {ROW} FROM screening_record r"  # noqa: S608 (constants of this file)


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0006_teams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalSavedFilter",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_name", models.CharField(max_length=150)),
                ("name", models.CharField(max_length=80)),
                ("query", models.CharField(help_text="The query string of the list.", max_length=2000)),
                ("shared", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(blank=True, editable=False)),
                ("history_user_id", models.IntegerField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="screening.review",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical saved filter",
                "verbose_name_plural": "historical saved filters",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="BulkDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("title_abstract", "Title and abstract"), ("full_text", "Full text")], max_length=14
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("include", "Include"),
                            ("exclude", "Exclude"),
                            ("maybe", "Maybe"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=9,
                    ),
                ),
                ("key", models.UUIDField()),
                ("records", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="screening.review"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [models.UniqueConstraint(fields=("author", "key"), name="bulk_decision_stored_once")],
            },
        ),
        migrations.CreateModel(
            name="RecordIndex",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="index",
                        serialize=False,
                        to="screening.record",
                    ),
                ),
                ("active", models.BooleanField()),
                ("year", models.PositiveSmallIntegerField(null=True)),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("fields", django.contrib.postgres.search.SearchVectorField()),
                ("abstract", django.contrib.postgres.search.SearchVectorField()),
                (
                    "review",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="screening.review",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["fields", "ids"], name="record_fields_words"),
                    django.contrib.postgres.indexes.GinIndex(fields=["abstract"], name="record_abstract_words"),
                    models.Index(fields=["review", "active", "record"], name="index_list"),
                    models.Index(fields=["review", "active", "-year", "record"], name="index_by_year"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("query", models.CharField(help_text="The query string of the list.", max_length=2000)),
                ("shared", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="saved_filters", to="screening.review"
                    ),
                ),
            ],
            options={
                "ordering": [django.db.models.functions.text.Lower("name"), "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("review"),
                        models.F("owner"),
                        django.db.models.functions.text.Lower("name"),
                        name="saved_filter_name_once",
                    )
                ],
            },
        ),
        AppendOnly("screening_bulkdecision", "screening_historicalsavedfilter"),
        migrations.RunSQL(FOLD, "DROP FUNCTION IF EXISTS screening_fold(text);"),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, DROP_TRIGGER),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
