"""Contracts of the same need follow each other; others do not."""

from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import pytest

from dentelle.opendata.engines import Session, to_arrow
from dentelle.opendata.marts import chains as module
from dentelle.opendata.marts import schema
from dentelle.opendata.marts.chains import Chains, chains
from dentelle.opendata.marts.ends import with_ends
from tests.opendata.marts.frames import contract, contracts


def linked(engine: Session, rows: list[dict[str, Any]]) -> Chains:
    frame = engine.arrow(contracts(rows))
    narrow = frame.select(
        "contract_key", "kind", "number", "lot_rank", "buyer_id", "buyer_siren", "cpv", "object_words", "effective_on",
        "duration_months",
    )  # fmt: skip
    return chains(with_ends(narrow, frame))


def by_key(found: Chains) -> dict[str, dict[str, Any]]:
    return {row["contract_key"]: row for row in to_arrow(found.rows).to_pylist()}


def yearly(key: str, year: int, words: str = "nettoyage vitres ecoles", **changes: Any) -> dict[str, Any]:
    return contract(key, words, notified_on=date(year, 3, 31), duration_months=12, **changes)


def test_three_contracts_of_the_same_need_make_one_chain(engine: Session) -> None:
    rows = by_key(linked(engine, [yearly("a", 2023), yearly("b", 2024), yearly("c", 2025)]))
    assert [rows[key]["chain_id"] for key in "abc"] == ["a", "a", "a"]
    assert [rows[key]["chain_rank"] for key in "abc"] == [1, 2, 3]
    assert [rows[key]["chain_length"] for key in "abc"] == [3, 3, 3]
    assert rows["b"]["chain_previous_key"] == "a"
    assert rows["b"]["chain_next_key"] == "c"
    assert rows["c"]["chain_first_on"] == date(2023, 3, 31)
    assert [rows[key]["is_last_of_chain"] for key in "abc"] == [False, False, True]


def test_the_order_of_the_input_changes_nothing(engine: Session) -> None:
    rows = [
        yearly(f"{year}-{lot}", year, f"nettoyage vitres ecoles lot {lot}")
        for year in (2023, 2024)
        for lot in (1, 2, 3)
    ]
    assert by_key(linked(engine, rows)) == by_key(linked(engine, rows[::-1]))


def test_another_need_of_the_same_buyer_and_cpv_stays_apart(engine: Session) -> None:
    rows = by_key(linked(engine, [yearly("a", 2023), yearly("b", 2024, "desinfection hopital bloc operatoire")]))
    assert rows["a"]["is_last_of_chain"]
    assert rows["b"]["chain_length"] == 1


def test_concessions_are_chained_by_their_words_whatever_their_cpv_and_never_with_contracts(engine: Session) -> None:
    words = "exploitation halle marchande"
    rows = by_key(
        linked(
            engine,
            [
                yearly("a", 2023, words, kind="concession", cpv="55410000"),
                yearly("b", 2024, words, kind="concession", cpv=None),
                yearly("c", 2025, words, kind="concession", cpv=None),
                yearly("contract", 2024, words, cpv=None),
                yearly("other", 2024, "fourriere automobile communale", kind="concession", cpv=None),
            ],
        )
    )
    assert [rows[key]["chain_id"] for key in ("a", "b", "c")] == ["a", "a", "a"]
    assert [rows[key]["chain_length"] for key in ("contract", "other")] == [1, 1]


def test_the_same_words_at_another_buyer_stay_apart(engine: Session) -> None:
    rows = by_key(
        linked(engine, [yearly("a", 2023), yearly("b", 2024, buyer_siren="213801855", buyer_id="21380185500015")])
    )
    assert rows["a"]["is_last_of_chain"]


def test_lots_awarded_together_do_not_follow_each_other(engine: Session) -> None:
    rows = [contract("a", notified_on=date(2024, 3, 1)), contract("b", notified_on=date(2024, 4, 2))]
    assert by_key(linked(engine, rows))["a"]["is_last_of_chain"]


