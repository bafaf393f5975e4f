"""Files with decisions that were made in other tools, and bringing them in; invented."""

from django.contrib.auth.models import User

from screening.actions import elsewhere, elsewhere_run
from screening.models.decision_import import DecisionImport
from screening.models.source import ImportedFile

TITLES = (
    "Honey against nocturnal cough of children",
    "Bed nets treated with permethrin in river villages",
    "School gardens and vegetable intake of pupils",
    "Vitamin D and falls in nursing homes",
)


def rayyan(*said: str) -> str:
    """A RIS file as Rayyan writes it; each of `said` is {"Anna"=>"Included"}, with what follows, or nothing."""
    entries = []
    for number, words in enumerate(said):
        lines = [
            "TY  - JOUR",
            f"AN  - rayyan-{number + 1}",
            f"TI  - {TITLES[number]}",
            "Y1  - 2020",
            "AU  - Okafor, A.",
        ]
        lines += [f"N1  - RAYYAN-INCLUSION: {words}"] if words else []
        entries.append("\n".join([*lines, f"DO  - 10.1234/elsewhere.{number}", "ER  - ", ""]))
    return "\n".join(entries)


def said(who: str, verdict: str, more: str = "") -> str:
    return f'{{"{who}"=>"{verdict}"}}{more}'


def looked(file: ImportedFile, by: User | None = None) -> DecisionImport:
    """An import of a file's decisions, looked through."""
    return elsewhere.begin(file=file, by=by or file.created_by, at_once=True)


def chosen(file: ImportedFile, **fields: object) -> DecisionImport:
    """The same, with the proposals of the file taken unless others are named."""
    row = looked(file)
    place = fields.get("place", row.found["proposed"])
    values = next(values for name, _, values, _ in row.found["places"] if name == place)
    arguments = {
        "place": place,
        "stage": "title_abstract",
        "counts_as": "final",
        "verdicts": {value: proposed for value, _, proposed in values if proposed},
        **fields,
    }
    return elsewhere.choose(row=row, by=file.created_by, at_once=True, **arguments)  # type: ignore[arg-type]


def brought_in(file: ImportedFile, **fields: object) -> DecisionImport:
    """Chosen, committed, and done by a worker."""
    row = elsewhere.commit(row=chosen(file, **fields), by=file.created_by)
    elsewhere_run.run(import_id=row.pk)
    row.refresh_from_db()
    return row


def taken_back(row: DecisionImport, by: User | None = None) -> DecisionImport:
    elsewhere.take_back(row=row, by=by or row.author, reason="Wrong file")
    elsewhere_run.run(import_id=row.pk)
    row.refresh_from_db()
    return row
