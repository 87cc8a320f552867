"""A handover as it is typed: what becomes of each office, and arrivals pasted from a spreadsheet. Reads, writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from dentelle.foundations.organisations.models import Structure
from dentelle.foundations.typed import NIR_REFUSED, holds_nir
from dentelle.network.governance.actions.offices import Place
from dentelle.network.governance.models import Body, Gender, Office, OfficeRole
from dentelle.opendata.text import fold
from dentelle.rules.wording import of

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
        OfficeRole.MEMBER: ("administrateur", "administratrice"),
        OfficeRole.TECHNICIAN: ("technicien", "technicienne"),
    }.items()
    for word in words
}
# words of a local mandate: typed where the function is asked, they say what the person is elected as
_LOCAL = frozenset(
    {"maire", "adjoint", "adjointe", "conseiller", "conseillere", "depute", "deputee", "senateur", "senatrice"}
)
Named = TypeVar("Named", Body, Structure)
_GENDERS = {fold(label): code for code, label in Gender.choices} | {"f": Gender.WOMAN, "h": Gender.MAN, "m": Gender.MAN}


@dataclass(frozen=True, slots=True)
class Typed:
    """What a grid says: offices that go on, places taken by others, and what could not be read.

    ``errors`` name their line; ``wrong`` gives those of the grid by office, to be shown where they are.
    """

    continued: tuple[int, ...]
    arrivals: tuple[Place, ...]
    errors: tuple[str, ...]
    wrong: Mapping[int, str] = field(default_factory=dict)


def read_grid(offices: Sequence[Office], typed: Mapping[str, str]) -> Typed:
    """Read one choice per office (``sort-12``), and the name of who takes the place (``nom-12``, ``mandat-12``, ``genre-12``)."""
    continued, arrivals, wrong = [], [], {}
    for office in offices:
        choice = typed.get(f"sort-{office.pk}", "")
        name = " ".join(typed.get(f"nom-{office.pk}", "").split())
        local = " ".join(typed.get(f"mandat-{office.pk}", "").split())
        if holds_nir(name) or holds_nir(local):
            wrong[office.pk] = f"{office.full_name}\u00a0: {NIR_REFUSED}"
        elif choice == REPLACED and name:
            gender = _gender(typed.get(f"genre-{office.pk}", "")) or ""
            # nobody said for which structure they come: that of who leaves is not theirs
            arrivals.append(
                Place(name[:150], office.role, office.body, None, None, local[:160], gender, office.full_name)
            )
        elif choice == REPLACED:
            wrong[office.pk] = f"Donnez le nom de qui prend la place de {office.full_name}."
        elif choice in (STAYS, LEAVES) and (name or local):
            label = dict(CHOICES)[choice]
            wrong[office.pk] = (
                f"Vous avez écrit «\u00a0{name or local}\u00a0» pour la fonction {of(office.full_name)}, dite «\u00a0{label}\u00a0»\u00a0: "
                "choisissez «\u00a0Prise par une autre personne\u00a0», ou effacez ce que vous avez écrit."
            )
        elif choice == STAYS:
            continued.append(office.pk)
        elif choice != LEAVES:
            wrong[office.pk] = f"Dites ce que devient la fonction {of(office.full_name)}."
    return Typed(tuple(continued), tuple(arrivals), tuple(wrong.values()), wrong)


def read_lines(
    text: str, bodies: Iterable[Body], structures: Iterable[Structure], *, default: Body | None = None
) -> Typed:
    """Read arrivals pasted from a spreadsheet, one per line, columns in the order of ``COLUMNS``, apart by a tab or « ; ».

    Only the name is compulsory: a line that gives no body takes ``default``. Accents, case, feminine and the beginning of a
    name are read; what may mean two things is refused at its line.
    """
    known_bodies, known_structures = list(bodies), list(structures)
    arrivals, errors = [], []
    lines = text.splitlines()
    for number, line in enumerate(lines[:MOST_LINES], start=1):
        if not line.strip():
            continue
        cells = [" ".join(cell.split()) for cell in line.split("\t" if "\t" in line else ";")]
        name, role, body, structure, local, gender = (*cells, *[""] * len(COLUMNS))[: len(COLUMNS)]
        if fold(name) in {"nom", "nom prenom", "prenom nom", "nom complet"}:  # the titles came along
            continue
        if not local and fold(role).partition(" ")[0] in _LOCAL:
            role, local = "", role  # what the person is elected as was written as what they do in the body
        wrong: list[str] = []
        found_body = _one(body, known_bodies, "instance", wrong) if body else default
        found_structure = _one(structure, known_structures, "structure", wrong) if structure else None
        code = _role(role)
        if not name:
            wrong.append("le nom manque")
        if code is None:
            wrong.append(f"fonction «\u00a0{role}\u00a0» inconnue")
        elif not body and default is None and code != OfficeRole.LEAD_OFFICIAL:
            wrong.append(
                "l’instance manque\u00a0: écrivez-la, ou choisissez au-dessus celle des lignes qui ne la disent pas"
            )
        if _gender(gender) is None:
            wrong.append(f"genre «\u00a0{gender}\u00a0» illisible")
        if len(cells) > len(COLUMNS) and any(cells[len(COLUMNS) :]):
            wrong.append(f"une colonne de trop\u00a0: «\u00a0{cells[len(COLUMNS)]}\u00a0»")
        if wrong:
            who = f" ({name})" if name else ""
            errors.append(f"Ligne {number}{who}\u00a0: {', '.join(wrong)}.")
            continue
        arrivals.append(
            Place(
                name[:150],
                code or OfficeRole.MEMBER.value,
                found_body,
                found_structure,
                None,
                local[:160],
                _gender(gender) or "",
            )
        )
    if len(lines) > MOST_LINES:
        errors.append(
            f"Plus de {MOST_LINES} lignes\u00a0: collez-les en plusieurs fois, les suivantes dans chaque instance."
        )
    return Typed((), tuple(arrivals), tuple(errors))


def _role(text: str) -> str | None:
    """Return the code of a function, member when nothing is said, None when it is unknown."""
    if not text:
        return OfficeRole.MEMBER.value
    return _ROLES.get(fold(text))


def _one(text: str, known: Sequence[Named], what: str, wrong: list[str]) -> Named | None:
    """Return the only one whose name is ``text``, or holds its words; say in ``wrong`` why there is none."""
    asked = fold(text)
    exact = [each for each in known if fold(each.name) == asked]
    found = exact or [each for each in known if set(asked.split()) <= set(fold(each.name).split())]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(each.name for each in found[:4])
        wrong.append(f"{what} «\u00a0{text}\u00a0» peut être\u00a0: {names}")
    else:
        wrong.append(f"{what} «\u00a0{text}\u00a0» inconnue")
    return None


def _gender(text: str) -> str | None:
    """Return a code, empty for nothing said, None for what cannot be read."""
    if text in {"", *Gender.values}:
        return text
    return _GENDERS.get(fold(text))
