"""How each kind of line comes to the day's list and leaves it.

A room writes ``tests/<room>/awaited.py`` with ``CASES``: kind → function that makes the cause for somebody and returns when
to look (``at``) and what removes the cause (``settle``).
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Made:
    """A cause that was made: ``at`` is a moment at which it awaits, ``settle`` does what the line asks for."""

    at: datetime
    settle: Callable[[], object]


Case = Callable[[Any], Made]


def all_cases() -> dict[str, Case]:
    """What the rooms' ``awaited.py`` give together."""
    found: dict[str, Case] = {}
    for path in sorted(Path(__file__).parents[1].glob("*/**/awaited.py")):
        room = ".".join(path.parent.relative_to(Path(__file__).parents[1]).parts)
        cases = importlib.import_module(f"tests.{room}.awaited").CASES
        assert not set(cases) & set(found)
        found |= cases
    return found
