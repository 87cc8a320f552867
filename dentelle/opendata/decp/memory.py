"""Rules that remember their answers, and columns made of them without writing any value twice.

A published value (a date, a code, a label) comes back thousands of times. A ``Memory`` gives each distinct raw value a small number the first
time it is met; a column of the file is then a column of small numbers, and the Arrow columns are made from it in bulk, dictionary included.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

# Beyond this many remembered values a rule starts again from nothing: memory stays bounded on files of any size.
REMEMBERED: Final = 60_000


class Memory(dict[Any, int]):
    """``memory[raw]`` is the number of a raw value under a rule that returns ``(value, defect)``, or ``((value, …), defect)``."""

    __slots__ = ("columned", "flagged", "rule", "values_of", "width")

    def __init__(self, rule: Callable[[Any], tuple[Any, str]], width: int = 1) -> None:
        super().__init__()
        self.rule, self.width = rule, width
        self.forget()

    def forget(self) -> None:
        self.clear()
        self.values_of: list[tuple[Any, ...]] = []
        self.columned: list[pa.Array] = []
        self.flagged: dict[int, str] = {}

    def bound(self) -> None:
        """Forget everything when there is too much of it; between two blocks only, since numbers change."""
        if len(self) > REMEMBERED:
            self.forget()

    def __missing__(self, raw: Any) -> int:
        value, defect = self.rule(raw)
        number = len(self.values_of)
        self.values_of.append(value if self.width > 1 else (value,))
        if defect:
            self.flagged[number] = defect
        self[raw] = number
        return number

    def numbers(self, raws: Iterable[Any]) -> Iterable[int]:
        """The number of each of those values; a column in which nothing is said takes one look-up."""
        if isinstance(raws, list | tuple) and raws.count(None) == len(raws):
            return repeat(self[None], len(raws))
        return map(self.__getitem__, raws)

    def value(self, raw: Any) -> Any:
        """The answer for one raw value."""
        values = self.values_of[self[raw]]
        return values if self.width > 1 else values[0]

    def columns(self, numbers: "array[int]", *types: pa.DataType) -> tuple[list[pa.Array], list[tuple[int, str]]]:
        """One Arrow column for each field of the answers of those numbers; (position, defect) where the rule saw one."""
        met, answers = integers(numbers), self.answers(types)
        defects = self.defects(numbers, met)
        if 2 * len(self.values_of) > len(numbers):  # more is remembered than is asked for
            asked = met.dictionary_encode()
            met, answers = asked.indices, [field.take(asked.dictionary) for field in answers]
        return [_spread(field, met) for field in answers], defects

    def answers(self, types: Sequence[pa.DataType]) -> list[pa.Array]:
        """Every answer so far, one column for each field; only those never written yet are."""
        written = len(self.columned[0]) if self.columned else 0
        if fresh := self.values_of[written:]:
            fields = [pa.array(field, kind) for field, kind in zip(zip(*fresh, strict=True), types, strict=True)]
            before = self.columned or [field[:0] for field in fields]
            self.columned = [pa.concat_arrays(pair) for pair in zip(before, fields, strict=True)]
        return self.columned

    def defects(self, numbers: "array[int]", met: pa.Array) -> list[tuple[int, str]]:
        """The defects among the answers of a column, wherever they were ``met``."""
        if not self.flagged:
            return []
        faulty = pc.is_in(met, integers(self.flagged))
        return [(row, self.flagged[numbers[row]]) for row in pc.indices_nonzero(faulty).to_pylist()]


def together(*rules: Callable[[Any], tuple[Any, str]]) -> Callable[[Any], tuple[Any, str]]:
    """One rule for several fields of few values each, looked up as one: their answers end to end, their defects joined by ``|``."""

    def rule(raws: tuple[Any, ...]) -> tuple[Any, str]:
        answers: list[Any] = []
        defects: list[str] = []
        for each, raw in zip(rules, raws, strict=True):
            value, defect = each(raw)
            answers += value if isinstance(value, tuple) else (value,)
            defects += [defect] if defect else []
        return tuple(answers), "|".join(defects)

    return rule


def _spread(values: pa.Array, indices: pa.Array) -> pa.Array:
    """The values at those indices; texts stay a dictionary, each of them once."""
    if values.type != pa.string():
        return values.take(indices)
    once = values.dictionary_encode()
    return pa.DictionaryArray.from_arrays(once.indices.take(indices), once.dictionary)


def integers(numbers: Iterable[int]) -> pa.Array:
    """A column of 32-bit integers without nulls; an array is taken as it is, without a copy."""
    packed = numbers if isinstance(numbers, array) else array("i", numbers)
    return pa.Array.from_buffers(pa.int32(), len(packed), [None, pa.py_buffer(packed)])


def long_integers(numbers: Iterable[int]) -> pa.Array:
    """A column of 64-bit integers without nulls."""
    packed = numbers if isinstance(numbers, array) else array("q", numbers)
    return pa.Array.from_buffers(pa.int64(), len(packed), [None, pa.py_buffer(packed)])


def fixed_texts(joined: bytes, width: int) -> pa.Array:
    """A column of texts all of one width, given end to end."""
    return pa.Array.from_buffers(pa.binary(width), len(joined) // width, [None, pa.py_buffer(joined)]).cast(pa.string())
