"""Take a priority neighbourhoods file in: one row per code, contours valid and on a grid of eleven centimetres."""

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely

from dentelle.opendata.ground import Ground
from dentelle.opendata.layers import Loaded, Loading, layer_path
from dentelle.opendata.priority_neighbourhoods.check import fits_vintage, generation_of, read_contour
from dentelle.opendata.priority_neighbourhoods.read import Feature, read_features
from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.storage import read_metadata, write_table

KIND = "priority_neighbourhoods"
ATTRIBUTION = "ANCT, quartiers prioritaires de la politique de la ville : Licence Ouverte"

NEIGHBOURHOODS = pa.schema(
    [
        ("code", pa.string()),
        ("name", pa.string()),
        ("commune_codes", pa.string()),  # current communes, joined by « | »; null when the file does not say
        ("commune_names", pa.string()),  # as written
        ("mended", pa.bool_()),  # the contour crossed itself and was mended
        ("geometry", pa.binary()),  # WKB, longitude and latitude in degrees
    ]
)


def load_neighbourhoods(ground: Ground, loading: Loading) -> Loaded:
    """Write ``priority_neighbourhoods-VINTAGE.parquet``; perimeters of 2015 and 2024 never share a file."""
    path = layer_path(loading.directory, KIND, loading.vintage)
    identity = loading.identity(KIND, ground.fingerprint, ATTRIBUTION)
    present = read_metadata(path)
    if present is not None and {key: present.get(key) for key in identity} == identity:
        return Loaded(path, present, made=False)
    rows: dict[str, dict[str, Any]] = {}
    unmatched: set[str] = set()
    generations: dict[str, Feature] = {}
    for feature in read_features(loading.source):
        row = _row(ground, loading, feature, generations, unmatched)
        known = rows.setdefault(row["code"], row)
        if known is not row:
            _join(loading.source, feature, known, row)
    for row in rows.values():
        row["geometry"] = shapely.to_wkb(row["geometry"])
    metadata = {
        **identity,
        "generation": next(iter(generations)),
        "rows": len(rows),
        "unmatched_count": len(unmatched),
        "unmatched": sorted(unmatched)[:1000],
        "mended": sorted(code for code, row in rows.items() if row["mended"]),
    }
    ordered = [rows[code] for code in sorted(rows)]
    write_table(pa.Table.from_pylist(ordered, schema=NEIGHBOURHOODS), path, metadata)
    return Loaded(path, metadata, made=True)


def _row(
    ground: Ground, loading: Loading, feature: Feature, generations: dict[str, Feature], unmatched: set[str]
) -> dict[str, Any]:
    def refused(code: str, problem: str) -> SourceRefused:
        return SourceRefused(code, f"objet n° {feature.rank} : {problem}.", path=loading.source)

    code = feature.properties["code"].upper()
    generation = generation_of(code)
    if generation is None:
        raise refused(
            "code_malformed", f"« {code[:20]} » n’est pas un code de quartier (QP066007 en 2015, QN00101M en 2024)"
        )
    if not fits_vintage(generation, loading.vintage):
        raise refused(
            "vintage_mismatch", f"{code} est un périmètre de {generation}, le millésime demandé est {loading.vintage}"
        )
    generations.setdefault(generation, feature)
    try:
        contour, mended = read_contour(feature.geometry)
    except ValueError as problem:
        raise refused("contour_refused", f"{code} : {problem}") from problem
    communes = set()
    for written in re.split(r"[^0-9AB]+", feature.properties["communes"].upper()):
        current = ground.resolve(written) if written else None
        if current is not None:
            communes.add(current)
        elif written:
            unmatched.add(written)
    return {
        "code": code,
        "name": feature.properties["name"] or None,
        "commune_codes": "|".join(sorted(communes)) or None,
        "commune_names": feature.properties["commune_names"] or None,
        "mended": mended,
        "geometry": contour,
    }


def _join(path: Path, feature: Feature, known: dict[str, Any], row: dict[str, Any]) -> None:
    """Add another piece of the same neighbourhood; two names under one code are a broken file."""
    if known["name"] != row["name"]:
        raise SourceRefused(
            "code_twice",
            f"objet n° {feature.rank} : {row['code']} désigne « {known['name']} » et « {row['name']} ».",
            path=path,
        )
    known["geometry"] = shapely.union(known["geometry"], row["geometry"])
    known["mended"] = known["mended"] or row["mended"]
    codes = {*(known["commune_codes"] or "").split("|"), *(row["commune_codes"] or "").split("|")} - {""}
    known["commune_codes"] = "|".join(sorted(codes)) or None
