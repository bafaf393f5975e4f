"""`manage.py import_citations REVIEW FILE… --source NAME`: import files without a browser or a worker."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actors import acting, command
from screening.actions import import_run, imports, sources
from screening.enums import ImportStatus, Role, SourceKind
from screening.models.review import Review
from screening.models.source import ImportedFile, Source


class Command(BaseCommand):
    """Dry run, import and deduplication of each file, by the same actions as the page, one after the other."""

    help = "Import citation files into a review: dry run, records, duplicates."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("review", help="Id or exact title of the review.")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--source", required=True, help="Database or register that the files come from.")
        parser.add_argument("--kind", default=SourceKind.DATABASE, choices=SourceKind.values)
        parser.add_argument("--user", default="", help="Who answers for it; a lead of the review unless given.")

    def handle(self, *args: Any, **options: Any) -> None:
        review = review_named(options["review"])
        user = lead_named(review, options["user"])
        failed = 0
        with acting(command(f"import_citations as {user.get_username()}")):
            source = sources.describe(review=review, name=options["source"], kind=options["kind"], by=user)
            for path in options["files"]:
                failed += not self._import(review, source, path, user)
        if failed:
            raise CommandError(f"{failed} of {len(options['files'])} files were not imported; the lines above say why.")

    def _import(self, review: Review, source: Source, path: Path, user: User) -> bool:
        try:
            with path.open("rb") as stream:
                content: File[bytes] = File(stream, name=path.name)
                file = imports.upload(review=review, source=source, file=content, by=user, at_once=True)
        except (OSError, imports.ImportRefusedError) as error:
            self.stdout.write(f"{path}: {error}")
            return False
        for reject in file.rejects:
            self.stdout.write(f"{path}: line {reject['line']}: {reject['field'] or 'entry'}: {reject['reason']}")
        if file.status == ImportStatus.REFUSED:
            self.stdout.write(f"{path}: {file.error}")
            return False
        imports.commit(file=file, by=user, ring=False)
        import_run.run_import(file_id=file.pk)
        return self._report(path, ImportedFile.objects.get(pk=file.pk))

    def _report(self, path: Path, file: ImportedFile) -> bool:
        self.stdout.write(
            f"{path}: {file.format}, {file.encoding}: {file.found} found, {file.parsed} imported, "
            f"{file.rejected} rejected, {file.duplicates} merged as duplicates"
        )
        return file.status == ImportStatus.DONE


def review_named(given: str) -> Review:
    """By id or exact title; else CommandError."""
    reviews = Review.objects.filter(pk=int(given)) if given.isdecimal() else Review.objects.filter(title=given)
    review = reviews.first()
    if review is None:
        raise CommandError(f"There is no review with the id or title “{given}”.")
    return review


def lead_named(review: Review, username: str) -> User:
    """This lead of the review, or its first; else CommandError."""
    leads = User.objects.filter(memberships__review=review, memberships__role=Role.LEAD).order_by("pk")
    user = leads.filter(username=username).first() if username else leads.first()
    if user is None:
        who = f"“{username}” is not a lead of this review" if username else "This review has no lead"
        raise CommandError(f"{who}: name one with --user.")
    return user
