"""`manage.py stop_ai`: stop AI everywhere or in one review, or with `--lift` let it go on."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from audit import stops
from audit.actors import acting, command
from screening.actions import stopping
from screening.models.review import Review


class Command(BaseCommand):
    """The same verbs as the pages; it works where no page can be opened."""

    help = "Stop AI at once: nothing is claimed or asked any more. With --lift, let it go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("why", help="the reason, which people will read")
        parser.add_argument("--review", type=int, help="the number of one review; else everywhere")
        parser.add_argument("--lift", action="store_true", help="let it go on")
        parser.add_argument("--user", default="", help="who answers for it: an administrator (else the first one)")

    def handle(self, *_: Any, **options: Any) -> None:
        """Turn the switch. Raises CommandError where that is refused."""
        administrators = User.objects.filter(is_superuser=True, is_active=True).order_by("id")
        named = administrators.filter(username=options["user"]) if options["user"] else administrators
        by, review = named.first(), Review.objects.filter(pk=options["review"]).first()
        if by is None:
            raise CommandError("There is no such administrator. Nothing was changed.")
        if options["review"] is not None and review is None:
            raise CommandError(f"There is no review {options['review']}. Nothing was changed.")
        verb = stopping.lift if options["lift"] else stopping.stop
        try:
            with acting(command(f"stop_ai as {by.get_username()}")):
                verb(review=review, by=by, why=options["why"])
        except (stops.StopRefusedError, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(stops.stopped(options["review"]) or "AI may go on. Runs that were paused wait to be resumed.")
