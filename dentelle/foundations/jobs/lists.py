"""A list as a file: written batch after batch by a job, told as it goes, then kept for whoever asked."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.jobs.context import JobContext
from dentelle.foundations.sheets import CONTENT_TYPES, Row, write_csv, write_xlsx

WRITING, KEEPING = "Lecture et écriture", "Mise à disposition"  # the steps of such a job


def attach_list(
    context: JobContext,
    *,
    name: str,
    title: str,
    header: Sequence[str],
    batches: Iterable[Sequence[Row]],
    total: int,
) -> tuple[StoredFile, int]:
    """Write the rows to a file called ``name`` (.csv or .xlsx, its sheets called ``title``); return it and the number of rows.

    ``total`` is how many are expected. Nothing is kept when the job is cancelled or ``batches`` raises.
    """

    def told(done: int) -> None:
        context.progress(step=WRITING, done=done, total=total)

    told(0)
    home = Path(settings.DENTELLE_HOME) / "tmp"
    home.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="export-", dir=home) as scratch:
        path = Path(scratch) / name
        form = path.suffix.removeprefix(".")
        if form == "csv":
            written = write_csv(path, header, batches, on_batch=told)
        else:
            written = write_xlsx(path, header, batches, on_batch=told, title=title, scratch=path.parent)
        context.progress(step=KEEPING, done=0, total=1)
        return context.attach(path, name, CONTENT_TYPES[form]), written
