"""What is read in bulk answers as if each value had been read alone."""

from array import array
from datetime import date
from typing import Any

import orjson
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dentelle.opendata.decp import bulk, labels, values
from dentelle.opendata.decp.blocks import _lossy
from dentelle.opendata.decp.columns import CHOICES, FORMS, Shaper
from dentelle.opendata.decp.memory import Memory, together
from dentelle.opendata.decp.record import Holder, Place
from dentelle.opendata.decp.shape import WRAPPERS, shape

LABELS = st.sampled_from(["Marché", "marché", "Accord-cadre", "NC", "", "inconnu", None, " Marché de partenariat "])
TRUTHS = st.sampled_from([True, False, "oui", "non", "1", "peut-être", None])


@given(st.lists(st.tuples(LABELS, LABELS, TRUTHS), min_size=1))
def test_fields_looked_up_together_answer_as_each_rule_alone(rows: list[tuple[str | None, str | None, object]]) -> None:
    rules = (labels.nature, values.text, values.truth)
    memory = Memory(together(*rules), 3)
    numbers = array("i", [memory[row] for row in rows])
    columns, defects = memory.columns(numbers, pa.string(), pa.string(), pa.bool_())
    found = dict(defects)
    for at, row in enumerate(rows):
        alone = [rule(raw) for rule, raw in zip(rules, row, strict=True)]
        assert tuple(column[at].as_py() for column in columns) == tuple(value for value, _ in alone)
        assert found.get(at, "") == "|".join(defect for _, defect in alone if defect)


JSON = st.recursive(
    LABELS | TRUTHS | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False),
    st.lists,
    max_leaves=4,
)
WRAPPED = st.builds(lambda inner, told: {inner: told}, st.sampled_from(sorted(WRAPPERS.values())), JSON)


@given(
    st.fixed_dictionaries(
        {}, optional={name: JSON | WRAPPED | st.lists(WRAPPED, max_size=2) for name in (*FORMS, *CHOICES)}
    )
)
def test_labels_read_as_written_are_those_of_a_record_brought_back_to_the_shape_of_the_decrees(
    told: dict[str, Any],
) -> None:
    shaper, defects = Shaper(), set[str]()
    shaped = shape({"objet": "Toiture", **told}, defects)
    for names, memory in ((FORMS, shaper.forms), (CHOICES, shaper.choices)):
        written, brought = [b",".join(orjson.dumps(record.get(name)) for name in names) for record in (told, shaped)]
        assert memory.value(written) == memory.value(brought)
        flagged, expected = [set(memory.flagged.get(memory[each], "").split("|")) - {""} for each in (written, brought)]
        assert flagged - defects == expected - defects
        assert flagged <= expected | defects


@given(st.lists(st.lists(LABELS, min_size=1), min_size=1))
def test_a_memory_answers_the_same_from_one_block_to_the_next(blocks: list[list[str | None]]) -> None:
    memory = Memory(labels.nature)
    for block in blocks:
        numbers = array("i", [memory[raw] for raw in block])
        [column], _ = memory.columns(numbers, pa.string())
        assert column.to_pylist() == [labels.nature(raw)[0] for raw in block]


@given(st.lists(st.text()))
def test_words_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    assert values.words(texts) == [values.plain(text) for text in texts]


@given(st.lists(st.text(alphabet='aé�ﬁ￼"', min_size=1).map(str.encode)))
def test_signs_lost_for_good_are_found_in_the_records_that_hold_one(raws: list[bytes]) -> None:
    holding = [row for row, raw in enumerate(raws) if "�".encode() in raw]
    assert list(_lossy(b"".join(raws), raws)) == holding


DAYS = st.one_of(
    st.dates(date(1985, 1, 1), date(2030, 12, 31)).map(str),
    st.sampled_from([None, "", "NC", "0021-05-01", "2023-02-30", "12/05/2023", "2023-05-12+02:00", "3 mars 2024", 20230512, "dix signes!"]),
)  # fmt: skip
BUYERS = st.one_of(
    st.from_regex(r"[0-9]{14}", fullmatch=True),
    st.sampled_from([None, "", "21350238800019", "213 502 388 00019", "35600000000048", "2135023880001", "2135023880001é", 21350238800019, "NC"]),
)  # fmt: skip


def _by_handfuls(column: bulk.Fixed, raws: list[object]) -> bulk.Fixed:
    for base in range(0, len(raws), 3):
        column.add(raws[base : base + 3], base)
    return column


