"""The table of defects and its tests answer each other."""

import ast
from pathlib import Path

import pytest

from dentelle.opendata.decp.check import DEFECTS, FLAGGED, MERGED, REJECTED, REPAIRED
from dentelle.opendata.decp.values import siret_defect
from tests.opendata.decp.helpers import BUYER, HOLDER

TESTS = sorted((Path(__file__).parent / "defects").glob("test_*.py"))


def written_tests() -> list[str]:
    bodies = [ast.parse(file.read_text(encoding="utf-8")).body for file in TESTS]
    nodes = [node for body in bodies for node in body if isinstance(node, ast.FunctionDef)]
    return [node.name for node in nodes if node.name.startswith("test_")]


def test_every_defect_has_its_test_and_every_test_its_defect() -> None:
    named = [defect.test for defect in DEFECTS.values()]
    assert sorted(named) == sorted(set(named)), "two rows share one test"
    assert set(named) - set(written_tests()) == set(), "rows without an existing test"
    assert set(written_tests()) - set(named) == set(), "tests that name no row"


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=list(DEFECTS))
def test_every_defect_says_what_is_done_in_french(defect: object) -> None:
    from dentelle.opendata.decp.check import Defect

    assert isinstance(defect, Defect)
    assert defect.rule in {REPAIRED, FLAGGED, MERGED, REJECTED}
    assert defect.sentence.endswith((".", "!"))
    assert "'" not in defect.sentence, "typographic apostrophes on screen"


def test_the_identifiers_of_these_tests_are_well_formed() -> None:
    assert siret_defect(BUYER) == "" == siret_defect(HOLDER)
