"""The whole demonstration, across the apps: a review screened, read in full and extracted, all invented."""

from django.db import transaction

ENGINE = "Offline engine: extraction"


def load() -> bool:
    """Load the demonstration unless it is there, all of it or nothing; whether anything was loaded."""
    from screening.management.demonstration import loader

    if loader.is_loaded():
        return False
    from audit.actors import acting, person
    from extraction.management.demonstration import loader as extracting
    from extraction.management.demonstration.build import reports
    from screening.actions import assistants
    from screening.enums import Engine
    from screening.management.demonstration.model import FullText

    made = reports(loader.SEED)
    with transaction.atomic():
        review = loader.load([FullText(report.truth.work, report.filename, report.content) for report in made])
        with acting(person(review.created_by)):
            engine = assistants.create(review=review, name=ENGINE, engine=Engine.LOCAL, by=review.created_by)
        extracting.load(review, made, engine)
    return True
