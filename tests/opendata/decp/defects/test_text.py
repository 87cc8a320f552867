"""Text as it is written: accents, encodings, escapes, keys, absences."""

import json
from pathlib import Path

import pytest

from tests.opendata.decp.helpers import BUYER, HOLDER, contract, flags_of, former, importing, one, text_2022


def test_lost_accents_keep_the_word(tmp_path: Path) -> None:
    row = one(tmp_path, contract(objet="Am\ufffdnagement de l\ufffdaccueil"))
    assert row["object"] == "Am\ufffdnagement de l\ufffdaccueil"
    assert row["object_words"] == "amnagement de laccueil"
    assert "lost_accents" in flags_of(row)


def test_bytes_that_are_not_utf8_are_read_as_windows_1252(tmp_path: Path) -> None:
    raw = (
        text_2022(contract(objet="Réfection"), contract(id="B", objet="voisin"))
        .encode()
        .replace("Réfection".encode(), b"R\xe9fection")
    )
    imported = importing(tmp_path, raw)
    first, second = imported.contracts()
    assert {first["object"], second["object"]} == {"Réfection", "voisin"}
    assert "invalid_utf8" in flags_of(next(row for row in imported.contracts() if row["object"] == "Réfection"))


def test_control_characters_are_dropped(tmp_path: Path) -> None:
    raw = text_2022(contract(objet="Toiture XX école"), contract(id="B")).replace("XX", "\x01\x0b")
    imported = importing(tmp_path, raw)
    row = next(row for row in imported.contracts() if row["number"] == "2024TRV001")
    assert row["object_words"] == "toiture ecole"
    assert "control_characters" in flags_of(row)
    assert imported.summary.rejected == 0


@pytest.mark.parametrize("escaped", [False, True])
def test_signs_that_turn_the_reading_around_are_dropped(tmp_path: Path, escaped: bool) -> None:
    turned = {
        "objet": "\u202eRéfection\u202c du \u2067toit\u2069",
        "lieuExecution": {"code": "35000", "typeCode": "Code postal", "nom": "Ren\u202anes"},
    }
    holder = {"id": f"\u202d{HOLDER}", "typeIdentifiant": "SIRET", "denominationSociale": "SARL \u2066Martin"}
    raw = json.dumps(
        [contract(titulaires=[{"titulaire": holder}], **turned), contract(id="B\u202e1", objet="l’école")],
        ensure_ascii=escaped,
    )
    imported = importing(tmp_path, raw)
    row, other = sorted(imported.contracts(), key=lambda row: row["number"])
    assert (row["object"], row["object_words"], row["place_name"]) == (
        "Réfection du toit",
        "refection du toit",
        "Rennes",
    )
    assert (row["holder_id"], row["holder_name"]) == (HOLDER, "SARL Martin")
    assert (other["number"], other["object"]) == ("B1", "l’école")
    assert "direction_signs" in flags_of(row) & flags_of(other)


def test_runaway_backslashes_are_neutralised(tmp_path: Path) -> None:
    raw = text_2022(contract(objet="Lot XX toiture"), contract(id="B", objet="fin YY"), contract(id="C"))
    raw = raw.replace("XX", "\\q\\x").replace("YY", "\\")
    imported = importing(tmp_path, raw)
    assert {row["number"] for row in imported.contracts()} == {"2024TRV001", "B", "C"}
    assert "bad_escape" in imported.flags()


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    imported = importing(tmp_path, b"\xef\xbb\xbf" + text_2022(contract()).encode())
    assert imported.only()["number"] == "2024TRV001"
    assert imported.summary.defects["bom"] == 1


def test_a_bare_nan_is_an_absence(tmp_path: Path) -> None:
    raw = text_2022(contract(montant="@", objet="Not a NaN, Infinity"), contract(id="B")).replace('"@"', "NaN")
    imported = importing(tmp_path, raw)
    row = next(row for row in imported.contracts() if row["number"] == "2024TRV001")
    assert row["amount_cents"] is None
    assert row["amount_flag"] == "missing"
    assert row["object"] == "Not a NaN, Infinity"
    assert "nan_token" in flags_of(row)


def test_a_number_written_as_text_is_a_number(tmp_path: Path) -> None:
    row = one(tmp_path, contract(montant="1 234,50", dureeMois="12"))
    assert row["amount_cents"] == 123450
    assert row["amount_published"] == "1 234,50"
    assert row["duration_months"] == 12
    assert "number_as_text" in flags_of(row)


def test_a_key_with_a_trailing_space_is_read(tmp_path: Path) -> None:
    row = one(
        tmp_path, former(acheteur={"id": BUYER, "nom ": "Commune d’Exemple"}, **{"objet ": "Tonte", "objet": None})
    )
    assert row["buyer_name"] == "Commune d’Exemple"
    assert row["object"] == "Tonte"
    assert "padded_key" in flags_of(row)


def test_a_flat_buyer_key_is_read(tmp_path: Path) -> None:
    row = one(tmp_path, former(acheteur=None, **{"acheteur.id": BUYER}))
    assert row["buyer_id"] == BUYER
    assert row["uid"] == BUYER + "2018TRV00100"
    assert "flat_key" in flags_of(row)


def test_nc_is_an_absence(tmp_path: Path) -> None:
    row = one(tmp_path, contract(dureeMois="NC", ccag="MQ"))
    assert row["duration_months"] is None
    assert row["duration_flag"] == "missing"
    assert row["ccag"] is None
    assert "not_communicated" in flags_of(row)


def test_a_field_of_the_wrong_shape_is_an_absence(tmp_path: Path) -> None:
    row = one(tmp_path, contract(objet={"texte": "?"}, dureeMois=True))
    assert row["object"] is None
    assert row["duration_months"] is None
    assert "unreadable_value" in flags_of(row)
