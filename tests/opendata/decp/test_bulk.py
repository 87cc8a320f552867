"""What is read in bulk answers as if each value had been read alone."""

from array import array

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dentelle.opendata.decp import labels, values
from dentelle.opendata.decp.blocks import _lossy
from dentelle.opendata.decp.memory import Memory, together

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
