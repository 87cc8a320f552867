from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from dentelle.foundations.documents import storage
from dentelle.foundations.documents.access import files_readable_by
from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.doors import members


class ChunkedFileResponse(FileResponse):
    block_size = storage.CHUNK


def served(stored: StoredFile) -> HttpResponseBase:
    """Answer with the bytes of a file its reader's ``access`` gave: always an attachment, streamed, kept by no cache."""
    try:
        source = storage.full_path(stored.path).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = ChunkedFileResponse(source, as_attachment=True, filename=stored.name, content_type=stored.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@members()
@require_safe
def download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The bytes of one file, always as an attachment, streamed."""
    return served(get_object_or_404(files_readable_by(request.membership), pk=uuid))  # type: ignore[attr-defined]
