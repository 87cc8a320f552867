"""The frame of a map is the smallest that holds its departments."""

import pytest

from dentelle.thread.territory.outlines import corners, department_outlines


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("M 1,2 L 4,6 Z", [(1, 2), (4, 6)]),
        ("m 1,2 3,4 -1,-1 z", [(1, 2), (4, 6), (3, 5)]),
        ("m1 1h3v-2H0V5zm1,1l1,0", [(1, 1), (4, 1), (4, -1), (0, -1), (0, 5), (2, 2), (3, 2)]),
    ],
)
def test_corners_follow_absolute_and_relative_lines(path: str, expected: list[tuple[float, float]]) -> None:
    assert corners(path) == expected


def test_a_curve_is_refused_rather_than_guessed() -> None:
    with pytest.raises(ValueError, match="straight lines"):
        corners("M0 0C1 1 2 2 3 3")


def test_brittany_fills_a_frame_of_its_own() -> None:
    outlines, box = department_outlines(frozenset({"22", "29", "35", "56", "976"}))
    assert sorted(outlines) == ["22", "29", "35", "56"]
    whole, country = department_outlines(frozenset(f"{n:02d}" for n in range(1, 96)))
    assert len(whole) > 90
    assert box[2] < country[2] / 2
    assert box[3] < country[3] / 2


def test_departments_without_shape_give_no_map() -> None:
    assert department_outlines(frozenset({"976"}))[0] == {}
