"""What is uploaded is limited while it comes in, not after it has filled the disk."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

TOO_LARGE = "reviewapp.too_large"


class LimitedUpload(FileUploadHandler):
    """First of the handlers: counts, and drops a file as soon as it is larger than any that the product takes.

    The rest of the request is used up without being kept; other files of it are not harmed. What was dropped is told
    by `dropped(request)`.
    """

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.most = max(settings.IMPORT_MAX_BYTES, settings.DOCUMENT_MAX_BYTES)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self.most:
            if self.request is not None:
                self.request.META.setdefault(TOO_LARGE, []).append(self.file_name or "A file")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def dropped(request: HttpRequest) -> list[str]:
    """Names of the files of this request that were too large and were not kept; read `request.FILES` before."""
    names: list[str] = request.META.get(TOO_LARGE, [])
    return names
