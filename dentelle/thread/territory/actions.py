"""What may be done to a structure's territories: save, revise, choose. Each leaves one line in the journal."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, Structure
from dentelle.foundations.search.actions import index
from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.ground.territory import Territory as Composed
from dentelle.thread.territory import access
from dentelle.thread.territory.composition import compose
from dentelle.thread.territory.models import Territory, TerritoryVersion


class TerritoryRefused(Exception):
    """A territory cannot be saved so; ``code`` is stable, the message is for the person."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def save_territory(
    membership: Membership, *, name: str, specs: Sequence[str], reason: str, ground: Ground, at: datetime
) -> Territory:
    """Save the union of ``specs`` under ``name``, version 1. The first one a structure saves becomes its own."""
    _check_editor(membership)
    name = " ".join(name.split())
    if not name:
        raise TerritoryRefused("name_missing", "Donnez un nom à ce territoire.")
    composed = _composed(ground, specs)
    with transaction.atomic():
        _lock(membership)
        mine = access.territories_visible_to(membership)
        if mine.filter(name=name).exists():
            raise TerritoryRefused(
                "name_taken",
                f"Votre structure a déjà un territoire nommé « {name} » : choisissez un autre nom, ou révisez celui-là.",
            )
        first = not mine.filter(is_default=True).exists()
        territory = Territory.objects.create(
            structure_id=membership.structure_id, name=name, is_default=first, created_at=at
        )
        version = _add_version(membership, territory, 1, composed, reason, at)
        record(
            "territory.saved",
            territory,
            at=at,
            actor=membership.user,
            structure=membership.structure,
            version=1,
            communes=len(version.communes),
            vintage=version.vintage,
            default=first,
        )
        index(territory)
    return territory


def revise_territory(
    membership: Membership, territory: Territory, *, specs: Sequence[str], reason: str, ground: Ground, at: datetime
) -> TerritoryVersion:
    """Give ``territory`` a new version made of ``specs``; the former ones stay in its history. A reason is required."""
    _check_editor(membership)
    if not reason.strip():
        raise TerritoryRefused(
            "reason_missing", "Dites pourquoi ce territoire change : ce motif restera dans l’historique."
        )
    composed = _composed(ground, specs)
    with transaction.atomic():
        _lock(membership)
        territory = access.territories_editable_by(membership).get(pk=territory.pk)
        last = territory.versions.get(number=territory.current_number)
        if last.communes == sorted(composed.communes):
            raise TerritoryRefused(
                "unchanged", "Ces communes sont déjà celles de la version en vigueur : rien n’a été enregistré."
            )
        version = _add_version(membership, territory, last.number + 1, composed, reason, at)
        territory.current_number = version.number
        territory.save(update_fields=["current_number"])
        added, removed = set(version.communes) - set(last.communes), set(last.communes) - set(version.communes)
        record(
            "territory.revised",
            territory,
            at=at,
            actor=membership.user,
            structure=membership.structure,
            version=version.number,
            added=len(added),
            removed=len(removed),
            vintage=version.vintage,
        )
    return version


def choose_territory(membership: Membership, territory: Territory, *, at: datetime) -> None:
    """Make ``territory`` the one the structure's pages open on."""
    _check_editor(membership)
    with transaction.atomic():
        _lock(membership)
        mine = access.territories_editable_by(membership)
        territory = mine.get(pk=territory.pk)
        mine.filter(is_default=True).update(is_default=False)
        territory.is_default = True
        territory.save(update_fields=["is_default"])
        record(
            "territory.chosen",
            territory,
            at=at,
            actor=membership.user,
            structure=membership.structure,
            version=territory.current_number,
        )


def _check_editor(membership: Membership) -> None:
    if membership.role not in access.EDITORS:
        raise TerritoryRefused("not_editor", "Votre rôle permet de lire les territoires, pas de les changer.")


def _composed(ground: Ground, specs: Sequence[str]) -> Composed:
    if not specs:
        raise TerritoryRefused("empty", "Ajoutez au moins une commune, une intercommunalité ou une autre zone.")
    try:
        return compose(ground, specs)
    except UnknownPlace as unknown:
        raise TerritoryRefused("unknown_place", str(unknown)) from unknown


def _lock(membership: Membership) -> None:
    # two people of one structure choosing at once must not leave two territories by default
    Structure.objects.select_for_update().get(pk=membership.structure_id)


def _add_version(
    membership: Membership, territory: Territory, number: int, composed: Composed, reason: str, at: datetime
) -> TerritoryVersion:
    return TerritoryVersion.objects.create(
        territory=territory,
        structure_id=membership.structure_id,
        number=number,
        kind=composed.kind,
        spec=composed.spec,
        communes=sorted(composed.communes),
        vintage=composed.vintage,
        population=composed.population,
        reason=reason.strip(),
        created_by=membership.user,
        created_at=at,
    )
