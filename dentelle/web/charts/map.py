"""A map of areas shaded by a figure, in at most five classes of about as many areas each; no contract at all is a class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from dentelle.web.charts.chart import Cell, Chart
from dentelle.web.charts.svg import NARROW, WIDE, Drawing, ViewBox
from dentelle.web.formatting import UNKNOWN, number

_CLASSES = 5  # shades of the theme; zero takes one of them when there is some


@dataclass(frozen=True, slots=True)
class Area:
    """One area: its code (a key of the outlines), its name, its figure (None when unknown); ``within`` draws its border."""

    code: str
    name: str
    value: int | None
    url: str = ""
    within: bool = False


def choropleth(
    identifier: str,
    title: str,
    *,
    areas: Sequence[Area],
    outlines: Mapping[str, str],
    view_box: ViewBox,
    measured: str,
    context: str = "",
    note: str = "",
) -> Chart:
    """Shade each area of ``areas`` that has an outline (SVG path, in the units of ``view_box``: x, y, width, height).

    ``measured`` is what is shaded (« marchés »). Areas without figure are hatched; areas without outline are in the table
    and named in the note.
    """
    bounds = class_bounds([area.value for area in areas if area.value is not None])
    ordered = sorted(areas, key=lambda area: (-(area.value if area.value is not None else -1), area.code))
    known = [area for area in ordered if area.value is not None]
    listed = " ; ".join(f"{area.name} {number(area.value)}" for area in known[:3])
    description = f"{measured.capitalize()} dans {len(areas)} départements. Les plus hauts : {listed or UNKNOWN}."
    absent = sorted(area.name for area in areas if area.code not in outlines)
    notes = [note, f"Absents de la carte, présents dans les données : {', '.join(absent)}." if absent else ""]
    rows = tuple((Cell(f"{area.name} ({area.code})", area.url), Cell(number(area.value))) for area in ordered)
    wide = _draw(f"{identifier}-w", WIDE, title, description, areas, outlines, view_box, bounds)
    narrow = _draw(f"{identifier}-n", NARROW, title, description, areas, outlines, view_box, bounds)
    return Chart(
        identifier,
        title,
        description,
        wide,
        narrow,
        ("Département", measured.capitalize()),
        rows,
        context,
        " ".join(filter(None, notes)),
    )


def class_bounds(values: Sequence[int]) -> list[tuple[int, int]]:
    """Return the classes as (lowest, highest) values met, in order; equal values share a class, and zero is alone in its own."""
    ordered = sorted(value for value in values if value)
    nothing = [(0, 0)] if len(ordered) < len(values) else []
    if not ordered:
        return nothing
    wanted = _CLASSES - len(nothing)
    cuts = sorted({ordered[min(len(ordered) - 1, len(ordered) * rank // wanted)] for rank in range(1, wanted)})
    bounds = nothing
    for low, high in zip([None, *cuts], [*cuts, None], strict=True):
        inside = [value for value in ordered if (low is None or value >= low) and (high is None or value < high)]
        if inside:
            bounds.append((inside[0], inside[-1]))
    return bounds


def _draw(
    identifier: str,
    width: float,
    title: str,
    description: str,
    areas: Sequence[Area],
    outlines: Mapping[str, str],
    view_box: ViewBox,
    bounds: Sequence[tuple[int, int]],
) -> SafeString:
    drawing = Drawing(identifier, width)
    is_wide = width == WIDE
    map_width = width - 180 if is_wide else width
    map_height = min(map_width * view_box[3] / view_box[2], 520)
    with drawing.window(0, 0, map_width, map_height, view_box):
        for area in sorted(areas, key=lambda area: (area.within, area.code)):
            if area.code in outlines:
                shade = _shade(area.value, bounds)
                css = f"c-area {shade} c-outlined" if area.within else f"c-area {shade}"
                drawing.path(outlines[area.code], css, hatched=shade == "q-none")
    left, top = (map_width + 16, 16) if is_wide else (0, map_height + 16)
    foot = _legend(drawing, areas, bounds, left, top)
    css = "chart-wide" if is_wide else "chart-narrow"
    return drawing.render(max(map_height, foot), title, description, f"chart-svg {css}")


def _shade(value: int | None, bounds: Sequence[tuple[int, int]]) -> str:
    if value is None:
        return "q-none"
    return _tone(next(rank for rank, (_, high) in enumerate(bounds) if value <= high), len(bounds))


def _tone(rank: int, classes: int) -> str:
    """The lowest class is always the lightest shade and the highest the darkest, whatever their number."""
    return f"q{1 + rank * (_CLASSES - 1) // (classes - 1)}" if classes > 1 else f"q{_CLASSES}"


def _legend(
    drawing: Drawing, areas: Sequence[Area], bounds: Sequence[tuple[int, int]], left: float, top: float
) -> float:
    entries = [
        (_tone(rank, len(bounds)), f"{number(low)} à {number(high)}" if low != high else number(low))
        for rank, (low, high) in enumerate(bounds)
    ]
    if any(area.value is None for area in areas):
        entries.append(("q-none", UNKNOWN))
    for rank, (shade, words) in enumerate(entries):
        y = top + 24 * rank
        drawing.rect(left + 1, y, 22, 16, f"c-area {shade}", hatched=shade == "q-none")
        drawing.text(left + 32, y + 13, words)
    return top + 24 * len(entries) + 4