def test_a_like_contract_early_in_the_life_of_another_is_not_its_successor(engine: Session) -> None:
    rows = [
        contract("a", notified_on=date(2023, 1, 1), duration_months=12),
        contract("b", notified_on=date(2023, 4, 1)),
    ]
    assert by_key(linked(engine, rows))["a"]["is_last_of_chain"]


def test_each_lot_is_followed_by_the_lot_of_the_same_number(engine: Session) -> None:
    rows = [
        yearly(f"{year}-{lot}", year, f"nettoyage vitres ecoles lot n 0{lot}")
        for year in (2023, 2024)
        for lot in (1, 2, 3)
    ]
    found = by_key(linked(engine, rows))
    assert [found[f"2023-{lot}"]["chain_next_key"] for lot in (1, 2, 3)] == ["2024-1", "2024-2", "2024-3"]


def test_lots_of_the_same_words_are_each_followed_once(engine: Session) -> None:
    rows = [yearly(f"{year}-{lot}", year) for year in (2023, 2024) for lot in (1, 2, 3)]
    found = by_key(linked(engine, rows))
    successors = [found[f"2023-{lot}"]["chain_next_key"] for lot in (1, 2, 3)]
    assert successors == ["2024-1", "2024-2", "2024-3"]


def test_words_every_notice_carries_make_no_likeness(engine: Session) -> None:
    rows = [yearly("a", 2023, "marche de travaux"), yearly("b", 2024, "marche de travaux")]
    assert by_key(linked(engine, rows))["a"]["is_last_of_chain"]


def test_a_block_beyond_the_cap_is_split_by_cpv_then_given_up_and_reported(
    engine: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BLOCK_CAP", 3)
    large = [yearly(f"l{year}{lot}", year) for year in (2023, 2024) for lot in (1, 2)]
    apart = [yearly("s23", 2023, cpv="90919200"), yearly("s24", 2024, cpv="90919200")]
    small = [yearly("v23", 2023, "elagage platanes", cpv="77340000")]
    found = linked(engine, [*large, *apart, *small])
    rows = by_key(found)
    assert rows["l20231"]["chain_status"] == "block_too_large"
    assert rows["l20231"]["is_last_of_chain"]
    assert rows["s23"]["chain_next_key"] == "s24"
    report = to_arrow(found.report, schema.CHAIN_REPORT).to_pylist()
    assert {(line["treatment"], line["contracts"]) for line in report} == {("too_large", 6), ("searched", 1)}


def test_a_contract_without_date_or_words_stays_alone_and_says_why(engine: Session) -> None:
    rows = [
        yearly("a", 2023),
        contract("undated", notified_on=None, effective_on=None),
        {**yearly("mute", 2024), "object_words": None},
    ]
    found = by_key(linked(engine, rows))
    assert found["undated"]["chain_status"] == "no_date"
    assert found["mute"]["chain_status"] == "no_words"
    assert found["undated"]["chain_id"] == "undated"


def test_every_contract_has_exactly_one_row(engine: Session) -> None:
    rows = [yearly(f"{year}-{lot}", year) for year in range(2015, 2025) for lot in range(4)]
    found = to_arrow(linked(engine, rows).rows.select(nw.col("contract_key")))["contract_key"].to_pylist()
    assert sorted(found) == sorted(row["contract_key"] for row in rows)


def test_a_few_other_words_do_not_skip_the_contract_that_comes_next(engine: Session) -> None:
    first, last = (
        yearly("a", 2023, "nettoyage vitres ecoles gymnases"),
        yearly("c", 2025, "nettoyage vitres ecoles gymnases"),
    )
    rows = by_key(linked(engine, [first, yearly("b", 2024), last]))
    assert (rows["a"]["chain_next_key"], rows["b"]["chain_next_key"]) == ("b", "c")
