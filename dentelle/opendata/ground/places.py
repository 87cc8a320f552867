"""What the ground answers with, and how it refuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class GroundMissing(Exception):
    """The compact file is absent or of an older make: the message names the command that makes it."""

    def __init__(self, directory: Path, reason: str = "n’est pas encore préparé") -> None:
        self.directory = directory
        super().__init__(f"le référentiel des communes {reason} dans {directory} ; lancez « dentelle ground build ».")


class UnknownPlace(LookupError):
    """No place answers to this kind and code or name; near ones are offered in the message and in ``suggestions``."""

    def __init__(self, asked: str, reason: str, suggestions: Sequence[str] = ()) -> None:
        self.asked = asked
        self.suggestions = tuple(suggestions)
        near = f" Vouliez-vous dire : {' ; '.join(suggestions)} ?" if suggestions else ""
        super().__init__(f"« {asked} » : {reason}.{near}" if asked else f"{reason}.")

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Commune:
    """A current commune. ``population`` is null for the uninhabited codes of TAAF and Clipperton."""

    code: str
    name: str
    zone: str
    department_code: str
    region_code: str
    arrondissement_code: str | None
    epci_code: str | None
    ept_code: str | None
    siren: str | None
    population: int | None
    postal_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Epci:
    """An EPCI with own taxation, or an EPT of Greater Paris (``type`` EPT); its code is its SIREN.

    ``largest_member`` is the most populous commune. The seat itself is not published in the source.
    """

    code: str
    name: str
    type: str
    population: int | None
    largest_member: str


@dataclass(frozen=True, slots=True)
class Department:
    """A department or overseas collectivity; population is the sum of its communes."""

    code: str
    name: str
    region_code: str
    zone: str
    population: int | None
    chief_code: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region or overseas collectivity; population is the sum of its communes."""

    code: str
    name: str
    zone: str
    population: int | None
    chief_code: str
