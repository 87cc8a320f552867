"""Saved territories are found by their name, within their structure."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.search.registry import Document, Hit, register, structure_scope
from dentelle.thread.territory.access import territories_visible_to
from dentelle.thread.territory.models import Territory


def _text_of(territory: Territory) -> Document:
    return Document(title=territory.name, scopes=(structure_scope(territory.structure_id),))


def _hit_of(territory: Territory) -> Hit:
    detail = "territoire de la structure" if territory.is_default else ""
    return Hit(territory.name, detail, reverse("territory:detail", kwargs={"pk": territory.pk}))


def _visible_to(viewer: Any) -> QuerySet[Territory]:
    return territories_visible_to(viewer)


register(
    "territory",
    label="Territoires",
    queryset=Territory.objects.all,
    text_of=_text_of,
    visible_to=_visible_to,
    hit_of=_hit_of,
    order=30,
)
