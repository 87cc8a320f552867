"""Where a concern is: the places a structure covers, or one of their communes; and what places kept earlier are called."""

from collections.abc import Iterable, Sequence
from datetime import date

from dentelle.foundations.organisations.models import Coverage, Membership
from dentelle.foundations.structures.ground import covered, ground_or_none
from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.ground.store import Ground

WHOLE = ""  # the choice « all that the structure covers »


def covered_by(member: Membership, today: date) -> list[str]:
    """Return the places the person's structure covers today, none when it has not said."""
    version = Coverage.objects.in_force(today).filter(structure=member.structure_id).first()
    return list(version.places) if version else []


def choices(specs: Sequence[str]) -> list[tuple[str, str]]:
    """Return what a form proposes: the whole of ``specs`` first, then each of their communes by name."""
    known = ground_or_none()
    whole = covered(specs, known)
    communes = sorted((known.commune(code).name, code) for code in whole.communes) if known else []
    label = f"Tout notre territoire\u00a0: {whole.names}" if specs else "Territoire non déclaré par la structure"
    return [(WHOLE, label), *((f"commune:{code}", name) for name, code in communes)]


def named(many: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return what each place of several lists is called, each looked for once."""
    known = ground_or_none()
    return {spec: _name(spec, known) for spec in {spec for specs in many for spec in specs}}


def together(specs: Sequence[str], names: dict[str, str]) -> str:
    """Return the names of places as one text, empty for none."""
    return ", ".join(names.get(spec, spec) for spec in specs)


def _name(spec: str, known: Ground | None) -> str:
    if known is None:
        return spec
    try:
        return territory_of(known, spec).name
    except UnknownPlace:  # merged or abolished since
        return spec
