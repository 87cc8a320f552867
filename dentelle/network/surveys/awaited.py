"""What surveys make people wait for: a structure, to answer before the last day, or to mend what it answered."""

from datetime import datetime

from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.organisations.models import Membership
from dentelle.network.surveys.access import ANSWERING, invitations_of
from dentelle.network.surveys.models import CampaignState, ResponseState

KINDS = {"survey.answer": "Enquête du réseau"}


def awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return the open surveys the structure has not answered; one sent back says so."""
    if membership.role not in ANSWERING:
        return []
    waiting = invitations_of(membership).filter(campaign__state=CampaignState.OPEN, answered_on=None)
    lines = []
    for invitee in waiting.select_related("campaign", "response").order_by("campaign__closes_on", "pk"):
        response = getattr(invitee, "response", None)
        returned = response is not None and response.state == ResponseState.RETURNED
        lines.append(
            Awaiting(
                kind="survey.answer",
                pk=invitee.campaign_id,
                subject=invitee.campaign.title,
                sentence="La tête de réseau demande de reprendre votre réponse."
                if returned
                else "La tête de réseau attend la réponse de votre structure.",
                since=timezone.localdate(invitee.invited_at),
                due=invitee.campaign.closes_on,
                action="Reprendre" if returned else "Répondre",
                page="surveys:answer",
                arguments={"pk": invitee.campaign_id},
            )
        )
    return lines


register("surveys", kinds=KINDS, awaits=awaits)
