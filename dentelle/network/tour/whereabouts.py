"""The regions a structure works in, read from what it covers; those of an organisation, from what was agreed with it."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.organisations.models import Coverage, Membership
from dentelle.foundations.structures.ground import covered, ground_or_none
from dentelle.network.agreements.access import agreements_of_party, naming


def regions_of(member: Membership, today: date) -> frozenset[str]:
    """Return the codes of the regions the person's structure covers today."""
    version = Coverage.objects.in_force(today).filter(structure=member.structure_id).first()
    return regions_holding(version.places) if version else frozenset()


def regions_of_party(seat: Seat, today: date) -> frozenset[str]:
    """Return the codes of the regions of the agreements of the seat's organisation and of the lines of the map that name it.

    Those of agreements that are not over; a framework has no territory, and adds none.
    """
    going_on = agreements_of_party(seat).filter(Q(ended_on=None), Q(ends_on=None) | Q(ends_on__gte=today))
    places = [*going_on.values_list("places", flat=True), *naming(seat).values_list("places", flat=True)]
    return regions_holding(sorted({place for each in places for place in each}))


def regions_holding(places: Sequence[str]) -> frozenset[str]:
    """Return the codes of the regions of ``KIND:CODE`` places; without the ground, those named themselves."""
    known = ground_or_none()
    if known is None:
        return frozenset(place.partition(":")[2] for place in places if place.startswith("region:"))
    return frozenset(known.commune(code).region_code for code in covered(places, known).communes)
