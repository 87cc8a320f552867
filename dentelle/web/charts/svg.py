"""Writing SVG by hand, safely: every text is escaped, every number has at most two decimals, nothing is styled inline."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from dentelle.web.formatting import spaced

WIDE = 720
NARROW = 340
TEXT = 14  # font size in drawing units: 340 units on a phone of 390 px keep it at 14 px
_WIDTHS = {
    "i": 0.28,
    "l": 0.26,
    "t": 0.36,
    "r": 0.4,
    "f": 0.34,
    "j": 0.26,
    "m": 0.88,
    "w": 0.78,
    " ": 0.3,
    "\u202f": 0.2,
}

Anchor = Literal["start", "middle", "end"]
ViewBox = tuple[float, float, float, float]  # x, y, width, height


def digits(value: float) -> str:
    """Return a coordinate with at most two decimals and no useless zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def text_width(text: str, size: float = TEXT) -> float:
    """Return about how wide a text is, in drawing units; a little generous, fonts differ between machines."""
    return size * sum(_WIDTHS.get(letter, 0.7 if letter.isupper() else 0.58) for letter in text)


def wrapped(text: str, width: float, lines: int = 2, size: float = TEXT) -> list[str]:
    """Return ``text`` cut at spaces in at most ``lines`` lines of ``width``; what does not fit ends with « … »."""
    rows: list[str] = []
    current = ""
    for word in text.split(" "):
        longer = f"{current} {word}".strip()
        if current and text_width(longer, size) > width:
            rows.append(current)
            current = word
        else:
            current = longer
    rows.append(current)
    if len(rows) > lines:
        last = " ".join(rows[lines - 1 :])
        while last and text_width(last + "…", size) > width:
            last = last[:-1]
        rows = [*rows[: lines - 1], last.rstrip(" ,;") + "…"]
    return rows


class Drawing:
    """An SVG being written, in drawing units; ``identifier`` makes its ids unique in the page."""

    def __init__(self, identifier: str, width: float) -> None:
        self.identifier = identifier
        self.width = width
        self._parts: list[str] = []

    @property
    def hatch(self) -> str:
        """The fill attribute that textures a shape (what is to be checked or confirmed)."""
        return f"url(#{self.identifier}-hatch)"

    def rect(self, x: float, y: float, width: float, height: float, css: str, *, hatched: bool = False) -> None:
        """A rectangle; ``hatched`` textures it as uncertain."""
        fill = f' fill="{self.hatch}"' if hatched else ""
        place = f'x="{digits(x)}" y="{digits(y)}" width="{digits(max(width, 0))}" height="{digits(max(height, 0))}"'
        self._parts.append(f'<rect class="{css}" {place}{fill}/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        """A straight line."""
        self._parts.append(
            f'<line class="{css}" x1="{digits(x1)}" y1="{digits(y1)}" x2="{digits(x2)}" y2="{digits(y2)}"/>'
        )

    def circle(self, x: float, y: float, radius: float, css: str) -> None:
        """A disc or a ring, as its class says."""
        self._parts.append(f'<circle class="{css}" cx="{digits(x)}" cy="{digits(y)}" r="{digits(radius)}"/>')

    def path(self, outline: str, css: str, *, hatched: bool = False) -> None:
        """A shape given by its path."""
        fill = f' fill="{self.hatch}"' if hatched else ""
        self._parts.append(f'<path class="{css}" d="{escape(outline)}"{fill}/>')

    def text(self, x: float, y: float, words: str, css: str = "c-text", anchor: Anchor = "start") -> None:
        """A line of text; ``y`` is its baseline."""
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._parts.append(f'<text class="{css}" x="{digits(x)}" y="{digits(y)}"{at}>{escape(spaced(words))}</text>')

    @contextmanager
    def window(self, x: float, y: float, width: float, height: float, view_box: ViewBox) -> Iterator[None]:
        """A place where shapes are drawn in the units of ``view_box``, fitted whole."""
        box = " ".join(digits(side) for side in view_box)
        place = f'x="{digits(x)}" y="{digits(y)}" width="{digits(width)}" height="{digits(height)}"'
        self._parts.append(f'<svg {place} viewBox="{box}">')
        yield
        self._parts.append("</svg>")

    def render(self, height: float, title: str, description: str, css: str) -> SafeString:
        """Return the whole drawing, named and described for those who do not see it."""
        own = self.identifier
        box = f"0 0 {digits(self.width)} {digits(height)}"
        head = (
            f'<svg class="{css}" viewBox="{box}" role="img" aria-labelledby="{own}-t {own}-d" '
            f'xmlns="http://www.w3.org/2000/svg"><title id="{own}-t">{escape(spaced(title))}</title>'
            f'<desc id="{own}-d">{escape(spaced(description))}</desc>'
        )
        body = "".join(self._parts)
        pattern = ""
        if self.hatch in body:
            pattern = (
                f'<defs><pattern id="{own}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
                'patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/>'
                '<rect class="hatch-line" width="2.4" height="6"/></pattern></defs>'
            )
        return mark_safe(head + pattern + body + "</svg>")  # noqa: S308 (every text went through escape)


# The same classes as theme.css in light mode, for places without our style sheet: PDF, Word, e-mail.
PAPER_STYLE = """
text{font-family:"Liberation Sans",Arial,sans-serif;font-size:14px;fill:#1b1f2a}
.c-muted{fill:#5a5f6b;font-size:13px}.c-strong{font-weight:600}.c-small{font-size:12px}.c-inside{fill:#fff}.c-base{stroke:#7d7a72}.c-grid{stroke:#dcd9d0}
.c-range{stroke:#1b1f2a;stroke-width:1.5}.c-swatch,.c-bar{stroke:none}.tone-strong,.tone-1{fill:#7a2e4d}.tone-pale{fill:#b9b4a6}
.tone-hatched{stroke:#9a5b00;stroke-width:1}.hatch-ground{fill:#fff}.hatch-line{fill:#9a5b00}.tone-2{fill:#1787b0}.tone-3{fill:#cf5a24}
.tone-4{fill:#121c54}.tone-5{fill:#a08568}.tone-6{fill:#7a45c9}.c-dot{fill:#7a2e4d}.c-ring{fill:#fff;stroke:#1b1f2a;stroke-width:2}
.c-area{stroke:#7d7a72;stroke-width:.6;vector-effect:non-scaling-stroke}.q-none{fill:#fff}.q1{fill:#f3e6ec}.q2{fill:#dfb9ca}.q3{fill:#c486a2}.q4{fill:#a05577}.q5{fill:#7a2e4d}
.c-line{fill:none;stroke:#7a2e4d;stroke-width:1.5}.c-outlined{stroke:#1b1f2a;stroke-width:1.5}
""".strip()


def standalone(drawing: str) -> str:
    """Return a drawing that carries its own light style, for a document rather than a page."""
    return re.sub(r"(<title )", lambda found: f"<style>{PAPER_STYLE}</style>{found[1]}", drawing, count=1)
