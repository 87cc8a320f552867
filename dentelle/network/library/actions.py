"""What people do to the library. A tick on the path is a person's own: it leaves no line in the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.documents import sniff
from dentelle.foundations.documents.actions import UploadRefused, receive_upload
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, Network, NetworkSeat, Structure
from dentelle.foundations.search.actions import index
from dentelle.network.library import access
from dentelle.network.library.access import Viewer
from dentelle.network.library.models import ItemKind, LibraryItem, PathStep, StepDone
from dentelle.network.library.refusals import LibraryRefused
from dentelle.thread.publications.deadlines import add_months

ACCEPTED = (sniff.PDF, sniff.DOCX, sniff.XLSX, sniff.ODS, sniff.TEXT)
MAX_BYTES = 20 * 1024 * 1024
MOST_WORDS = 2_000  # characters of a step of the path


@dataclass(frozen=True, slots=True)
class Content:
    """An item as typed. ``upload`` None keeps the file there was."""

    kind: str
    title: str
    summary: str
    words: str
    link: str
    source: str
    held_on: date | None
    owner: User
    up_to_date_on: date
    review_months: int
    upload: UploadedFile[bytes] | None = None


@transaction.atomic
def add_item(seat: NetworkSeat, content: Content, *, at: datetime) -> LibraryItem:
    """Add something to the library, with who answers for it."""
    item = LibraryItem(network_id=seat.network_id, created_at=at)
    _write(item, content, seat, network=seat.network, at=at)
    record("library.added", item, at=at, actor=seat.user, structure=None, kind=item.kind, owner=item.owner_id)
    return item


@transaction.atomic
def change_item(viewer: Viewer, pk: int, content: Content, *, at: datetime) -> LibraryItem:
    """Change an item; only the head of the network gives it another owner."""
    item = access.item_kept_by(viewer, pk)
    item = LibraryItem.objects.select_for_update().select_related(None).get(pk=item.pk)
    if not access.may_run(viewer) and content.owner != item.owner:
        raise LibraryRefused("owner", "Seule la tête de réseau confie une ressource à quelqu’un d’autre.", "owner")
    _write(item, content, viewer, network=item.network, at=at)
    record("library.changed", item, at=at, actor=viewer.user, structure=_structure(viewer), owner=item.owner_id)
    return item


@transaction.atomic
def confirm(viewer: Viewer, pk: int, *, at: datetime) -> LibraryItem:
    """Say an item is up to date today: its owner read it again and changed nothing."""
    item = access.item_kept_by(viewer, pk)
    item.up_to_date_on = timezone.localdate(at)
    item.review_on = add_months(item.up_to_date_on, item.review_months)
    item.save(update_fields=["up_to_date_on", "review_on"])
    record(
        "library.confirmed",
        item,
        at=at,
        actor=viewer.user,
        structure=_structure(viewer),
        on=item.up_to_date_on.isoformat(),
    )
    return item


@transaction.atomic
def retire(viewer: Viewer, pk: int, *, at: datetime) -> LibraryItem:
    """Take an item out of the library; the head of the network may still read it, and put it back."""
    item = access.item_kept_by(viewer, pk)
    item.retired_on = timezone.localdate(at)
    item.save(update_fields=["retired_on"])
    index(item)
    record("library.retired", item, at=at, actor=viewer.user, structure=_structure(viewer))
    return item


@transaction.atomic
def restore(seat: NetworkSeat, pk: int, *, at: datetime) -> LibraryItem:
    """Put a retired item back, with its file, its owner and the steps it helped; doing it twice changes nothing."""
    item = access.one(access.items_visible_to(seat).select_for_update(), pk)
    if item.retired_on is None:
        return item
    item.retired_on = None
    try:
        with transaction.atomic():
            item.save(update_fields=["retired_on"])
    except IntegrityError as taken:
        raise LibraryRefused(
            "taken",
            f"La bibliothèque a déjà «\u00a0{item.title}\u00a0»\u00a0: retirez ou renommez l’autre d’abord.",
            "title",
        ) from taken
    index(item)
    record("library.restored", item, at=at, actor=seat.user, structure=None)
    return item


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the path as typed; ``pk`` None: a new one, so that ticks of the others stay."""

    title: str
    words: str
    item: LibraryItem | None
    pk: int | None = None


