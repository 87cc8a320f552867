"""Labels and codes: CPV, procedure, nature, place, offers, duration, considerations."""

from pathlib import Path

import pytest

from tests.opendata.decp.helpers import concession, contract, flags_of, importing, one, text_2022


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
