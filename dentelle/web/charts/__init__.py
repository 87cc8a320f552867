"""Charts as inline SVG drawn by the server, each with its data table beneath.

One message in the title, direct labels, no colour without a word or a texture beside it, no style attribute (strict CSP):
colours are classes of ``theme.css``. Each chart is drawn twice, for a wide and for a narrow place, and the style shows the
one that fits, so that its text stays readable at 390 px. Same input, same text: tests compare drawings.
"""

from dentelle.web.charts.bars import IntervalBar, interval_bars
from dentelle.web.charts.chart import Cell, Chart
from dentelle.web.charts.columns import Column, Series, stacked_columns
from dentelle.web.charts.map import Area, choropleth
from dentelle.web.charts.rates import RateRow, rate_dots
from dentelle.web.charts.sparkline import sparkline
from dentelle.web.charts.svg import standalone

__all__ = [
    "Area",
    "Cell",
    "Chart",
    "Column",
    "IntervalBar",
    "RateRow",
    "Series",
    "choropleth",
    "interval_bars",
    "rate_dots",
    "sparkline",
    "stacked_columns",
    "standalone",
]
