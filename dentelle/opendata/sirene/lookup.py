"""One establishment or one legal unit of the SIRENE files loaded, by its number."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from dentelle.opendata.layers import latest, loaded_layers

Row = dict[str, Any]


def establishment(directory: Path, siret: str) -> Row | None:
    """Return the row of ``ESTABLISHMENTS`` with this SIRET in the latest file of ``directory``; None when absent."""
    return _row(directory, "sirene", "siret", siret)


def unit(directory: Path, siren: str) -> Row | None:
    """Return the row of ``UNITS`` with this SIREN in the latest file of ``directory``; None when absent."""
    return _row(directory, "sirene_units", "siren", siren)


def _row(directory: Path, kind: str, column: str, number: str) -> Row | None:
    layer = latest(loaded_layers(directory), kind)
    if layer is None:
        return None
    # the stock is sorted by number: the statistics of the file leave one block to read
    found: list[Row] = pq.read_table(layer.path, filters=[(column, "=", number)]).to_pylist()
    return found[0] if found else None
