"""What `verify_audit` looks at in documents: that each file is still what it was when it came."""

import hashlib

from django.db.models import Count, F

from audit import integrity
from audit.integrity import Findings
from screening.enums import DocumentStatus
from screening.models.document import Document


def register() -> None:
    """Called once, when the app is ready."""
    integrity.register("documents' files", _files)
    integrity.register("documents' pages", _pages)


def _files(findings: Findings) -> None:
    for document in Document.objects.order_by("id").iterator(200):
        findings.looked_at += 1
        try:
            with document.file.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            findings.wrong(f"The file of document {document.pk} can't be read: {error.strerror or error}.")
            continue
        if digest != document.sha256:
            findings.wrong(f"The file of document {document.pk} is not what its hash says.")


def _pages(findings: Findings) -> None:
    read = Document.objects.filter(status=DocumentStatus.READY)
    findings.looked_at = read.count()
    odd = read.annotate(kept=Count("pages")).exclude(kept=F("page_count")).order_by("id")
    for pk, kept, pages in odd.values_list("pk", "kept", "page_count"):
        findings.wrong(f"Document {pk} has {kept} of its {pages} pages.")
