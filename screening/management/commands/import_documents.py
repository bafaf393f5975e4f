"""`manage.py import_documents REVIEW FOLDER`: upload, read and match every PDF of a folder, without a browser."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actors import acting, command
from screening.actions import document_reading, documents
from screening.enums import DocumentStatus
from screening.management.commands.import_citations import lead_named, review_named
from screening.models.document import Document
from screening.models.review import Review


class Command(BaseCommand):
    """By the same actions as the page, one file after the other."""

    help = "Upload every PDF in a folder (and in folders within it), read it, and match it to its record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("review", help="Id or exact title of the review.")
        parser.add_argument("folder", type=Path)
        parser.add_argument("--user", default="", help="Who answers for it; a lead of the review unless given.")

    def handle(self, *args: Any, **options: Any) -> None:
        review = review_named(options["review"])
        user = lead_named(review, options["user"])
        paths = sorted(path for path in options["folder"].rglob("*") if path.suffix.lower() == ".pdf")
        if not paths:
            raise CommandError(f"There is no PDF in {options['folder']}.")
        failed = 0
        with acting(command(f"import_documents as {user.get_username()}")):
            for path in paths:
                failed += not self._import(review, path, user)
        if failed:
            raise CommandError(f"{failed} of {len(paths)} files gave no text; the lines above say why.")

    def _import(self, review: Review, path: Path, user: User) -> bool:
        shown = str(path).encode("utf-8", "replace").decode()  # a name in an old encoding stops no other file
        try:
            with path.open("rb") as stream:
                content: File[bytes] = File(stream, name=path.name)
                document = documents.upload(review=review, file=content, by=user)
        except (OSError, documents.DocumentRefusedError) as error:
            self.stdout.write(f"{shown}: {error}")
            return False
        document_reading.read(document.pk)
        read = Document.objects.select_related("record").get(pk=document.pk)
        where = f"{read.record} ({read.get_matched_by_display()})" if read.record else "in the tray"
        self.stdout.write(f"{shown}: {read.error or f'{read.page_count} pages'}: {where}")
        return read.status == DocumentStatus.READY
