"""Outlines of the departments: all of metropolitan France, and the overseas ones named apart."""

from pathlib import Path

import pytest

from dentelle.opendata.cog.outlines import DEPARTMENTS_WITHOUT_OUTLINE, PACKAGE, read_outlines
from dentelle.opendata.ground import Ground
from dentelle.opendata.refusal import SourceRefused
from tests.ground_fixtures import NODE_MODULES


def test_every_department_is_drawn_or_listed_apart(ground: Ground) -> None:
    outlines = read_outlines(NODE_MODULES)
    table = ground.communes_table()
    pairs = set(zip(table["department_code"].to_pylist(), table["zone"].to_pylist(), strict=True))
    assert set(outlines.paths) == {code for code, zone in pairs if zone == "metro"}
    assert set(DEPARTMENTS_WITHOUT_OUTLINE) == {code for code, zone in pairs if zone == "drom"}
    assert outlines.view_box == "0 0 613 585"


@pytest.mark.parametrize(
    "svg",
    [
        "<svg",
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path id="01" d="m 0,0&quot; onload=x"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path id="x&quot;" d="m 0,0"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="&quot;"><path id="01" d="m 0,0"/></svg>',
    ],
)
def test_a_map_that_could_carry_something_else_into_a_page_is_refused(tmp_path: Path, svg: str) -> None:
    folder = tmp_path / PACKAGE
    folder.mkdir(parents=True)
    (folder / "france.departments.svg").write_text(svg)
    with pytest.raises(SourceRefused):
        read_outlines(tmp_path)


def test_an_absent_package_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="make setup"):
        read_outlines(tmp_path)
