"""What moves when a person hands their portfolio over: each room says what it holds, in its ``portfolio.py``.

A room registers a function that counts what a person carries in a structure, and one that moves it. The moved objects keep
their authors and their history: only who follows them changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dentelle.foundations.accounts.models import User
from dentelle.foundations.organisations.models import Structure


@dataclass(frozen=True, slots=True)
class Move:
    """Who gives, who receives, in which structure, by whose act and when."""

    from_user: User
    to_user: User
    structure: Structure
    actor: User
    at: datetime


@dataclass(frozen=True, slots=True)
class Portfolio:
    """One room's part. ``label`` is its singular in French (« calibrage »); ``carry`` returns how many it moved."""

    code: str
    label: str
    count: Callable[[User, Structure], int]
    carry: Callable[[Move], int]


_portfolios: dict[str, Portfolio] = {}


def register(portfolio: Portfolio) -> None:
    """Have a room asked at each handover."""
    _portfolios[portfolio.code] = portfolio


def portfolios() -> tuple[Portfolio, ...]:
    """Return every room's part, in the order of their codes."""
    return tuple(_portfolios[code] for code in sorted(_portfolios))


def carried_by(user: User, structure: Structure) -> list[tuple[str, int]]:
    """Return what a person carries in a structure: (label, how many), without what they carry none of."""
    counted = ((part.label, part.count(user, structure)) for part in portfolios())
    return [(label, count) for label, count in counted if count]
