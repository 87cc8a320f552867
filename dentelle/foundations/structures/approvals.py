"""What the head of a network does to its structures: create, approve, refuse, close. Each leaves one line in the journal."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.access import structure_of
from dentelle.foundations.organisations.models import (
    Network,
    NetworkSeat,
    Structure,
    StructureKind,
    StructureStatus,
)

REQUESTED, APPROVED = StructureStatus.REQUESTED.value, StructureStatus.APPROVED.value
REFUSED, CLOSED = StructureStatus.REFUSED.value, StructureStatus.CLOSED.value

# act → (statuses it starts from, status it leads to). Approving again undoes a refusal or a closing.
MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "approve": ((REQUESTED, REFUSED, CLOSED), APPROVED),
    "refuse": ((REQUESTED,), REFUSED),
    "close": ((APPROVED,), CLOSED),
}


class StructureRefused(Exception):
    """This cannot be done to a structure; ``code`` is stable, the message is for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def create_structure(
    network: Network, *, name: str, kind: str, approved: bool, actor: User | None, at: datetime
) -> Structure:
    """Add a structure to a network; until it is approved it waits, and nobody sees it but the head of the network."""
    name = " ".join(name.split())
    if not slugify(name):
        raise StructureRefused("name", "Donnez le nom de la structure, en lettres.")
    if kind not in StructureKind.values:
        raise StructureRefused(
            "kind", f"« {kind} » n’est pas une nature de structure : {', '.join(StructureKind.values)}."
        )
    try:
        with transaction.atomic():
            structure = Structure.objects.create(
                network=network,
                name=name,
                slug=slugify(name)[:50],
                kind=kind,
                status=APPROVED if approved else REQUESTED,
                approved_at=at if approved else None,
                approved_by=actor if approved else None,
            )
            record(
                "structure.created", structure, at=at, actor=actor, structure=structure, kind=kind, approved=approved
            )
    except IntegrityError as taken:
        raise StructureRefused(
            "name_taken",
            f"Une structure de cette installation s’appelle déjà « {name} », ou presque : précisez le nom.",
        ) from taken
    return structure


@transaction.atomic
def create_structure_in(network_name: str, *, name: str, kind: str, approved: bool, at: datetime) -> Structure:
    """Add a structure to the network of that name, made when there is none: what whoever runs the installation does."""
    if not network_name.strip():
        raise StructureRefused("network", "Donnez le nom du réseau.")
    network, _ = Network.objects.get_or_create(name=network_name.strip())
    return create_structure(network, name=name, kind=kind, approved=approved, actor=None, at=at)


def approve(seat: NetworkSeat, pk: int, *, at: datetime) -> Structure:
    """Open its doors to the people of a structure; also undoes a refusal or a closing."""
    with transaction.atomic():
        structure = _moved(seat, pk, "approve", reason="")
        structure.approved_at, structure.approved_by = at, seat.user
        structure.save(update_fields=["status", "status_reason", "approved_at", "approved_by"])
        record("structure.approved", structure, at=at, actor=seat.user, structure=structure)
    return structure


def refuse(seat: NetworkSeat, pk: int, *, reason: str, at: datetime) -> Structure:
    """Refuse a request; its people read the reason."""
    with transaction.atomic():
        structure = _moved(seat, pk, "refuse", reason=_required(reason))
        structure.save(update_fields=["status", "status_reason"])
        record("structure.refused", structure, at=at, actor=seat.user, structure=structure)
    return structure


def close(seat: NetworkSeat, pk: int, *, reason: str, at: datetime) -> Structure:
    """Shut the doors of a structure on its people; its data are kept."""
    with transaction.atomic():
        structure = _moved(seat, pk, "close", reason=_required(reason))
        structure.save(update_fields=["status", "status_reason"])
        record("structure.closed", structure, at=at, actor=seat.user, structure=structure)
    return structure


def may(move: str, structure: Structure) -> bool:
    """Whether an act of ``MOVES`` may be done to a structure as it stands."""
    return structure.status in MOVES[move][0]


def _moved(seat: NetworkSeat, pk: int, move: str, *, reason: str) -> Structure:
    structure_of(seat, pk)
    structure = Structure.objects.select_for_update().get(pk=pk)
    if not may(move, structure):
        raise StructureRefused(
            "moved_meanwhile",
            f"« {structure} » est {structure.get_status_display()} : relisez sa fiche, quelqu’un a décidé avant vous.",
        )
    structure.status, structure.status_reason = MOVES[move][1], reason
    return structure


def _required(reason: str) -> str:
    if not reason.strip():
        raise StructureRefused("reason_missing", "Donnez le motif : les personnes de la structure le liront.")
    return reason.strip()[:500]
