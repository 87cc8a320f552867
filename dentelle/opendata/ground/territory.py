"""A territory is a set of communes with a name and a vintage: the only thing the rest of the house needs to know."""

from dataclasses import dataclass
from typing import Literal, get_args

TerritoryKind = Literal["commune", "epci", "department", "region", "zone", "committee", "list"]
KINDS: tuple[TerritoryKind, ...] = get_args(TerritoryKind)

KIND_LABELS: dict[str, str] = {
    "commune": "commune",
    "epci": "intercommunalité",
    "department": "département",
    "region": "région",
    "zone": "zone d’emploi",
    "committee": "comité local pour l’emploi",
    "list": "liste de communes",
}


@dataclass(frozen=True, slots=True)
class Territory:
    """Any set of current communes.

    ``vintage`` is that of the geographic code the commune codes belong to; for a zone or a committee, the vintage of the
    loaded file follows after « / ». ``population`` is the sum over the communes, None when none of them has one.
    """

    kind: TerritoryKind
    code: str
    name: str
    vintage: str
    communes: frozenset[str]
    population: int | None

    @property
    def spec(self) -> str:
        """Return the text that finds this territory again: ``KIND:CODE``, joined by « + » for a union."""
        return self.code if self.kind == "list" and ":" in self.code else f"{self.kind}:{self.code}"
