"""Citation files for tests, as text: written here, invented, deterministic."""

from django.core.files.base import ContentFile

from screening.actions import import_run, imports, sources
from screening.models.review import Review
from screening.models.source import ImportedFile

TOPICS = (
    "Metformin for weight loss in adolescents",
    "Yoga and chronic low back pain in nurses",
    "Honey against nocturnal cough of children",
    "Telephone coaching after myocardial infarction",
    "Vitamin D and falls in nursing homes",
    "Music therapy before cataract surgery",
    "School gardens and vegetable intake",
    "Bed nets treated with permethrin in river villages",
)


def ris(
    title: str,
    *,
    number: int = 0,
    doi: str = "",
    abstract: str = "We asked, looked and counted.",
    author: str = "Okafor, Ada",
) -> str:
    """One RIS entry; `number` sets its volume and pages apart from others."""
    lines = ["TY  - JOUR", f"TI  - {title}", f"AU  - {author}", "PY  - 2019", "JO  - Invented Journal"]
    lines += [f"VL  - {number + 1}", f"SP  - {number * 17 + 3}"] if number else []
    lines += [f"DO  - {doi}"] if doi else []
    lines += [f"AB  - {abstract}"] if abstract else []
    return "\n".join([*lines, "ER  - ", "", ""])


def some_ris(count: int, *, start: int = 0) -> str:
    """`count` entries that are nobody's duplicates."""
    authors = (
        "Okafor, Ada",
        "Lindqvist, Bo",
        "Moreau, Claire",
        "Tanaka, Daiki",
        "Haddad, Eman",
        "Novak, Filip",
        "Silva, Gil",
    )
    return "".join(
        ris(
            f"{TOPICS[i % len(TOPICS)]}: cohort {i * 7919 % 10007} of {i * 104729 % 99991} households",
            number=i,
            doi=f"10.1234/invented.{i}",
            author=authors[i % len(authors)],
        )
        for i in range(start + 1, start + count + 1)
    )


def hand_in(
    review: Review, content: str | bytes, *, name: str = "export.ris", source: str = "Invented Database"
) -> ImportedFile:
    """Upload by the lead, with its dry run."""
    lead = review.created_by
    data = content.encode() if isinstance(content, str) else content
    place = sources.describe(review=review, name=source, by=lead)
    return imports.upload(review=review, source=place, file=ContentFile(data, name=name), by=lead, at_once=True)


def bring_in(review: Review, content: str | bytes, **fields: str) -> ImportedFile:
    """Upload and import, as a worker would."""
    file = imports.commit(file=hand_in(review, content, **fields), by=review.created_by)
    import_run.run_import(file_id=file.pk)
    file.refresh_from_db()
    return file
