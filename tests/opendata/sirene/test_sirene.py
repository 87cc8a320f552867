"""SIRENE: only public bodies are kept, only what was asked, in one pass, whatever the packing."""

import csv
import gzip
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dentelle.opendata.ground import Ground
from dentelle.opendata.layers import Loading
from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.sirene import read as stock
from dentelle.opendata.sirene.shape import ESTABLISHMENT_COLUMNS, UNIT_COLUMNS, load_establishments, load_units

HEADER = ("siren", "nic", *ESTABLISHMENT_COLUMNS, "codePostalEtablissement")
ROWS = [
    # siren, nic, siret, diffusion, commune, naf, usual name, sign, head office, state, postal code
    ("213702616", "00019", "21370261600019", "O", "37261", "84.11Z", "MAIRIE DE TOURS", "", "true", "A", "37000"),
    ("000000001", "00012", "00000000100012", "O", "20004", "84.11Z", "", "ENSEIGNE", "false", "F", "20000"),
    ("000000002", "00012", "00000000200012", "P", "37261", "43.21A", "QUELQU’UN", "", "true", "A", "37000"),
    ("000000003", "00012", "00000000300012", "", "37261", "43.21A", "SANS STATUT", "", "true", "A", "37000"),
    ("000000004", "00012", "4E+11", "O", "37261", "43.21A", "ABIMÉ", "", "true", "A", "37000"),
    ("000000005", "00012", "00000000500012", "O", "99999", "43.21A", "AILLEURS", "", "true", "A", ""),
    ("000000006", "00012", "00000000600012", "O", "", "43.21A", "À L’ÉTRANGER", "", "true", "A", ""),
]


def as_csv(rows: list[tuple[str, ...]] = ROWS, separator: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows([HEADER, *rows])
    return text.getvalue().encode()


def pack(path: Path, content: bytes) -> Path:
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(content))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("StockEtablissement_utf8.csv", content)
    elif path.suffix == ".parquet":
        columns = zip(*ROWS, strict=True)
        pq.write_table(pa.table({name: pa.array(values) for name, values in zip(HEADER, columns, strict=True)}), path)
    else:
        path.write_bytes(content)
    return path


def load(
    ground: Ground, path: Path, only: list[str] | None = None
) -> tuple[dict[str, dict[str, object]], dict[str, object]]:
    loaded = load_establishments(ground, Loading(path, path.parent, "2026-11"), only)
    return {row["siret"]: row for row in pq.read_table(loaded.path).to_pylist()}, loaded.metadata


@pytest.mark.parametrize("name", ["stock.csv", "stock.csv.gz", "stock.zip", "stock.parquet"])
def test_every_packing_gives_the_same_public_rows(ground: Ground, tmp_path: Path, name: str) -> None:
    rows, metadata = load(ground, pack(tmp_path / name, as_csv()))
    assert set(rows) == {"21370261600019", "00000000100012", "00000000500012", "00000000600012"}
    assert rows["21370261600019"] == {
        "siret": "21370261600019",
        "siren": "213702616",
        "commune_code": "37261",
        "naf": "84.11Z",
        "name": "MAIRIE DE TOURS",
        "head_office": True,
        "active": True,
    }
    assert {key: metadata[key] for key in ("read", "rows", "not_public", "malformed", "unmatched_count")} == {
        "read": 7,
        "rows": 4,
        "not_public": 2,
        "malformed": 1,
        "unmatched_count": 1,
    }


def test_a_former_commune_is_followed_and_a_sign_stands_for_a_name(ground: Ground, tmp_path: Path) -> None:
    rows, _ = load(ground, pack(tmp_path / "stock.csv", as_csv()))
    one = rows["00000000100012"]
    assert (one["commune_code"], one["name"], one["active"], one["head_office"]) == ("2A004", "ENSEIGNE", False, False)
    assert rows["00000000500012"]["commune_code"] is None


def test_only_the_identifiers_asked_for_are_kept(ground: Ground, tmp_path: Path) -> None:
    path = pack(tmp_path / "stock.csv", as_csv())
    rows, _ = load(ground, path, ["21370261600019", "00000000200012", "99999999999999"])
    assert set(rows) == {"21370261600019"}
    # asking for others is another loading, not the same one again
    others, _ = load(ground, path, ["00000000100012"])
    assert set(others) == {"00000000100012"}


