"""Employment zones: INSEE's file joins the communes exactly, and a doubtful line is never guessed."""

import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dentelle.opendata.ground import Ground, load_ground, territory_of
from dentelle.opendata.layers import Loading, loaded_layers
from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.zones.shape import load_zones
from tests.shared import shared_path
from tests.workbooks import workbook

HEADER = "CODGEO,LIBGEO,ZE2020,LIBZE2020,DEP\n"


def loaded_rows(
    ground: Ground, tmp_path: Path, lines: str, header: str = HEADER
) -> tuple[dict[str, str], dict[str, object]]:
    path = tmp_path / "ze.csv"
    path.write_text(header + lines)
    loaded = load_zones(ground, Loading(path, tmp_path / "out", "2026"))
    table = pq.read_table(loaded.path)
    return dict(zip(table["commune_code"].to_pylist(), table["area_code"].to_pylist(), strict=True)), loaded.metadata


def refused(ground: Ground, tmp_path: Path, lines: str) -> SourceRefused:
    with pytest.raises(SourceRefused) as refusal:
        loaded_rows(ground, tmp_path, lines)
    assert not list((tmp_path / "out").glob("*")), "nothing may be written when a file is refused"
    return refusal.value


def test_the_real_file_joins_the_communes_exactly_both_ways(
    ground: Ground, ground_directory: Path, tmp_path: Path
) -> None:
    path = shared_path("data/refdata/testonly/ze2020_composition_communale_2026.csv")
    directory = tmp_path / "ground"
    shutil.copytree(ground_directory, directory)
    loaded = load_zones(ground, Loading(path, directory, "2026", date(2026, 1, 1)))
    assert (loaded.metadata["rows"], loaded.metadata["areas"]) == (34875, 306)
    assert (loaded.metadata["unmatched_count"], loaded.metadata["repaired_count"]) == (0, 0)
    with_zones = load_ground(directory)
    communes = with_zones.communes_table()
    expected = {
        code
        for code, zone in zip(communes["commune_code"].to_pylist(), communes["zone"].to_pylist(), strict=True)
        if zone != "com"
    }
    assert set(with_zones.areas_table("zone")["commune_code"].to_pylist()) == expected
    alencon = territory_of(with_zones, "zone:0051")
    assert (alencon.name, len(alencon.communes), alencon.vintage) == ("Alençon", 184, "2026 / 2026")
    assert territory_of(with_zones, "zone:alencon").code == "0051"
    assert with_zones.search("alençon", kinds={"zone"})[0].code == "0051"


def test_the_same_file_in_a_workbook_with_titles_and_numbers_gives_the_same_rows(
    ground: Ground, tmp_path: Path
) -> None:
    path = workbook(
        tmp_path / "ZE2020_au_01-01-2026.xlsx",
        Documentation=[["Base des zones d’emploi"]],
        ZE2020=[["titre"], ["ZE2020", "LIBZE2020", "NB_COM"], ["8405", "Bourg-en-Bresse", 2]],
        Composition_communale=[
            ["Composition communale"], [], ["Géographie au 01/01/2026"], [], [],
            ["CODGEO", "LIBGEO", "ZE2020", "LIBZE2020", "ZE_PARTIE_REG", "DEP", "REG"],
            [1001, "L'Abergement-Clémenciat", 8405, "Bourg-en-Bresse", "", "01", 84],
            ["2A004", "Ajaccio", "9401", "Ajaccio", "", "2A", "94"],
        ],
    )  # fmt: skip
    loaded = load_zones(ground, Loading(path, tmp_path / "out", "2026"))
    rows = pq.read_table(loaded.path).to_pylist()
    assert [(row["commune_code"], row["area_code"], row["area_name"]) for row in rows] == [
        ("01001", "8405", "Bourg-en-Bresse"),
        ("2A004", "9401", "Ajaccio"),
    ]
    assert loaded.metadata["repaired_count"] == 1


def test_loading_twice_changes_nothing_and_another_vintage_is_another_file(ground: Ground, tmp_path: Path) -> None:
    path = tmp_path / "ze.csv"
    path.write_text(HEADER + "35238,Rennes,5315,Rennes,35\n")
    first = load_zones(ground, Loading(path, tmp_path, "2026"))
    again = load_zones(ground, Loading(path, tmp_path, "2026"))
    other = load_zones(ground, Loading(path, tmp_path, "2025"))
    dated = load_zones(ground, Loading(path, tmp_path, "2026", date(2026, 1, 1)))
    assert (first.made, again.made, other.made, dated.made) == (True, False, True, True)
    assert [(layer.kind, layer.vintage) for layer in loaded_layers(tmp_path)] == [("zones", "2025"), ("zones", "2026")]


