"""What a manager does to their own structure: who it is, what it runs, what it covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations import access
from dentelle.foundations.organisations.models import Coverage, Device, DeviceKind, Membership, Structure
from dentelle.foundations.structures.approvals import StructureRefused
from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.specs import parse_territory
from dentelle.opendata.ground.store import Ground


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the structure is, as its letters and notes will say it."""

    name: str
    kind: str
    siret: str
    address: str
    email: str
    phone: str


@transaction.atomic
def change_identity(manager: Membership, identity: Identity, *, at: datetime) -> Structure:
    """Replace who the structure is; nothing is recorded when nothing changes."""
    structure = _locked(manager)
    fields = Identity.__slots__
    changed = [name for name in fields if getattr(structure, name) != getattr(identity, name)]
    for name in changed:
        setattr(structure, name, getattr(identity, name))
    if changed:
        structure.save(update_fields=changed)
        record("structure.changed", structure, at=at, actor=manager.user, structure=structure, fields=" ".join(changed))
    return structure


@transaction.atomic
def open_device(manager: Membership, *, kind: str, name: str, opened_on: date, at: datetime) -> Device:
    """Add a service the structure runs from ``opened_on``."""
    structure = _locked(manager)
    name = " ".join(name.split())
    if kind not in DeviceKind.values or not name:
        raise StructureRefused("device", "Donnez la nature et le nom du dispositif.")
    if access.devices_visible_to(manager).filter(name=name).exists():
        raise StructureRefused("device_name_taken", f"La structure a déjà un dispositif « {name} ».")
    device = Device.objects.create(structure=structure, kind=kind, name=name, opened_on=opened_on)
    record("device.opened", device, at=at, actor=manager.user, structure=structure, opened_on=opened_on.isoformat())
    return device


@transaction.atomic
def close_device(manager: Membership, pk: int, *, closed_on: date, at: datetime) -> Device:
    """End a service; it stays in the history of the structure. Raises ``Device.DoesNotExist`` for somebody else's."""
    structure = _locked(manager)
    device = access.devices_visible_to(manager).get(pk=pk)
    if device.closed_on:
        raise StructureRefused("device_closed", f"« {device} » est déjà fermé depuis le {device.closed_on:%d/%m/%Y}.")
    if closed_on < device.opened_on:
        raise StructureRefused(
            "device_dates", f"« {device} » a ouvert le {device.opened_on:%d/%m/%Y} : il ne peut fermer avant."
        )
    device.closed_on = closed_on
    device.save(update_fields=["closed_on"])
    record("device.closed", device, at=at, actor=manager.user, structure=structure, closed_on=closed_on.isoformat())
    return device


def cover(
    manager: Membership, *, places: Sequence[str], valid_from: date, reason: str, ground: Ground, at: datetime
) -> Coverage:
    """Append the next version of the territory the manager's structure covers. A reason is required from the second on."""
    with transaction.atomic():
        _locked(manager)
        return append_coverage(
            manager.structure,
            places=places,
            valid_from=valid_from,
            reason=reason,
            author=manager.user,
            ground=ground,
            at=at,
        )


@transaction.atomic
def append_coverage(
    structure: Structure,
    *,
    places: Sequence[str],
    valid_from: date,
    reason: str,
    author: User | None,
    ground: Ground,
    at: datetime,
) -> Coverage:
    """Append a version: ``places`` are texts ``KIND:CODE`` the ground knows, kept as it spells them, in the order given."""
    Structure.objects.select_for_update().get(pk=structure.pk)
    spelled = _spelled(places, ground)
    last = Coverage.objects.filter(structure=structure).order_by("-version").first()
    if last and not reason.strip():
        raise StructureRefused(
            "reason_missing", "Dites pourquoi le territoire change : ce motif restera dans l’historique."
        )
    if last and valid_from < last.valid_from:
        raise StructureRefused(
            "valid_from",
            f"La version {last.version} vaut depuis le {last.valid_from:%d/%m/%Y} : la suivante ne peut commencer avant.",
        )
    if last and last.places == spelled:
        raise StructureRefused(
            "unchanged", "Ces lieux sont déjà ceux de la dernière version : rien n’a été enregistré."
        )
    coverage = Coverage.objects.create(
        structure=structure,
        version=last.version + 1 if last else 1,
        valid_from=valid_from,
        places=spelled,
        reason=reason.strip()[:500],
        author=author,
        created_at=at,
    )
    record(
        "coverage.appended",
        coverage,
        at=at,
        actor=author,
        structure=structure,
        version=coverage.version,
        places=len(spelled),
        valid_from=valid_from.isoformat(),
    )
    return coverage


def _spelled(places: Sequence[str], ground: Ground) -> list[str]:
    if not places:
        raise StructureRefused("places_missing", "Ajoutez au moins un lieu : une intercommunalité, des communes…")
    try:
        return list(dict.fromkeys(parse_territory(ground, [place]).spec for place in places))
    except UnknownPlace as unknown:
        raise StructureRefused("unknown_place", str(unknown)) from unknown


def _locked(manager: Membership) -> Structure:
    """The manager's structure, held until the act is done; whoever may not manage it is refused."""
    if not access.may_manage(manager):
        raise StructureRefused("not_manager", "Seule une personne responsable de la structure peut la modifier.")
    return Structure.objects.select_for_update().get(pk=manager.structure_id)