def test_the_same_loading_twice_does_nothing(ground: Ground, tmp_path: Path) -> None:
    path = pack(tmp_path / "stock.csv", as_csv())
    loading = Loading(path, tmp_path, "2026-11")
    assert load_establishments(ground, loading).made
    assert not load_establishments(ground, loading).made


def test_a_line_with_missing_cells_is_counted_and_does_not_lose_the_others(ground: Ground, tmp_path: Path) -> None:
    content = as_csv().replace(b"213702616,", b"1,2,3\n213702616,")
    rows, metadata = load(ground, pack(tmp_path / "stock.csv", content))
    assert len(rows) == 4
    assert metadata["unreadable"] == 1


def test_a_semicolon_and_a_byte_order_mark_are_accepted(ground: Ground, tmp_path: Path) -> None:
    rows, _ = load(ground, pack(tmp_path / "stock.csv", b"\xef\xbb\xbf" + as_csv(separator=";")))
    assert len(rows) == 4


def refused(ground: Ground, path: Path) -> SourceRefused:
    with pytest.raises(SourceRefused) as refusal:
        load(ground, path)
    assert not list(path.parent.glob("sirene-*"))
    assert not list(path.parent.glob(".sirene*"))
    return refusal.value


def test_a_missing_column_is_named(ground: Ground, tmp_path: Path) -> None:
    content = as_csv().replace(b"statutDiffusionEtablissement", b"statut")
    refusal = refused(ground, pack(tmp_path / "stock.csv", content))
    assert refusal.code == "column_absent"
    assert "statutDiffusionEtablissement" in str(refusal)


def test_codes_stored_as_numbers_are_refused(ground: Ground, tmp_path: Path) -> None:
    path = tmp_path / "stock.parquet"
    columns = {name: pa.array(["x"]) for name in ESTABLISHMENT_COLUMNS}
    pq.write_table(pa.table({**columns, "siret": pa.array([21370261600019])}), path)
    assert refused(ground, path).code == "codes_as_numbers"


@pytest.mark.parametrize("name", ["stock.csv.gz", "stock.zip", "stock.parquet"])
def test_a_truncated_file_is_refused_and_leaves_nothing_behind(ground: Ground, tmp_path: Path, name: str) -> None:
    path = pack(tmp_path / name, as_csv(ROWS * 500))
    path.write_bytes(path.read_bytes()[:-40])
    assert refused(ground, path).code == "stock_unreadable"


def test_an_archive_of_several_files_is_ambiguous(ground: Ground, tmp_path: Path) -> None:
    path = tmp_path / "stock.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", as_csv())
        archive.writestr("b.csv", as_csv())
    assert refused(ground, path).code == "archive_ambiguous"


def test_an_archive_that_inflates_out_of_proportion_is_refused(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock, "RATIO_WATCHED_FROM", 1_000_000)
    path = pack(tmp_path / "stock.csv.gz", as_csv() + b"\n" * 30_000_000)
    assert refused(ground, path).code == "stock_bomb"


def test_a_line_longer_than_the_block_is_refused(ground: Ground, tmp_path: Path) -> None:
    path = pack(tmp_path / "stock.csv", as_csv() + b"x" * (stock.BLOCK * 3))
    assert refused(ground, path).code == "stock_unreadable"


def test_legal_units_keep_their_category_and_leave_sole_traders_out(ground: Ground, tmp_path: Path) -> None:
    lines = [
        UNIT_COLUMNS,
        ("213702616", "O", "COMMUNE DE TOURS", "7210", "84.11Z", "A"),
        ("000000001", "O", "", "1000", "43.21A", "A"),
        ("000000002", "P", "CACHÉE", "5499", "43.21A", "A"),
        ("000000003", "O", "SANS CATÉGORIE", "", "43.21A", "A"),
    ]
    path = tmp_path / "units.csv"
    path.write_text("\n".join(",".join(line) for line in lines) + "\n")
    loaded = load_units(ground, Loading(path, tmp_path, "2026-11"))
    assert pq.read_table(loaded.path).to_pylist() == [
        {"siren": "213702616", "name": "COMMUNE DE TOURS", "legal_category": "7210", "naf": "84.11Z", "active": True}
    ]
    assert loaded.metadata["not_public"] == 3
