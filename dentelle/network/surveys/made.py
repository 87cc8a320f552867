"""The practice sheets made of an answer, told on its page. The room that makes them registers how to find them, in its ``apps.ready``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.surveys.models import Response


@dataclass(frozen=True, slots=True)
class Made:
    """A sheet made of one part of an answer: its title, where it stands, its page."""

    title: str
    state: str
    url: str


Sheets = Mapping[tuple[str, int], Made]  # (code of the part, which time) → its sheet
Finder = Callable[[NetworkSeat, Response], Sheets]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Say how to find the sheets made of an answer: as many queries whatever their number."""
    if finder not in _finders:
        _finders.append(finder)


def made_of(seat: NetworkSeat, response: Response) -> Sheets:
    """Return the sheets made of each part of an answer the head reads."""
    return {key: made for finder in _finders for key, made in finder(seat, response).items()}
