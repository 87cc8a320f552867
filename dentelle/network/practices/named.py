"""The words of a sheet that tell who somebody is: shown to whoever works on it, masked for whoever reads it from outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dentelle.network.practices.content import BLOCKS, FIELDS, Kind
from dentelle.rules.disclosure import identifying, masked

WRITTEN = {Kind.LINE, Kind.TEXT, Kind.LINES, Kind.RESULTS}
# who to contact and who wrote it: never read outside
INSIDE = frozenset(field.name for block in BLOCKS if block.code == "contact" for field in block.fields)


@dataclass(frozen=True, slots=True)
class Named:
    """Words that tell who somebody is, and the field they are in."""

    label: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        words = (f"«\u202f{each}\u202f»" for each in self.words)
        return f"{self.label} ({', '.join(words)})"


def named_in(content: Mapping[str, Any]) -> tuple[Named, ...]:
    """Return the words of a content that will be masked outside the network, field by field, as a sheet is read."""
    return tuple(
        Named(field.label, found)
        for name, field in FIELDS.items()
        if name not in INSIDE and field.kind in WRITTEN and (found := _found(content.get(name)))
    )


def outside(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a content as anybody may read it: nobody to contact, no author, words that tell who somebody is masked."""
    return {
        name: _masked(value) if FIELDS[name].kind in WRITTEN else value
        for name, value in content.items()
        if name in FIELDS and name not in INSIDE
    }


def _found(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words for text in _texts(value) for words in identifying(text)))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        value = list(value.values())
    return [text for each in value or () for text in _texts(each)]


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {name: _masked(each) for name, each in value.items()}
    return [_masked(each) for each in value]
