"""What links may open: each room declares its purposes when the programme starts (``apps.ready``)."""

from collections.abc import Callable
from dataclasses import dataclass

from dentelle.foundations.invitations.models import MagicLink


@dataclass(frozen=True, slots=True)
class Purpose:
    """``code`` is what ``@link_bearers(code)`` asks; ``address`` the name of the page the link leads to.

    ``title`` says in French what a link opens (« la note de calibrage « Groupe scolaire » »), None when that can no longer
    be shown: the link is then closed.
    """

    code: str
    address: str
    title: Callable[[MagicLink], str | None]


_PURPOSES: dict[str, Purpose] = {}


def declare(purpose: Purpose) -> None:
    """Make a purpose known. Raises ValueError when another one has its code."""
    if _PURPOSES.setdefault(purpose.code, purpose) != purpose:
        raise ValueError(f"two purposes of links are called {purpose.code!r}")


def purpose_of(link: MagicLink) -> Purpose:
    """Return what a link is for. Raises KeyError when the programme no longer knows it."""
    return _PURPOSES[link.purpose]


def known(code: str) -> bool:
    return code in _PURPOSES


def title_of(link: MagicLink) -> str | None:
    """Return what a link opens, None when it opens nothing any more."""
    return _PURPOSES[link.purpose].title(link) if link.purpose in _PURPOSES else None
