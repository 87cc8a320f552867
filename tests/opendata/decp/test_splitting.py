"""One bad record never loses another: damage thrown at every place of a file touches the record it falls in, and no other."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dentelle.opendata.decp import extents, pieces, split_json, split_xml
from dentelle.opendata.decp.blocks import SourceReader
from dentelle.opendata.decp.pieces import Container, Reading
from tests.opendata.decp.helpers import OTHER_HOLDER, contract, former, importing, siret, text_2019, text_2022

COUNT = 6
INSIDE = {
    "titulaires": [{"titulaire": {"id": OTHER_HOLDER, "typeIdentifiant": "SIRET"}}] * 2,
    "objet": 'a ", {"id": "faux" }, b',
}
RECORDS = [contract(id=f"N{rank}", **INSIDE) for rank in range(COUNT)]
FILES = {
    "compact": json.dumps({"marches": {"marche": RECORDS}}, separators=(",", ":")).encode(),
    "spaced": text_2022(*RECORDS).encode(),
    "indented": text_2022(*RECORDS, indent=2).encode(),
    "2019 indented": text_2019(
        *[former(id=f"N{rank}", modifications=[{"id": 1}, {"id": 2}]) for rank in range(COUNT)], indent=4
    ).encode(),
}


def read(raw: bytes) -> tuple[Container, Reading]:
    container = split_json.learn(raw, next(split_json.containers(raw, 0)))
    return container, split_json.read_array(raw, container, container.start, len(raw))


def numbers(reading: Reading) -> set[str]:
    found = set()
    for raw in reading.raws:
        try:
            found.add(json.loads(raw)["id"])
        except (ValueError, KeyError, TypeError):
            continue
    return found


def spans(raw: bytes) -> list[tuple[int, int]]:
    _, reading = read(raw)
    assert reading.closed
    return [(at, at + len(record)) for at, record in zip(reading.positions, reading.raws, strict=True)]


@pytest.mark.parametrize("raw", FILES.values(), ids=FILES.keys())
def test_positions_are_those_of_the_first_bytes(raw: bytes) -> None:
    found = spans(raw)
    assert len(found) == COUNT
    assert all(json.loads(raw[begun:finish]) for begun, finish in found)


CO_HOLDERS = [{"id": siret(f"9900001{rank}"), "typeIdentifiant": "SIRET"} for rank in range(6)]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("stretch", [400, 5_000, 100_000])
def test_cutting_at_seams_finds_what_the_strict_split_finds(
    name: str, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = FILES[name]
    container, whole = read(raw)
    monkeypatch.setattr(split_json, "STRETCH_BYTES", stretch)
    found = list(split_json.stretches(raw, container, container.start, len(raw)))
    assert [text for reading in found for text in reading.raws] == whole.raws
    assert [at for reading in found for at in reading.positions] == whole.positions
    assert found[-1].closed
    assert any(reading.records for reading in found) is (stretch == 5_000)


def test_what_starts_as_a_record_does_inside_another_is_no_seam() -> None:
    inside = [contract(id=f"N{rank}", titulaires=CO_HOLDERS[: rank + 1]) for rank in range(COUNT)]
    raw = json.dumps({"marches": inside}, separators=(",", ":")).encode()
    container, whole = read(raw)
    assert len(whole.raws) == COUNT
    assert container.seam in whole.raws[-1]
    assert split_json.read_seams(raw, container, container.start, whole.positions[-1] - 1) is None


def test_a_file_cut_off_keeps_records_whose_holders_start_as_records_do(tmp_path: Path) -> None:
    inside = [contract(id=f"N{rank}", titulaires=CO_HOLDERS) for rank in range(COUNT)]
    raw = json.dumps({"marches": inside}, separators=(",", ":"))
    imported = importing(tmp_path, raw[:-600].encode())
    assert {row["number"] for row in imported.contracts()} == {f"N{rank}" for rank in range(COUNT - 1)}
    assert imported.summary.defects == {"truncated": 1}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(FILES)),
    st.integers(0, COUNT - 1),
    st.floats(0, 1, exclude_max=True),
    st.one_of(
        st.binary(min_size=1, max_size=6),
        st.sampled_from([b'"', b"{", b"}", b"]", b"[", b"\\", b"},{", b'"}', b"\x00"]),
    ),
    st.booleans(),
)
def test_bytes_inserted_in_a_record_lose_that_record_only(
    name: str, which: int, where: float, noise: bytes, replace: bool
) -> None:
    raw = FILES[name]
    begun, finish = spans(raw)[which]
    at = begun + 1 + int(where * (finish - begun - 2))
    damaged = raw[:at] + noise + raw[at + (len(noise) if replace and at + len(noise) < finish else 0) :]
    _, reading = read(damaged)
    others = {f"N{rank}" for rank in range(COUNT) if rank != which}
    assert others <= numbers(reading)
    assert len(reading.broken) <= 1
    assert reading.count <= COUNT + 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.integers(0, COUNT - 1), st.floats(0, 1, exclude_max=True))
def test_a_cut_loses_what_comes_after_only(name: str, which: int, where: float) -> None:
    raw = FILES[name]
    begun, finish = spans(raw)[which]
    _, reading = read(raw[: begun + 1 + int(where * (finish - begun - 2))])
    assert {f"N{rank}" for rank in range(which)} <= numbers(reading)
    assert not reading.closed
    assert [(broken.defect, broken.offset) for broken in reading.broken] == [("truncated", begun)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_after_a_record_never_lose_it(noise: bytes) -> None:
    sound = json.dumps(RECORDS[0]).encode()
    for before in (b'{"marches":[', b"[", b'{"marches":{"marche":['):
        raw = before + sound + b"," + noise
        _, reading = read(raw)
        assert reading.raws[0] == sound
        assert_pieces_are_where_they_say(raw, reading)
    raw = sound + b"\n" + noise
    reading = split_json.read_lines(raw, 0, len(raw))
    assert reading.raws[0] == sound
    assert_pieces_are_where_they_say(raw, reading)
    element = b"<marche><id>1</id></marche>"
    assert split_xml.read_xml(element + b"<marche>" + noise, 0, len(element) + 8 + len(noise)).raws[0] == element


def assert_pieces_are_where_they_say(raw: bytes, reading: Reading) -> None:
    finish = 0
    for at, piece in zip(reading.positions, reading.raws, strict=True):
        assert at >= finish
        assert raw[at : at + len(piece)] == piece
        finish = at + len(piece)
    taken = [(at, at + len(piece)) for at, piece in zip(reading.positions, reading.raws, strict=True)]
    for broken in reading.broken:
        assert broken.offset is not None
        assert 0 <= broken.offset < len(raw)
        assert not any(begun <= broken.offset < end for begun, end in taken)
    assert sorted([*reading.locals, *(broken.local for broken in reading.broken if broken.local is not None)]) == list(
        range(reading.count)
    )


DEEP = 100_000
NESTED = {
    "left open": '{"a":' * DEEP,
    "closed": '{"a":' * DEEP + "1" + "}" * DEEP,
    "with the fields of a contract": '{"objet":' * DEEP,
    "lists": '{"a":[' * 60 + "[]," * DEEP,
    "a text left open": '{"a":"' + '\\"' * DEEP,
}


@pytest.mark.parametrize("rank", [0, 3, COUNT], ids=["first", "middle", "last"])
@pytest.mark.parametrize("nested", NESTED.values(), ids=NESTED.keys())
def test_a_nesting_bomb_is_one_reject_and_costs_in_proportion_to_its_length(
    monkeypatch: pytest.MonkeyPatch, nested: str, rank: int
) -> None:
    records = [json.dumps(record) for record in RECORDS]
    raw = ('{"marches":{"marche":[' + ", ".join([*records[:rank], nested, *records[rank:]]) + "]}}").encode()
    followed = Followed(extents._TOKENS)
    monkeypatch.setattr(extents, "_TOKENS", followed)
    _, reading = read(raw)
    assert numbers(reading) == {f"N{number}" for number in range(COUNT)}
    assert [broken.offset for broken in reading.broken] == [raw.index(nested[:12].encode())]
    assert followed.signs < 10 * len(raw)


class Followed:
    """The tokens of a text, and how many bytes were followed to give them."""

    def __init__(self, tokens: re.Pattern[bytes]) -> None:
        self.tokens, self.signs = tokens, 0

    def finditer(self, text: bytes, *bounds: int) -> Iterator[re.Match[bytes]]:
        for match in self.tokens.finditer(text, *bounds):
            self.signs += match.end() - match.start()
            yield match


def test_a_bomb_of_openings_under_the_depth_cap_costs_in_proportion_to_its_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # each opening closes nowhere, is followed to the end, and none is too deep
    raw = b'{"marches":[' + b'{"a":[' * 30 + b"[]," * 400_000
    followed = Followed(extents._TOKENS)
    monkeypatch.setattr(extents, "_TOKENS", followed)
    _, reading = read(raw)
    assert (reading.raws, len(reading.broken)) == ([], 1)
    assert followed.signs < 2 * (extents.MOST_PASSES + 3) * len(raw)


@pytest.mark.parametrize("bad", [(1,), (1, 2), (0, 3, 4)])
def test_two_bad_records_in_a_row_are_two_rejects(bad: tuple[int, ...]) -> None:
    raw = FILES["compact"]
    for rank in sorted(bad, reverse=True):
        begun, _ = spans(FILES["compact"])[rank]
        raw = raw[: begun + 200] + b'{{"' + raw[begun + 200 :]
    _, reading = read(raw)
    assert numbers(reading) >= {f"N{rank}" for rank in range(COUNT) if rank not in bad}
    assert len(reading.broken) == len(bad)


@pytest.mark.parametrize("form", ["compact", "indented", "xml", "lines"])
def test_small_blocks_give_the_same_records_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    records = [
        contract(id=f"N{rank}", objet=f"Objet {rank} " + "}, {" * (rank % 5), **({} if rank % 7 else {"codeCPV": None}))
        for rank in range(200)
    ]
    if form == "xml":
        text = (
            "<marches>\n"
            + "\n".join(f"<marche><id>{r['id']}</id><objet>{r['objet']}</objet></marche>" for r in records)
            + "\n</marches>"
        )
    elif form == "lines":
        text = "\n".join(json.dumps(record) for record in records)
    else:
        text = text_2022(*records, indent=1 if form == "indented" else None)
    broken = text.replace('"id": "N77", "acheteur": {', '"id": "N77", "acheteur": {{').replace(
        "<id>N77</id>", "<id>N77<id>"
    )
    for module in (split_json, split_xml, pieces):
        monkeypatch.setattr(module, "BLOCK_BYTES", 3000)
    imported = importing(tmp_path, broken)
    (tmp_path / "whole").mkdir()
    monkeypatch.undo()
    whole = importing(tmp_path / "whole", broken)
    assert imported.rows("lineage", "record_index") == whole.rows("lineage", "record_index")
    assert imported.rows("rejects") == whole.rows("rejects")
    assert imported.summary.read == 200


def test_a_reader_can_be_used_for_several_sources() -> None:
    reader = SourceReader()
    reader.close()
    assert reader.buffer is None
