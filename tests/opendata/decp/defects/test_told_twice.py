"""One contract told several times under one number: merged when proved, counted once when not."""

from datetime import date
from pathlib import Path

from tests.opendata.decp.helpers import (
    HOLDER,
    OTHER_HOLDER,
    THIRD_HOLDER,
    contract,
    flags_of,
    held_by,
    importing,
    text_2022,
)


def test_a_republished_correction_supersedes_the_former_version(tmp_path: Path) -> None:
    first = contract(montant=235000, dureeMois=12)
    copy_of_first = contract(montant=235000, dureeMois=12, datePublicationDonnees="2024-03-20")
    last = contract(
        montant=1880000,
        dureeMois=96,
        datePublicationDonnees="2024-05-01",
        objet="REFECTION DE LA TOITURE DE L'ECOLE",
        titulaires=held_by(HOLDER),
    )
    alone = importing(tmp_path / "alone", text_2022(first)).only()["contract_key"]
    imported = importing(tmp_path / "all", text_2022(last, first), text_2022(copy_of_first))
    row = imported.only()
    assert (row["amount_cents"], row["duration_months"], row["published_on"]) == (188_000_000, 96, date(2024, 5, 1))
    assert (row["amount_flag"], row["summable"]) == ("ok", True)
    assert row["contract_key"] == alone, "what was said of the contract before its correction still finds it"
    assert {"corrected_by_republication", "repeated_across_sources"} <= flags_of(row)
    assert "lots_share_number" not in flags_of(row)
    outcomes = [line["outcome"] for line in imported.rows("lineage", "outcome")]
    assert outcomes == ["kept", "superseded", "superseded"]
    assert imported.summary.duplicates == 2


def test_co_holders_sent_apart_are_one_contract(tmp_path: Path) -> None:
    records = [contract(titulaires=held_by(identifier)) for identifier in (THIRD_HOLDER, HOLDER, OTHER_HOLDER)]
    imported = importing(tmp_path, text_2022(*records, records[0]))
    row = imported.only()
    assert (row["amount_cents"], row["summable"], row["holder_count"]) == (12_050_050, True, 3)
    assert "co_holders_apart" in flags_of(row)
    holders = imported.rows("holders", "rank")
    assert [holder["rank"] for holder in holders] == [1, 2, 3]
    assert {holder["holder_id"] for holder in holders} == {HOLDER, OTHER_HOLDER, THIRD_HOLDER}
    assert holders[0]["holder_id"] == row["holder_id"]
    outcomes = [line["outcome"] for line in imported.rows("lineage", "outcome")]
    assert outcomes == ["co_holder", "co_holder", "duplicate", "kept"]


def test_an_amount_told_twice_under_one_number_counts_once(tmp_path: Path) -> None:
    other_day = contract(titulaires=held_by(OTHER_HOLDER), datePublicationDonnees="2024-03-18")
    whole = contract(id="B", objet="Création de deux déchèteries (7 lots)")
    lot = contract(id="B", objet="Lot 1 terrassement", datePublicationDonnees="2024-03-18")
    imported = importing(tmp_path, text_2022(contract(), other_day, whole, lot))
    rows = imported.contracts()
    assert [row["number"] for row in rows] == ["2024TRV001", "2024TRV001", "B", "B"]
    for number in ("2024TRV001", "B"):
        told = sorted((row["amount_flag"], row["summable"]) for row in rows if row["number"] == number)
        assert told == [("ok", True), ("repeated", False)]
    assert {row["amount_cents"] for row in rows} == {12_050_050}, "kept and visible"
    assert all(("amount_repeated" in flags_of(row)) is (row["amount_flag"] == "repeated") for row in rows)


def test_of_two_amounts_nothing_explains_the_smallest_counts(tmp_path: Path) -> None:
    same_day = [contract(montant=amount) for amount in (70000, 60000, 80000)]
    other_words = [
        contract(id="B", objet="Entretien des espaces publics", montant=55000),
        contract(id="B", objet="Prestation d'insertion", montant=220000, datePublicationDonnees="2024-03-20"),
    ]
    rows = importing(tmp_path, text_2022(*same_day, *other_words)).contracts()
    found = {(row["number"], row["amount_cents"]): (row["amount_flag"], row["summable"]) for row in rows}
    out, counted = ("in_doubt", False), ("ok", True)
    assert found == {
        ("2024TRV001", 6_000_000): counted, ("2024TRV001", 7_000_000): out, ("2024TRV001", 8_000_000): out,
        ("B", 5_500_000): counted, ("B", 22_000_000): out,
    }  # fmt: skip
    assert all(("amount_in_doubt" in flags_of(row)) is (row["amount_flag"] == "in_doubt") for row in rows)
