"""`manage.py verify_audit`: whether the record still says what was recorded. Exit code 1 on any finding."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import integrity


class Command(BaseCommand):
    """See the module."""

    help = "Verify triggers, hashes, events and statuses; print counts, and the first bad row of each check."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--only", action="append", default=[], metavar="CHECK", help="run this check only")

    def handle(self, *_: Any, **options: Any) -> None:
        """Run the checks. Raises CommandError (exit code 1) when one found something."""
        bad = 0
        try:
            for result in integrity.verify(options["only"]):
                bad += result.findings.bad
                self._say(result)
        except KeyError as error:
            raise CommandError(f"There is no check called {error}.") from error
        if bad:
            raise CommandError(f"{bad} finding{'s' if bad > 1 else ''}. The record is not as it was written.")
        self.stdout.write("The record is as it was written.")

    def _say(self, result: integrity.Result) -> None:
        found = result.findings
        state = "ok " if not found.bad else "BAD"
        self.stdout.write(
            f"{state} {result.name}: {found.looked_at} looked at, {found.bad} bad, {result.seconds:.2f} s"
        )
        if found.bad:
            self.stdout.write(f"    first: {found.first}")
        for note in found.notes:
            self.stdout.write(f"    note: {note}")
