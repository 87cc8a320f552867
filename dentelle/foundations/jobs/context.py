"""What a running job holds: its way to say where it is, to hear that it must stop, and to leave files."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from dentelle.foundations.documents.actions import store_file
from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.jobs.models import Job, JobState

MIN_SECONDS_BETWEEN_WRITES = 0.5
HEARTBEAT_SECONDS = 10


class JobCancelled(Exception):
    """The person asked to stop. Let it pass: what is already safe stays."""


class JobContext:
    """Given to the function of a job. ``job`` is its row as it was when the work began."""

    def __init__(
        self, job: Job, *, now: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.job = job
        self.structure = job.structure
        self.actor = job.started_by
        self.now = now
        self._monotonic = monotonic
        self._last_write: float | None = None
        self._pending: dict[str, Any] = {}
        self._step = job.step

    def progress(
        self, *, step: str | None = None, done: int | None = None, total: int | None = None, safe: str | None = None
    ) -> None:
        """Say where the work is; call it as often as convenient (at most two writes a second, a new step at once).

        A new ``step`` starts its own count. ``safe`` is a sentence: what will stay even if everything stops now.
        Raises ``JobCancelled`` when the person asked to stop, or when the clock gave this job up.
        """
        if step is not None and step != self._step:
            self._step = step
            self._pending |= {"step": step[:120], "done": 0, "total": None}
            self._last_write = None
        if done is not None:
            self._pending["done"] = done
        if total is not None:
            self._pending["total"] = total
        if safe is not None:
            self._pending["safe_so_far"] = safe[:300]
        tick = self._monotonic()
        if self._last_write is not None and tick - self._last_write < MIN_SECONDS_BETWEEN_WRITES:
            return
        self._last_write = tick
        self.flush()
        if self._must_stop():
            raise JobCancelled

    def cancelled(self) -> bool:
        """Whether the person asked to stop (asks the database: not for the inside of a tight loop)."""
        return self._must_stop()

    def attach(self, path: Path, name: str, media_type: str, *, is_takeout: bool = False) -> StoredFile:
        """Keep ``path`` as a result file of this job, downloadable until it is purged (DENTELLE_RESULT_DAYS)."""
        at = self.now()
        with transaction.atomic():
            stored = store_file(
                path,
                name=name,
                media_type=media_type,
                structure=self.structure,
                actor=self.actor,
                at=at,
                purge_after=at + timedelta(days=settings.DENTELLE_RESULT_DAYS),
                is_takeout=is_takeout,
            )
            self.job.files.add(stored)
        return stored

    def flush(self) -> None:
        """Write what was said since the last write."""
        Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING).update(**self._pending, heartbeat_at=self.now())
        self._pending = {}

    def _must_stop(self) -> bool:
        row = Job.objects.filter(pk=self.job.pk).values_list("state", "cancel_requested_at").first()
        return row is None or row[0] != JobState.RUNNING or row[1] is not None


class Heartbeat:
    """Says « still alive » from a thread, so that a long silent step is not taken for a dead worker."""

    def __init__(self, job: Job, *, now: Callable[[], datetime], every: float = HEARTBEAT_SECONDS) -> None:
        self._job_id = job.pk
        self._now = now
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{job.pk}", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        beaten = False
        while not self._stop.wait(self._every):
            Job.objects.filter(pk=self._job_id, state=JobState.RUNNING).update(heartbeat_at=self._now())
            beaten = True
        if beaten:
            connection.close()
