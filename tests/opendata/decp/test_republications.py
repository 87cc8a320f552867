"""What is lots and what is one contract told several times: the cases on either side of each line."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dentelle.opendata.decp.republications import DOUBTED
from tests.opendata.decp.helpers import (
    HOLDER,
    OTHER_HOLDER,
    THIRD_HOLDER,
    concession,
    contract,
    held_by,
    importing,
    text_2022,
)

LATER, LATEST = "2024-05-01", "2024-06-01"


def change(on: str, amount: int) -> list[dict[str, Any]]:
    return [{"modification": {"id": 1, "dateNotificationModification": on, "montant": amount}}]


def amounts(folder: Path, *records: dict[str, Any]) -> dict[int, str]:
    """Each row's amount in euros and what is said of it."""
    rows = importing(folder, text_2022(*records)).contracts()
    found = {row["amount_cents"] // 100: row["amount_flag"] for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize(
    "different",
    [
        {"titulaires": held_by(OTHER_HOLDER)},
        {"id": "AUTRE"},
    ],
    ids=["holders", "number"],
)
def test_other_holders_or_another_number_are_another_contract(tmp_path: Path, different: dict[str, Any]) -> None:
    later = contract(montant=50000, datePublicationDonnees=LATER, **different)
    assert amounts(tmp_path, contract(montant=60000), later) == {60000: "ok", 50000: "ok"}


def test_other_holders_and_another_object_are_lots_even_at_one_price(tmp_path: Path) -> None:
    lots = [contract(objet="Gros œuvre"), contract(objet="Peinture", titulaires=held_by(OTHER_HOLDER))]
    rows = importing(tmp_path, text_2022(*lots)).contracts()
    assert [row["amount_flag"] for row in rows] == ["ok", "ok"]


def test_two_lot_numbers_tell_two_lots_of_one_holder_apart(tmp_path: Path) -> None:
    lots = [
        contract(objet=f"Lot {number} : voirie", datePublicationDonnees=f"2024-0{2 + number}-15") for number in (1, 2)
    ]
    rows = importing(tmp_path, text_2022(*lots)).contracts()
    assert [(row["amount_flag"], row["summable"]) for row in rows] == [("ok", True)] * 2


def test_a_correction_may_be_lower_and_corrected_again(tmp_path: Path) -> None:
    versions = [(1_000_000, "2024-03-15"), (100_000, LATER), (120_000, LATEST)]
    records = [contract(montant=amount, datePublicationDonnees=day) for amount, day in versions]
    assert amounts(tmp_path, *records) == {120_000: "ok"}


@pytest.mark.parametrize(
    "later",
    [
        {"datePublicationDonnees": None},
        {"dateNotification": None, "datePublicationDonnees": LATER},
        {"dateNotification": "2024-04-01", "datePublicationDonnees": LATER},
        {"objet": "Réfection de la toiture", "datePublicationDonnees": LATER},
    ],
    ids=["unpublished", "undated", "another-day", "another-object"],
)
def test_without_proof_of_a_correction_both_rows_stay_and_one_counts(tmp_path: Path, later: dict[str, Any]) -> None:
    found = amounts(tmp_path, contract(montant=60000), contract(montant=70000, **later))
    expected = {60000: "ok", 70000: "in_doubt"}
    # an undated row of another amount, under the same object, is in doubt as well: only the day alone proves nothing
    assert found == expected


def test_versions_published_in_turn_prove_nothing(tmp_path: Path) -> None:
    first, second = contract(montant=60000), contract(montant=70000, datePublicationDonnees=LATER)
    first_again = contract(montant=60000, datePublicationDonnees=LATEST)
    assert amounts(tmp_path, first, second, first_again) == {60000: "ok", 70000: "in_doubt"}


def test_a_modified_version_is_never_superseded(tmp_path: Path) -> None:
    first = contract(montant=60000, modifications=change("2024-04-01", 65000))
    second = contract(montant=70000, datePublicationDonnees=LATER)
    assert amounts(tmp_path, first, second) == {65000: "ok", 70000: "in_doubt"}


def test_a_correction_may_itself_be_modified(tmp_path: Path) -> None:
    second = contract(montant=70000, datePublicationDonnees=LATER, modifications=change("2024-04-01", 75000))
    assert amounts(tmp_path, contract(montant=60000), second) == {75000: "ok"}


def test_a_last_version_without_usable_amount_corrects_nothing(tmp_path: Path) -> None:
    rows = importing(
        tmp_path, text_2022(contract(montant=60000), contract(montant=0, datePublicationDonnees=LATER))
    ).contracts()
    assert sorted((row["amount_flag"], row["summable"]) for row in rows) == [("not_positive", False), ("ok", True)]


def test_a_usable_amount_corrects_a_placeholder(tmp_path: Path) -> None:
    records = [contract(montant=999999999), contract(montant=60000, datePublicationDonnees=LATER)]
    row = importing(tmp_path, text_2022(*records)).only()
    assert (row["amount_cents"], row["amount_flag"]) == (6_000_000, "ok")
    assert "amount_placeholder" not in row["flags"]


