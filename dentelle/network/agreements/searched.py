"""What people find of agreements: those of their structure, and those signed in the network."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.registry import SHARED, Document, Hit, register, structure_scope
from dentelle.network.agreements.access import agreements_visible_to
from dentelle.network.agreements.models import Agreement


def _agreements() -> QuerySet[Agreement]:
    return Agreement.objects.select_related("structure").prefetch_related("parties__organisation")


def _text_of(agreement: Agreement) -> Document | None:
    words = [agreement.purpose, *agreement.theme_labels, *(str(party) for party in agreement.parties.all())]
    if agreement.structure is not None:
        words.append(agreement.structure.name)
    # anybody may look for what is signed, or written for all: ``visible_to`` says whose network it is
    mine = structure_scope(agreement.structure.pk) if agreement.structure and not agreement.is_signed else SHARED
    return Document(
        title=agreement.title,
        words=" ".join(words),
        identifiers=tuple(filter(None, (agreement.reference,))),
        scopes=(mine,),
    )


def _visible(viewer: Any) -> QuerySet[Agreement]:
    if not isinstance(viewer, Membership):
        return Agreement.objects.none()
    return agreements_visible_to(viewer).select_related("structure")


def _hit_of(agreement: Agreement) -> Hit:
    detail = [agreement.get_level_display(), agreement.structure.name if agreement.structure else ""]
    return Hit(
        agreement.title,
        " · ".join(filter(None, (*detail, agreement.get_state_display()))),
        reverse("agreements:detail", kwargs={"pk": agreement.pk}),
    )


register(
    "agreement",
    label="Conventions",
    queryset=_agreements,
    text_of=_text_of,
    visible_to=_visible,
    hit_of=_hit_of,
    order=35,
)
