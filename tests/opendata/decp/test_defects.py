"""One test for each defect of the table: the smallest file that shows it, and what becomes of it."""

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.opendata.decp.helpers import (
    BUYER,
    HOLDER,
    OTHER_HOLDER,
    THIRD_HOLDER,
    concession,
    contract,
    former,
    importing,
    text_2019,
    text_2022,
)


def one(folder: Path, record: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The only contract row of a file of one record."""
    text = text_2019(record) if "_type" in record else text_2022(record)
    return importing(folder, text, **options).only()


def flags_of(row: dict[str, Any]) -> set[str]:
    return set((row["flags"] or "").split("|")) - {""}


# ---------------------------------------------------------------------- text


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


# ---------------------------------------------------------------------- dates


def test_a_contract_without_date_stays_current(tmp_path: Path) -> None:
    undated = former(dateNotification=None, datePublicationDonnees=None)
    published = former(id="2019X", dateNotification=None)
    timeless = former(id="X", dateNotification=None, datePublicationDonnees=None)
    imported = importing(tmp_path, text_2019(undated, published, timeless), as_of=date(2024, 1, 1))
    rows = {row["number"]: row for row in imported.contracts()}
    assert imported.summary.uids == 3
    assert (rows["2018TRV00100"]["effective_on"], rows["2018TRV00100"]["effective_source"]) == (
        date(2018, 7, 1),
        "number_year",
    )
    assert (rows["2019X"]["effective_on"], rows["2019X"]["effective_source"]) == (date(2019, 1, 10), "publication")
    assert (rows["X"]["effective_on"], rows["X"]["effective_source"]) == (None, "none")
    assert all("date_missing" in flags_of(row) for row in rows.values())


def test_a_time_zone_is_stripped(tmp_path: Path) -> None:
    row = one(tmp_path, former(dateNotification="2018-12-17+01:00"))
    assert row["notified_on"] == date(2018, 12, 17)
    assert "date_time_zone" in flags_of(row)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("September, 16 2021 00:00:00", date(2021, 9, 16)),
        ("16/09/2021", date(2021, 9, 16)),
        ("1er août 2021", date(2021, 8, 1)),
    ],
)
def test_a_date_written_out_is_read(tmp_path: Path, written: str, expected: date) -> None:
    row = one(tmp_path, contract(dateNotification=written))
    assert row["notified_on"] == expected
    assert "date_written_out" in flags_of(row)


@pytest.mark.parametrize("written", ["0218-12-18", "0021-12-05", "0000-01-01"])
def test_an_ancient_year_is_not_guessed(tmp_path: Path, written: str) -> None:
    row = one(tmp_path, contract(dateNotification=written))
    assert row["notified_on"] is None
    assert row["effective_source"] == "publication"
    assert "date_ancient" in flags_of(row)


def test_an_unreadable_date_is_an_absence(tmp_path: Path) -> None:
    row = one(tmp_path, contract(dateNotification="2024-02-31", datePublicationDonnees="bientôt"))
    assert row["notified_on"] is None
    assert row["published_on"] is None
    assert "date_unreadable" in flags_of(row)


def test_a_future_date_is_set_aside(tmp_path: Path) -> None:
    row = one(tmp_path, contract(dateNotification="5021-02-18"), as_of=date(2024, 6, 1))
    assert row["notified_on"] is None
    assert row["effective_on"] == date(2024, 3, 15)
    assert {"date_future"} <= flags_of(row)


def test_published_before_notified_is_flagged(tmp_path: Path) -> None:
    row = one(
        tmp_path, contract(dateNotification="2024-03-10", datePublicationDonnees="2024-03-01"), as_of=date(2024, 6, 1)
    )
    assert row["notified_on"] == date(2024, 3, 10)
    assert "published_before_notified" in flags_of(row)


# ---------------------------------------------------------------------- amounts


@pytest.mark.parametrize("absent", ["", "NC", "MQ", None])
def test_a_missing_amount_is_not_zero(tmp_path: Path, absent: str | None) -> None:
    row = one(tmp_path, contract(montant=absent))
    assert row["amount_cents"] is None
    assert row["amount_flag"] == "missing"
    assert row["summable"] is False
    assert "amount_missing" in flags_of(row)


def test_an_unreadable_amount_is_not_zero(tmp_path: Path) -> None:
    row = one(tmp_path, contract(montant="environ 3000"))
    assert row["amount_cents"] is None
    assert row["amount_published"] == "environ 3000"
    assert "amount_unreadable" in flags_of(row)


@pytest.mark.parametrize("amount", [0, -12.5, 0.0])
def test_an_amount_of_zero_or_less_stays_out_of_sums(tmp_path: Path, amount: float) -> None:
    row = one(tmp_path, contract(montant=amount))
    assert row["amount_cents"] == round(amount * 100)
    assert row["amount_flag"] == "not_positive"
    assert row["summable"] is False
    assert "amount_not_positive" in flags_of(row)


def test_an_amount_under_one_euro_stays_out_of_sums(tmp_path: Path) -> None:
    row = one(tmp_path, contract(montant=0.1))
    assert (row["amount_cents"], row["amount_flag"], row["summable"]) == (10, "too_small", False)
    assert "amount_too_small" in flags_of(row)


def test_an_amount_of_a_few_euros_is_flagged(tmp_path: Path) -> None:
    row = one(tmp_path, contract(montant=120))
    assert (row["amount_flag"], row["summable"]) == ("ok", True)
    assert "amount_very_low" in flags_of(row)


def test_an_amount_below_the_publication_threshold_is_flagged(tmp_path: Path) -> None:
    imported = importing(tmp_path, text_2022(contract(montant=24999.99), contract(id="B", montant=25000)))
    flagged = {row["number"] for row in imported.contracts() if "amount_below_threshold" in flags_of(row)}
    assert flagged == {"2024TRV001"}


def test_an_amount_over_a_hundred_million_is_flagged(tmp_path: Path) -> None:
    row = one(tmp_path, contract(montant=250_000_000))
    assert (row["amount_flag"], row["summable"]) == ("ok", True)
    assert "amount_very_large" in flags_of(row)


@pytest.mark.parametrize(("written", "cents"), [("1.0e17", None), ("2000000000", 200_000_000_000), ("1e40", None)])
def test_an_amount_over_a_billion_stays_out_of_sums(tmp_path: Path, written: str, cents: int | None) -> None:
    raw = text_2022(contract(montant="@")).replace('"@"', written)
    row = importing(tmp_path, raw).only()
    assert (row["amount_cents"], row["amount_published"], row["amount_flag"], row["summable"]) == (
        cents,
        written,
        "too_large",
        False,
    )
    assert "amount_too_large" in flags_of(row)


@pytest.mark.parametrize("amount", [99999, 999999999, 1111111.11, 123456789, 123456.78 * 1000])
def test_a_placeholder_amount_stays_out_of_sums(tmp_path: Path, amount: float) -> None:
    row = one(tmp_path, contract(montant=amount))
    assert (row["amount_flag"], row["summable"]) == ("placeholder", False)
    assert "amount_placeholder" in flags_of(row)


# ---------------------------------------------------------------------- repetitions and identity


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


# ---------------------------------------------------------------------- labels and codes


def test_a_missing_cpv_is_flagged(tmp_path: Path) -> None:
    rows = importing(tmp_path, text_2022(contract(codeCPV=None), concession())).contracts()
    assert {row["kind"]: "cpv_missing" in flags_of(row) for row in rows} == {"contract": True, "concession": False}


def test_a_malformed_cpv_is_an_absence(tmp_path: Path) -> None:
    row = one(tmp_path, contract(codeCPV="9132100"))
    assert (row["cpv"], row["cpv_division"]) == (None, None)
    assert "cpv_malformed" in flags_of(row)


def test_a_cpv_with_a_prefix_is_read(tmp_path: Path) -> None:
    row = one(tmp_path, contract(codeCPV="INX 28213700-5"))
    assert (row["cpv"], row["cpv_division"]) == ("28213700", "28")
    assert "cpv_prefix" in flags_of(row)


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("Appel d offres ouvert", "Appel d'offres ouvert"),
        ("PROCEDURE ADAPTEE", "Procédure adaptée"),
        (
            "Marché négocié sans publicité ni mise en concurrence préalable",
            "Marché passé sans publicité ni mise en concurrence préalable",
        ),
        (
            "Marché public négocié sans publicité ni mise en concurrence préalable",
            "Marché passé sans publicité ni mise en concurrence préalable",
        ),
        ("Tirage au sort", "Tirage au sort"),
    ],
)
def test_a_procedure_off_the_list_is_recognised(tmp_path: Path, written: str, label: str) -> None:
    row = one(tmp_path, contract(procedure=written))
    assert row["procedure"] == label
    assert "procedure_off_list" in flags_of(row)


@pytest.mark.parametrize(
    ("written", "label"), [("CONCESSION DE TRAVAUX", "Concession de travaux"), ("marché", "Marché")]
)
def test_a_nature_off_the_list_is_recognised(tmp_path: Path, written: str, label: str) -> None:
    row = one(tmp_path, contract(nature=written))
    assert row["nature"] == label
    assert "nature_off_list" in flags_of(row)


def test_a_place_kind_off_the_list_is_recognised(tmp_path: Path) -> None:
    known = contract(lieuExecution={"code": "35000", "typeCode": "CODE POSTAL"})
    unknown = contract(id="B", lieuExecution={"code": "35000"})
    short = contract(id="C", lieuExecution={"code": "1500", "typeCode": "Code postal"})
    rows = {row["number"]: row for row in importing(tmp_path, text_2022(known, unknown, short)).contracts()}
    assert rows["2024TRV001"]["place_kind"] == "postal"
    assert rows["B"]["place_kind"] is None
    assert (rows["C"]["place_code"], rows["C"]["place_kind"]) == ("01500", "postal")
    assert "place_kind_off_list" in flags_of(rows["2024TRV001"]) & flags_of(rows["B"])


def test_an_alphabetic_place_code_has_no_kind(tmp_path: Path) -> None:
    row = one(tmp_path, contract(lieuExecution={"code": "INO", "typeCode": "Code commune"}))
    assert (row["place_code"], row["place_kind"]) == ("INO", None)
    assert "place_code_alphabetic" in flags_of(row)


def test_zero_offers_is_an_absence(tmp_path: Path) -> None:
    row = one(tmp_path, contract(offresRecues=0))
    assert row["offers_received"] is None
    assert "offers_zero" in flags_of(row)


@pytest.mark.parametrize("months", [0, -3, 181, 9999])
def test_an_absurd_duration_is_an_absence(tmp_path: Path, months: int) -> None:
    row = one(tmp_path, contract(dureeMois=months))
    assert (row["duration_months"], row["duration_flag"]) == (None, "absurd")
    assert "duration_absurd" in flags_of(row)


def test_a_consideration_off_the_list_is_not_interpreted(tmp_path: Path) -> None:
    row = one(tmp_path, contract(considerationsSociales={"considerationSociale": ["Peut-être"]}))
    assert (row["social_status"], row["social_clause"]) == ("not_stated", None)
    assert "consideration_off_list" in flags_of(row)


# ---------------------------------------------------------------------- records and files


def test_a_null_contract_is_rejected(tmp_path: Path) -> None:
    imported = importing(tmp_path, text_2022(contract(), None, 12, "texte", contract(id="B")))
    assert imported.summary.contracts == 2
    rejects = imported.rows("rejects", "record_index")
    assert [(row["defect"], row["record_index"]) for row in rejects] == [("null_contract", rank) for rank in (1, 2, 3)]


def test_a_record_without_any_known_field_is_rejected(tmp_path: Path) -> None:
    imported = importing(tmp_path, text_2022(contract(), {}, {"titre": "autre chose"}))
    assert [row["defect"] for row in imported.rows("rejects")] == ["empty_record", "empty_record"]


def test_a_broken_record_never_loses_its_neighbours(tmp_path: Path) -> None:
    text = text_2022(contract(id="A"), contract(id="BROKEN"), contract(id="C"))
    raw = text.replace('"id": "BROKEN", "acheteur": {', '"id": "BROKEN", "acheteur": {{').encode()
    imported = importing(tmp_path, raw)
    assert [row["number"] for row in imported.contracts()] == ["A", "C"]
    (reject,) = imported.rows("rejects")
    assert reject["byte_offset"] == raw.index(b'{"id": "BROKEN"')
    assert (reject["record_index"], reject["defect"]) == (1, "broken_record")
    assert reject["excerpt"].startswith('{"id": "BROKEN"')
    assert imported.summary.read == 3


def test_a_huge_record_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dentelle.opendata.decp import record

    monkeypatch.setattr(record, "MAX_RECORD_BYTES", 20_000)
    imported = importing(tmp_path, text_2022(contract(), contract(id="HUGE", objet="x" * 30_000), contract(id="C")))
    assert [row["number"] for row in imported.contracts()] == ["2024TRV001", "C"]
    assert [row["defect"] for row in imported.rows("rejects")] == ["record_too_large"]


@pytest.mark.parametrize("levels", [5000, 200_000])
def test_a_nesting_bomb_is_rejected(tmp_path: Path, levels: int) -> None:
    raw = text_2022(contract(), contract(id="DEEP", autre="@"), contract(id="C")).replace(
        '"@"', "[" * levels + "]" * levels
    )
    imported = importing(tmp_path, raw)
    assert [row["number"] for row in imported.contracts()] == ["2024TRV001", "C"]
    assert [row["defect"] for row in imported.rows("rejects")] == ["record_too_deep"]


def test_a_truncated_file_gives_what_came_before(tmp_path: Path) -> None:
    raw = text_2022(contract(id="A"), contract(id="B"), contract(id="C")).encode()
    cut = raw[: raw.index(b'"id": "C"') + 60]
    imported = importing(tmp_path, cut)
    assert [row["number"] for row in imported.contracts()] == ["A", "B"]
    inside = next(row for row in imported.rows("rejects") if row["record_index"] is not None)
    assert (inside["defect"], inside["byte_offset"]) == ("truncated", raw.index(b'{"id": "C"'))


def test_a_dtd_is_refused(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><marches><marche><id>&b;</id></marche></marches>'
    imported = importing(tmp_path, text_2022(contract()), bomb)
    assert imported.summary.contracts == 1
    assert [refusal.defect for refusal in imported.summary.refused] == ["xml_dtd"]


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    bomb = gzip.compress(b'{"marches":[' + b" " * 40_000_000 + b"]}", 9)
    imported = importing(tmp_path, text_2022(contract()), bomb)
    assert imported.summary.contracts == 1
    assert [refusal.defect for refusal in imported.summary.refused] == ["bomb"]
    assert not list((tmp_path / "data").glob("scratch/*"))


def test_what_is_not_decp_is_refused_and_the_others_continue(tmp_path: Path) -> None:
    foreign = [
        b"\x00\x01\x02 random",
        b"a;b;c\n1;2;3\n",
        b'{"a": 1}',
        b"[1, 2, 3]",
        b"<html><body/></html>",
        b"",
        b"{",
        b"PK\x03\x04 broken",
    ]
    imported = importing(tmp_path, text_2022(contract()), *foreign)
    assert imported.summary.contracts == 1
    assert len(imported.summary.refused) == len(foreign)
    assert all(refusal.defect == "not_decp" and refusal.reason for refusal in imported.summary.refused)


# ---------------------------------------------------------------------- one contract told several times under one number


def held_by(*identifiers: str) -> list[dict[str, Any]]:
    return [{"titulaire": {"id": identifier, "typeIdentifiant": "SIRET"}} for identifier in identifiers]


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
