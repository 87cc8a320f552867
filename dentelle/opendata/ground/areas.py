"""Zonings loaded from official files (employment zones, local employment committees), ready to answer."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from dentelle.opendata.layers import Layer, latest
from dentelle.opendata.text import fold

AREAS = pa.schema([("commune_code", pa.string()), ("area_code", pa.string()), ("area_name", pa.string())])


@dataclass(frozen=True, slots=True)
class Areas:
    """One zoning: its vintage, its names, its members (current communes), and the table to join with."""

    layer: Layer
    table: pa.Table
    names: dict[str, str]
    keys: dict[str, str]
    members: dict[str, frozenset[str]]


def load_areas(layers: list[Layer], kinds: Mapping[str, str], vintages: Mapping[str, str]) -> dict[str, Areas]:
    """Read the zoning that answers for each kind: the vintage asked for, else the last one loaded."""
    loaded = {}
    for kind, stored in kinds.items():
        layer = latest(layers, stored, vintages.get(kind))
        if layer is not None:
            loaded[kind] = _read(layer)
    return loaded


def _read(layer: Layer) -> Areas:
    table = pq.read_table(layer.path, schema=AREAS)
    names: dict[str, str] = {}
    members: dict[str, set[str]] = {}
    for commune, code, name in zip(*(table[column].to_pylist() for column in AREAS.names), strict=True):
        names[code] = name
        members.setdefault(code, set()).add(commune)
    return Areas(
        layer=layer,
        table=table,
        names=names,
        keys={code: fold(name) for code, name in names.items()},
        members={code: frozenset(communes) for code, communes in members.items()},
    )
