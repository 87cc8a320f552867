"""From what a person picks and pastes to a set of communes, line by line, without guessing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.specs import parse_territory, territory_of
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.ground.territory import Territory

MAX_LINES = 2000
MAX_LINE = 120  # characters: no place has a longer name, and a near spelling is sought for each
_SEPARATORS = re.compile(r"[;\t]")


@dataclass(frozen=True, slots=True)
class LineError:
    """A pasted line that names no place: its number (from 1), its text, why, and what to write."""

    line: int
    text: str
    reason: str


def read_lines(ground: Ground, text: str) -> tuple[list[str], list[LineError]]:
    """Return the places (``KIND:CODE``) a pasted list names, and the lines that name none.

    One place a line: a commune code, a name, the SIREN of an EPCI, ``genre:code``, or a line copied from a spreadsheet
    whose first cell is one of these.
    """
    specs: list[str] = []
    errors: list[LineError] = []
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        reason = f"la liste compte {len(lines)} lignes, {MAX_LINES} au plus ; retirez-en ou choisissez un EPCI ou un département"
        return [], [LineError(MAX_LINES + 1, "", reason)]
    for number, line in enumerate(lines, start=1):
        first = _SEPARATORS.split(line, maxsplit=1)[0].strip().strip("\"'«» ")
        if not first:
            continue
        if len(first) > MAX_LINE:
            reason = f"cette ligne est trop longue ({len(first)} caractères) ; écrivez un seul lieu par ligne"
            errors.append(LineError(number, first[:MAX_LINE] + "…", reason))
            continue
        try:
            specs.append(_spec_of(ground, first))
        except UnknownPlace as refusal:
            # the line is shown beside: no need to quote it again, in a form the person never wrote
            reason = str(refusal).removeprefix(f"« {refusal.asked} » : ")
            errors.append(LineError(number, first, reason))
    return list(dict.fromkeys(specs)), errors


def compose(ground: Ground, specs: Iterable[str]) -> Territory:
    """Return the union of ``specs``; raise ``UnknownPlace`` when one leads nowhere or when there is none."""
    unique: Sequence[str] = list(dict.fromkeys(specs))
    return parse_territory(ground, unique)


def _spec_of(ground: Ground, text: str) -> str:
    if ":" in text:
        return territory_of(ground, text).spec
    bare = text.replace(" ", "").upper()
    if re.fullmatch(r"\d{9}", bare):
        return territory_of(ground, f"epci:{bare}").spec
    served = ground.communes_of_postal_code(bare)
    if re.fullmatch(r"\d{5}", bare) and served and ground.resolve(bare) is None:
        names = " ; ".join(f"{ground.commune(code).name} ({code})" for code in served[:4])
        more = " ; …" if len(served) > 4 else ""
        raise UnknownPlace(text, f"c’est un code postal ; écrivez le code de la commune : {names}{more}")
    return territory_of(ground, f"commune:{text}").spec
