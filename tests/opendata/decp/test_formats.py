"""Every way a file is written: generations, syntaxes, compressions, encodings. The content decides, never the name."""

import bz2
import gzip
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dentelle.opendata.decp.importing import import_files
from tests.opendata.decp.helpers import (
    BUYER,
    HOLDER,
    OTHER_HOLDER,
    concession,
    contract,
    former,
    importing,
    text_2019,
    text_2022,
)

RECORDS = [contract(id=f"N{rank}") for rank in range(5)]


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def lines(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


WRITTEN = {
    "object": text_2022(*RECORDS),
    "object indented": text_2022(*RECORDS, indent=2),
    "object compact": text_2022(*RECORDS).replace(": ", ":").replace(", ", ","),
    "list under marches": text_2019(*RECORDS),
    "bare array": json.dumps(RECORDS),
    "bare array indented": json.dumps(RECORDS, indent=4),
    "one record a line": lines(RECORDS),
    "one record a line, carriage returns, no last feed": lines(RECORDS).replace("\n", "\r\n").rstrip(),
    "records one after the other, indented": "\n".join(json.dumps(record, indent=1) for record in RECORDS),
    "other members around": json.dumps(
        {"$schema": "x", "source": {"a": [1]}, "marches": {"marche": RECORDS}, "fin": 1}
    ),
    "gzip": gzip.compress(text_2022(*RECORDS).encode()),
    "bzip2": bz2.compress(text_2022(*RECORDS).encode()),
    "xz": lzma.compress(text_2022(*RECORDS).encode()),
    "zip": zipped(a=text_2022(*RECORDS[:2]).encode(), b=lines(RECORDS[2:]).encode()),
    "UTF-16": text_2022(*RECORDS).encode("utf-16"),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
@pytest.mark.parametrize("suffix", [".json", ".txt"])
def test_every_way_of_writing_gives_the_same_contracts(tmp_path: Path, written: str | bytes, suffix: str) -> None:
    imported = importing(tmp_path, written, suffix=suffix)
    assert {row["number"] for row in imported.contracts()} == {f"N{rank}" for rank in range(5)}
    assert imported.summary.read == 5
    assert not imported.summary.breaks


def test_a_lone_record_is_a_file(tmp_path: Path) -> None:
    assert importing(tmp_path, json.dumps(contract(), indent=2)).only()["generation"] == "2022"
    other = tmp_path / "other"
    other.mkdir()
    assert importing(other, json.dumps({"marches": {"marche": contract()}})).only()["number"] == "2024TRV001"


def test_an_empty_list_is_a_data_source_without_contracts(tmp_path: Path) -> None:
    imported = importing(tmp_path, text_2019(), text_2022(contract()))
    assert (imported.summary.sources, imported.summary.contracts, imported.summary.refused) == (2, 1, ())


@pytest.mark.parametrize("swap", [False, True])
def test_contracts_and_concessions_are_told_by_their_container(tmp_path: Path, swap: bool) -> None:
    parts = {"marche": [contract(), contract(id="B")], "contrat-concession": [concession()]}
    text = json.dumps({"marches": dict(reversed(parts.items())) if swap else parts})
    rows = {row["number"]: row["kind"] for row in importing(tmp_path, text).contracts()}
    assert rows == {"2024TRV001": "contract", "B": "contract", "2024DSP01": "concession"}


def test_a_concession_has_its_own_fields(tmp_path: Path) -> None:
    row = importing(tmp_path, text_2022(concession())).only()
    assert (row["amount_cents"], row["duration_months"], row["effective_source"]) == (90_000_000, 240, "signature")
    assert (row["holder_id"], row["reserved"], row["social_status"]) == (HOLDER, True, "considered")


XML_2022 = f"""<?xml version="1.0" encoding="UTF-8"?>
<marches>
  <!-- <marche><id>COMMENTED</id></marche> -->
  <marche>
    <id>X1</id><acheteur><id>{BUYER}</id></acheteur><nature>Marché</nature><objet>Toiture &amp; <![CDATA[charpente]]></objet>
    <codeCPV>45261210-9</codeCPV><techniques><technique>Accord-cadre</technique><technique>Concours</technique></techniques>
    <marcheInnovant>oui</marcheInnovant><offresRecues>4</offresRecues><ccag>Travaux</ccag><procedure>Procédure adaptée</procedure>
    <lieuExecution><code>35000</code><typeCode>Code postal</typeCode></lieuExecution><dureeMois>12</dureeMois>
    <dateNotification>2024-05-15</dateNotification><datePublicationDonnees>2024-05-25</datePublicationDonnees><montant>575000.10</montant>
    <titulaires><titulaire><id>{HOLDER}</id><typeIdentifiant>SIRET</typeIdentifiant></titulaire>
      <titulaire><id>{OTHER_HOLDER}</id><typeIdentifiant>SIRET</typeIdentifiant></titulaire></titulaires>
    <considerationsSociales><considerationSociale>Clause sociale</considerationSociale><considerationSociale>Critère social</considerationSociale>
    </considerationsSociales>
    <modifications><modification><id>1</id><dateNotificationModification>2024-06-01</dateNotificationModification><montant>600000</montant>
    </modification></modifications>
  </marche>
  <contrat-concession><id>C1</id><autoriteConcedante><id>{BUYER}</id></autoriteConcedante><objet>Halle</objet><dureeMois>200</dureeMois>
    <dateSignature>2024-04-02</dateSignature><valeurGlobale>1000.5</valeurGlobale><concessionnaires><concessionnaire><id>{HOLDER}</id>
    <typeIdentifiant>SIRET</typeIdentifiant></concessionnaire></concessionnaires></contrat-concession>
</marches>
"""


def test_xml_gives_what_its_json_twin_would(tmp_path: Path) -> None:
    imported = importing(tmp_path, XML_2022)
    rows = {row["number"]: row for row in imported.contracts()}
    row = rows["X1"]
    assert row["object_words"] == "toiture charpente"
    assert (row["techniques"], row["is_framework"], row["amount_kind"]) == ("Accord-cadre|Concours", True, "ceiling")
    assert (row["initial_amount_cents"], row["amount_cents"], row["amount_published"]) == (
        57_500_010,
        60_000_000,
        "600000",
    )
    assert (row["holder_count"], row["innovative"], row["social_clause"], row["social_criterion"]) == (
        2,
        True,
        True,
        True,
    )
    assert (rows["C1"]["kind"], rows["C1"]["amount_cents"]) == ("concession", 100_050)
    assert "number_as_text" not in imported.flags()


def test_a_position_in_xml_is_a_line(tmp_path: Path) -> None:
    broken = XML_2022.replace("<id>C1</id>", "<id>C1<//id>")
    imported = importing(tmp_path, broken)
    (reject,) = imported.rows("rejects")
    assert reject["line"] == 1 + broken[: broken.index("<contrat-concession>")].count("\n")
    assert imported.only()["source_position"] == 1 + broken[: broken.index("  <marche>\n    <id>X1")].count("\n")


def test_a_truncated_xml_file_gives_what_came_before(tmp_path: Path) -> None:
    imported = importing(tmp_path, XML_2022[: XML_2022.index("<valeurGlobale>")])
    assert imported.only()["number"] == "X1"
    assert [row["defect"] for row in imported.rows("rejects")] == ["truncated"]


def test_an_xml_file_without_its_end_says_so(tmp_path: Path) -> None:
    imported = importing(tmp_path, XML_2022[: XML_2022.index("</marches>")])
    assert imported.summary.contracts == 2
    assert len(imported.summary.breaks) == 1


def test_accidents_in_one_xml_record_spare_the_others(tmp_path: Path) -> None:
    def marche(number: str, extra: str = "") -> str:
        return f"<marche><id>{number}</id><acheteur><id>{BUYER}</id></acheteur><objet>o{extra}</objet></marche>\n"

    text = (
        "<marches>\n"
        + marche("A")
        + marche("B", "\x01 & c")
        + marche("D", "<oups>")
        + marche("E", "\xe9")
        + "</marches>"
    )
    imported = importing(tmp_path, text.encode("latin-1"))
    assert {row["number"] for row in imported.contracts()} == {"A", "B", "E"}
    assert imported.summary.rejected == 1
    assert {"control_characters", "bad_escape", "invalid_utf8"} <= imported.flags()


def test_xml_in_another_encoding_is_read(tmp_path: Path) -> None:
    text = XML_2022.replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert {row["nature"] for row in importing(tmp_path, text).contracts()} == {"Marché", None}


def test_a_deep_xml_record_spares_the_others(tmp_path: Path) -> None:
    deep = "<a>" * 2000 + "</a>" * 2000
    text = XML_2022.replace("<id>C1</id>", f"<id>C1</id>{deep}")
    imported = importing(tmp_path, text)
    assert imported.only()["number"] == "X1"
    assert imported.summary.rejected == 1


def test_a_workbook_and_an_archive_in_an_archive_are_refused(tmp_path: Path) -> None:
    workbook = zipped(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    nested = gzip.compress(gzip.compress(text_2022(contract()).encode()))
    imported = importing(tmp_path, text_2022(contract()), workbook, nested)
    assert imported.summary.contracts == 1
    assert len(imported.summary.refused) == 2


@pytest.mark.parametrize("count", [20, 3000], ids=["small", "large"])
def test_a_cut_gzip_gives_every_record_before_the_break(tmp_path: Path, count: int) -> None:
    many = [contract(id=f"N{rank}", objet=sha256(b"%d" % rank).hexdigest()) for rank in range(count)]
    packed = gzip.compress(text_2022(*many).encode())
    cut = packed[: len(packed) // 2]
    plain = zlib.decompressobj(wbits=31).decompress(cut)
    begun = plain.count(b'{"id": "N')
    whole = sum(json.dumps(record, ensure_ascii=False).encode() in plain for record in many)
    assert 0 < whole < begun
    imported = importing(tmp_path, cut)
    assert [row["number"] for row in imported.rows("contracts", "length(number), number")] == [
        f"N{rank}" for rank in range(whole)
    ]
    (told,) = imported.summary.breaks
    assert f"l’octet {len(plain)} " in told
    inside = [row for row in imported.rows("rejects") if row["record_index"] is not None]
    assert [row["defect"] for row in inside] == ["truncated"] * (begun - whole)


def test_a_gzip_in_two_members_cut_in_the_second_keeps_the_first(tmp_path: Path) -> None:
    text = text_2022(*[contract(id=f"N{rank}") for rank in range(8)]).encode()
    middle = text.index(b'{"id": "N4"')
    second = gzip.compress(text[middle:])
    imported = importing(tmp_path, gzip.compress(text[:middle]) + second[:-40])
    assert {f"N{rank}" for rank in range(4)} <= {row["number"] for row in imported.contracts()}
    assert len(imported.summary.breaks) == 1


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress], ids=["bzip2", "xz"])
def test_another_cut_archive_gives_what_came_before(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    many = [contract(id=f"N{rank}", objet=f"Objet {rank * 7919}") for rank in range(2500)]
    packed = pack(text_2022(*many).encode())
    imported = importing(tmp_path, packed[: int(len(packed) * 0.8)])
    numbers = [row["number"] for row in imported.rows("contracts", "length(number), number")]
    assert numbers == [f"N{rank}" for rank in range(len(numbers))]
    assert 500 < len(numbers) < 2500
    assert len(imported.summary.breaks) == 1


def test_lines_cut_between_two_records_by_their_archive_are_told_cut(tmp_path: Path) -> None:
    first = gzip.compress(lines(RECORDS[:2]).encode())
    imported = importing(tmp_path, first + gzip.compress(lines(RECORDS[2:]).encode())[:12])
    assert [row["number"] for row in imported.contracts()] == ["N0", "N1"]
    (told,) = imported.summary.breaks
    assert f"après l’octet {len(lines(RECORDS[:2]).encode())} " in told


def test_a_gzip_cut_before_its_first_byte_says_what_to_do(tmp_path: Path) -> None:
    imported = importing(tmp_path, text_2022(contract()), gzip.compress(text_2022(contract()).encode())[:11])
    (refusal,) = imported.summary.refused
    assert "téléchargez-la de nouveau" in refusal.reason


def test_a_cut_zip_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    packed = zipped(a=text_2022(*RECORDS).encode(), b=lines(RECORDS).encode())
    imported = importing(tmp_path, text_2022(contract()), packed[: len(packed) // 2])
    (refusal,) = imported.summary.refused
    assert refusal.defect == "not_decp"
    assert "incomplète" in refusal.reason
    assert "téléchargez-la de nouveau" in refusal.reason


def test_the_same_content_under_two_wrappings_is_one_source(tmp_path: Path) -> None:
    text = text_2022(contract()).encode()
    imported = importing(tmp_path, text, gzip.compress(text), zipped(a=text))
    assert (imported.summary.sources, imported.summary.read, imported.summary.already_imported) == (1, 1, 0)


def test_folders_are_searched_and_hidden_files_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.bin").write_text(text_2022(contract(id="A")))
    (folder / ".hidden").write_text(text_2022(contract(id="H")))
    (tmp_path / "in" / "b").write_text(text_2019(former()))
    summary = import_files([tmp_path / "in"], tmp_path / "data", workers=0)
    assert (summary.files, summary.contracts) == (2, 2)
