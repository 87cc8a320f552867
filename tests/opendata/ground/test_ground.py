"""What the ground answers about places: codes old and new, SIREN, postal codes, tables."""

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from dentelle.opendata.cog.build import FILE_NAME
from dentelle.opendata.ground import Ground, GroundMissing, UnknownPlace, load_ground


def test_a_missing_ground_names_the_command_to_run(tmp_path: Path) -> None:
    with pytest.raises(GroundMissing, match="dentelle ground build"):
        load_ground(tmp_path)


def test_a_file_of_another_make_is_not_taken_for_the_ground(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"PAR1 not really")
    with pytest.raises(GroundMissing, match="illisible"):
        load_ground(tmp_path)


def test_a_commune_knows_what_it_belongs_to(ground: Ground) -> None:
    tours = ground.commune("37261")
    assert (tours.name, tours.department_code, tours.region_code) == ("Tours", "37", "24")
    assert (tours.epci_code, tours.siren) == ("243700754", "213702616")
    assert tours.postal_codes == ("37000", "37100", "37200")


def test_every_former_code_leads_to_a_current_commune(ground: Ground) -> None:
    current = set(ground.commune_codes())
    former = ground.former_table()
    assert former.num_rows == 4285
    assert set(former["commune_code"].to_pylist()) <= current
    assert not set(former["former_code"].to_pylist()) & current
    assert all(ground.resolve(code) in current for code in former["former_code"].to_pylist())


@pytest.mark.parametrize(
    ("code", "current"),
    [
        ("20004", "2A004"),
        ("75112", "75056"),
        ("69383", "69123"),
        ("55273", "55386"),
        ("60455", "60694"),
        ("2a004", "2A004"),
    ],
)
def test_a_former_code_an_arrondissement_or_a_lower_case_code_resolves(ground: Ground, code: str, current: str) -> None:
    assert ground.resolve(code) == current
    assert ground.commune(code).code == current


@pytest.mark.parametrize("code", ["99999", "1001", "", "2C001", "75"])
def test_an_unknown_code_is_never_answered_by_a_neighbour(ground: Ground, code: str) -> None:
    assert ground.resolve(code) is None
    with pytest.raises(UnknownPlace):
        ground.commune(code)


def test_a_lost_leading_zero_is_suggested_not_assumed(ground: Ground) -> None:
    with pytest.raises(UnknownPlace, match=r"01001"):
        ground.commune("1001")


def test_overseas_collectivities_are_told_apart_by_their_zone(ground: Ground) -> None:
    zones = {row["values"]: row["counts"] for row in ground.communes_table()["zone"].value_counts().to_pylist()}
    assert zones == {"metro": 34746, "drom": 129, "com": 94}
    assert ground.department("987").zone == "com"


def test_populations_add_up_and_unknown_ones_stay_unknown(ground: Ground) -> None:
    assert pc.sum(ground.communes_table()["population"]).as_py() == 68_952_941
    assert ground.commune("98411").population is None
    assert ground.population_of(["98411", "98901"]) is None
    assert ground.population_of(["98411", "37261"]) == ground.commune("37261").population


def test_a_region_and_its_departments_count_the_same_people(ground: Ground) -> None:
    brittany = [ground.department(code).population or 0 for code in ("22", "29", "35", "56")]
    assert sum(brittany) == ground.region("53").population


def test_a_siren_gives_a_name_and_a_place_only_when_it_is_in_the_source(ground: Ground) -> None:
    assert ground.name_of_siren("243500139") == "Rennes Métropole"
    assert ground.seat_of_siren("243500139") == "35238"
    assert ground.name_of_siren("217500016") == "Paris"
    assert ground.name_of_siren("200057867") == "Plaine Commune"
    # a department council: not in the source, not guessed
    assert ground.name_of_siren("223500018") is None
    assert ground.seat_of_siren("223500018") is None


def test_the_sirens_table_has_one_row_per_siren_and_says_how_the_seat_is_known(ground: Ground) -> None:
    table = ground.sirens_table()
    assert table.num_rows == 34875 + 1255 + 11
    assert len(set(table["siren"].to_pylist())) == table.num_rows
    assert set(zip(table["kind"].to_pylist(), table["seat_basis"].to_pylist(), strict=True)) == {
        ("commune", "itself"),
        ("epci", "largest_member"),
        ("ept", "largest_member"),
    }


def test_a_postal_code_serves_several_communes_and_a_commune_has_several_postal_codes(ground: Ground) -> None:
    assert len(ground.communes_of_postal_code("35310")) == 5
    assert ground.communes_of_postal_code("75012") == ("75056",)
    assert ground.communes_of_postal_code("00000") == ()


def test_the_shares_of_a_postal_code_sum_to_one(ground: Ground) -> None:
    table = ground.postal_table()
    sums = table.group_by("postal_code").aggregate([("share", "sum")])
    assert sums.num_rows == 6310
    assert all(abs(total - 1) < 1e-9 for total in sums["share_sum"].to_pylist())
    # 0 is right for the six villages destroyed in 1916, which nobody lives in
    assert pc.min(table["share"]).as_py() == 0


def test_the_communes_table_carries_the_names_of_its_parents(ground: Ground) -> None:
    rows = {row["commune_code"]: row for row in ground.communes_table().to_pylist()}
    assert rows["93066"]["department_name"] == "Seine-Saint-Denis"
    assert rows["93066"]["ept_name"] == "Plaine Commune"
    assert rows["93066"]["epci_name"] == "Métropole du Grand Paris"
    assert rows["29155"]["epci_code"] is None  # Ushant belongs to no EPCI
    assert rows["29155"]["epci_name"] is None


def test_codes_are_stored_as_text(ground_directory: Path) -> None:
    codes = pq.read_table(ground_directory / FILE_NAME, columns=["code"])["code"].to_pylist()
    assert {"01001", "2A004"} <= set(codes)
