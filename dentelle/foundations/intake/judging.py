"""The dry run: what writing each line would do, told before anything is written. Reads cells, asks the room, writes nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dentelle.foundations.intake.cells import CellRefused, is_unknown, read_cell
from dentelle.foundations.intake.columns import Field
from dentelle.foundations.intake.models import LineAct
from dentelle.foundations.intake.targets import Known, Problem, Read, Target, Where

Corrections = Mapping[tuple[int, int], str]  # (line, column) → what was written in its place


@dataclass(frozen=True, slots=True)
class Judged:
    """A line and what would be done with it. ``problems`` are told with their column, None for the whole line."""

    number: int
    act: LineAct
    problems: tuple[tuple[str, int | None, str], ...] = ()
    changes: tuple[str, ...] = ()
    read: Read | None = None


def judge(
    lines: Iterable[tuple[int, Sequence[str]]],
    columns: Mapping[str, int],
    corrections: Corrections,
    target: Target,
    where: Where,
) -> list[Judged]:
    """Return the dry run of ``lines``, in their order; one read of what is stored, whatever their number."""
    known = target.known(where)
    reader = _Reader(target, columns)
    by_line: dict[int, dict[int, str]] = {}
    for (number, column), text in corrections.items():
        by_line.setdefault(number, {})[column] = text
    told = _Told(target, known)
    judged = []
    for number, cells in lines:
        if number in by_line:
            cells = [by_line[number].get(column, cell) for column, cell in enumerate(cells)]
        values, problems = reader.read(cells)
        if not problems:
            problems = list(target.check(values, where))
        keys = target.keys(values, told.seen)
        if problems:
            judged.append(_refused(number, problems, columns))
        else:
            judged.append(told.compare(Read(number, cells, values, keys=keys), columns))
    return judged


def tally(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return how many lines for each act, those without any included; under « problems », how many for each field at fault."""
    counted = Counter(each.act.value for each in judged)
    fields = Counter(name for each in judged for name in {problem[0] for problem in each.problems})
    return {**{act: counted.get(act, 0) for act in LineAct.values}, "problems": dict(fields)}


class _Reader:
    """Reads the cells of the mapped columns; the same text in the same column is read once."""

    def __init__(self, target: Target, columns: Mapping[str, int]) -> None:
        self._mapped = [(field, columns[field.name]) for field in target.fields if field.name in columns]
        self._missing = [field for field in target.fields if field.required and field.name not in columns]
        self._seen: dict[tuple[str, str], tuple[Any, str]] = {}

    def read(self, cells: Sequence[str]) -> tuple[dict[str, Any], list[Problem]]:
        values: dict[str, Any] = {}
        problems = [
            Problem(field.name, f"Aucune colonne ne donne « {field.label} », qui est nécessaire.")
            for field in self._missing
        ]
        for field, column in self._mapped:
            value, message = self._cell(field, cells[column])
            if message:
                problems.append(Problem(field.name, message))
            else:
                values[field.name] = value
        return values, problems

    def _cell(self, field: Field, text: str) -> tuple[Any, str]:
        held = self._seen.get((field.name, text))
        if held is None:
            held = self._seen[field.name, text] = _value(field, text)
        return held


def _value(field: Field, text: str) -> tuple[Any, str]:
    if is_unknown(text, field.kind):
        return None, f"« {field.label} » est vide : cette information est nécessaire." if field.required else ""
    try:
        return (field.choice.read(text) if field.choice else read_cell(text, field.kind)), ""
    except CellRefused as refused:
        return None, str(refused)


def _refused(number: int, problems: Iterable[Problem], columns: Mapping[str, int]) -> Judged:
    told = tuple((each.field, columns.get(each.field), each.message) for each in problems)
    return Judged(number, LineAct.REFUSED, told)


class _Told:
    """What is stored beside what the file says, line after line; two lines never mean the same one."""

    def __init__(self, target: Target, known: Mapping[str, Known]) -> None:
        self.seen: dict[str, int] = {}
        self._target = target
        self._known = known
        self._first_at: dict[str, int] = {}
        self._taken: dict[int, int] = {}

    def compare(self, read: Read, columns: Mapping[str, int]) -> Judged:
        first = self._first_at.setdefault(read.keys[0], read.number) if read.keys else read.number
        found = next((self._known[key] for key in read.keys if key in self._known), None)
        if first == read.number and found is not None:
            first = self._taken.setdefault(found.pk, read.number)
        if first != read.number:
            message = f"Désigne le même objet que la ligne {first}. {self._target.rule}"
            return _refused(read.number, [Problem("", message)], columns)
        if found is None:
            return Judged(read.number, LineAct.CREATE, read=read)
        changes = tuple(_changes(read.values, found.values, self._target.fields))
        problems = list(self._target.check_known(read.values, found)) if changes else []
        if problems:
            return _refused(read.number, problems, columns)
        act = LineAct.UPDATE if changes else LineAct.UNCHANGED
        return Judged(read.number, act, changes=changes, read=replace(read, known=found))


def _changes(values: Mapping[str, Any], stored: Mapping[str, Any], fields: Sequence[Field]) -> Iterator[str]:
    for field in fields:
        # a cell left empty changes nothing: a file that no longer has a value does not erase it
        if field.name in stored and values.get(field.name) not in (None, "", stored.get(field.name)):
            yield field.label
