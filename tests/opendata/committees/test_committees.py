"""Local employment committees: the file of May 2026 gives 363 committees over every commune."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from dentelle.opendata.committees.check import COMMITTEE_CODE
from dentelle.opendata.committees.shape import load_committees
from dentelle.opendata.ground import Ground, load_ground, parse_territory, territory_of
from dentelle.opendata.layers import Loading
from dentelle.opendata.refusal import SourceRefused
from tests.shared import shared_path


def test_the_real_file_gives_every_commune_a_committee(ground: Ground, ground_directory: Path, tmp_path: Path) -> None:
    path = shared_path("data/refdata/testonly/clpe_commune_mai2026.csv")
    directory = tmp_path / "ground"
    shutil.copytree(ground_directory, directory)
    loaded = load_committees(ground, Loading(path, directory, "2026-05", date(2026, 5, 19)))
    assert (loaded.metadata["rows"], loaded.metadata["areas"], loaded.metadata["unmatched_count"]) == (34877, 363, 0)
    with_committees = load_ground(directory)
    members = set(with_committees.areas_table("committee")["commune_code"].to_pylist())
    table = with_committees.communes_table()
    com = {
        code
        for code, zone in zip(table["commune_code"].to_pylist(), table["zone"].to_pylist(), strict=True)
        if zone == "com"
    }
    assert members & com == {"97701", "97801"}
    assert len(members - com) == 34875
    territory = territory_of(with_committees, "committee:CLPE01001")
    assert (territory.name, len(territory.communes)) == ("Dombes - Saône - Côtière", 86)
    union = parse_territory(with_committees, ["committee:CLPE01001", "department:01"])
    assert territory.communes < union.communes


@pytest.mark.parametrize(
    ("code", "accepted"),
    [
        ("CLPE01001", True),
        ("CLPE2A001", True),
        ("CLPE97104", True),
        ("CLPE69D02", True),
        ("CLPE69M06", True),
        ("01001", False),
        ("CLPE1001", False),
        ("CLPE010011", False),
        ("clpe01001", False),
    ],
)
def test_the_form_of_a_code(code: str, accepted: bool) -> None:
    assert bool(COMMITTEE_CODE.fullmatch(code)) is accepted


def test_a_numeric_code_is_not_padded_into_a_committee(ground: Ground, tmp_path: Path) -> None:
    path = tmp_path / "clpe.csv"
    path.write_text("commune_id,territoire_id,territoire_libelle\n01001,1001,Dombes\n")
    with pytest.raises(SourceRefused, match="ligne 2, colonne territoire_id"):
        load_committees(ground, Loading(path, tmp_path, "2026"))
