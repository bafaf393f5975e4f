"""A large import's words are sorted in on a connection of its own, while the import stores what comes next.

Whoever stores records so says `SET LOCAL screening.words TO 'later'` and owes them `screening_index_import`.
"""

from importlib import import_module

from django.db import migrations

LISTS = import_module("screening.migrations.0007_lists")
WHOLE = "CREATE TRIGGER index_words AFTER INSERT ON screening_record FOR EACH ROW {when} EXECUTE FUNCTION {function}();"
DROP = "DROP TRIGGER index_words ON screening_record;"
FUNCTION = "screening_index_record"
UNLESS_LATER = "WHEN (current_setting('screening.words', true) IS DISTINCT FROM 'later')"
# The share lock lets a change of a record wait until its words are there to be changed, or be seen here first.
OWED = f"""
CREATE FUNCTION screening_index_import(file bigint, after int, upto int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO screening_recordindex ({LISTS.COLUMNS})
    SELECT {LISTS.ROW}
      FROM screening_citation c JOIN screening_record r ON r.id = c.record_id
     WHERE c.file_id = $1 AND c.position > $2 AND c.position <= $3
       AND NOT EXISTS (SELECT FROM screening_recordindex i WHERE i.record_id = r.id)
     ORDER BY r.id FOR SHARE OF r
    ON CONFLICT DO NOTHING
$$;
"""  # noqa: S608 (constants of migrations)


class Migration(migrations.Migration):
    dependencies = [("screening", "0014_undo_of_imports")]

    operations = [
        migrations.RunSQL(
            DROP + WHOLE.format(when=UNLESS_LATER, function=FUNCTION),
            DROP + WHOLE.format(when="", function=FUNCTION),
        ),
        migrations.RunSQL(OWED, "DROP FUNCTION screening_index_import(bigint, int, int);"),
    ]
