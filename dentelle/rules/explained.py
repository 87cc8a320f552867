"""A result that says why: the value, French sentences, and the dated parameters behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from dentelle.rules.dated import ParameterValue

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Explained(Generic[T]):
    """A value with the sentences that lead to it and the parameters used, in the order they were read."""

    value: T
    because: tuple[str, ...] = ()
    parameters: tuple[ParameterValue, ...] = ()
