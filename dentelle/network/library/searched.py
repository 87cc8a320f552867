"""What members find of the library of their network."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.registry import SHARED, Document, Hit, register
from dentelle.network.library import access
from dentelle.network.library.models import LibraryItem


def _items() -> QuerySet[LibraryItem]:
    return LibraryItem.objects.all()


def _text(item: LibraryItem) -> Document | None:
    if item.retired_on is not None:
        return None
    return Document(title=item.title, words=f"{item.summary} {item.words[:4000]}", scopes=(SHARED,))


def _visible(viewer: Any) -> QuerySet[LibraryItem]:
    return access.items_visible_to(viewer) if isinstance(viewer, Membership) else LibraryItem.objects.none()


def _hit(item: LibraryItem) -> Hit:
    return Hit(
        item.title,
        f"{item.get_kind_display()}, à jour au {item.up_to_date_on:%d/%m/%Y}",
        reverse("library:item", args=[item.pk]),
    )


register(
    "library",
    label="Bibliothèque",
    queryset=_items,
    text_of=_text,
    visible_to=_visible,
    hit_of=_hit,
    order=90,
)
