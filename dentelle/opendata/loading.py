"""The official files the house knows how to take in, by kind."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from dentelle.opendata.ground import Ground
from dentelle.opendata.layers import Loaded, Loading
from dentelle.opendata.refusal import SourceRefused

Loader = Callable[[Ground, Loading, "Iterable[str] | None"], Loaded]


@dataclass(frozen=True, slots=True)
class LoadKind:
    """A kind of file: its French name, whether a list of identifiers may restrict it, and what loads it."""

    label: str
    restrictable: bool
    load: Loader


def _zones(ground: Ground, loading: Loading, only: Iterable[str] | None) -> Loaded:
    from dentelle.opendata.zones.shape import load_zones

    return load_zones(ground, loading)


def _committees(ground: Ground, loading: Loading, only: Iterable[str] | None) -> Loaded:
    from dentelle.opendata.committees.shape import load_committees

    return load_committees(ground, loading)


def _neighbourhoods(ground: Ground, loading: Loading, only: Iterable[str] | None) -> Loaded:
    from dentelle.opendata.priority_neighbourhoods.shape import load_neighbourhoods

    return load_neighbourhoods(ground, loading)


def _establishments(ground: Ground, loading: Loading, only: Iterable[str] | None) -> Loaded:
    from dentelle.opendata.sirene.shape import load_establishments

    return load_establishments(ground, loading, only)


def _units(ground: Ground, loading: Loading, only: Iterable[str] | None) -> Loaded:
    from dentelle.opendata.sirene.shape import load_units

    return load_units(ground, loading, only)


LOAD_KINDS: dict[str, LoadKind] = {
    "zones": LoadKind("zones d’emploi", False, _zones),
    "committees": LoadKind("comités locaux pour l’emploi", False, _committees),
    "priority_neighbourhoods": LoadKind("quartiers prioritaires", False, _neighbourhoods),
    "sirene": LoadKind("établissements (Sirene)", True, _establishments),
    "sirene_units": LoadKind("unités légales (Sirene)", True, _units),
}


def read_identifiers(path: Path) -> list[str]:
    """Return the SIRET or SIREN of a text file, one by line (the first cell of a CSV); refuse a line that is neither."""
    if not path.is_file():
        raise SourceRefused("file_absent", f"le fichier {path} n’existe pas.")
    identifiers = []
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            identifier = re.split(r"[;,\t]", line.strip())[0].strip().strip('"').replace(" ", "")
            if re.fullmatch(r"\d{9}|\d{14}", identifier):
                identifiers.append(identifier)
            elif identifier and number > 1:
                raise SourceRefused(
                    "identifier_malformed",
                    f"ligne {number} : « {identifier[:20]} » n’est ni un SIRET ni un SIREN.",
                    path=path,
                )
    return identifiers
