"""The regions a structure works in, read from what it covers."""

from datetime import date

from dentelle.foundations.organisations.models import Coverage, Membership
from dentelle.foundations.structures.ground import covered, ground_or_none


def regions_of(member: Membership, today: date) -> frozenset[str]:
    """Return the codes of the regions the person's structure covers today; without the ground, those it named itself."""
    version = Coverage.objects.in_force(today).filter(structure=member.structure_id).first()
    if version is None:
        return frozenset()
    known = ground_or_none()
    if known is None:
        return frozenset(place.partition(":")[2] for place in version.places if place.startswith("region:"))
    return frozenset(known.commune(code).region_code for code in covered(version.places, known).communes)
