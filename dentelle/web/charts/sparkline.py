"""A sparkline: the shape of a series in the room of a word."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from dentelle.web.charts.svg import Drawing, digits
from dentelle.web.formatting import number

_WIDTH, _HEIGHT, _MARGIN = 120, 28, 4


def sparkline(identifier: str, title: str, points: Sequence[tuple[str, int]]) -> SafeString:
    """Draw ``points`` (name, value) from 0 to their highest; the page must show the values beside it."""
    drawing = Drawing(identifier, _WIDTH)
    highest = max([value for _, value in points] + [1])
    step = (_WIDTH - 2 * _MARGIN) / max(len(points) - 1, 1)
    places = [
        (_MARGIN + rank * step, _HEIGHT - _MARGIN - (_HEIGHT - 2 * _MARGIN) * value / highest)
        for rank, (_, value) in enumerate(points)
    ]
    if places:
        drawing.path("M" + "L".join(f"{digits(x)} {digits(y)}" for x, y in places), "c-line")
        drawing.circle(*places[-1], 2.5, "c-dot")
    description = ", ".join(f"{name} {number(value)}" for name, value in points)
    return drawing.render(_HEIGHT, title, description, "sparkline")
