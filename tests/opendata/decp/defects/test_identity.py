"""Repetitions, lots, buyers, numbers and holders."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.opendata.decp.helpers import (
    BUYER,
    HOLDER,
    OTHER_HOLDER,
    concession,
    contract,
    flags_of,
    former,
    importing,
    one,
    text_2019,
    text_2022,
)


def test_a_repetition_in_one_source_is_merged(tmp_path: Path) -> None:
    late = contract(datePublicationDonnees="2024-05-01", objet="Réfection de la toiture de l'école maternelle")
    imported = importing(tmp_path, text_2022(contract(), late, contract(dateNotification=None)))
    row = imported.only()
    assert row["published_on"] == date(2024, 5, 1)
    assert row["object"] == late["objet"]
    assert "repeated_in_source" in flags_of(row)
    assert imported.summary.duplicates == 2
    assert [line["outcome"] for line in imported.rows("lineage", "record_index")] == ["duplicate", "kept", "duplicate"]


def test_a_repetition_across_sources_is_merged(tmp_path: Path) -> None:
    imported = importing(tmp_path, text_2019(former()), text_2019(former(dateNotification="2018-12-17+01:00")))
    assert "repeated_across_sources" in flags_of(imported.only())
    assert "repeated_in_source" not in flags_of(imported.only())


def test_lots_sharing_a_number_stay_distinct(tmp_path: Path) -> None:
    first = contract(objet="Lot 1 : gros œuvre")
    second = contract(
        objet="Lot 2 : peinture", titulaires=[{"titulaire": {"id": OTHER_HOLDER, "typeIdentifiant": "SIRET"}}]
    )
    same_price = contract(objet="Lot n° 03 : carrelage")
    dearer = contract(objet="Lot 1 : gros œuvre", montant=130000)
    imported = importing(tmp_path, text_2022(first, second, same_price, dearer))
    rows = imported.contracts()
    assert len(rows) == 4
    assert imported.summary.uids == 1
    assert sorted(row["lot_rank"] for row in rows) == [1, 2, 3, 4]
    assert all("lots_share_number" in flags_of(row) for row in rows)


def test_a_contract_and_a_concession_stay_apart(tmp_path: Path) -> None:
    imported = importing(tmp_path, text_2022(contract(id="SAME"), concession(id="SAME")))
    rows = imported.contracts()
    assert [row["kind"] for row in rows] == ["concession", "contract"]
    assert all("number_shared_by_kinds" in flags_of(row) and row["lot_rank"] == 1 for row in rows)


def test_a_reissued_2019_number_is_flagged_never_merged(tmp_path: Path) -> None:
    imported = importing(
        tmp_path, text_2019(former(), former(id="2018TRV00101", montant=90000), former(id="2018AUTRE00"))
    )
    assert imported.summary.contracts == 3
    flagged = {row["number"] for row in imported.contracts() if "reissued_number" in flags_of(row)}
    assert flagged == {"2018TRV00100", "2018TRV00101"}


def test_a_contract_without_buyer_is_kept(tmp_path: Path) -> None:
    imported = importing(tmp_path, text_2022(contract(acheteur=None), contract(id="B", acheteur={"id": ""})))
    rows = imported.contracts()
    assert len(rows) == 2
    assert all(row["uid"] is None and row["buyer_id"] is None and "buyer_missing" in flags_of(row) for row in rows)
    assert imported.summary.uids == 0


def test_a_wrong_buyer_siret_is_flagged(tmp_path: Path) -> None:
    short, key = (
        contract(acheteur={"id": BUYER[:9]}),
        contract(id="B", acheteur={"id": BUYER[:-1] + str((int(BUYER[-1]) + 1) % 10)}),
    )
    rows = importing(tmp_path, text_2022(short, key)).contracts()
    assert all(row["buyer_id_valid"] is False and "buyer_id_wrong" in flags_of(row) for row in rows)
    assert {row["buyer_siren"] for row in rows} == {None, BUYER[:9]}


def test_a_contract_without_number_is_kept(tmp_path: Path) -> None:
    imported = importing(
        tmp_path, text_2022(concession(id=None), concession(id="", objet="Autre halle"), concession(id=None))
    )
    assert imported.summary.contracts == 2
    assert all("number_missing" in flags_of(row) for row in imported.contracts())


def test_a_contract_without_holder_is_kept(tmp_path: Path) -> None:
    row = one(tmp_path, contract(titulaires=None))
    assert (row["holder_count"], row["holder_id"]) == (0, None)
    assert "holder_missing" in flags_of(row)


def test_a_holder_id_of_the_wrong_length_is_flagged(tmp_path: Path) -> None:
    imported = importing(
        tmp_path, text_2022(contract(titulaires=[{"titulaire": {"id": "587857001", "typeIdentifiant": "SIRET"}}]))
    )
    (holder,) = imported.rows("holders")
    assert (holder["holder_id"], holder["holder_id_valid"], holder["holder_siren"]) == ("587857001", False, None)
    assert "holder_id_not_siret" in imported.flags()


def test_a_holder_siret_with_a_wrong_key_is_flagged(tmp_path: Path) -> None:
    wrong = HOLDER[:-1] + str((int(HOLDER[-1]) + 1) % 10)
    imported = importing(
        tmp_path, text_2022(contract(titulaires=[{"titulaire": {"id": wrong, "typeIdentifiant": "SIRET"}}]))
    )
    (holder,) = imported.rows("holders")
    assert (holder["holder_id_valid"], holder["holder_siren"]) == (False, HOLDER[:9])
    assert "holder_id_bad_key" in imported.flags()


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("TVA_INTRACOMMUNAUTAIRE", "TVA"),
        ("HORS_UE", "HORS-UE"),
        ("FRW", "FRWF"),
        ("siret", "SIRET"),
        ("PASSEPORT", "unknown"),
    ],
)
def test_an_identifier_kind_off_the_list_is_recognised(tmp_path: Path, written: str, kind: str) -> None:
    given = {"id": HOLDER if kind == "SIRET" else "FR123", "typeIdentifiant": written}
    imported = importing(tmp_path, text_2022(contract(titulaires=[{"titulaire": given}])))
    (holder,) = imported.rows("holders")
    assert holder["holder_id_kind"] == kind
    assert "holder_kind_off_list" in imported.flags()


def test_holders_nested_in_lists_are_flattened(tmp_path: Path) -> None:
    nested = [
        [[{"titulaire": {"id": HOLDER, "typeIdentifiant": "SIRET"}}], {"id": OTHER_HOLDER, "typeIdentifiant": "SIRET"}]
    ]
    imported = importing(tmp_path, text_2022(contract(titulaires=nested)))
    assert [holder["holder_id"] for holder in imported.rows("holders", "rank")] == [HOLDER, OTHER_HOLDER]
    assert "nested_holders" in imported.flags()


def test_modifications_given_as_text_or_object_are_read(tmp_path: Path) -> None:
    change = {"id": 1, "dateNotificationModification": "2024-04-01", "montant": 130000}
    shapes = [
        json.dumps([{"modification": change}]),
        {"modification": change},
        {"modification": [change]},
        {"0": change},
    ]
    records = [contract(id=f"M{rank}", modifications=shape) for rank, shape in enumerate(shapes)]
    imported = importing(tmp_path, text_2022(*records, contract(id="T", modifications="aucune")))
    assert {row["number"]: row["amount_cents"] for row in imported.contracts()} == {
        **{f"M{rank}": 13000000 for rank in range(4)},
        "T": 12050050,
    }
    assert "modifications_shape" in imported.flags()
