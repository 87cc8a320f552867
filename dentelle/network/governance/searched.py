"""What members find of governance: axes of the network, its bodies. Concerns are read where they are gathered."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.registry import SHARED, Document, Hit, register
from dentelle.network.governance import access
from dentelle.network.governance.models import Axis, Body


def _axes() -> QuerySet[Axis]:
    return Axis.objects.prefetch_related("versions")


def _text_of_axis(axis: Axis) -> Document | None:
    if axis.closed_on is not None:
        return None
    said = " ".join(version.statement for version in axis.versions.all() if version.number == (axis.version or 1))
    return Document(title=axis.name, words=f"axe {said}", scopes=(SHARED,))


def _visible_axes(viewer: Any) -> QuerySet[Axis]:
    found = access.axes_visible_to(viewer) if isinstance(viewer, Membership) else Axis.objects.none()
    return found.select_related("mandate")


def _hit_of_axis(axis: Axis) -> Hit:
    return Hit(axis.name, f"axe, {axis.mandate.name.lower()}", reverse("governance:axis", args=[axis.pk]))


def _bodies() -> QuerySet[Body]:
    return Body.objects.all()


def _text_of_body(body: Body) -> Document | None:
    if body.closed_on is not None:
        return None
    return Document(title=body.name, words=f"{body.get_kind_display()} {body.purpose}", scopes=(SHARED,))


def _visible_bodies(viewer: Any) -> QuerySet[Body]:
    return access.bodies_visible_to(viewer) if isinstance(viewer, Membership) else Body.objects.none()


def _hit_of_body(body: Body) -> Hit:
    return Hit(body.name, body.get_kind_display(), reverse("governance:body", args=[body.pk]))


register(
    "axis",
    label="Axes du réseau",
    queryset=_axes,
    text_of=_text_of_axis,
    visible_to=_visible_axes,
    hit_of=_hit_of_axis,
    order=80,
)
register(
    "body",
    label="Instances du réseau",
    queryset=_bodies,
    text_of=_text_of_body,
    visible_to=_visible_bodies,
    hit_of=_hit_of_body,
    order=81,
)
