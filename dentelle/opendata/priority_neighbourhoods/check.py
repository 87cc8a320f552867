"""Which generation a neighbourhood code is of, and what its contour must be."""

import re
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

# department on three characters (001, 02A, 971), rank, and for 2024 a letter: QP066007, QN00101M
_GENERATIONS = {
    "2015": re.compile(r"QP(?:0\d{2}|02[AB]|9[78]\d)\d{3}"),
    "2024": re.compile(r"QN(?:0\d{2}|02[AB]|9[78]\d)\d{2}[A-Z]"),
}
GRID = 1e-6  # degrees: eleven centimetres


def generation_of(code: str) -> str | None:
    """Return 2015 (QP…) or 2024 (QN…), None when the code is neither."""
    return next((year for year, form in _GENERATIONS.items() if form.fullmatch(code)), None)


def fits_vintage(generation: str, vintage: str) -> bool:
    """Say whether perimeters of this generation may bear this vintage: QN codes begin in 2024, QP codes stop before."""
    return (vintage >= "2024") == (generation == "2024")


def read_contour(geometry: Any) -> tuple[BaseGeometry, bool]:
    """Return the polygonal contour on the grid, and whether it had to be mended; raise ``ValueError`` with the reason."""
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise ValueError("le contour n’est pas un polygone")
    try:
        contour = shape(geometry)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError) as broken:
        raise ValueError("les coordonnées du contour sont illisibles") from broken
    if contour.is_empty:
        raise ValueError("le contour est vide")
    west, south, east, north = contour.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("les coordonnées ne sont pas en degrés (longitude, latitude)")
    mended = not contour.is_valid
    if mended:
        contour = shapely.make_valid(contour, method="structure", keep_collapsed=False)
    contour = shapely.set_precision(contour, GRID)
    if contour.is_empty or contour.geom_type not in {"Polygon", "MultiPolygon"}:
        raise ValueError("le contour n’a pas de surface")
    return contour, mended
