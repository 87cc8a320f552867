"""Acts of this room: keep a view, choose columns, ask for an export, send files in. Each writes one journal entry."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from dentelle.foundations.documents import sniff
from dentelle.foundations.documents.actions import UploadRefused, receive_upload
from dentelle.foundations.jobs.access import jobs_visible_to
from dentelle.foundations.jobs.actions import start_job
from dentelle.foundations.jobs.models import UNFINISHED, Job
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.purchases import columns
from dentelle.thread.purchases.access import column_choices_visible_to, may_import, saved_views_visible_to
from dentelle.thread.purchases.criteria import query_of
from dentelle.thread.purchases.models import ColumnChoice, SavedView

ACCEPTED = (sniff.JSON, sniff.XML, sniff.GZIP, sniff.ZIP)
KEPT_FOR = timedelta(days=7)  # what was sent in is in the data set once imported; the file itself is not needed again


class ViewNameTaken(Exception):
    """This person already has a view of that name."""


class ImportNotAllowed(Exception):
    """Only a manager or a facilitator may change the data everybody reads."""


@transaction.atomic
def save_view(membership: Membership, *, name: str, query: str, at: datetime) -> SavedView:
    """Keep a list under a name, for this person in this structure. Raises ``ViewNameTaken``."""
    try:
        with transaction.atomic():
            view = SavedView.objects.create(
                structure=membership.structure,
                user=membership.user,
                name=name.strip(),
                query=query_of(query).urlencode(),
                created_at=at,
            )
    except IntegrityError as error:
        raise ViewNameTaken(name) from error
    record("saved_view.created", view, at=at, actor=membership.user, structure=membership.structure)
    return view


@transaction.atomic
def delete_view(membership: Membership, pk: int, *, at: datetime) -> bool:
    """Forget one of this person's views; False when there is none."""
    view = saved_views_visible_to(membership).filter(pk=pk).first()
    if view is None:
        return False
    record("saved_view.deleted", view, at=at, actor=membership.user, structure=membership.structure)
    view.delete()
    return True


@transaction.atomic
def choose_columns(membership: Membership, chosen: Sequence[str], *, at: datetime) -> tuple[str, ...]:
    """Remember the columns of the list for this person in this structure."""
    kept = columns.known([code for code in chosen if code in columns.ON_SCREEN])
    choice, _ = ColumnChoice.objects.update_or_create(
        structure=membership.structure, user=membership.user, defaults={"columns": list(kept)}
    )
    record("columns.chosen", choice, at=at, actor=membership.user, structure=membership.structure, columns=list(kept))
    return kept


def chosen_columns(membership: Membership) -> Sequence[str]:
    """Return the columns this person last chose, none when they never did."""
    choice = column_choices_visible_to(membership).first()
    return choice.columns if choice else ()


def ask_publication(membership: Membership, *, at: datetime) -> Job:
    """Ask that the pages show what was imported; the one already asked for is given back. Raises ``ImportNotAllowed``."""
    if not may_import(membership):
        raise ImportNotAllowed
    waiting = jobs_visible_to(membership).filter(kind="purchases.publish", state__in=UNFINISHED).first()
    return waiting or start_job(
        "purchases.publish",
        actor=membership.user,
        structure=membership.structure,
        at=at,
        today=timezone.localdate(at).isoformat(),
    )


def ask_export(membership: Membership, *, query: str, chosen: Sequence[str], form: str, at: datetime) -> Job:
    """Ask for a file of the list: ``form`` is csv or xlsx. Raises ValueError for another."""
    if form not in {"csv", "xlsx"}:
        raise ValueError(f"unknown export form {form!r}")
    return start_job(
        "purchases.export",
        actor=membership.user,
        structure=membership.structure,
        at=at,
        query=query_of(query).urlencode(),
        columns=list(columns.exported(chosen)),
        form=form,
        today=timezone.localdate(at).isoformat(),
    )


@transaction.atomic
def send_files(membership: Membership, files: Sequence[UploadedFile[bytes]], *, at: datetime) -> Job:
    """Keep the files sent in and ask for their import.

    Raises ``ImportNotAllowed``, or ``UploadRefused`` (its message says why) for the first file that cannot be taken: nothing
    is imported then.
    """
    if not may_import(membership):
        raise ImportNotAllowed
    kept = [
        receive_upload(
            file,
            accept=ACCEPTED,
            max_bytes=settings.DENTELLE_IMPORT_MAX_MB * 1024 * 1024,
            structure=membership.structure,
            actor=membership.user,
            at=at,
            purge_after=at + KEPT_FOR,
        )
        for file in files
    ]
    return start_job(
        "purchases.import",
        actor=membership.user,
        structure=membership.structure,
        at=at,
        files=[str(stored.pk) for stored in kept],
        today=timezone.localdate(at).isoformat(),
    )


def ask_removal(membership: Membership, sha256: str, *, at: datetime) -> Job:
    """Ask that a file be taken out of the data set everybody reads. Raises ``ImportNotAllowed``."""
    if not may_import(membership):
        raise ImportNotAllowed
    return start_job(
        "purchases.undo",
        actor=membership.user,
        structure=membership.structure,
        at=at,
        sha256=sha256,
        today=timezone.localdate(at).isoformat(),
    )


__all__ = [
    "ImportNotAllowed",
    "UploadRefused",
    "ViewNameTaken",
    "ask_export",
    "ask_publication",
    "ask_removal",
    "choose_columns",
    "chosen_columns",
]