@given(st.lists(DAYS))
def test_days_read_in_bulk_are_those_of_each(raws: list[object]) -> None:
    column, defects = bulk.days(_by_handfuls(bulk.written_days(), raws), Memory(values.day))
    assert column.to_pylist() == pa.array([values.day(raw)[0] for raw in raws], pa.date32()).to_pylist()
    assert dict(defects) == {row: values.day(raw)[1] for row, raw in enumerate(raws) if values.day(raw)[1]}


@given(st.lists(BUYERS))
def test_buyers_read_in_bulk_are_those_of_each(raws: list[object]) -> None:
    identifiers, valid, defects = bulk.buyers(_by_handfuls(bulk.written_sirets(), raws))
    assert list(zip(identifiers.to_pylist(), valid.to_pylist(), strict=True)) == [values.buyer(raw)[0] for raw in raws]
    assert dict(defects) == {row: values.buyer(raw)[1] for row, raw in enumerate(raws) if values.buyer(raw)[1]}


CODES = st.one_of(
    st.from_regex(r"[0-9]{5}", fullmatch=True),
    st.sampled_from([None, "", "2A004", "69", "1500", "INO", "FR", "٠١٢٣٤", "NC", 69001, 84]),
)
KINDS = st.sampled_from(
    ["Code postal", "Code commune", "code postal", "Code département", "Code région", "Code pays", "canton", "", None]
)
PLACES = st.none() | st.builds(Place, code=CODES, typeCode=KINDS, nom=st.sampled_from([None, None, "Lyon", "NC"]))


@given(st.lists(PLACES, min_size=1))
def test_places_read_in_bulk_are_those_of_each(places: list[Place | None]) -> None:
    columns = Shaper().block()
    for base in range(0, len(places), 3):
        columns.somewhere(places[base : base + 3])
        columns.count += len(places[base : base + 3])
    found = columns.located()
    for row, place in enumerate(places):
        told = place or Place()
        (code, kind), defect = labels.place((told.code, told.typeCode))
        name, other = values.text(told.nom)
        assert [found[field][row].as_py() for field in ("place_code", "place_kind", "place_name")] == [code, kind, name]
        assert columns.flags.get(row, set()) == {each for each in (defect, other) if each}


HOLDERS = st.builds(
    Holder, id=BUYERS, typeIdentifiant=st.sampled_from(["SIRET", "TVA", "siret", None]), denominationSociale=st.sampled_from([None, " SARL Dupont ", ""])
)  # fmt: skip


@given(st.lists(st.none() | st.lists(HOLDERS, max_size=2), min_size=1))
def test_a_holder_told_by_its_record_is_the_one_a_row_would_tell(given_holders: list[list[Holder] | None]) -> None:
    columns = Shaper().block()
    columns.rows.all_holders(0, list(range(len(given_holders))), given_holders, columns.held)
    found = columns.held.arrays()
    for row, holders in enumerate(given_holders):
        apart = Shaper().block().rows
        key = apart.holders(0, row, 0, holders or [])
        valid, first = (
            [row[5] for row in apart.held],
            (apart.held[0][3], apart.held[0][6]) if apart.held else (None, None),
        )
        told = [found[f"holder{field}"][row].as_py() for field in ("s_key", "_count", "_id", "_name")]
        assert told == [key, len(apart.held), *first]
        is_lone = valid == [True] and first[0] == (holders or [])[0].id
        assert found["lone_holder"][row].as_py() <= is_lone


@given(st.lists(st.lists(st.text(), min_size=1), min_size=1))
def test_words_and_lots_of_several_handfuls_are_those_of_each_text(handfuls: list[list[str]]) -> None:
    found = bulk.words([values.joined_words(values.end_to_end(texts)) for texts in handfuls])
    assert found.to_pylist() == [values.plain(text) or None for texts in handfuls for text in texts]


@given(st.lists(st.lists(st.none() | st.text(min_size=1), min_size=1), min_size=1))
def test_texts_end_to_end_come_back_whole_but_for_the_sign_between_them(handfuls: list[list[str | None]]) -> None:
    found = bulk.texts([values.end_to_end(texts).encode() for texts in handfuls])
    assert found.to_pylist() == [text and text.replace("\0", " ") for texts in handfuls for text in texts]


def test_the_number_of_a_lot_is_read_in_any_spelling() -> None:
    texts = ["lot 2 peinture", "travaux lots n 03", "lotissement 4", "pilotage", None, "lot numero 12"]
    assert bulk.lot_marks(pa.array(texts, pa.string())).to_pylist() == [2, 3, None, None, None, 12]
