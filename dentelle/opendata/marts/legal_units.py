"""The legal units of SIRENE that a data set needs: name, legal category and commune of the seat."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pads
import pyarrow.parquet as pq

from dentelle.opendata.decp.dataset import Dataset
from dentelle.opendata.ground import Ground
from dentelle.opendata.marts import schema


def legal_units_of(ground: Ground, dataset: Dataset) -> pa.Table:
    """One row per SIREN among the buyers and holders of ``dataset`` that the loaded legal units know (``schema.LEGAL_UNITS``).

    Empty when `dentelle ground load sirene_units` was never run. The seat is known when the establishments (kind ``sirene``)
    are loaded too. The stock has millions of lines: it is filtered while it is read, never held whole.
    """
    layer = ground.layer("sirene_units")
    if layer is None:
        return schema.LEGAL_UNITS.empty_table()
    wanted = _parties(dataset)
    units = _of_sirens(layer.path, ["siren", "name", "legal_category", "active"], wanted)
    # an active unit before one that ceased, then a total order: the answer never depends on the order of the file
    units = _first_per_siren(units, [("active", "descending"), ("name", "ascending"), ("legal_category", "ascending")])
    seats = _seats(ground, wanted)
    joined = units.join(seats, "siren", join_type="left outer").sort_by("siren")
    return joined.select(schema.LEGAL_UNITS.names).cast(schema.LEGAL_UNITS)


def _parties(dataset: Dataset) -> pa.Array:
    buyers = pq.read_table(dataset.path("contracts"), columns=["buyer_siren"])["buyer_siren"]
    holders = pq.read_table(dataset.path("holders"), columns=["holder_siren"])["holder_siren"]
    return pc.unique(pa.chunked_array([*buyers.chunks, *holders.chunks], pa.string())).drop_null()


def _of_sirens(path: object, columns: list[str], wanted: pa.Array, and_also: pads.Expression | None = None) -> pa.Table:
    named = pads.field("siren").isin(wanted)
    return pads.dataset(str(path)).to_table(columns, filter=named if and_also is None else named & and_also)


def _seats(ground: Ground, wanted: pa.Array) -> pa.Table:
    """(siren, commune) of the head offices, when establishments are loaded."""
    layer = ground.layer("sirene")
    if layer is None:
        return pa.table({"siren": pa.array([], pa.string()), "commune": pa.array([], pa.string())})
    offices = _of_sirens(layer.path, ["siren", "siret", "commune_code", "active"], wanted, pads.field("head_office"))
    chosen = _first_per_siren(offices, [("active", "descending"), ("siret", "ascending")])
    return chosen.select(["siren", "commune_code"]).rename_columns(["siren", "commune"])


def _first_per_siren(table: pa.Table, order: list[tuple[str, str]]) -> pa.Table:
    ordered = table.sort_by([("siren", "ascending"), *order])
    numbered = ordered.append_column("row", pa.array(range(ordered.num_rows), pa.int64()))
    firsts = numbered.group_by("siren", use_threads=False).aggregate([("row", "min")])["row_min"]
    return ordered.take(firsts)
