"""The whole demonstration, across the apps: a review screened, read in full and extracted, all invented."""

from django.db import transaction


def load() -> bool:
    """Load the demonstration unless it is there, all of it or nothing; whether anything was loaded."""
    from screening.management.demonstration import loader

    if loader.is_loaded():
        return False
    with transaction.atomic():
        loader.load()
    return True
