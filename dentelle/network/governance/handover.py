"""A handover as it is typed: what becomes of each office, and arrivals pasted from a spreadsheet. Reads, writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dentelle.foundations.organisations.models import Structure
from dentelle.network.governance.actions.offices import Place
from dentelle.network.governance.models import Body, Gender, Office, OfficeRole
from dentelle.opendata.text import fold

COLUMNS = ("nom", "fonction", "instance", "structure", "mandat local", "genre")
STAYS, LEAVES, REPLACED = "reste", "part", "remplace"
CHOICES = ((STAYS, "Reconduite"), (LEAVES, "S’arrête"), (REPLACED, "Prise par une autre personne"))
MOST_LINES = 500
_ROLES = {fold(label): code for code, label in OfficeRole.choices} | {
    fold(word): code
    for code, words in {
        OfficeRole.PRESIDENT: ("président", "présidente"),
        OfficeRole.VICE_PRESIDENT: ("vice-président", "vice-présidente"),
        OfficeRole.TREASURER: ("trésorier", "trésorière"),
        OfficeRole.SECRETARY: ("secrétaire",),
        OfficeRole.LEAD_OFFICIAL: ("élu référent", "élue référente", "référent", "référente"),
        OfficeRole.TECHNICIAN: ("technicien", "technicienne"),
    }.items()
    for word in words
}
_GENDERS = {fold(label): code for code, label in Gender.choices} | {"f": Gender.WOMAN, "h": Gender.MAN, "m": Gender.MAN}


@dataclass(frozen=True, slots=True)
class Typed:
    """What a grid says: offices that go on, places taken by others, and what could not be read, line by line."""

    continued: tuple[int, ...]
    arrivals: tuple[Place, ...]
    errors: tuple[str, ...]


def read_grid(offices: Sequence[Office], typed: Mapping[str, str]) -> Typed:
    """Read one choice per office (``sort-12``), and the name of who takes the place (``nom-12``, ``mandat-12``, ``genre-12``)."""
    continued, arrivals, errors = [], [], []
    for office in offices:
        choice = typed.get(f"sort-{office.pk}", "")
        name = " ".join(typed.get(f"nom-{office.pk}", "").split())
        if choice == STAYS:
            continued.append(office.pk)
        elif choice == REPLACED and name:
            arrivals.append(
                Place(
                    name[:150],
                    office.role,
                    office.body,
                    office.structure,
                    None,
                    typed.get(f"mandat-{office.pk}", "")[:160],
                    _gender(typed.get(f"genre-{office.pk}", "")) or "",
                )
            )
        elif choice == REPLACED:
            errors.append(f"Donnez le nom de qui prend la place de {office.full_name}.")
        elif choice != LEAVES:
            errors.append(f"Dites ce que devient la fonction de {office.full_name}.")
    return Typed(tuple(continued), tuple(arrivals), tuple(errors))


def read_lines(text: str, bodies: Iterable[Body], structures: Iterable[Structure]) -> Typed:
    """Read arrivals pasted from a spreadsheet, one per line, columns in the order of ``COLUMNS``, apart by a tab or « ; »."""
    by_body = {fold(body.name): body for body in bodies}
    by_structure = {fold(structure.name): structure for structure in structures}
    arrivals, errors = [], []
    for number, line in enumerate(text.splitlines()[:MOST_LINES], start=1):
        if not line.strip():
            continue
        cells = [" ".join(cell.split()) for cell in line.split("\t" if "\t" in line else ";")]
        name, role, body, structure, local, gender = (*cells, *[""] * len(COLUMNS))[: len(COLUMNS)]
        if fold(name) == "nom":  # the titles came along
            continue
        wrong = [
            *([] if name else ["le nom manque"]),
            *([] if not role or fold(role) in _ROLES else [f"fonction « {role} » inconnue"]),
            *([] if not body or fold(body) in by_body else [f"instance « {body} » inconnue"]),
            *([] if not structure or fold(structure) in by_structure else [f"structure « {structure} » inconnue"]),
            *([] if _gender(gender) is not None else [f"genre « {gender} » illisible"]),
        ]
        if wrong:
            errors.append(f"Ligne {number}\u00a0: {', '.join(wrong)}\u00a0; écrivez comme dans Dentelle.")
            continue
        arrivals.append(
            Place(
                name[:150],
                _ROLES.get(fold(role), OfficeRole.MEMBER.value),
                by_body.get(fold(body)),
                by_structure.get(fold(structure)),
                None,
                local[:160],
                _gender(gender) or "",
            )
        )
    return Typed((), tuple(arrivals), tuple(errors))


def _gender(text: str) -> str | None:
    """Return a code, empty for nothing said, None for what cannot be read."""
    if text in {"", *Gender.values}:
        return text
    return _GENDERS.get(fold(text))
