"""What surveys make people wait for: a structure, to answer before the last day, or to mend what it answered."""

from datetime import datetime

from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.organisations.models import Membership
from dentelle.network.surveys.access import ANSWERING, awaited, changed, invitations_of
from dentelle.network.surveys.models import CampaignState, ResponseState

KINDS = {"survey.answer": "Enquête du réseau"}


def awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return the open surveys the structure has not answered; one sent back, or changed and not sent again, says so."""
    if membership.role not in ANSWERING:
        return []
    waiting = invitations_of(membership).filter(awaited() | changed(), campaign__state=CampaignState.OPEN)
    lines = []
    for invitee in waiting.select_related("campaign", "response").order_by("campaign__closes_on", "pk"):
        response = getattr(invitee, "response", None)
        if response is not None and response.state == ResponseState.RETURNED:
            sentence, action = "La tête de réseau demande de reprendre votre réponse.", "Reprendre"
        elif invitee.answered_on is not None:
            sentence, action = "Des changements à votre réponse ne sont pas envoyés.", "Relire et envoyer"
        else:
            sentence, action = "La tête de réseau attend la réponse de votre structure.", "Répondre"
        lines.append(
            Awaiting(
                kind="survey.answer",
                pk=invitee.campaign_id,
                subject=invitee.campaign.title,
                sentence=sentence,
                since=timezone.localdate(invitee.invited_at),
                due=invitee.campaign.closes_on,
                action=action,
                page="surveys:answer",
                arguments={"pk": invitee.campaign_id},
            )
        )
    return lines


register("surveys", kinds=KINDS, awaits=awaits)
