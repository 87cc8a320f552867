"""Rules that remember their answers, and columns made of them without writing any value twice.

A published value (a date, a code, a label) comes back thousands of times. A ``Memory`` gives each distinct raw value a small number the first
time it is met; a column of the file is then a column of small numbers, and the Arrow columns are made from it in bulk, dictionary included.
"""

from array import array
from collections.abc import Callable, Iterable
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

# Beyond this many remembered values a rule starts again from nothing: memory stays bounded on files of any size.
REMEMBERED: Final = 60_000


class Memory(dict[Any, int]):
    """``memory[raw]`` is the number of a raw value under a rule that returns ``(value, defect)``, or ``((value, …), defect)``."""

    __slots__ = ("flagged", "rule", "values_of", "width")

    def __init__(self, rule: Callable[[Any], tuple[Any, str]], width: int = 1) -> None:
        super().__init__()
        self.rule, self.width = rule, width
        self.forget()

    def forget(self) -> None:
        self.clear()
        self.values_of: list[tuple[Any, ...]] = []
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

    def value(self, raw: Any) -> Any:
        """The answer for one raw value."""
        values = self.values_of[self[raw]]
        return values if self.width > 1 else values[0]

    def columns(self, numbers: "array[int]", *types: pa.DataType) -> tuple[list[pa.Array], list[tuple[int, str]]]:
        """One Arrow column for each field of the answers of those numbers; (position, defect) where the rule saw one."""
        met = integers(numbers).dictionary_encode()
        distinct = met.dictionary.to_pylist()
        answers = zip(*[self.values_of[number] for number in distinct], strict=True)
        columns = [_spread(pa.array(field, kind), met.indices) for field, kind in zip(answers, types, strict=True)]
        return columns, self.defects(distinct, met.indices)

    def defects(self, distinct: list[int], met: pa.Array) -> list[tuple[int, str]]:
        """The defects among the ``distinct`` answers of a column, wherever they were ``met``."""
        told = [self.flagged.get(number, "") for number in distinct]
        if not any(told):
            return []
        faulty = pa.array(list(map(bool, told)), pa.bool_()).take(met)
        return [(row, told[met[row].as_py()]) for row in pc.indices_nonzero(faulty).to_pylist()]


def _spread(values: pa.Array, indices: pa.Array) -> pa.Array:
    """The values at those indices; texts stay a dictionary, each of them once."""
    if values.type != pa.string() or 2 * len(values) > len(indices):
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
    count = len(joined) // width
    offsets = array("i", range(0, len(joined) + 1, width))
    return pa.Array.from_buffers(pa.string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(joined)])
