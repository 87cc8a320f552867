"""What rooms further down the thread add to the page of a contract: each registers a part when Django starts.

The page stays the owner of its order and of its frame; a section gives a template and what it shows, or nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.queries import ContractSheet

Content = Callable[..., dict[str, Any] | None]  # (sheet, membership, *, on: date)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page of a contract: ``rank`` orders them, ``content`` returns None when it has nothing to show."""

    code: str
    rank: int
    template: str
    content: Content


_SECTIONS: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a part to the page of a contract; the same code replaces it."""
    _SECTIONS[section.code] = section


def sections_of(sheet: ContractSheet, membership: Membership, *, on: date) -> list[dict[str, Any]]:
    """Return the parts to show, in their order, each with its template under ``template``."""
    shown = []
    for section in sorted(_SECTIONS.values(), key=lambda each: (each.rank, each.code)):
        content = section.content(sheet, membership, on=on)
        if content is not None:
            shown.append({**content, "template": section.template})
    return shown
