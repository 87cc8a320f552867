"""The compact file: what is in it, that it is built once, that a broken source is refused."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dentelle.opendata.cog.build import FILE_NAME, build_ground
from dentelle.opendata.cog.read import FILES, PACKAGE
from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.storage import sha256_of
from tests.ground_fixtures import NODE_MODULES


@pytest.fixture
def small_package(tmp_path: Path) -> Path:
    """A ``node_modules`` with two communes in one EPCI, small enough to break on purpose."""
    data = {
        "communes": [
            {"code": "01001", "nom": "Aval", "type": "commune-actuelle", "zone": "metro", "departement": "01", "region": "84",
             "siren": "210100012", "population": 10, "codesPostaux": ["01400"], "anciensCodes": ["01900"]},
            {"code": "2A002", "nom": "Amont", "type": "commune-actuelle", "zone": "metro", "departement": "01", "region": "84"},
            {"code": "01001", "nom": "Aval", "type": "commune-deleguee", "chefLieu": "01001", "zone": "metro",
             "departement": "01", "region": "84"},
        ],
        "epci": [{"code": "200000001", "nom": "CC des Deux", "type": "CC", "populationMunicipale": 10,
                  "membres": [{"code": "01001", "populationMunicipale": 10}]}],
        "ept": [],
        "departements": [{"code": "01", "nom": "Ain", "region": "84", "chefLieu": "01001", "zone": "metro"}],
        "regions": [{"code": "84", "nom": "Rhône", "chefLieu": "01001", "zone": "metro"}],
        "arrondissements": [],
    }  # fmt: skip
    folder = tmp_path / "node_modules" / PACKAGE
    (folder / "data").mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"version": "6.0.0"}))
    for name in FILES:
        (folder / "data" / f"{name}.json").write_text(json.dumps(data[name]))
    return tmp_path / "node_modules"


def change(node_modules: Path, name: str, rank: int, **fields: object) -> None:
    """Rewrite some fields of one record of the small package; None removes the field."""
    path = node_modules / PACKAGE / "data" / f"{name}.json"
    records = json.loads(path.read_text())
    records[rank].update(fields)
    records[rank] = {key: value for key, value in records[rank].items() if value is not None}
    path.write_text(json.dumps(records))


def test_the_file_holds_the_whole_cog(ground_directory: Path) -> None:
    table = pq.read_table(ground_directory / FILE_NAME)
    counts = {row["values"]: row["counts"] for row in table["kind"].value_counts().to_pylist()}
    assert counts == {
        "commune": 34969,
        "epci": 1255,
        "ept": 11,
        "department": 109,
        "region": 26,
        "arrondissement": 333,
        "former": 4285,
    }


def test_the_file_is_compact_and_says_where_it_comes_from(ground_directory: Path) -> None:
    built = build_ground(NODE_MODULES, ground_directory)
    assert built.size < 2_000_000
    assert (built.metadata["package_version"], built.metadata["vintage"]) == ("6.0.0", "2026")
    assert set(built.metadata["sources_sha256"]) == set(FILES)


def test_building_twice_leaves_the_file_untouched(small_package: Path, tmp_path: Path) -> None:
    first = build_ground(small_package, tmp_path / "ground")
    written = first.path.stat().st_mtime_ns
    second = build_ground(small_package, tmp_path / "ground")
    assert (first.made, second.made) == (True, False)
    assert second.path.stat().st_mtime_ns == written


def test_two_builds_of_the_same_package_give_the_same_bytes(small_package: Path, tmp_path: Path) -> None:
    one = build_ground(small_package, tmp_path / "one")
    other = build_ground(small_package, tmp_path / "other")
    assert one.sha256 == other.sha256


def test_a_changed_source_is_built_again(small_package: Path, tmp_path: Path) -> None:
    before = build_ground(small_package, tmp_path / "ground")
    change(small_package, "communes", 0, population=11)
    after = build_ground(small_package, tmp_path / "ground")
    assert after.made
    assert after.sha256 != before.sha256


def test_a_delegated_commune_with_its_head_s_code_is_not_a_former_code(small_package: Path, tmp_path: Path) -> None:
    table = pq.read_table(build_ground(small_package, tmp_path / "ground").path)
    former = [row["code"] for row in table.to_pylist() if row["kind"] == "former"]
    assert former == ["01900"]


@pytest.mark.parametrize(
    ("name", "rank", "fields", "code", "said"),
    [
        ("communes", 1, {"code": "01001"}, "cog_code_twice", "commune 01001"),
        ("communes", 1, {"code": "1002"}, "cog_inconsistent", "code INSEE mal formé"),
        ("communes", 1, {"departement": "99"}, "cog_inconsistent", "department « 99 »"),
        ("communes", 0, {"siren": "12"}, "cog_inconsistent", "SIREN mal formé"),
        ("communes", 0, {"codesPostaux": ["1400"]}, "cog_inconsistent", "code postal mal formé"),
        ("communes", 1, {"zone": None}, "cog_field_missing", "l’objet n° 2 (code 2A002)"),
        ("epci", 0, {"membres": [{"code": "01099", "populationMunicipale": 1}]}, "cog_member_unknown", "inconnu 01099"),
    ],
)
def test_a_source_that_does_not_hold_together_is_refused_with_its_place(
    small_package: Path, tmp_path: Path, name: str, rank: int, fields: dict[str, object], code: str, said: str
) -> None:
    change(small_package, name, rank, **fields)
    with pytest.raises(SourceRefused) as refusal:
        build_ground(small_package, tmp_path / "ground")
    assert refusal.value.code == code
    assert said in str(refusal.value)


def test_a_refused_source_leaves_the_former_file_whole(small_package: Path, tmp_path: Path) -> None:
    before = build_ground(small_package, tmp_path / "ground")
    change(small_package, "communes", 0, siren="12")
    with pytest.raises(SourceRefused):
        build_ground(small_package, tmp_path / "ground")
    assert [path.name for path in (tmp_path / "ground").iterdir()] == [FILE_NAME]
    assert sha256_of(before.path) == before.sha256


def test_an_absent_package_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="make setup"):
        build_ground(tmp_path, tmp_path / "ground")


def test_a_version_without_known_vintage_is_refused(small_package: Path, tmp_path: Path) -> None:
    (small_package / PACKAGE / "package.json").write_text(json.dumps({"version": "9.0.0"}))
    with pytest.raises(SourceRefused, match="millésime"):
        build_ground(small_package, tmp_path / "ground")


def test_a_truncated_json_is_refused(small_package: Path, tmp_path: Path) -> None:
    path = small_package / PACKAGE / "data" / "epci.json"
    path.write_text(path.read_text()[:-5])
    with pytest.raises(SourceRefused, match=r"epci.json : JSON illisible"):
        build_ground(small_package, tmp_path / "ground")


def test_a_damaged_ground_file_is_made_again(small_package: Path, tmp_path: Path) -> None:
    built = build_ground(small_package, tmp_path / "ground")
    whole = built.path.read_bytes()
    built.path.write_bytes(whole[: len(whole) // 2])
    assert build_ground(small_package, tmp_path / "ground").made
    assert built.path.read_bytes() == whole
