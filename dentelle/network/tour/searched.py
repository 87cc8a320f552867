"""Stages people find once they are announced."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.registry import Document, Hit, network_scope, register
from dentelle.network.tour import access, letters
from dentelle.network.tour.models import Stage


def _every() -> QuerySet[Stage]:
    return Stage.objects.all()


def _document(stage: Stage) -> Document | None:
    if stage.announced_at is None:
        return None
    return Document(
        title=stage.title,
        words=f"étape tour {stage.region} {stage.place} {stage.summary} {stage.lessons}",
        scopes=(network_scope(stage.network_id),),
    )


def _visible(viewer: Any) -> QuerySet[Stage]:
    return access.stages_visible_to(viewer) if isinstance(viewer, Membership) else Stage.objects.none()


def _hit(stage: Stage) -> Hit:
    return Hit(
        stage.title, f"étape du Tour, {stage.region}, {letters.when(stage)}", reverse("tour:stage", args=[stage.pk])
    )


register(
    "stage", label="Étapes du Tour", queryset=_every, text_of=_document, visible_to=_visible, hit_of=_hit, order=82
)  # fmt: skip
