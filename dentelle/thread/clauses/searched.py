"""Calibrations are found by their title, their buyer and their object, within their structure."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.search.registry import Document, Hit, register, structure_scope
from dentelle.thread.clauses.access import calibrations_visible_to
from dentelle.thread.clauses.models import Calibration


def _text_of(calibration: Calibration) -> Document:
    return Document(
        title=calibration.title,
        words=f"{calibration.buyer_label} {calibration.subject}",
        scopes=(structure_scope(calibration.structure_id),),
    )


def _hit_of(calibration: Calibration) -> Hit:
    version = f"version {calibration.edition}" if calibration.edition > 1 else ""
    detail = " · ".join(filter(None, (calibration.buyer_label, calibration.get_status_display(), version)))
    return Hit(calibration.title, detail, reverse("clauses:detail", kwargs={"pk": calibration.pk}))


def _visible_to(viewer: Any) -> QuerySet[Calibration]:
    return calibrations_visible_to(viewer)


register(
    "calibration",
    label="Calibrages",
    queryset=Calibration.objects.all,
    text_of=_text_of,
    visible_to=_visible_to,
    hit_of=_hit_of,
    order=30,
    all_url=lambda text: f"{reverse('clauses:list')}?{urlencode({'texte': text})}",
)
