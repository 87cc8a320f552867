"""Give stock files the shape the marts join with, batch after batch."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dentelle.opendata.ground import Ground
from dentelle.opendata.layers import Loaded, Loading, layer_path
from dentelle.opendata.sirene.check import NATURAL_PERSON, is_identifier, is_public
from dentelle.opendata.sirene.read import Unreadable, read_batches
from dentelle.opendata.storage import METADATA_KEY, encoded_metadata, read_metadata, replacing

ATTRIBUTION = "INSEE, base Sirene : Licence Ouverte 2.0"

ESTABLISHMENTS = pa.schema(
    [
        ("siret", pa.string()),
        ("siren", pa.string()),
        ("commune_code", pa.string()),  # current commune; null abroad or when the code is unknown
        ("naf", pa.string()),
        ("name", pa.string()),  # usual name of the establishment, else its sign; null when it has none
        ("head_office", pa.bool_()),
        ("active", pa.bool_()),
    ]
)
UNITS = pa.schema(
    [
        ("siren", pa.string()),
        ("name", pa.string()),
        ("legal_category", pa.string()),  # INSEE level III, four digits
        ("naf", pa.string()),
        ("active", pa.bool_()),
    ]
)

ESTABLISHMENT_COLUMNS = (
    "siret",
    "statutDiffusionEtablissement",
    "codeCommuneEtablissement",
    "activitePrincipaleEtablissement",
    "denominationUsuelleEtablissement",
    "enseigne1Etablissement",
    "etablissementSiege",
    "etatAdministratifEtablissement",
)
UNIT_COLUMNS = (
    "siren",
    "statutDiffusionUniteLegale",
    "denominationUniteLegale",
    "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale",
    "etatAdministratifUniteLegale",
)


@dataclass(slots=True)
class _Counts:
    read: int = 0
    rows: int = 0
    not_public: int = 0
    malformed: int = 0
    unmatched: int = 0


Shaper = Callable[[pa.RecordBatch, _Counts], pa.Table]


def load_establishments(ground: Ground, loading: Loading, only: Iterable[str] | None = None) -> Loaded:
    """Write ``sirene-VINTAGE.parquet`` from StockEtablissement; ``only`` keeps these SIRET alone."""
    kept = None if only is None else pa.array(sorted(set(only)), pa.string())
    communes = _CommuneResolver(ground)

    def shape(batch: pa.RecordBatch, counts: _Counts) -> pa.Table:
        table = _kept(pa.Table.from_batches([batch]), "siret", 14, "statutDiffusionEtablissement", kept, counts)
        commune, unmatched = communes.resolve(table["codeCommuneEtablissement"])
        counts.unmatched += unmatched
        return pa.table(
            {
                "siret": table["siret"],
                "siren": pc.utf8_slice_codeunits(table["siret"], 0, 9),
                "commune_code": commune,
                "naf": table["activitePrincipaleEtablissement"],
                "name": pc.coalesce(table["denominationUsuelleEtablissement"], table["enseigne1Etablissement"]),
                "head_office": pc.equal(pc.utf8_lower(table["etablissementSiege"]), "true"),
                "active": pc.equal(table["etatAdministratifEtablissement"], "A"),
            },
            schema=ESTABLISHMENTS,
        )

    return _load("sirene", ground, loading, ESTABLISHMENT_COLUMNS, ESTABLISHMENTS, shape, kept)


def load_units(ground: Ground, loading: Loading, only: Iterable[str] | None = None) -> Loaded:
    """Write ``sirene_units-VINTAGE.parquet`` from StockUniteLegale, without sole traders; ``only`` keeps these SIREN alone."""
    kept = None if only is None else pa.array(sorted(set(only)), pa.string())

    def shape(batch: pa.RecordBatch, counts: _Counts) -> pa.Table:
        table = _kept(pa.Table.from_batches([batch]), "siren", 9, "statutDiffusionUniteLegale", kept, counts)
        body = pc.fill_null(pc.not_equal(table["categorieJuridiqueUniteLegale"], NATURAL_PERSON), False)
        counts.not_public += table.num_rows - (pc.sum(body).as_py() or 0)
        table = table.filter(body)
        return pa.table(
            {
                "siren": table["siren"],
                "name": table["denominationUniteLegale"],
                "legal_category": table["categorieJuridiqueUniteLegale"],
                "naf": table["activitePrincipaleUniteLegale"],
                "active": pc.equal(table["etatAdministratifUniteLegale"], "A"),
            },
            schema=UNITS,
        )

    return _load("sirene_units", ground, loading, UNIT_COLUMNS, UNITS, shape, kept)


def _load(
    kind: str,
    ground: Ground,
    loading: Loading,
    columns: Sequence[str],
    schema: pa.Schema,
    shape: Shaper,
    kept: pa.Array | None,
) -> Loaded:
    path = layer_path(loading.directory, kind, loading.vintage)
    identity: dict[str, Any] = {**loading.identity(kind, ground.fingerprint, ATTRIBUTION), "only": _digest(kept)}
    present = read_metadata(path)
    if present is not None and {key: present.get(key) for key in identity} == identity:
        return Loaded(path, present, made=False)
    counts, unreadable = _Counts(), Unreadable()
    with replacing(path) as draft, pq.ParquetWriter(draft, schema, compression="zstd") as writer:
        for batch in read_batches(loading.source, columns, unreadable):
            counts.read += batch.num_rows
            table = shape(batch, counts)
            counts.rows += table.num_rows
            if table.num_rows:
                writer.write_table(table)
        metadata = {
            **identity,
            "read": counts.read,
            "rows": counts.rows,
            "not_public": counts.not_public,
            "malformed": counts.malformed,
            "unreadable": unreadable.count,
            "unreadable_lines": unreadable.lines,
            "unmatched_count": counts.unmatched,
        }
        writer.add_key_value_metadata({METADATA_KEY: encoded_metadata(metadata)})
    return Loaded(path, metadata, made=True)


def _kept(
    table: pa.Table, identifier: str, digits: int, status: str, only: pa.Array | None, counts: _Counts
) -> pa.Table:
    if only is not None:
        # first of all: the set asked for is small beside the stock
        table = table.filter(pc.is_in(table[identifier], value_set=only))
    good = is_identifier(table[identifier], digits)
    counts.malformed += table.num_rows - (pc.sum(good).as_py() or 0)
    table = table.filter(good)
    public = is_public(table[status])
    counts.not_public += table.num_rows - (pc.sum(public).as_py() or 0)
    return table.filter(public)


class _CommuneResolver:
    """Former codes to current communes, a column at a time."""

    def __init__(self, ground: Ground) -> None:
        former = ground.former_table()
        current = ground.communes_table()["commune_code"]
        self._known = pa.concat_arrays([current.combine_chunks(), former["former_code"].combine_chunks()])
        self._target = pa.concat_arrays([current.combine_chunks(), former["commune_code"].combine_chunks()])

    def resolve(self, codes: pa.ChunkedArray) -> tuple[pa.ChunkedArray, int]:
        """Return current commune codes (null when unknown), and how many codes were given and unknown."""
        resolved = self._target.take(pc.index_in(codes, value_set=self._known).combine_chunks())
        return pa.chunked_array([resolved]), resolved.null_count - codes.null_count


def _digest(kept: pa.Array | None) -> str | None:
    if kept is None:
        return None
    import hashlib

    return hashlib.sha256("\n".join(kept.to_pylist()).encode()).hexdigest()
