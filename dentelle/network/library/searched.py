"""What people of a network find of its library, whatever the form of the words they type."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.foundations.search.registry import Document, Hit, LongText, network_scope, register
from dentelle.network.library import access
from dentelle.network.library.models import LibraryItem

KIND = "library"


def _items() -> QuerySet[LibraryItem]:
    return LibraryItem.objects.all()


def _text(item: LibraryItem) -> Document | None:
    if item.retired_on is not None:
        return None
    return Document(title=item.title, scopes=(network_scope(item.network_id),))


def _long_text(item: LibraryItem) -> LongText:
    return LongText(title=item.title, keys=f"{item.get_kind_display()} {item.summary}", body=item.words)


def _visible(viewer: Any) -> QuerySet[LibraryItem]:
    if not isinstance(viewer, Membership | NetworkSeat):
        return LibraryItem.objects.none()
    return access.items_visible_to(viewer).filter(retired_on=None)


def _hit(item: LibraryItem) -> Hit:
    return Hit(
        item.title,
        f"{item.get_kind_display()}, à jour au {item.up_to_date_on:%d/%m/%Y}",
        reverse("library:item", args=[item.pk]),
    )


register(
    KIND,
    label="Bibliothèque",
    queryset=_items,
    text_of=_text,
    visible_to=_visible,
    hit_of=_hit,
    order=90,
    long_text=_long_text,
)
