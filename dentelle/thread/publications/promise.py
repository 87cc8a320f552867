"""What a contract promises, in the words of open purchasing data (schema of 2022)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from dentelle.rules.levers import levers
from dentelle.rules.levers_catalogue import LeverCode
from dentelle.rules.thresholds import ContractKind

CLAUSE, CRITERION, RESERVED = "Clause sociale", "Critère social", "Marché réservé"
RESERVED_CONCESSION, NOTHING = "Concession réservée", "Pas de considération sociale"
# values of a type of clause; a condition with a criterion is both, and the field is a list
VALUES: dict[str, tuple[str, ...]] = {each.code.value: (each.decp,) for each in levers() if each.decp is not None} | {
    LeverCode.CONDITION_AND_CRITERION.value: (CLAUSE, CRITERION)
}
TYPES_OF = {
    value: tuple(code for code, values in VALUES.items() if value in values) for value in (CLAUSE, CRITERION, RESERVED)
}


@dataclass(frozen=True, slots=True)
class Considerations:
    """The three kinds of social consideration a published contract may carry."""

    clause: bool = False
    criterion: bool = False
    reserved: bool = False

    def values(self, kind: str = "") -> tuple[str, ...]:
        """Return the exact texts of the schema, for a contract of this kind."""
        reserved = RESERVED_CONCESSION if kind == ContractKind.CONCESSION.value else RESERVED
        held = ((self.clause, CLAUSE), (self.criterion, CRITERION), (self.reserved, reserved))
        return tuple(value for is_held, value in held if is_held) or (NOTHING,)


def promised_by(clause_types: Iterable[str]) -> Considerations:
    """Return what types of clause promise together."""
    values = {value for code in clause_types for value in VALUES.get(code, ())}
    return Considerations(CLAUSE in values, CRITERION in values, RESERVED in values)


def fragment(considerations: Considerations, kind: str = "") -> str:
    """Return the JSON the buyer's tool expects, to paste as it is."""
    body = {"considerationsSociales": {"considerationSociale": list(considerations.values(kind))}}
    return json.dumps(body, ensure_ascii=False, indent=2)
