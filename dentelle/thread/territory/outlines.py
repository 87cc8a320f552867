"""The departments of a territory as shapes in the smallest frame that holds them."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from dentelle.opendata.cog.outlines import ATTRIBUTION, read_outlines
from dentelle.opendata.refusal import SourceRefused
from dentelle.web.charts.svg import ViewBox

_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_MARGIN = 4.0


def department_outlines(codes: frozenset[str]) -> tuple[dict[str, str], ViewBox]:
    """Return the shapes of those departments that have one, and the frame around them.

    Nothing when the package that draws them is not installed: the page then shows no map, and its tables say the same.
    """
    return _drawn(Path(settings.DENTELLE_NODE_MODULES), codes)


@lru_cache(maxsize=64)
def _drawn(node_modules: Path, codes: frozenset[str]) -> tuple[dict[str, str], ViewBox]:
    try:
        paths = read_outlines(node_modules).paths
    except SourceRefused:
        return {}, (0, 0, 0, 0)
    kept = {code: path for code, path in paths.items() if code in codes}
    if not kept:
        return {}, (0, 0, 0, 0)
    points = [point for path in kept.values() for point in corners(path)]
    left, top = min(x for x, _ in points) - _MARGIN, min(y for _, y in points) - _MARGIN
    right, bottom = max(x for x, _ in points) + _MARGIN, max(y for _, y in points) + _MARGIN
    return kept, (left, top, right - left, bottom - top)


def corners(path: str) -> list[tuple[float, float]]:
    """Return the corners of a path made of straight lines (m, l, h, v, z); raise ValueError for a curve."""
    found: list[tuple[float, float]] = []
    x = y = start_x = start_y = 0.0
    command, numbers = "", iter(_TOKEN.findall(path))
    for token in numbers:
        opening = token.isalpha()
        if opening:
            command = token
            if command in "zZ":
                x, y = start_x, start_y
                continue
            token = next(numbers)
        relative = command.islower()
        kind = command.lower()
        if kind == "h":
            x = float(token) + (x if relative else 0)
        elif kind == "v":
            y = float(token) + (y if relative else 0)
        elif kind in "ml":
            x = float(token) + (x if relative else 0)
            y = float(next(numbers)) + (y if relative else 0)
            if kind == "m" and opening:
                start_x, start_y = x, y
        else:
            raise ValueError(f"a path of straight lines was expected, not « {command} »")
        found.append((x, y))
    return found


__all__ = ["ATTRIBUTION", "corners", "department_outlines"]
