"""The counts of the real files, recounted: records, numbers, missing dates, amounts."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from dentelle.opendata.decp.dataset import open_dataset
from dentelle.opendata.decp.importing import import_files
from dentelle.opendata.decp.staged import staged_rows
from tests.opendata.decp.helpers import Imported
from tests.shared import shared_path

AIFE, MPI, PES = "aife_2019-04-04.json", "marches-publics.info_2019-03-07.json", "pes_2019-04-05.json"
SHAPED = "real_2022_shape.json"


def take(folder: Path, *names: str) -> Imported:
    paths = [shared_path(f"data/decp/{name}") for name in names]
    summary = import_files(paths, folder, workers=0)
    return Imported(summary, open_dataset(folder))


def records_as_read(imported: Imported) -> pa.Table:
    folders = sorted((imported.dataset.directory / "staging").iterdir())
    return pa.concat_tables(rows for folder in folders for rows in staged_rows(folder, "records"))


def staged(imported: Imported, query: str) -> tuple[object, ...]:
    """Ask the records as staged, before repetitions are merged: what the counts of each file are about."""
    with duckdb.connect() as connection:
        connection.register("records", records_as_read(imported))
        row = connection.execute(f"SELECT {query} FROM records").fetchone()
    assert row is not None
    return tuple(row)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return take(tmp_path_factory.mktemp("three"), AIFE, MPI, PES)


@pytest.fixture(scope="module")
def shaped(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return take(tmp_path_factory.mktemp("shaped"), SHAPED)


# file → records, distinct uid, missing dateNotification or dateSignature, amount ≤ 0
COUNTS = [
    (AIFE, 4530, 4264, 2511, 21),
    (MPI, 4509, 4496, 0, 55),
    (PES, 1148, 1140, 0, 2),
    ("pes_2019_per_buyer", 233, 233, 0, 1),
    (SHAPED, 10154, 9709, 2510, 76),
    ("decp2019_small.json", 2, 2, 0, 0),
    ("decp2022_small.json", 5, 5, 0, 0),
]


@pytest.mark.parametrize(("name", "records", "uids", "undated", "not_positive"), COUNTS, ids=[row[0] for row in COUNTS])
def test_each_real_file_counts_as_recounted(
    tmp_path: Path, name: str, records: int, uids: int, undated: int, not_positive: int
) -> None:
    imported = take(tmp_path, name)
    assert imported.summary.read == records
    assert imported.summary.uids == uids
    assert imported.summary.rejected == 0
    assert staged(
        imported, "count(*) FILTER (notified_on IS NULL AND NOT coalesce(contains(flags, 'date_ancient'), false))"
    ) == (undated,)
    assert staged(imported, "count(*) FILTER (amount_flag = 'not_positive')") == (not_positive,)


def test_the_three_files_together_hold_as_many_numbers_as_recounted(three: Imported) -> None:
    assert three.summary.read == 10187
    assert three.summary.uids == 9724
    by_kind = duckdb.sql(
        f"SELECT kind, count(DISTINCT uid) FROM read_parquet('{three.dataset.path('contracts')}') GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert by_kind == [("concession", 18), ("contract", 9709)]
    assert staged(three, "count(*) FILTER (kind = 'concession'), count(*) FILTER (amount_flag = 'not_positive')") == (
        32,
        78,
    )


def test_three_numbers_are_shared_by_a_contract_and_a_concession(three: Imported) -> None:
    shared = {row["uid"] for row in three.contracts() if "number_shared_by_kinds" in (row["flags"] or "")}
    assert len(shared) == 3


def test_every_record_is_kept_repeated_or_rejected(three: Imported) -> None:
    told = three.summary
    assert told.read == told.kept + told.duplicates + told.rejected
    assert len(three.rows("lineage", "1, 2")) == told.kept + told.duplicates
    assert told.contracts == told.kept == len(three.contracts())


def test_defects_of_the_three_files_are_as_many_as_recounted(three: Imported) -> None:
    def flagged(code: str) -> int:
        (count,) = staged(three, f"count(*) FILTER (list_contains(string_split(flags, '|'), '{code}'))")
        return int(str(count))

    assert flagged("lost_accents") == 3563
    assert flagged("date_ancient") == 2
    # 1 148 of PES and 173 of marches-publics.info
    assert flagged("date_time_zone") == 1148 + 173
    assert flagged("buyer_missing") == 1
    assert flagged("number_missing") == 7
    assert flagged("buyer_id_wrong") + flagged("buyer_missing") in {55, 56}


def test_a_file_already_there_as_a_whole_adds_no_contract(tmp_path: Path) -> None:
    alone = take(tmp_path / "alone", PES)
    both = take(tmp_path / "both", PES, "pes_2019_per_buyer")
    assert both.summary.contracts == alone.summary.contracts
    assert both.summary.duplicates == alone.summary.duplicates + 233


def test_every_number_of_the_shaped_file_keeps_a_current_row(shaped: Imported) -> None:
    """23 rows more than numbers: lots, and republications nothing proves to be the same (see SOURCE.md)."""
    assert shaped.summary.uids == 9709
    assert shaped.summary.contracts == 9732


def test_lots_sharing_a_number_stay_apart_in_the_real_files(three: Imported) -> None:
    """Of the 10 numbers reused with different amounts, 8 keep each amount; in the 2 others the last version is a correction."""
    amounts: dict[str, set[int]] = {}
    for row in three.contracts():
        if row["uid"] and row["kind"] == "contract":
            amounts.setdefault(row["uid"], set()).add(row["initial_amount_cents"])
    assert sum(len(found) > 1 for found in amounts.values()) == 8
    records = records_as_read(three)  # DuckDB finds it by its name
    assert records.num_rows
    published = duckdb.sql(
        """SELECT count(*) FROM (
                SELECT buyer_id, number FROM records
                WHERE kind = 'contract' AND buyer_id IS NOT NULL AND number IS NOT NULL
                GROUP BY 1, 2 HAVING count(DISTINCT amount_cents) > 1)"""
    ).fetchall()
    assert published == [(10,)]


def test_each_rule_on_republications_touches_as_many_rows_as_recounted(three: Imported) -> None:
    rows = three.contracts()

    def flagged(code: str) -> list[str]:
        return sorted(row["number"] for row in rows if code in (row["flags"] or "").split("|"))

    assert flagged("corrected_by_republication") == ["2019M1900200", "2019M19003R00"]
    assert flagged("co_holders_apart") == []
    assert len(flagged("amount_repeated")) == 12
    assert flagged("amount_in_doubt") == ["2018M18420R00", "2019M1900400", "2019M19007R00", "2019M19027R00"]
    outcomes = [row["outcome"] for row in three.rows("lineage", "1, 2")]
    assert (outcomes.count("superseded"), outcomes.count("co_holder")) == (2, 0)
    # 1 464 420,24 € less than when each row of a number counted
    assert sum(row["amount_cents"] for row in rows if row["summable"]) == 173_049_536_251 - 146_442_024


def test_co_holders_count_the_amount_once(three: Imported) -> None:
    contracts, holders = three.dataset.path("contracts"), three.dataset.path("holders")
    by_contract = duckdb.sql(f"SELECT sum(amount_cents) FROM read_parquet('{contracts}')").fetchall()
    after_join = duckdb.sql(
        f"""SELECT sum(amount) FROM (SELECT contract_key, any_value(amount_cents) AS amount
            FROM read_parquet('{contracts}') AS c LEFT JOIN read_parquet('{holders}') AS h USING (contract_key) GROUP BY 1)"""
    ).fetchall()
    assert by_contract == after_join


def test_each_holder_row_belongs_to_a_contract(three: Imported) -> None:
    keys = {row["contract_key"] for row in three.contracts()}
    for table in ("holders", "modifications", "lineage"):
        assert {row["contract_key"] for row in three.rows(table, "1, 2")} <= keys
    assert len(keys) == three.summary.contracts


@pytest.mark.parametrize(
    "name",
    ["region_bretagne_nonregulatory.xml", "region_bretagne_nonregulatory.csv", "decp_2022fmt_projection_5301.csv"],
)
def test_what_is_not_regulatory_is_refused_and_the_others_continue(tmp_path: Path, name: str) -> None:
    imported = take(tmp_path, "decp2019_small.json", name)
    assert imported.summary.read == 2
    (refusal,) = imported.summary.refused
    assert refusal.name == name
    assert refusal.reason


def test_official_examples_are_read_in_both_formats(tmp_path: Path) -> None:
    imported = take(tmp_path, "schema/exemples")
    assert imported.summary.read == 16
    assert imported.summary.rejected == 0
    assert {row["format"] for row in imported.rows("sources")} == {"json", "xml"}
