"""Priority neighbourhoods: perimeters of 2015 and 2024 are never mixed, and a point is in or out."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dentelle.opendata.ground import Ground
from dentelle.opendata.layers import Layer, Loaded, Loading, loaded_layers
from dentelle.opendata.priority_neighbourhoods import Neighbourhoods, neighbourhoods_on
from dentelle.opendata.priority_neighbourhoods.shape import load_neighbourhoods
from dentelle.opendata.refusal import SourceRefused
from tests.shared import shared_path

SQUARE = {"type": "Polygon", "coordinates": [[[2, 42], [3, 42], [3, 43], [2, 43], [2, 42]]]}
BOW_TIE = {"type": "Polygon", "coordinates": [[[2, 42], [3, 43], [3, 42], [2, 43], [2, 42]]]}


def feature(code: str, geometry: Any = SQUARE, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code_qp": code, "lib_qp": f"Quartier {code}", **properties},
        "geometry": geometry,
    }


def load(ground: Ground, tmp_path: Path, features: list[Any], vintage: str, **validity: date) -> Loaded:
    path = tmp_path / f"{vintage}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return load_neighbourhoods(ground, Loading(path, tmp_path, vintage, **validity))


def perimeters(tmp_path: Path) -> Neighbourhoods:
    (layer,) = loaded_layers(tmp_path)
    return Neighbourhoods(layer)


def test_the_real_perimeters_of_occitanie_hold_their_own_points(ground: Ground, tmp_path: Path) -> None:
    path = shared_path("data/refdata/testonly/qpv2015_occitanie_polygones.geojson")
    loaded = load_neighbourhoods(ground, Loading(path, tmp_path, "2015", date(2015, 1, 1), date(2023, 12, 31)))
    assert (loaded.metadata["rows"], loaded.metadata["generation"], loaded.metadata["unmatched_count"]) == (
        105,
        "2015",
        0,
    )
    found = neighbourhoods_on(tmp_path, date(2020, 6, 1))
    rows = found.table.to_pylist()
    for row in rows:
        contour = shapely.from_wkb(row["geometry"])
        assert contour.is_valid
        inside = contour.representative_point()
        assert found.at(inside.x, inside.y) is not None
    assert found.at(2.3522, 48.8566) is None
    assert {one.code for one in found.of_commune("66136")} >= {"QP066007", "QP066008"}


def test_a_date_chooses_between_2015_and_2024(ground: Ground, tmp_path: Path) -> None:
    load(ground, tmp_path, [feature("QP066007")], "2015", valid_from=date(2015, 1, 1), valid_to=date(2023, 12, 31))
    load(ground, tmp_path, [feature("QN06601M")], "2024", valid_from=date(2024, 1, 1))
    for day, code in ((date(2023, 12, 31), "QP066007"), (date(2024, 1, 1), "QN06601M")):
        found = neighbourhoods_on(tmp_path, day).at(2.5, 42.5)
        assert found is not None
        assert found.code == code
    with pytest.raises(SourceRefused, match="31/12/2014"):
        neighbourhoods_on(tmp_path, date(2014, 12, 31))


def test_a_file_without_validity_answers_for_no_date(ground: Ground, tmp_path: Path) -> None:
    load(ground, tmp_path, [feature("QN06601M")], "2024")
    with pytest.raises(SourceRefused, match="date inconnue"):
        neighbourhoods_on(tmp_path, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("features", "vintage", "code"),
    [
        ([feature("QP066007")], "2024", "vintage_mismatch"),
        ([feature("QN06601M")], "2015", "vintage_mismatch"),
        ([feature("QN06601M"), feature("QP066007")], "2024", "vintage_mismatch"),
        ([feature("066007")], "2015", "code_malformed"),
        ([feature("")], "2015", "code_malformed"),
        ([feature("QP066007", None)], "2015", "contour_refused"),
        ([feature("QP066007", {"type": "Point", "coordinates": [2, 42]})], "2015", "contour_refused"),
        ([feature("QP066007", {"type": "Polygon", "coordinates": [["a"]]})], "2015", "contour_refused"),
        ([feature("QP066007", {"type": "Polygon", "coordinates": []})], "2015", "contour_refused"),
        (
            [
                feature(
                    "QP066007", {"type": "Polygon", "coordinates": [[[6e5, 6e6], [7e5, 6e6], [7e5, 7e6], [6e5, 6e6]]]}
                )
            ],
            "2015",
            "contour_refused",
        ),
        ([feature("QP066007"), feature("QP066007", lib_qp="Autre")], "2015", "code_twice"),
        (["?"], "2015", "feature_unreadable"),
        ([], "2015", "geojson_expected"),
    ],
)
def test_what_is_not_a_perimeter_of_this_vintage_is_refused_and_nothing_is_written(
    ground: Ground, tmp_path: Path, features: list[Any], vintage: str, code: str
) -> None:
    with pytest.raises(SourceRefused) as refusal:
        load(ground, tmp_path, features, vintage)
    assert refusal.value.code == code
    assert loaded_layers(tmp_path) == []


@pytest.mark.parametrize("content", ["", "[]", '{"features":', "[" * 5000])
def test_a_broken_document_is_refused(ground: Ground, tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.geojson"
    path.write_text(content)
    with pytest.raises(SourceRefused, match="JSON"):
        load_neighbourhoods(ground, Loading(path, tmp_path, "2024"))


def test_projected_coordinates_are_refused(ground: Ground, tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature("QP066007")]}))
    with pytest.raises(SourceRefused, match="WGS84"):
        load_neighbourhoods(ground, Loading(path, tmp_path, "2015"))


def test_a_contour_that_crosses_itself_is_mended_and_listed(ground: Ground, tmp_path: Path) -> None:
    loaded = load(ground, tmp_path, [feature("QP066007", BOW_TIE)], "2015")
    assert loaded.metadata["mended"] == ["QP066007"]
    assert perimeters(tmp_path).at(2.1, 42.5) is not None


def test_pieces_of_one_neighbourhood_are_joined(ground: Ground, tmp_path: Path) -> None:
    other = {"type": "Polygon", "coordinates": [[[5, 45], [6, 45], [6, 46], [5, 45]]]}
    features = [feature("QN06601M", insee_com="66136"), feature("QN06601M", other, insee_com="20004, 99999")]
    loaded = load(ground, tmp_path, features, "2024")
    assert (loaded.metadata["rows"], loaded.metadata["unmatched"]) == (1, ["99999"])
    found = perimeters(tmp_path).at(5.9, 45.5)
    assert found is not None
    assert found.communes == ("2A004", "66136")


@given(longitude=st.floats(1, 4), latitude=st.floats(41, 44))
def test_a_point_is_found_exactly_where_the_square_is(
    longitude: float, latitude: float, square: Neighbourhoods
) -> None:
    inside = 2 <= longitude <= 3 and 42 <= latitude <= 43
    assert (square.at(longitude, latitude) is not None) is inside


@pytest.fixture(scope="session")
def square(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Neighbourhoods:
    directory = tmp_path_factory.mktemp("square")
    load(ground, directory, [feature("QP066007")], "2015")
    return perimeters(directory)


def test_an_outline_for_drawing_is_lighter_than_the_contour(ground: Ground, tmp_path: Path) -> None:
    ring = [[2 + step / 1000, 42 + (step % 2) / 100000] for step in range(1000)]
    wavy = {"type": "Polygon", "coordinates": [[*ring, [3, 43], [2, 43], ring[0]]]}
    load(ground, tmp_path, [feature("QP066007", wavy)], "2015")
    outline = perimeters(tmp_path).outline("QP066007")
    assert outline["type"] == "Polygon"
    assert len(outline["coordinates"][0]) < 20


def test_a_layer_of_unknown_validity_is_valid_on_no_day(tmp_path: Path) -> None:
    assert not Layer("zones", "2026", tmp_path, {"valid_from": None}).is_valid_on(date(2026, 1, 1))
