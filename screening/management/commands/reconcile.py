"""`manage.py reconcile`: compare where records stand with their decisions, and with `--fix` mend what differs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import acting, command
from screening.actions import reconcile
from screening.models.review import Review


class Command(BaseCommand):
    """See the module."""

    help = "Compare the stored status of records with what follows from their decisions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--review", type=int, help="the number of one review; else all")
        parser.add_argument("--fix", action="store_true", help="store what follows from the decisions")

    def handle(self, *_: Any, **options: Any) -> None:
        """Say what differs, and mend it if asked to. Raises CommandError (exit code 1) for what is left."""
        reviews = Review.objects.order_by("id")
        if options["review"]:
            reviews = reviews.filter(pk=options["review"])
            if not reviews:
                raise CommandError(f"There is no review {options['review']}. Nothing was changed.")
        found = 0
        for review in reviews:
            for drift in reconcile.drifts(review):
                found += 1
                self.stdout.write(str(drift))
            if options["fix"]:
                actor = command("reconcile")
                with acting(actor, "Stored statuses differed from the decisions."):
                    mended = reconcile.mend(review=review, by=actor)
                self.stdout.write(f"{review}: {mended} mended.")
        left = sum(1 for review in reviews for _ in reconcile.drifts(review)) if options["fix"] else found
        if left:
            raise CommandError(f"{left} records don't stand where their decisions say.")
        self.stdout.write("Every record stands where its decisions say.")
