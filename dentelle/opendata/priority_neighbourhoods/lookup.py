"""Is this point in a priority neighbourhood, on that day?"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry import mapping

from dentelle.opendata.layers import Layer, loaded_layers
from dentelle.opendata.refusal import SourceRefused


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A neighbourhood: its code, name and current communes (empty when the file does not say)."""

    code: str
    name: str | None
    communes: tuple[str, ...]


class Neighbourhoods:
    """The perimeters of one vintage."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.table: pa.Table = pq.read_table(layer.path)
        self._codes: list[str] = self.table["code"].to_pylist()
        self._contours = shapely.from_wkb(self.table["geometry"].to_pylist())
        self._tree = shapely.STRtree(self._contours)

    def at(self, longitude: float, latitude: float) -> Neighbourhood | None:
        """Return the neighbourhood that holds the point (degrees, WGS84), its edge included; None when none does."""
        found = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        return self.get(min(self._codes[rank] for rank in found)) if len(found) else None

    def get(self, code: str) -> Neighbourhood | None:
        """Return the neighbourhood of this code, None when this vintage has none."""
        if code not in self._codes:
            return None
        row = self.table.slice(self._codes.index(code), 1).to_pylist()[0]
        return Neighbourhood(
            row["code"], row["name"], tuple((row["commune_codes"] or "").split("|")) if row["commune_codes"] else ()
        )

    def of_commune(self, commune_code: str) -> tuple[Neighbourhood, ...]:
        """Return the neighbourhoods that the file places, at least in part, in this current commune."""
        codes = [
            code
            for code, joined in zip(self._codes, self.table["commune_codes"].to_pylist(), strict=True)
            if joined and commune_code in joined.split("|")
        ]
        return tuple(found for code in codes if (found := self.get(code)) is not None)

    def outline(self, code: str, tolerance: float = 0.0001) -> dict[str, Any]:
        """Return a contour light enough to draw, as GeoJSON geometry; ``tolerance`` in degrees (0.0001 is about 10 m).

        For drawing only: whether a point is inside is asked of ``at``.
        """
        contour = self._contours[self._codes.index(code)]
        return dict(mapping(shapely.simplify(contour, tolerance, preserve_topology=True)))


def neighbourhoods_on(directory: Path, day: date) -> Neighbourhoods:
    """Return the perimeters known to hold on ``day``; the last vintage when several do.

    A date is asked for because codes of 2015 (QP…) and 2024 (QN…) designate different places: a file loaded without
    its first day of validity answers for no date, and the refusal says so.
    """
    layers = [layer for layer in loaded_layers(directory) if layer.kind == "priority_neighbourhoods"]
    valid = [layer for layer in layers if layer.is_valid_on(day)]
    if not valid:
        present = (
            ", ".join(f"{layer.vintage} (dès {layer.valid_from or 'date inconnue'})" for layer in layers) or "aucun"
        )
        raise SourceRefused(
            "no_perimeter_on_day",
            f"aucun périmètre de quartiers prioritaires n’est connu comme valable le {day:%d/%m/%Y} (chargés : {present}) ; "
            "lancez « dentelle ground load priority_neighbourhoods FICHIER --vintage ANNÉE --valid-from AAAA-MM-JJ ».",
        )
    return Neighbourhoods(max(valid, key=lambda layer: layer.vintage))
