"""What rooms further down add to the page of a calibration: each registers a part when Django starts, as for contracts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.clauses.models import Calibration

Content = Callable[..., dict[str, Any] | None]  # (calibration, membership, *, on: date)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page of a calibration: ``rank`` orders them, ``content`` returns None when it has nothing to show."""

    code: str
    rank: int
    template: str
    content: Content


_SECTIONS: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a part to the page of a calibration; the same code replaces it."""
    _SECTIONS[section.code] = section


def sections_of(calibration: Calibration, membership: Membership, *, on: date) -> list[dict[str, Any]]:
    """Return the parts to show, in their order, each with its template under ``template``."""
    shown = []
    for section in sorted(_SECTIONS.values(), key=lambda each: (each.rank, each.code)):
        content = section.content(calibration, membership, on=on)
        if content is not None:
            shown.append({**content, "template": section.template})
    return shown