def test_a_lost_zero_is_restored_when_the_name_or_the_department_proves_it(ground: Ground, tmp_path: Path) -> None:
    rows, metadata = loaded_rows(
        ground,
        tmp_path,
        "1001,L ABERGEMENT CLEMENCIAT,51,Alençon,\n1002,?,0051,Alençon,1\n35238,Rennes,5315,Rennes,35\n",
    )
    assert rows == {"01001": "0051", "01002": "0051", "35238": "5315"}
    assert metadata["repaired_count"] == 3


def test_a_lost_zero_that_nothing_proves_is_an_error_with_its_place(ground: Ground, tmp_path: Path) -> None:
    refusal = refused(ground, tmp_path, "35238,Rennes,5315,Rennes,35\n1001,Ailleurs,0051,Alençon,\n")
    assert refusal.code == "lines_refused"
    assert "ligne 3, colonne CODGEO" in str(refusal)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("3523,Rennes,5315,Rennes,35\n", "a perdu son zéro"),
        ("ABC,Rennes,5315,Rennes,35\n", "n’est pas un code commune"),
        ("35238,Rennes,53A5,Rennes,35\n", "colonne ZE2020 : « 53A5 »"),
        ("35238,Rennes,,Rennes,35\n", "colonne ZE2020"),
        ("35238,Rennes,5301,Autre,35\n35238,Rennes,5315,Rennes,35\n", "35238 est en 5315, et en 5301 à la ligne 3"),
        ("35238,Rennes,5315,Rennes,35\n35001,Acigné,5315,Vitré,35\n", "s’appelait « Rennes »"),
    ],
)
def test_a_line_that_cannot_be_trusted_refuses_the_file(ground: Ground, tmp_path: Path, line: str, said: str) -> None:
    assert said in str(refused(ground, tmp_path, "01001,Aval,0051,Alençon,01\n" + line))


def test_former_communes_are_followed_and_unknown_codes_reported(ground: Ground, tmp_path: Path) -> None:
    rows, metadata = loaded_rows(
        ground,
        tmp_path,
        "20004,Ajaccio,9401,Ajaccio,2A\n99999,Nulle part,9401,Ajaccio,99\n35238,Rennes,5315,Rennes,35\n",
    )
    assert rows == {"2A004": "9401", "35238": "5315"}
    assert metadata["unmatched"] == ["99999"]
    assert metadata["former"] == {"20004": "2A004"}


def test_a_merged_commune_whose_parts_disagree_is_left_out_and_said(ground: Ground, tmp_path: Path) -> None:
    former = ground.former_table()
    parts: dict[str, list[str]] = {}
    for code, current in zip(former["former_code"].to_pylist(), former["commune_code"].to_pylist(), strict=True):
        parts.setdefault(current, []).append(code)
    current, (one, two, *_) = next((current, codes) for current, codes in parts.items() if len(codes) > 1)
    lines = f"{one},A,0051,Alençon,\n{two},B,0052,Arles,\n35238,Rennes,5315,Rennes,35\n"
    rows, metadata = loaded_rows(ground, tmp_path, lines)
    assert rows == {"35238": "5315"}
    assert metadata["conflicts"] == [current]
    settled, _ = loaded_rows(ground, tmp_path, lines + f"{current},C,0051,Alençon,\n")
    assert settled[current] == "0051"


def test_a_file_of_something_else_is_refused(ground: Ground, tmp_path: Path) -> None:
    assert refused(ground, tmp_path, "99998,A,0051,Alençon,\n99999,B,0051,Alençon,\n").code == "communes_unknown"
    assert refused(ground, tmp_path, "").code == "communes_unknown"


@pytest.mark.parametrize("vintage", ["", "26", "2026/01", "../2026", "2026-1"])
def test_a_malformed_vintage_is_refused_before_it_becomes_a_file_name(
    ground: Ground, tmp_path: Path, vintage: str
) -> None:
    with pytest.raises(SourceRefused, match="millésime"):
        load_zones(ground, Loading(tmp_path / "x.csv", tmp_path, vintage))


def test_a_validity_that_ends_before_it_begins_is_refused(ground: Ground, tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="avant de commencer"):
        load_zones(ground, Loading(tmp_path / "x.csv", tmp_path, "2026", date(2026, 1, 2), date(2026, 1, 1)))


def test_the_vintage_asked_for_answers_instead_of_the_last(
    ground: Ground, ground_directory: Path, tmp_path: Path
) -> None:
    directory = tmp_path / "ground"
    shutil.copytree(ground_directory, directory)
    for vintage, zone in (("2025", "5301"), ("2026", "5315")):
        path = tmp_path / f"{vintage}.csv"
        path.write_text(HEADER + f"35238,Rennes,{zone},Zone {vintage},35\n")
        load_zones(ground, Loading(path, directory, vintage))
    assert territory_of(load_ground(directory), "zone:5315").vintage == "2026 / 2026"
    earlier = load_ground(directory, vintages={"zone": "2025"})
    assert territory_of(earlier, "zone:5301").communes == {"35238"}
