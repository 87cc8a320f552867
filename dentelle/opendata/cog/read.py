"""Read the files of ``@etalab/decoupage-administratif`` as they are published."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.storage import sha256_of

PACKAGE = "@etalab/decoupage-administratif"
FILES = ("communes", "epci", "ept", "departements", "regions", "arrondissements")
# Vintage of the code by major version of the package: table « Millésimes » of the package's README.
VINTAGE_OF_MAJOR = {"6": "2026", "5": "2025", "4": "2024", "3": "2023", "2": "2022", "1": "2021"}

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Package:
    """What was found: where, which version, the vintage it stands for, the hash of each file."""

    folder: Path
    version: str
    vintage: str
    sha256: dict[str, str]


def find_package(node_modules: Path) -> Package:
    """Locate the package under ``node_modules`` and hash its files; refuse clearly when it is absent or unknown."""
    folder = node_modules / PACKAGE
    try:
        version = str(orjson.loads((folder / "package.json").read_bytes())["version"])
        hashes = {name: sha256_of(folder / "data" / f"{name}.json") for name in FILES}
    except FileNotFoundError as absent:
        raise SourceRefused(
            "cog_absent",
            f"le paquet npm {PACKAGE} n’est pas complet dans {node_modules} (il manque {absent.filename}) ; "
            "lancez « make setup », ou indiquez son dossier avec --from.",
        ) from absent
    except (ValueError, KeyError, TypeError) as unreadable:
        raise SourceRefused(
            "cog_unreadable", f"{folder / 'package.json'} est illisible ; réinstallez le paquet npm {PACKAGE}."
        ) from unreadable
    vintage = VINTAGE_OF_MAJOR.get(version.partition(".")[0])
    if vintage is None:
        raise SourceRefused(
            "cog_version_unknown",
            f"la version {version} de {PACKAGE} n’est rattachée à aucun millésime connu "
            f"(versions acceptées : {', '.join(f'{major}.x = {year}' for major, year in VINTAGE_OF_MAJOR.items())}).",
        )
    return Package(folder, version, vintage, hashes)


def read_file(package: Package, name: str) -> list[Record]:
    """Return the records of one file of the package."""
    path = package.folder / "data" / f"{name}.json"
    try:
        records = orjson.loads(path.read_bytes())
    except ValueError as broken:
        raise SourceRefused("cog_unreadable", f"JSON illisible ({broken}).", path=path) from broken
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise SourceRefused("cog_unreadable", "une liste d’objets était attendue.", path=path)
    return records
