"""What a room wants from a file and what it does with it: one ``Target`` per purpose, declared when Django starts."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.models import Kind, Organisation, Seat
from dentelle.foundations.intake.columns import Field
from dentelle.foundations.organisations.models import Membership, Structure

Values = Mapping[str, Any]


class WriteRefused(Exception):
    """Nothing of the file was written; the message is French and says which line and why."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a file goes: the structure that keeps it, whose file it is, what was said with it, who acts."""

    structure: Structure
    organisation: Organisation | None
    options: Mapping[str, Any]
    user: User
    drop: int
    membership: Membership | None = None
    seat: Seat | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line is refused: the field at fault (empty: the whole line) and what to do, in French."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored already: its key in the database, its values under the names of the fields that are compared."""

    pk: int
    values: Values


@dataclass(frozen=True, slots=True)
class Read:
    """A line without problem: its number in the file, its cells as corrected, its values, what is stored (None: new)."""

    number: int
    cells: Sequence[str]
    values: Values
    known: Known | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines to write, with the titles of the file and the columns of the fields."""

    titles: Sequence[str]
    columns: Mapping[str, int]
    lines: Sequence[Read]
    unchanged: Sequence[Read] = field(default=())


class Target(ABC):
    """A purpose files are dropped for. ``roles`` of members and ``seats`` of outside people may drop one.

    ``rule`` says in French how a line is found again when the same file comes back. ``long_from`` is the number of lines
    from which writing is background work.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    intro: ClassVar[str]
    rule: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    roles: ClassVar[tuple[str, ...]]
    seats: ClassVar[tuple[str, ...]] = ()
    organisation_kind: ClassVar[str] = Kind.BUYER.value
    organisation_label: ClassVar[str] = "Acheteur"
    organisation_required: ClassVar[bool] = True
    long_from: ClassVar[int] = 15_000

    def option_fields(self) -> dict[str, forms.Field]:
        """Return what is asked with the file; values are kept as JSON."""
        return {}

    def likely_options(self, today: date) -> dict[str, Any]:
        """Return what is proposed for them."""
        return {}

    def check(self, values: Values, where: Where) -> Iterable[Problem]:
        """Say what is wrong with one line whose cells could all be read; touches no database."""
        return ()

    def check_known(self, values: Values, known: Known) -> Iterable[Problem]:
        """Say why a line that is stored already may not become what the file says; touches no database."""
        return ()

    @abstractmethod
    def keys(self, values: Values, seen: dict[str, int]) -> tuple[str, ...]:
        """Return what the line is found again by, surest first; empty: it can only be created.

        ``seen`` is the target's own notebook for one file, empty at its first line: called once per line, in their order.
        """

    @abstractmethod
    def known(self, where: Where) -> Mapping[str, Known]:
        """Return what is stored, by key, in a number of queries that does not grow with the lines."""

    @abstractmethod
    def write(self, where: Where, sheet: Sheet, *, at: datetime) -> str:
        """Write the lines in the caller's transaction, with the room's journal entry; return the address this leads to.

        Raises WriteRefused: then nothing at all is written.
        """

    def follow(self, leads_to: str, *, seated: bool) -> str:
        """Return the address to open for a member or for a seated person."""
        return leads_to


_targets: dict[str, Target] = {}


def register(target: Target) -> None:
    """Declare what files may be dropped for."""
    held = _targets.get(target.code)
    if held is not None and type(held) is not type(target):
        raise ValueError(f"two targets are called {target.code!r}")
    _targets[target.code] = target


def target_of(code: str) -> Target | None:
    """Return the target of a purpose, None when no room declares it."""
    return _targets.get(code)


def targets_open_to(role: str, *, seated: bool = False) -> list[Target]:
    """Return what a member of a role (or a seated person) may drop files for."""
    return [each for each in _targets.values() if role in (each.seats if seated else each.roles)]
