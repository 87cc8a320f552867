"""Who drops a file: a member for their structure, or an outside person for the structure that covers their organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.models import Organisation, Seat
from dentelle.foundations.intake.models import Drop
from dentelle.foundations.intake.targets import Target, Where, target_of
from dentelle.foundations.invitations.models import Grant, Invitation
from dentelle.foundations.organisations.models import Coverage, Membership, Structure
from dentelle.foundations.structures.ground import covered, ground_or_none


@dataclass(frozen=True, slots=True)
class Dropper:
    """Exactly one of ``membership`` and ``seat`` is set."""

    user: User
    membership: Membership | None = None
    seat: Seat | None = None

    @property
    def seated(self) -> bool:
        return self.seat is not None

    @property
    def role(self) -> str:
        held = self.membership or self.seat
        return held.role if held else ""

    def may_drop(self, target: Target) -> bool:
        """Say whether the door of this purpose is open to them."""
        return self.role in (target.seats if self.seated else target.roles)


def drops_of(dropper: Dropper) -> QuerySet[Drop]:
    """Return the drops a person may open: those of their structure, or those people of their organisation made."""
    if dropper.seat is not None:
        return Drop.objects.filter(seat__organisation_id=dropper.seat.organisation_id)
    if dropper.membership is not None:
        return Drop.objects.filter(structure_id=dropper.membership.structure_id)
    return Drop.objects.none()


def drop_of(dropper: Dropper, pk: int) -> tuple[Drop, Target]:
    """Return a drop the person may work on, with its target; or 404."""
    drop = drops_of(dropper).select_related("file", "organisation", "structure", "author", "job").filter(pk=pk).first()
    target = target_of(drop.purpose) if drop else None
    if drop is None or target is None or not dropper.may_drop(target):
        raise Http404
    return drop, target


def target_for(dropper: Dropper, purpose: str) -> Target:
    """Return the target of a purpose the person may drop a file for; or 404."""
    target = target_of(purpose)
    if target is None or not dropper.may_drop(target):
        raise Http404
    return target


def where_of(drop: Drop, dropper: Dropper) -> Where:
    """Return where a drop goes, acted on by ``dropper``."""
    return Where(
        structure=drop.structure,
        organisation=drop.organisation,
        options=drop.options,
        user=dropper.user,
        drop=drop.pk,
        membership=dropper.membership,
        seat=dropper.seat,
    )


def structures_for(seat: Seat, *, on: date) -> Sequence[Structure]:
    """Return the structures that may keep what a seated person drops, by name; usually one.

    Those that cover the organisation's commune on that day; among several, those that opened the person's access; where
    none covers it, those that opened the access.
    """
    inviting = set(
        Invitation.objects.filter(
            grant=Grant.SEAT, organisation_id=seat.organisation_id, accepted_by_id=seat.user_id, role=seat.role
        ).values_list("structure_id", flat=True)
    )
    approved = {each.pk: each for each in Structure.objects.approved()}
    covering = _covering(seat.organisation, on) & set(approved)
    kept = (covering & inviting) or covering or (inviting & set(approved))
    return sorted((approved[pk] for pk in kept), key=lambda structure: (structure.name, structure.pk))


def _covering(organisation: Organisation, on: date) -> set[int]:
    ground = ground_or_none()
    if ground is None:
        return set()
    commune = organisation.commune_code or ground.seat_of_siren(organisation.siren) or ""
    if not commune:
        return set()
    in_force = Coverage.objects.in_force(on).filter(structure__status="approved")
    return {each.structure_id for each in in_force if commune in covered(each.places, ground).communes}
