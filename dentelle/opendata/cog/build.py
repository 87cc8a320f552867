"""Build the one compact file of the ground from the npm package; do nothing when it is already there and right."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dentelle.opendata.cog.check import check_fields, check_members, check_places
from dentelle.opendata.cog.read import FILES, PACKAGE, find_package, read_file
from dentelle.opendata.cog.shape import PLACES, SCHEMA_VERSION, shape_places
from dentelle.opendata.storage import read_metadata, sha256_of, write_table

FILE_NAME = "cog.parquet"
ATTRIBUTION = "INSEE (COG, populations légales), DGCL (EPCI, SIREN), La Poste (codes postaux) : Licence Ouverte 2.0"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build gave: the file, its hash and size in bytes, what it records, and whether it had to be made."""

    path: Path
    sha256: str
    size: int
    metadata: dict[str, Any]
    made: bool


def build_ground(node_modules: Path, directory: Path) -> Built:
    """Write ``cog.parquet`` in ``directory`` from the package found in ``node_modules``.

    Idempotent: a file made from the same sources by the same schema is left untouched. Deterministic: the same package
    gives the same bytes. Atomic: a reader sees the old file or the new one.
    """
    package = find_package(node_modules)
    path = directory / FILE_NAME
    metadata: dict[str, Any] = {
        "kind": "cog",
        "schema_version": SCHEMA_VERSION,
        "columns": PLACES.names,
        "package": PACKAGE,
        "package_version": package.version,
        "vintage": package.vintage,
        "valid_from": f"{package.vintage}-01-01",
        "sources_sha256": package.sha256,
        "attribution": ATTRIBUTION,
    }
    present = read_metadata(path)
    made = present is None or {key: present.get(key) for key in metadata} != metadata
    if made:
        sources = {name: read_file(package, name) for name in FILES}
        for name, records in sources.items():
            check_fields(name, records)
        places = shape_places(sources)
        check_places(places)
        for name in ("epci", "ept"):
            check_members(name, sources[name], places)
        write_table(places, path, {**metadata, "rows": places.num_rows})
    return Built(path, sha256_of(path), path.stat().st_size, read_metadata(path) or metadata, made)
