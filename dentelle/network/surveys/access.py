"""The only way to campaigns and answers: the head's network, a structure's own invitation, the one thing a link opens."""

from django.db.models import Q, QuerySet
from django.http import Http404

from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.surveys.models import Campaign, CampaignState, Invitee, Questionnaire, Response, ResponseState
from dentelle.rules.disclosure import network_minimum

PURPOSE = "survey"
ANSWERING = (Role.FACILITATOR.value, Role.MANAGER.value)
READERS = tuple(Role.values)
# what was sent counts until it is sent again, asked back or not
SENT = (ResponseState.SUBMITTED.value, ResponseState.CHECKED.value, ResponseState.RETURNED.value)


def campaigns_of(seat: NetworkSeat) -> QuerySet[Campaign]:
    """Return the campaigns of the head's network."""
    return Campaign.objects.filter(network=seat.network_id)


def campaign_of(seat: NetworkSeat, pk: int) -> Campaign:
    """Return one campaign of the head's network, or 404."""
    found = campaigns_of(seat).select_related("questionnaire", "network").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def questionnaires_of(seat: NetworkSeat) -> QuerySet[Questionnaire]:
    """Return the questionnaires of the head's network."""
    return Questionnaire.objects.filter(network=seat.network_id)


def questionnaire_of(seat: NetworkSeat, pk: int) -> Questionnaire:
    """Return one questionnaire of the head's network, or 404."""
    found = questionnaires_of(seat).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def readable(campaign: Campaign) -> QuerySet[Response]:
    """Return the answers sent that may be read: never a draft.

    Of an anonymous campaign none under ``network_minimum``, and as many more at a time while it is open: results that grew
    by one answer would tell it.
    """
    sent = campaign.responses.filter(state__in=SENT)
    if not campaign.anonymous:
        return sent
    keys, minimum = list(sent.order_by("pk").values_list("pk", flat=True)), network_minimum()
    count = len(keys) if campaign.state == CampaignState.CLOSED else len(keys) - len(keys) % minimum
    return sent.filter(pk__in=keys[:count] if count >= minimum else [])


def response_read_by(seat: NetworkSeat, pk: int) -> Response:
    """Return one answer the head may read, or 404."""
    campaign = Campaign.objects.filter(network=seat.network_id, responses=pk).first()
    if campaign is None:
        raise Http404
    found = readable(campaign).select_related("campaign__questionnaire", "structure", "invitee").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def awaited() -> Q:
    """Return which invitations still wait for an answer: none came, or it was asked back."""
    return Q(answered_on=None) | Q(response__state=ResponseState.RETURNED)


def changed() -> Q:
    """Return which invitations hold changes to an answer sent, not sent themselves."""
    return Q(response__working__isnull=False)


def invitations_of(member: Membership) -> QuerySet[Invitee]:
    """Return what the member's structure is or was asked."""
    return Invitee.objects.filter(structure=member.structure_id).exclude(campaign__state=CampaignState.DRAFT)


def answering_for(member: Membership) -> QuerySet[Membership]:
    """Return the people who may answer for the member's structure today; to be named only to ``SEE_PEOPLE``."""
    return Membership.objects.filter(structure=member.structure_id, role__in=ANSWERING, user__is_active=True)


def invitation_answered_by(member: Membership, pk: int) -> Invitee:
    """Return the invitation of the member's structure to a campaign, for those who answer for it; or 404.

    Closed, it takes no answer any more (``actions`` refuse): it says so, and shows what was sent.
    """
    found = invitations_of(member).select_related("campaign__questionnaire", "structure").filter(campaign=pk).first()
    if found is None or member.role not in ANSWERING:
        raise Http404
    return found


def results_read_by(member: Membership, pk: int) -> Campaign:
    """Return a closed campaign of the member's network: its results are everybody's; or 404."""
    found = (
        Campaign.objects.filter(network=member.structure.network_id, state=CampaignState.CLOSED)
        .select_related("questionnaire")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def invitee_of_link(link: MagicLink) -> Invitee | None:
    """Return whom a link was sent to; once the campaign is closed, to be told so and to read what they sent."""
    if link.purpose != PURPOSE:
        return None
    return (
        Invitee.objects.filter(pk=link.subject_id, campaign__network=link.network_id)
        .exclude(campaign__state=CampaignState.DRAFT)
        .select_related("campaign__questionnaire")
        .first()
    )


def invitee_behind(link: MagicLink) -> Invitee:
    """Same as ``invitee_of_link``, or 404."""
    found = invitee_of_link(link)
    if found is None:
        raise Http404
    return found


def title_of_link(link: MagicLink) -> str | None:
    """Return what a link opens, in French; None when it opens nothing."""
    found = invitee_of_link(link)
    if found is None:
        return None
    closed = ", close" if found.campaign.state == CampaignState.CLOSED else ""
    return f"l’enquête « {found.campaign.title} »{closed}"
