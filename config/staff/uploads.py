"""What is uploaded is measured while it comes in: past the largest size that any form takes, nothing more is kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class SizeGuard(FileUploadHandler):
    """The first of the handlers. The rest of the form still arrives, so that it can be shown again with a sentence."""

    so_far = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.so_far = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.so_far += len(raw_data)
        if self.so_far > settings.UPLOAD_LIMIT:
            self.request.upload_was_too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def was_too_large(request: HttpRequest) -> bool:
    return getattr(request, "upload_was_too_large", False)
