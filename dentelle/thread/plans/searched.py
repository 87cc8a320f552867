"""What people find of purchase plans: each purchase, by its words, its reference, its buyer."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.registry import Document, Hit, register, structure_scope
from dentelle.thread.plans.access import plans_visible_to
from dentelle.thread.plans.models import PlanLine


def _lines() -> QuerySet[PlanLine]:
    return PlanLine.objects.defer("own").select_related("plan__buyer")


def _text_of(line: PlanLine) -> Document:
    return Document(
        title=line.subject,
        words=f"{line.service} {line.place} {line.plan.buyer.name}",
        identifiers=tuple(filter(None, (line.reference, line.cpv, line.plan.buyer.identifier))),
        scopes=(structure_scope(line.structure_id),),
    )


def _visible(viewer: Any) -> QuerySet[PlanLine]:
    # buyers read their plans in a space of their own
    if not isinstance(viewer, Membership):
        return PlanLine.objects.none()
    return _lines().filter(plan__in=plans_visible_to(viewer).values("pk"))


def _hit_of(line: PlanLine) -> Hit:
    detail = " · ".join(filter(None, (line.reference, line.plan.buyer.name, f"programmation {line.plan.year}")))
    return Hit(line.subject, detail, reverse("plans:line", kwargs={"pk": line.pk}))


register(
    "purchase",
    label="Achats programmés",
    queryset=_lines,
    text_of=_text_of,
    visible_to=_visible,
    hit_of=_hit_of,
    order=28,
)
