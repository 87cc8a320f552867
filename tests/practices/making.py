"""Sheets for tests, at each of their stages, through the same acts as anybody's."""

from typing import Any

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.practices import actions
from dentelle.network.practices.models import Practice
from dentelle.rules.practices import ANSWERED
from tests.factories import NOW, MembershipFactory, NetworkSeatFactory, StructureFactory

CONTENT: dict[str, Any] = {
    "title": "Une crèche à horaires décalés",
    "summary": "Une micro-crèche ouvre tôt pour des salariées en parcours.",
    "place": "commune:35238",
    "axis": "inclusion",
    "device": "plie",
    "themes": ["childcare"],
    "publics": ["women"],
    "outcome": "worked",
    "host": "Porteuse d’essai",
    "results": [{"what": "Contrats tenus", "value": "9 sur 11", "source": "suivi", "period": "2025"}],
    "evidence": "2",
    "difficulties": "Le surcoût n’est financé que pour une année.",
    "contact_name": "Accueil",
    "licence": "etalab-2.0",
    "consent": True,
}
PROFILE = {one.code: 2 for one in ANSWERED}


def head_of(member: Membership) -> NetworkSeat:
    return NetworkSeatFactory(network=member.structure.network)


def neighbour_of(member: Membership) -> Membership:
    """A facilitator of another structure of the same network."""
    return MembershipFactory(facilitator=True, structure=StructureFactory(network=member.structure.network))


def draft(author: Membership | NetworkSeat, at: Any = NOW, **changed: Any) -> Practice:
    return actions.begin(author, {**CONTENT, **changed}, at=at)


def submitted(author: Membership | NetworkSeat, at: Any = NOW, **changed: Any) -> Practice:
    practice = draft(author, at, **changed)
    actions.submit(author, practice.pk, at=at)
    return practice


def reviewed(author: Membership, at: Any = NOW, **changed: Any) -> Practice:
    practice = submitted(author, at, **changed)
    actions.review(neighbour_of(author), practice.pk, PROFILE, "", at=at)
    return practice


def published(author: Membership, at: Any = NOW, **changed: Any) -> Practice:
    practice = reviewed(author, at, **changed)
    actions.publish(head_of(author), practice.pk, at=at)
    practice.refresh_from_db()
    return practice
