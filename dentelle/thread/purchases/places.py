"""Places of execution by their names: nobody knows a commune by its code, which stays beside the name to tell two apart."""

from collections.abc import Callable
from dataclasses import dataclass

from dentelle.opendata.ground.places import GroundMissing
from dentelle.opendata.ground.store import Ground
from dentelle.thread.purchases import wording
from dentelle.thread.territory.queries import ground
from dentelle.web.formatting import plural


@dataclass(frozen=True, slots=True)
class PlaceNamed:
    """A place as far as it is known. ``code`` says its kind and code, ``within`` the department and EPCI it lies in.

    A code no ground knows is its own name, and ``code`` is empty.
    """

    name: str
    code: str = ""
    within: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name


UNKNOWN = PlaceNamed("non renseigné")
Namer = Callable[[str | None, str | None], PlaceNamed]


def namer() -> Namer:
    """Return a function that names places, with the ground as it is now: for one page or one export."""
    try:
        reference = ground()
    except GroundMissing:
        return lambda area, precision: PlaceNamed(wording.place(area, precision)) if area else UNKNOWN
    known: dict[str, PlaceNamed] = {}

    def named(area: str | None, precision: str | None) -> PlaceNamed:
        if not area:
            return UNKNOWN
        if area not in known:
            known[area] = _named(reference, area) or PlaceNamed(wording.place(area, precision))
        return known[area]

    return named


def department_namer() -> Callable[[str | None], str | None]:
    """Return a function that writes a department as « Deux-Sèvres (79) », its code alone when no ground knows it."""
    named = namer()
    return lambda code: None if code is None else _department(named(f"department:{code}", "department"), code)


def _department(place: PlaceNamed, code: str) -> str:
    return f"{place.name} ({code})" if place.code else code


def _named(reference: Ground, area: str) -> PlaceNamed | None:
    kind, _, code = area.partition(":")
    if kind == "postal":
        return _of_postal_code(reference, code)
    if kind == "commune":
        return _of_commune(reference, code, f"commune {code}")
    name = reference.name_of(kind, code)
    if name is None:
        return None
    within = ""
    if kind == "department":
        within = reference.name_of("region", reference.department(code).region_code) or ""
    return PlaceNamed(name, f"{wording.PRECISION.get(kind, kind)} {code}", within)


def _of_commune(reference: Ground, code: str, said: str) -> PlaceNamed | None:
    current = reference.resolve(code)
    if current is None:
        return None
    commune = reference.commune(current)
    department = reference.name_of("department", commune.department_code)
    epci = reference.name_of("epci", commune.epci_code) if commune.epci_code else None
    # a former commune keeps the name it was published under, and says what it became
    former = reference.name_of("former", code) if current != code else None
    became = f"aujourd’hui {commune.name}" if former and former != commune.name else None
    return PlaceNamed(former or commune.name, said, ", ".join(filter(None, (became, department, epci))))


def _of_postal_code(reference: Ground, code: str) -> PlaceNamed | None:
    served = reference.communes_of_postal_code(code)
    first = _of_commune(reference, served[0], f"code postal {code}") if served else None
    if first is None or len(served) == 1:
        return first
    department = reference.name_of("department", reference.commune(served[0]).department_code) or ""
    others = plural(len(served) - 1, "autre commune", "autres communes")
    return PlaceNamed(f"{first.name} ou {others}", f"code postal {code}", department)
