"""What a contract is worth: modifications, considerations, ceilings, names, one amount whatever the holders."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dentelle.opendata.decp import values
from dentelle.opendata.decp.bulk import amounts
from tests.opendata.decp.helpers import (
    BUYER,
    HOLDER,
    OTHER_HOLDER,
    THIRD_HOLDER,
    contract,
    former,
    importing,
    luhn_key,
    text_2019,
    text_2022,
)


def change(number: int, on: str | None, **fields: Any) -> dict[str, Any]:
    told = {"id": number, **fields}
    if on is not None:
        told |= {"dateNotificationModification": on, "datePublicationDonneesModification": on}
    return {"modification": told}


def test_the_current_value_is_the_last_given_of_each_field(tmp_path: Path) -> None:
    changes = [
        change(3, "2024-09-01"),
        change(2, "2024-08-01", montant=150000),
        change(1, "2024-07-01", montant=140000, dureeMois=9),
    ]
    imported = importing(tmp_path, text_2022(contract(modifications=changes)), as_of=date(2025, 1, 1))
    row = imported.only()
    assert (row["amount_cents"], row["initial_amount_cents"]) == (15_000_000, 12_050_050)
    assert (row["duration_months"], row["initial_duration_months"]) == (9, 6)
    assert (row["modification_count"], row["modified_on"]) == (3, date(2024, 9, 1))
    assert [(line["rank"], line["number"]) for line in imported.rows("modifications", "rank")] == [
        (1, "1"),
        (2, "2"),
        (3, "3"),
    ]


def test_the_same_day_goes_by_number(tmp_path: Path) -> None:
    changes = [
        change(10, "2024-07-01", montant=3),
        change(9, "2024-07-01", montant=2),
        change(2, "2024-07-01", montant=1),
    ]
    assert importing(tmp_path, text_2022(contract(modifications=changes))).only()["amount_cents"] == 300


def test_an_undated_modification_never_overrides_a_dated_one(tmp_path: Path) -> None:
    changes = [change(1, "2024-07-01", montant=140000), change(2, None, montant=999)]
    assert importing(tmp_path, text_2022(contract(modifications=changes))).only()["amount_cents"] == 14_000_000


def test_a_modification_that_names_holders_replaces_them(tmp_path: Path) -> None:
    new = [{"titulaire": {"id": identifier, "typeIdentifiant": "SIRET"}} for identifier in (OTHER_HOLDER, THIRD_HOLDER)]
    imported = importing(tmp_path, text_2022(contract(modifications=[change(1, "2024-07-01", titulaires=new)])))
    row = imported.only()
    assert (row["holder_count"], row["holder_id"]) == (2, OTHER_HOLDER)
    holders = {holder["holder_id"]: holder["current"] for holder in imported.rows("holders")}
    assert holders == {HOLDER: False, OTHER_HOLDER: True, THIRD_HOLDER: True}


def test_modifications_scattered_over_republications_are_gathered(tmp_path: Path) -> None:
    first = contract(modifications=[change(1, "2024-07-01", montant=140000)])
    second = contract(modifications=[change(2, "2024-08-01", dureeMois=10)], datePublicationDonnees="2024-08-02")
    both = contract(modifications=[change(1, "2024-07-01", montant=140000), change(2, "2024-08-01", dureeMois=10)])
    imported = importing(tmp_path, text_2022(first, second, both))
    row = imported.only()
    assert (row["amount_cents"], row["duration_months"], row["modification_count"]) == (14_000_000, 10, 2)


def test_co_holders_count_the_amount_once(tmp_path: Path) -> None:
    pair = [
        {"titulaire": {"id": identifier, "typeIdentifiant": "SIRET"}} for identifier in (HOLDER, OTHER_HOLDER, HOLDER)
    ]
    imported = importing(tmp_path, text_2022(contract(titulaires=pair), contract(titulaires=pair[::-1])))
    row = imported.only()
    assert row["holder_count"] == 2
    assert len(imported.rows("holders")) == 2


@pytest.mark.parametrize(
    ("record", "ceiling"),
    [
        (contract(techniques={"technique": ["Accord-cadre"]}), True),
        (contract(techniques={"technique": "Concours, Accord-cadre"}), True),
        (contract(), False),
        (former(nature="Accord-cadre"), True),
        (former(nature="Marché subséquent"), False),
    ],
)
def test_framework_ceilings_stay_apart_from_prices(tmp_path: Path, record: dict[str, Any], ceiling: bool) -> None:
    text = text_2019(record) if "_type" in record else text_2022(record)
    row = importing(tmp_path, text).only()
    assert (row["is_framework"], row["amount_kind"], row["summable"]) == (
        ceiling,
        "ceiling" if ceiling else "price",
        not ceiling,
    )


@pytest.mark.parametrize(
    ("given_as", "expected"),
    [
        ({"considerationSociale": ["Clause sociale", "Marché réservé"]}, ("considered", True, False, True)),
        ({"considerationSociale": ["CRITERE SOCIAL"]}, ("considered", False, True, False)),
        ({"considerationSociale": "Clause sociale, Critère social"}, ("considered", True, True, False)),
        (["Clause sociale"], ("considered", True, False, False)),
        ("Pas de considération sociale", ("none", False, False, False)),
        ({"considerationSociale": ["Pas de considération sociale"]}, ("none", False, False, False)),
        ({"considerationSociale": []}, ("not_stated", None, None, None)),
        (None, ("not_stated", None, None, None)),
    ],
)
def test_saying_none_is_not_saying_nothing(tmp_path: Path, given_as: Any, expected: tuple[Any, ...]) -> None:
    row = importing(tmp_path, text_2022(contract(considerationsSociales=given_as))).only()
    assert (row["social_status"], row["social_clause"], row["social_criterion"], row["reserved"]) == expected


def test_the_2019_format_states_nothing_about_considerations(tmp_path: Path) -> None:
    row = importing(tmp_path, text_2019(former())).only()
    assert (row["social_status"], row["environment_status"], row["generation"]) == ("not_stated", "not_stated", "2019")


def test_names_are_learned_from_2019_records(tmp_path: Path) -> None:
    damaged = former(id="B", acheteur={"id": BUYER, "nom": "Commune d\ufffdExemple"})
    imported = importing(tmp_path, text_2019(former(), damaged, damaged | {"id": "C"}), text_2022(contract()))
    best = {row["identifier"]: row["name"] for row in imported.rows("names") if row["rank"] == 1}
    assert best == {
        BUYER: "Commune d’Exemple", BUYER[:9]: "Commune d’Exemple", HOLDER: "Jardins Fictifs", HOLDER[:9]: "Jardins Fictifs",
    }  # fmt: skip


def test_subcontracts_bear_their_last_total(tmp_path: Path) -> None:
    deed = {"id": 1, "sousTraitant": {"id": OTHER_HOLDER, "typeIdentifiant": "SIRET"}, "dureeMois": 4, "montant": 1000}
    later = {"id": 1, "dateNotificationModificationSousTraitance": "2024-07-16", "montant": 1500.5}
    record = contract(
        actesSousTraitance=[{"acteSousTraitance": deed}],
        modificationsActesSousTraitance=[{"modificationActeSousTraitance": later}],
    )
    (row,) = importing(tmp_path, text_2022(record)).rows("subcontracts")
    assert (row["subcontractor_id"], row["amount_cents"], row["duration_months"]) == (OTHER_HOLDER, 150_050, 4)


def test_a_key_survives_more_data_and_other_orders(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    alone = importing(tmp_path / "a", text_2022(contract())).only()["contract_key"]
    more = importing(
        tmp_path / "b",
        text_2022(contract(id="Z"), contract(montant=5), contract(dateNotification=None)),
        text_2022(contract()),
    )
    assert alone in {row["contract_key"] for row in more.contracts()}


def test_the_reference_date_ignores_a_lone_typing_error(tmp_path: Path) -> None:
    records = [contract(id=f"N{rank}", datePublicationDonnees=f"2024-03-{rank:02d}") for rank in range(1, 20)]
    imported = importing(tmp_path, text_2022(*records, contract(id="TYPO", datePublicationDonnees="2042-01-01")))
    assert imported.summary.as_of == date(2024, 3, 19)


@given(st.integers(min_value=0, max_value=10**13 - 1))
def test_luhn_accepts_one_key_only(number: int) -> None:
    digits = f"{number:013d}"
    right = luhn_key(digits)
    assert [key for key in "0123456789" if values.luhn(digits + key)] == [right]
    assert values.keys_right((digits + right).encode()) == b"\1"


@given(st.integers(min_value=-(10**12), max_value=10**12), st.sampled_from(["{}", "{}.0", '"{}"', "{}.00", "{}e0"]))
def test_an_amount_is_read_to_the_cent_however_it_is_written(euros: int, form: str) -> None:
    (cents, _, _), _ = values.amount(form.format(euros).encode())
    assert cents == euros * 100


_TOKENS = st.one_of(
    st.decimals(min_value=-10, max_value=10**10, places=2, allow_nan=False).map(str),
    st.integers(min_value=0, max_value=10**12).map(str),
    st.sampled_from(["null", "NaN", "1e5", "33333.33", "11111", "111.11", "12345678", "0.5", "1 234,50", "NC", "é"]),
)


@given(st.lists(st.tuples(_TOKENS, st.booleans()), max_size=20))
def test_reading_a_column_of_amounts_is_reading_each(written: list[tuple[str, bool]]) -> None:
    tokens = [(f'"{token}"' if quoted else token).encode() for token, quoted in written]
    cents, published, flags, defects = amounts([values.BETWEEN.encode().join(tokens)] if tokens else [])
    alone = [values.amount(token) for token in tokens]
    assert list(zip(cents.to_pylist(), published.to_pylist(), flags.to_pylist(), strict=True)) == [
        found for found, _ in alone
    ]
    assert sorted(defects) == [(row, defect) for row, (_, defect) in enumerate(alone) if defect]


@given(st.lists(st.text(max_size=30), max_size=8))
def test_normalising_a_column_is_normalising_each_text(texts: list[str]) -> None:
    assert values.words(texts) == [values.plain(text) for text in texts]
    for found in values.words(texts):
        assert found == " ".join(found.split())
        assert all(sign.isascii() and (sign.isalnum() or sign == " ") for sign in found)
