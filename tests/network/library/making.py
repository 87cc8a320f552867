from datetime import date

from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.library.actions import Content, add_item
from dentelle.network.library.models import LibraryItem
from tests.factories import NOW


def content(owner, **typed) -> Content:
    said = {
        "kind": "guide",
        "title": "Préparer une première clause",
        "summary": "",
        "words": "Commencer par le besoin.",
        "link": "",
        "source": "",
        "held_on": None,
        "up_to_date_on": date(2026, 11, 1),
        "review_months": 12,
    }
    return Content(**{**said, **typed}, owner=owner)


def item(seat: NetworkSeat, owner=None, **typed) -> LibraryItem:
    return add_item(seat, content(owner or seat.user, **typed), at=NOW)
