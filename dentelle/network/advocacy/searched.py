"""What people find of white papers: the proposals of those published. Members, and the head of the network."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dentelle.foundations.search.registry import Document, Hit, network_scope, register
from dentelle.network.advocacy import access
from dentelle.network.advocacy.models import PaperState, Proposal


def _proposals() -> QuerySet[Proposal]:
    return Proposal.objects.select_related("paper")


def _text(proposal: Proposal) -> Document | None:
    if proposal.paper.state != PaperState.PUBLISHED or proposal.is_unavailable:
        return None
    words = f"proposition livre blanc {proposal.paper.title} {proposal.measure}"
    return Document(title=proposal.title, words=words, scopes=(network_scope(proposal.network_id),))


def _visible(viewer: Any) -> QuerySet[Proposal]:
    return access.proposals_visible_to(viewer).select_related("paper")


def _hit(proposal: Proposal) -> Hit:
    detail = f"proposition {proposal.number}, {proposal.paper.title}"
    return Hit(proposal.title, detail, reverse("advocacy:proposal", args=[proposal.pk]))


register(
    "proposal",
    label="Propositions du livre blanc",
    queryset=_proposals,
    text_of=_text,
    visible_to=_visible,
    hit_of=_hit,
    order=82,
)
