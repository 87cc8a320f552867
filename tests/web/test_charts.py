"""Charts: the words, the data beneath, the text alternative, and drawings that never change for the same data."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from dentelle.web.charts import (
    Area,
    Chart,
    Column,
    IntervalBar,
    RateRow,
    Series,
    choropleth,
    interval_bars,
    rate_dots,
    sparkline,
    stacked_columns,
    standalone,
)
from dentelle.web.charts.map import class_bounds
from dentelle.web.charts.svg import NARROW, WIDE, text_width, wrapped
from dentelle.web.formatting import spaced

SVG = "{http://www.w3.org/2000/svg}"


def columns() -> Chart:
    return stacked_columns(
        "quarters",
        "Trois marchés <obligatoires>",
        columns=[
            Column("T1", "2027", "1er trimestre 2027", (2, 1, 4), ("/a", "/b", "/c")),
            Column("T2", "2027", "2e trimestre 2027", (1, 0, 0)),
        ],
        series=[Series("obligatoire", "strong"), Series("à vérifier", "hatched"), Series("sous les seuils", "pale")],
        counted="marché",
    )


def bars() -> Chart:
    rows = [IntervalBar("Nettoyage & propreté", 800, 1200, 1800), IntervalBar("Peinture", 10, 20, 40, uncertain=True)]
    return interval_bars("trades", "Le nettoyage d’abord", bars=rows, named="Métier", unit="h")


def rates() -> Chart:
    rows = [
        RateRow("CA d’ici", 34, 280, 470, asked=True),
        RateRow("CC vide", 0, 0, 12),
        RateRow("Petite", 1, 9, 9, small=True),
    ]
    return rate_dots("rates", "12 % ici", rows=rows, counted="avec considération sociale")


def areas() -> Chart:
    places = [Area("35", "Ille-et-Vilaine", 12, "/35"), Area("22", "Côtes-d’Armor", None), Area("976", "Mayotte", 3)]
    outlines = {"35": "M0 0h10v10z", "22": "M10 0h10v10z"}
    return choropleth("map", "Carte", areas=places, outlines=outlines, view_box=(0, 0, 20, 10), measured="marchés")


EVERY_CHART = pytest.mark.parametrize("draw", [columns, bars, rates, areas])


@EVERY_CHART
def test_a_chart_names_and_describes_itself_in_both_widths(draw: Callable[[], Chart]) -> None:
    chart = draw()
    for drawing in (chart.wide, chart.narrow):
        root = ElementTree.fromstring(drawing)  # noqa: S314 (our own drawing)
        assert root.get("role") == "img"
        ids = {element.get("id"): element.text for element in root if element.get("id")}
        assert [ids[name] for name in root.get("aria-labelledby", "").split()] == [
            spaced(chart.title),
            spaced(chart.description),
        ]


@EVERY_CHART
def test_every_column_of_the_data_is_named_and_filled(draw: Callable[[], Chart]) -> None:
    chart = draw()
    assert all(chart.columns)
    assert {len(row) for row in chart.rows} == {len(chart.columns)}


@EVERY_CHART
def test_the_same_data_give_the_same_drawing(draw: Callable[[], Chart]) -> None:
    assert draw() == draw()


@EVERY_CHART
def test_a_chart_obeys_the_strict_content_policy(draw: Callable[[], Chart]) -> None:
    chart = draw()
    html = Template("{% chart it %}").render(Context({"it": chart}))
    assert "style=" not in html
    assert "<style" not in html
    assert "onclick" not in html


@EVERY_CHART
def test_both_drawings_of_a_chart_share_a_page_without_sharing_an_id(draw: Callable[[], Chart]) -> None:
    chart = draw()
    found = re.findall(r' id="([^"]+)"', Template("{% chart it %}").render(Context({"it": chart})))
    assert len(found) == len(set(found))


@EVERY_CHART
def test_no_text_leaves_the_drawing(draw: Callable[[], Chart]) -> None:
    chart = draw()
    for drawing, width in ((chart.wide, WIDE), (chart.narrow, NARROW)):
        for element in ElementTree.fromstring(drawing).iter(f"{SVG}text"):  # noqa: S314 (our own drawing)
            x, length = float(element.get("x", "0")), text_width(element.text or "")
            start = x - {"middle": length / 2, "end": length}.get(element.get("text-anchor", ""), 0)
            assert start >= -20
            assert start + length <= width + 20


@EVERY_CHART
def test_a_document_gets_the_drawing_with_its_own_style(draw: Callable[[], Chart]) -> None:
    import typst

    drawing = standalone(draw().wide)
    assert drawing.count("<style>") == 1
    ElementTree.fromstring(drawing)  # noqa: S314 (our own drawing)
    page = f'#image(bytes({_typst_text(drawing)}), format: "svg")'.encode()
    assert typst.compile(page, format="pdf").startswith(b"%PDF")


def _typst_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_stacked_columns_give_their_data_with_totals_and_links() -> None:
    chart = columns()
    assert chart.columns == ("Période", "obligatoire", "à vérifier", "sous les seuils", "Total")
    assert [[cell.text for cell in row] for row in chart.rows] == [
        ["1er trimestre 2027", "2", "1", "4", "7"],
        ["2e trimestre 2027", "1", "0", "0", "1"],
        ["Ensemble", "3", "1", "4", "8"],
    ]
    assert [cell.url for cell in chart.rows[0]] == ["", "/a", "/b", "/c", ""]
    assert "8\u202fmarchés" in chart.description
    assert "&lt;obligatoires&gt;" in chart.wide


def test_columns_without_any_contract_are_drawn_flat() -> None:
    chart = stacked_columns(
        "q", "Rien", columns=[Column("T1", "2027", "T1", (0,))], series=[Series("oui", "strong")], counted="marché"
    )
    assert "c-bar" not in chart.wide


@pytest.mark.parametrize(
    ("total", "written"),
    [(12, "12"), (3588, "3\u202f588"), (123_456, "123\u202fk")],
    ids=["short", "smaller", "thousands"],
)
def test_totals_above_narrow_columns_shrink_rather_than_overlap(total: int, written: str) -> None:
    quarters = [Column(f"T{rank}", "2027", f"T{rank}", (total,)) for rank in range(9)]
    chart = stacked_columns("q", "Titre", columns=quarters, series=[Series("oui", "strong")], counted="marché")
    above = [e for e in ElementTree.fromstring(chart.narrow).iter(f"{SVG}text") if e.text == written]  # noqa: S314
    assert len(above) == 9
    assert chart.rows[0][-1].text == chart.rows[0][1].text != ""
    size = 12 if "c-small" in above[0].get("class", "") else 14
    assert text_width(written, size) <= 340 / 9


def test_what_is_to_be_confirmed_is_textured_and_said() -> None:
    chart = bars()
    assert chart.wide.count('fill="url(#trades-w-hatch)"') == 1
    assert [row[-1].text for row in chart.rows] == ["retenu", "à confirmer"]
    assert "1 repose sur une valeur à confirmer" in chart.description


def test_a_rate_always_comes_with_its_counts_and_nothing_stated_is_not_zero() -> None:
    chart = rates()
    texts = [element.text for element in ElementTree.fromstring(chart.wide).iter(f"{SVG}text")]  # noqa: S314
    assert "34 sur 280" in texts
    assert "non renseigné" in texts
    assert [cell.text for cell in chart.rows[1]][:2] == ["CC vide", "non renseigné"]
    assert "effectif faible" in chart.rows[2][1].text
    assert chart.wide.count("<circle") == 2


def test_an_area_without_figure_is_hatched_and_one_without_outline_is_named() -> None:
    chart = areas()
    assert chart.wide.count('fill="url(#map-w-hatch)"') == 2  # the area and its legend
    assert "Mayotte" in chart.note
    assert [row[0].text for row in chart.rows] == ["Ille-et-Vilaine (35)", "Mayotte (976)", "Côtes-d’Armor (22)"]


def test_classes_of_a_map_never_split_equal_values() -> None:
    assert class_bounds([]) == []
    assert class_bounds([4, 4, 4]) == [(4, 4)]
    assert class_bounds([0, 0, 60]) == [(0, 0), (60, 60)]
    assert class_bounds([0, *range(1, 9)]) == [(0, 0), (1, 2), (3, 4), (5, 6), (7, 8)]
    assert class_bounds(list(range(1, 11))) == [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10)]


def test_the_lowest_class_is_the_lightest_and_the_highest_the_darkest() -> None:
    places = [Area("35", "Ille-et-Vilaine", 60), Area("22", "Côtes-d’Armor", 0)]
    outlines = {"35": "M0 0h10v10z", "22": "M10 0h10v10z"}
    chart = choropleth("m", "Carte", areas=places, outlines=outlines, view_box=(0, 0, 20, 10), measured="marchés")
    assert re.findall(r'<path class="c-area (\w+)"', chart.wide) == ["q1", "q5"]


def test_a_sparkline_says_its_values() -> None:
    drawn = sparkline("s", "Heures par mois", [("janv.", 3), ("févr.", 8)])
    assert "janv. 3, févr. 8" in drawn


def test_long_names_are_wrapped_then_cut() -> None:
    lines = wrapped("Bâtiment second œuvre : peinture, plâtrerie, menuiserie intérieure et revêtements", 200)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(text_width(line) <= 200 for line in lines)
