"""What a chart is once drawn: two drawings of the same data, and the data."""

from dataclasses import dataclass

from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the data table; ``url`` opens the lines it counts."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: shown with ``{% chart it %}``.

    ``title`` is its one message; ``description`` says in words what the drawing shows; ``wide`` and ``narrow`` are SVG;
    ``columns`` and ``rows`` are the data, the first cell of a row being its name; ``note`` is what the reader must know.
    """

    identifier: str
    title: str
    description: str
    wide: SafeString
    narrow: SafeString
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    context: str = ""
    note: str = ""
