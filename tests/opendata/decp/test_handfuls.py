"""Read a handful at a time or a stretch at once, a file stages the same rows: a handful spares the processor's cache, and nothing else."""

import json
import tempfile
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.make_decp import write
from dentelle.opendata.decp import blocks, split_json
from dentelle.opendata.decp.blocks import SourceReader
from dentelle.opendata.decp.pieces import Block
from dentelle.opendata.decp.staged import STAGED, staged_rows
from tests.opendata.decp.helpers import OTHER_HOLDER, concession, contract, siret
from tests.shared import shared_path

Rows = dict[str, list[dict[str, Any]]]
WHOLE = 2**30
ORDER = ("local", "modification", "rank", "byte_offset")


def rows(raw: bytes, *, handful_bytes: int, handful: int, stretch: int = 15_000) -> tuple[Rows, dict[str, int]]:
    """The rows staged from one block that holds the whole file, and its defects."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as place:
        patch.setattr(split_json, "HANDFUL_BYTES", handful_bytes)
        patch.setattr(split_json, "STRETCH_BYTES", stretch)
        patch.setattr(blocks, "HANDFUL", handful)
        path = Path(place) / "file.json"
        path.write_bytes(raw)
        container = split_json.learn(raw, next(split_json.containers(raw, 0)))
        reader = SourceReader()
        result = reader.read(path, 1, Block(0, container, container.start, len(raw)), Path(place))
        reader.close()
        found = {
            table: list(chain.from_iterable(read.to_pylist() for read in staged_rows(Path(place), table)))
            for table in STAGED
        }
    for table in found.values():
        table.sort(key=lambda row: [-1 if row.get(name) is None else row.get(name) for name in ORDER])
    assert result.read == result.kept + sum(result.defects.values())
    return found, result.defects


def assert_same_either_way(raw: bytes, stretch: int = 15_000) -> None:
    at_once = rows(raw, handful_bytes=WHOLE, handful=WHOLE, stretch=stretch)
    assert rows(raw, handful_bytes=3_000, handful=2, stretch=stretch) == at_once


def file_of(*records: bytes) -> bytes:
    return b'{"marches":{"marche":[' + b",".join(records) + b"]}}"


def text(record: Any) -> bytes:
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()


# What stands where a value should: each type, the same value in several of them, what rules refuse, what shows otherwise than written.
ODD: list[Any] = [
    None, True, False, 12, 12.0, 1.5, -3, 0, 1e22, 10**30, "12", "12.0", "", " ", "NC", "nan", "\u202e12", 'a"b', "a\\b", "\ufffd", "Lot n° 3",
    [], {}, ["a"], [None], [[]], {"x": 1}, {"id": "1"}, [{"id": "2"}], [{"titulaire": {"id": OTHER_HOLDER}}],
]  # fmt: skip
FIELDS = [
    *contract(), "_type", "acheteur.id", "autoriteConcedante", "concessionnaires", "valeurGlobale", "uid", "modifications", "actesSousTraitance",
    "modificationsActesSousTraitance", "idAccordCadre",
]  # fmt: skip
# What is written as no JSON encoder would: a key twice, keys and blanks apart, tokens and bytes that are not JSON.
ACCIDENTS = [
    lambda raw: raw[:-1] + b',"montant":"1 000,50"}',
    lambda raw: raw[:-1] + b',"m\\u006fntant":3}',
    lambda raw: raw.replace(b'":', b'" :', 1),
    lambda raw: raw.replace(b'":"', b'":"\x01', 1),
    lambda raw: raw.replace(b'":"', b'":"\xe9', 1),
    lambda raw: raw.replace(b'":"', b'":"\\ud83d', 1),
    lambda raw: raw.replace(b'"id":', b'"id":NaN,"id":', 1),
    lambda raw: raw[: len(raw) // 2],
    lambda raw: b"null",
    lambda raw: raw + b"]",
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 39), st.sampled_from(FIELDS), st.sampled_from(ODD)), max_size=12),
    st.lists(st.tuples(st.integers(0, 39), st.sampled_from(ACCIDENTS)), max_size=2),
)
def test_odd_shapes_stage_the_same_rows_either_way(changes: list[tuple[int, str, Any]], accidents: list[Any]) -> None:
    records = [{**contract(id=f"N{rank}"), "objet": f"Objet {rank}"} for rank in range(40)]
    for at, field, value in changes:
        records[at][field] = value
    raws = [text(record) for record in records]
    for at, accident in accidents:
        raws[at] = accident(raws[at])
    assert_same_either_way(file_of(*raws))


def test_a_stretch_found_broken_late_is_told_once() -> None:
    """The last record sends the whole stretch back to the search for accidents: what the handfuls before it said is taken back."""
    holders = [{"id": siret(f"9900{rank:04d}"), "typeIdentifiant": "SIRET"} for rank in range(40)]
    odd = {"objet": "NC", "codeCPV": "?", "acheteur.id": "12", "modifications": [{"id": 1}], "titulaires": holders[:1]}
    sound = [text({**contract(id=f"N{rank}"), **odd}) for rank in range(60)]
    many = text(
        contract(id="many", titulaires=holders)
    )  # cut in pieces by the search, since each holder starts as records do
    broken = text(contract(id="bad")).replace(b'"objet":"', b'"objet":{{"', 1)
    raw = file_of(*sound[:40], many, *sound[40:], broken)
    assert_same_either_way(raw, stretch=WHOLE)
    found, _ = rows(raw, handful_bytes=3_000, handful=2, stretch=WHOLE)
    told = [row["local"] for row in found["records"] + found["rejects"]]
    assert sorted(told) == list(range(len(told)))
    assert {f"N{rank}" for rank in range(60)} <= {row["number"] for row in found["records"]}


def test_buyers_and_grantors_named_in_several_places_stage_the_same_rows_either_way() -> None:
    named = {"id": siret("99000001"), "nom": "Ville"}
    places = [None, named, {"nom": "Sans numéro"}, {"id": siret("99000002")}]
    records = [
        {**contract(id=f"N{rank}"), "acheteur": buyer, "autoriteConcedante": grantor, "acheteur.id": flat}
        for rank, (buyer, grantor, flat) in enumerate(
            (buyer, grantor, flat) for buyer in places for grantor in places for flat in (None, siret("99000003"))
        )
    ]
    assert_same_either_way(file_of(*map(text, records)))
    found, _ = rows(file_of(*map(text, records)), handful_bytes=3_000, handful=2)
    told = {(row["buyer_id"], row["buyer_name"]) for row in found["records"]}
    assert (siret("99000001"), "Ville") in told
    assert (siret("99000003"), "Sans numéro") in told
    assert (siret("99000002"), "Sans numéro") in told


def test_a_generated_file_stages_the_same_rows_either_way(tmp_path: Path) -> None:
    path = tmp_path / "made.json"
    write(path, megabytes=None, records=3_000, seed=3, form="json")
    assert_same_either_way(path.read_bytes(), stretch=64 * 1024)


@pytest.mark.parametrize("name", ["real_2022_shape.json", "pes_2019-04-05.json", "decp2022_small.json"])
def test_real_files_stage_the_same_rows_either_way(name: str) -> None:
    raw = shared_path(f"data/decp/{name}").read_bytes()
    at_once = rows(raw, handful_bytes=WHOLE, handful=WHOLE, stretch=split_json.STRETCH_BYTES)
    found = rows(raw, handful_bytes=split_json.HANDFUL_BYTES, handful=blocks.HANDFUL, stretch=split_json.STRETCH_BYTES)
    assert found == at_once


def test_concessions_stage_the_same_rows_either_way() -> None:
    raw = b'{"marches":{"contrat-concession":[' + b",".join(text(concession(id=f"C{n}")) for n in range(30)) + b"]}}"
    assert_same_either_way(raw)
