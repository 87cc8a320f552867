"""Records and files: what cannot be read never loses its neighbours."""

import gzip
from pathlib import Path

import pytest

from tests.opendata.decp.helpers import contract, importing, text_2022


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
