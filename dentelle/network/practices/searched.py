"""Sheets people find: published ones, by the whole network."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.search.registry import Document, Hit, LongText, network_scope, register
from dentelle.network.practices.access import practices_visible_to
from dentelle.network.practices.content import BODY, FIELDS, words_of
from dentelle.network.practices.facets import CHOSEN
from dentelle.network.practices.models import Practice
from dentelle.network.practices.places import place_name

KIND = "practice"


def _every() -> QuerySet[Practice]:
    return Practice.objects.select_related("published")


def _document(practice: Practice) -> Document | None:
    if practice.published is None or practice.archived_on is not None:
        return None
    return Document(title=practice.published.title, scopes=(network_scope(practice.network_id),))


def long_text(practice: Practice) -> LongText:
    """Return all a sheet is found by, as its version published writes it."""
    version = practice.published
    content = version.content if version else {}
    keys = [
        word for facet in CHOSEN if facet.code in content for word in words_of(FIELDS[facet.code], content[facet.code])
    ]
    results = [" ".join(row.values()) for row in content.get("results", [])]
    texts = [" ".join(held) if isinstance(held := content.get(name, ""), list) else held for name in BODY]
    return LongText(
        title=version.title if version else "",
        keys=" ".join(
            [content.get("summary", ""), *keys, content.get("host", ""), place_name(content.get("place", ""))]
        ),
        body=" ".join([*texts, *results]),
    )


def _hit(practice: Practice) -> Hit:
    content = practice.published.content if practice.published else {}
    detail = " · ".join(filter(None, (content.get("host", ""), place_name(content.get("place", "")))))
    return Hit(content.get("title", ""), detail, reverse("practices:detail", kwargs={"pk": practice.pk}))


def _visible(viewer: Any) -> QuerySet[Practice]:
    return practices_visible_to(viewer).select_related("published")


register(
    KIND,
    label="Pratiques",
    queryset=_every,
    text_of=_document,
    visible_to=_visible,
    hit_of=_hit,
    order=60,
    all_url=lambda text: f"{reverse('practices:list')}?{urlencode({'texte': text})}",
    long_text=long_text,
)