@transaction.atomic
def write_path(seat: NetworkSeat, steps: Sequence[Step], *, at: datetime) -> int:
    """Write the whole path in its order; steps left out disappear with their ticks. Return how many it has."""
    known = {step.pk: step for step in PathStep.objects.select_for_update().filter(network=seat.network_id)}
    kept = [step.pk for step in steps if step.pk in known]
    PathStep.objects.filter(network=seat.network_id).exclude(pk__in=kept).delete()
    for rank, step in enumerate(known[pk] for pk in kept if pk in known):
        step.rank = 1_000 + rank  # out of the way of the ranks to come
        step.save(update_fields=["rank"])
    for rank, typed in enumerate(steps, start=1):
        if not typed.title.strip() or len(typed.words) > MOST_WORDS:
            raise LibraryRefused("step", "Une étape a un titre, et un texte de 2\u202f000 caractères au plus.")
        if typed.item is not None and typed.item.network_id != seat.network_id:
            raise LibraryRefused("item", "Cette ressource n’est pas du réseau.")
        step = known.get(typed.pk or 0) or PathStep(network_id=seat.network_id)
        step.rank, step.title, step.words, step.item = rank, typed.title, typed.words, typed.item
        step.save()
    record("library.path_written", seat.network, at=at, actor=seat.user, structure=None, steps=len(steps))
    return len(steps)


@transaction.atomic
def tick(member: Membership, pk: int, *, done: bool, at: datetime) -> None:
    """Note for oneself that a step is done, or not."""
    step = access.steps_visible_to(member).filter(pk=pk).first()
    if step is None:
        raise Http404
    if done:
        StepDone.objects.get_or_create(
            user=member.user, structure=member.structure, step=step, defaults={"done_at": at}
        )
    else:
        access.done_by(member).filter(step=step).delete()


def _write(item: LibraryItem, content: Content, viewer: Viewer, *, network: Network, at: datetime) -> None:
    if content.kind not in ItemKind.values or not content.title.strip():
        raise LibraryRefused("title", "Donnez la nature et le titre.", "title")
    if content.kind == ItemKind.WEBINAR and content.held_on is None:
        raise LibraryRefused("held_on", "Donnez la date du webinaire, passé ou à venir.", "held_on")
    if content.up_to_date_on > timezone.localdate(at):
        raise LibraryRefused(
            "up_to_date_on", "La ressource est à jour d’un jour passé, ou d’aujourd’hui.", "up_to_date_on"
        )
    if content.owner.pk != item.owner_id and not access.owners_of(network.pk).filter(pk=content.owner.pk).exists():
        raise LibraryRefused("owner", "Cette personne n’agit pas pour un membre du réseau.", "owner")
    if content.upload is not None:
        try:
            item.file = receive_upload(
                content.upload,
                accept=ACCEPTED,
                max_bytes=MAX_BYTES,
                structure=None,
                network=network,
                actor=viewer.user,
                at=at,
            )
        except UploadRefused as refused:
            raise LibraryRefused("file", str(refused), "file") from refused
    if not (content.words.strip() or content.link or item.file):
        raise LibraryRefused("empty", "Écrivez un texte, donnez une adresse ou joignez un fichier.", "words")
    for name in ("kind", "title", "summary", "words", "link", "source"):
        setattr(item, name, getattr(content, name).strip())
    item.held_on, item.owner = content.held_on, content.owner
    item.up_to_date_on, item.review_months = content.up_to_date_on, content.review_months
    item.review_on = add_months(content.up_to_date_on, content.review_months)
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as taken:
        raise LibraryRefused("taken", f"La bibliothèque a déjà «\u00a0{item.title}\u00a0».", "title") from taken
    index(item)


def _structure(viewer: Viewer) -> Structure | None:
    return viewer.structure if isinstance(viewer, Membership) else None