def test_co_holders_sent_apart_may_be_corrected_together(tmp_path: Path) -> None:
    records = [
        contract(montant=amount, datePublicationDonnees=day, titulaires=held_by(identifier))
        for amount, day in ((60000, "2024-03-15"), (70000, LATER))
        for identifier in (HOLDER, OTHER_HOLDER)
    ]
    imported = importing(tmp_path, text_2022(*records))
    row = imported.only()
    assert (row["amount_cents"], row["holder_count"]) == (7_000_000, 2)
    assert {"co_holders_apart", "corrected_by_republication"} <= set(row["flags"].split("|"))
    assert sorted(holder["holder_id"] for holder in imported.rows("holders")) == sorted([HOLDER, OTHER_HOLDER])
    assert [line["outcome"] for line in imported.rows("lineage", "outcome")] == [
        "co_holder",
        "kept",
        "superseded",
        "superseded",
    ]


def test_records_of_several_holders_are_not_gathered(tmp_path: Path) -> None:
    pairs = [contract(titulaires=held_by(HOLDER, OTHER_HOLDER)), contract(titulaires=held_by(HOLDER, THIRD_HOLDER))]
    rows = importing(tmp_path, text_2022(*pairs)).contracts()
    assert sorted(row["amount_flag"] for row in rows) == ["ok", "repeated"]
    assert [row["holder_count"] for row in rows] == [2, 2]


def test_establishments_of_one_company_are_one_holder_in_doubt(tmp_path: Path) -> None:
    from tests.opendata.decp.helpers import siret

    other = siret("99000001", "0002")
    later = contract(montant=70000, objet="Toiture", titulaires=held_by(other), datePublicationDonnees=LATER)
    assert amounts(tmp_path, contract(montant=60000), later) == {60000: "ok", 70000: "in_doubt"}


def test_ceilings_follow_the_same_rule(tmp_path: Path) -> None:
    framework = {"techniques": {"technique": ["Accord-cadre"]}}
    rows = importing(
        tmp_path, text_2022(contract(montant=60000, **framework), contract(montant=70000, **framework))
    ).contracts()
    assert sorted((row["amount_kind"], row["amount_flag"]) for row in rows) == [
        ("ceiling", "in_doubt"),
        ("ceiling", "ok"),
    ]


def test_concessions_are_corrected_too(tmp_path: Path) -> None:
    later = concession(valeurGlobale=800000, datePublicationDonnees=LATER)
    assert amounts(tmp_path, concession(), later) == {800000: "ok"}


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    records = [
        contract(montant=60000),
        contract(montant=70000, datePublicationDonnees=LATER),
        *(contract(id="B", titulaires=held_by(identifier)) for identifier in (HOLDER, OTHER_HOLDER)),
        *(contract(id="C", montant=amount) for amount in (60000, 70000)),
    ]
    texts = [text_2022(record) for record in records]
    one, other = importing(tmp_path / "a", *texts), importing(tmp_path / "b", *texts[::-1])
    assert one.contracts() == other.contracts()
    assert one.rows("holders") == other.rows("holders")


_LINE = st.tuples(
    st.sampled_from([None, 1, 2]),
    st.sampled_from(["a", "b", None]),
    st.sampled_from(["H", "K", ""]),
    st.sampled_from([None, "2024-01-01", "2024-02-01"]),
    st.integers(min_value=1, max_value=4),
)


@given(st.lists(_LINE, min_size=1, max_size=7))
@settings(max_examples=60, deadline=None)
def test_doubt_leaves_out_only_what_a_smaller_or_equal_amount_covers(lines: list[tuple[Any, ...]]) -> None:
    """Whatever the lines of a number: the smallest amount counts, and so does every line like no other."""
    with duckdb.connect() as connection:
        connection.execute(
            """CREATE TABLE versions (contract_key VARCHAR, block INT, lot_mark INT, object_words VARCHAR, holders_key VARCHAR,
               notified_on DATE, amount_cents BIGINT, amount_flag VARCHAR)"""
        )
        connection.executemany(
            "INSERT INTO versions VALUES (?, 1, ?, ?, ?, ?, ?, 'ok')",
            [(f"{rank:02d}", *line) for rank, line in enumerate(lines)],
        )
        connection.execute(
            "CREATE TABLE republished (contract_key VARCHAR, new_key VARCHAR, holders VARCHAR, holder_rank INT)"
        )
        connection.execute(
            "CREATE TABLE changed (contract_key VARCHAR, amount STRUCT(cents BIGINT, published VARCHAR, flag VARCHAR))"
        )
        connection.execute(DOUBTED)
        doubted = dict(connection.execute("SELECT * FROM doubted").fetchall())

    def alike(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
        (mark, words, holder, day, cents), (mark_2, words_2, holder_2, day_2, cents_2) = one, other
        same_words, same_holder = words == words_2 and words is not None, holder == holder_2 and holder != ""
        compatible = mark is None or mark_2 is None or mark == mark_2
        return (same_holder and (same_words or (day == day_2 and compatible))) or (same_words and cents == cents_2)

    for rank, line in enumerate(lines):
        covers = [
            other for place, other in enumerate(lines) if alike(line, other) and (other[4], place) < (line[4], rank)
        ]
        expected = None if not covers else "in_doubt" if any(other[4] < line[4] for other in covers) else "repeated"
        assert doubted.get(f"{rank:02d}") == expected
