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

    __slots__ = ("fields", "flagged", "rule", "values_of", "width")

    def __init__(self, rule: Callable[[Any], tuple[Any, str]], width: int = 1) -> None:
        super().__init__()
        self.rule, self.width = rule, width
        self.forget()

    def forget(self) -> None:
        self.clear()
        self.values_of: list[tuple[Any, ...]] = []
        self.fields = [_Field() for _ in range(self.width)]
        self.flagged: dict[int, str] = {}

    def bound(self) -> None:
        """Forget everything when there is too much of it; between two blocks only, since numbers change."""
        if len(self) > REMEMBERED:
            self.forget()

    def __missing__(self, raw: Any) -> int:
        value, defect = self.rule(raw)
        number = len(self.values_of)
        values = value if self.width > 1 else (value,)
        self.values_of.append(values)
        for field, item in zip(self.fields, values, strict=True):
            field.learn(item)
        if defect:
            self.flagged[number] = defect
        self[raw] = number
        return number

    def numbers(self, raws: Iterable[Any]) -> list[int]:
        return list(map(self.__getitem__, raws))

    def value(self, raw: Any) -> Any:
        """The answer for one raw value."""
        values = self.values_of[self[raw]]
        return values if self.width > 1 else values[0]

    def columns(self, numbers: list[int], *types: pa.DataType) -> list[pa.Array]:
        """One Arrow column for each field of the answers, of those types."""
        indices = integers(numbers)
        return [field.column(indices, kind) for field, kind in zip(self.fields, types, strict=True)]

    def defects(self, numbers: list[int]) -> list[tuple[int, str]]:
        """(position, defect) of the answers in which the rule saw a defect."""
        flagged = self.flagged
        if not flagged:
            return []
        faulty = pa.array([number in flagged for number in range(len(self.values_of))], pa.bool_())
        rows = pc.indices_nonzero(faulty.take(integers(numbers))).to_pylist()
        return [(row, flagged[numbers[row]]) for row in rows]


class _Field:
    """The distinct values of one field of the answers, and which of them each answer bears."""

    __slots__ = ("codes", "distinct", "made", "values")

    def __init__(self) -> None:
        self.codes: list[int | None] = []
        self.distinct: dict[Any, int] = {}
        self.values: list[Any] = []
        self.made: tuple[int, pa.Array, pa.Array] | None = None

    def learn(self, value: Any) -> None:
        if value is None:
            self.codes.append(None)
            return
        code = self.distinct.get(value)
        if code is None:
            code = self.distinct[value] = len(self.values)
            self.values.append(value)
        self.codes.append(code)

    def column(self, indices: pa.Array, kind: pa.DataType) -> pa.Array:
        if self.made is None or self.made[0] != len(self.codes):  # nothing new was learned in most blocks
            self.made = len(self.codes), pa.array(self.codes, pa.int32()), pa.array(self.values, kind)
        codes, values = self.made[1].take(indices), self.made[2]
        if kind == pa.string():
            return pa.DictionaryArray.from_arrays(codes, values)
        return values.take(codes)


def integers(numbers: list[int]) -> pa.Array:
    """A column of 32-bit integers without nulls, without a Python object for each."""
    packed = array("i", numbers)
    return pa.Array.from_buffers(pa.int32(), len(packed), [None, pa.py_buffer(packed)])


def long_integers(numbers: list[int]) -> pa.Array:
    """A column of 64-bit integers without nulls."""
    packed = array("q", numbers)
    return pa.Array.from_buffers(pa.int64(), len(packed), [None, pa.py_buffer(packed)])


def fixed_texts(joined: bytes, width: int) -> pa.Array:
    """A column of texts all of one width, given end to end."""
    count = len(joined) // width
    offsets = array("i", range(0, len(joined) + 1, width))
    return pa.Array.from_buffers(pa.string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(joined)])
