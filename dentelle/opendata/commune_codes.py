"""Read a commune code someone else wrote: as it is, through its successor, or restored when that can be proved."""

import re
from dataclasses import dataclass, field

from dentelle.opendata.ground import Ground
from dentelle.opendata.tabular import Line
from dentelle.opendata.text import fold

COMMUNE_CODE = re.compile(r"(?:\d{2}|2[AB])\d{3}")


@dataclass(slots=True)
class Report:
    """What happened to the codes of a file, to be shown to whoever gave it."""

    unmatched: list[str] = field(default_factory=list)  # well formed, lead to no current commune
    repaired: list[str] = field(default_factory=list)  # the leading zero was lost and is proved
    former: dict[str, str] = field(default_factory=dict)  # former code → current commune
    conflicts: list[str] = field(default_factory=list)  # current communes left out: their former parts disagree
    errors: list[str] = field(default_factory=list)  # « ligne 12, colonne CODGEO : … »

    def refuse(self, line: Line, header: str, problem: str) -> None:
        """Note that a cell cannot be read."""
        self.errors.append(f"ligne {line.number}, colonne {header} : {problem}")


def read_commune(ground: Ground, line: Line, header: str, report: Report) -> str | None:
    """Return the current commune of the line (fields ``commune_code``, and ``commune_name`` or ``department_code`` if any).

    A code of four digits has lost its zero: it is restored only when the padded code exists and the name or department
    written beside it agrees; otherwise the line is an error. An unknown code is reported, never replaced.
    """
    code = line.cells["commune_code"].upper()
    if re.fullmatch(r"[1-9]\d{3}", code):
        padded = f"0{code}"
        if not _proved(ground, padded, line):
            report.refuse(
                line, header, f"« {code} » a perdu son zéro et rien sur la ligne ne prouve qu’il s’agit de {padded}"
            )
            return None
        report.repaired.append(padded)
        code = padded
    elif not COMMUNE_CODE.fullmatch(code):
        report.refuse(
            line, header, f"« {code[:20]} » n’est pas un code commune (cinq caractères, 2A ou 2B pour la Corse)"
        )
        return None
    current = ground.resolve(code)
    if current is None:
        report.unmatched.append(code)
    elif current != code:
        report.former[code] = current
    return current


def _proved(ground: Ground, padded: str, line: Line) -> bool:
    current = ground.resolve(padded)
    if current is None:
        return False
    department = line.cells.get("department_code", "")
    if department and department.zfill(2) == padded[:2]:
        return True
    name = line.cells.get("commune_name", "")
    return bool(name) and fold(name) in {fold(known) for known in ground.names_of_code(padded)}
