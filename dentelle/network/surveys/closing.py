"""Closing a campaign, and opening it again while that is still fair. Each act: access, rule, write, one journal entry."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.invitations.links import prolong
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.surveys.access import campaign_of, readable
from dentelle.network.surveys.actions import LONGEST
from dentelle.network.surveys.inviting import end_of
from dentelle.network.surveys.models import Campaign, CampaignState, Response, ResponseState
from dentelle.network.surveys.refusals import SurveyRefused

REOPENS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Left:
    """What closing leaves: answers sent, those asked back that count as sent, begun and never sent, changes never sent."""

    sent: int
    returned: int
    begun: int
    changed: int
    until: date  # the last day what was begun is kept, and the campaign may be opened again


def left_by(campaign: Campaign, *, on: date) -> Left:
    """Return what closing a campaign on a day would leave, or has left: one query."""
    states = list(campaign.responses.values_list("state", "working"))
    return Left(
        sent=sum(state != ResponseState.DRAFT for state, _ in states),
        returned=sum(state == ResponseState.RETURNED for state, _ in states),
        begun=sum(state == ResponseState.DRAFT for state, _ in states),
        changed=sum(working is not None for _, working in states),
        until=(campaign.closed_on or on) + REOPENS,
    )


@transaction.atomic
def close_campaign(seat: NetworkSeat, pk: int, *, at: datetime) -> Campaign:
    """Close a campaign: nobody answers any more, its results may be read by the network."""
    campaign = campaign_of(seat, pk)
    if campaign.state != CampaignState.OPEN:
        raise SurveyRefused("state", "Cette campagne n’est pas ouverte.")
    return close(campaign, actor=seat.user, at=at)


def close(campaign: Campaign, *, actor: User | None, at: datetime) -> Campaign:
    """Close a campaign, by somebody or by the clock, in the caller's transaction.

    What was sent stays as sent; what never was is kept ``REOPENS`` longer, then ``ending.erase_unsent`` takes it away. Links
    open as long, to say that it is closed and show what was sent.
    """
    campaign.state, campaign.closed_on = CampaignState.CLOSED, timezone.localdate(at)
    campaign.save(update_fields=["state", "closed_on"])
    prolong(campaign.invitees.exclude(link=None).values("link"), open_until=end_of(campaign.closed_on + REOPENS))
    record("campaign.closed", campaign, at=at, actor=actor, structure=None)
    return campaign


def refusal_to_reopen(campaign: Campaign, *, on: date) -> str:
    """Say why a closed campaign may not be opened again, in French; nothing when it may."""
    if campaign.closed_on is None:
        return "Cette campagne n’est pas close."
    if on > campaign.closed_on + REOPENS:
        return f"Une campagne se rouvre dans les {REOPENS.days} jours\u00a0: préparez-en une autre."
    if campaign.anonymous and readable(campaign).exists():
        return "Ses résultats ont pu être lus\u00a0: une réponse anonyme de plus s’y reconnaîtrait."
    return ""


@transaction.atomic
def reopen(seat: NetworkSeat, pk: int, *, closes_on: date, reason: str, at: datetime) -> Campaign:
    """Open a closed campaign again until another last day, with a reason those asked will read. Raises SurveyRefused."""
    campaign = campaign_of(seat, pk)
    today = timezone.localdate(at)
    if refused := refusal_to_reopen(campaign, on=today):
        raise SurveyRefused("state", refused)
    if not today < closes_on <= today + LONGEST:
        raise SurveyRefused("closes_on", "Le dernier jour est à venir, dans l’année.")
    if not reason.strip():
        raise SurveyRefused("reason", "Dites pourquoi elle se rouvre\u00a0: les personnes invitées le liront.")
    campaign.state, campaign.closed_on, campaign.closes_on = CampaignState.OPEN, None, closes_on
    campaign.reopened_because = reason.strip()[:300]
    campaign.save(update_fields=["state", "closed_on", "closes_on", "reopened_because"])
    prolong(campaign.invitees.exclude(link=None).values("link"), open_until=end_of(closes_on))
    record("campaign.reopened", campaign, at=at, actor=seat.user, structure=None)
    return campaign


@transaction.atomic
def erase_unsent(at: datetime) -> int:
    """Erase what was begun and never sent of campaigns that can no longer be opened again; return how many answers."""
    gone = Response.objects.filter(
        campaign__state=CampaignState.CLOSED, campaign__closed_on__lt=timezone.localdate(at) - REOPENS
    )
    gone.filter(working__isnull=False).update(working=None)
    begun = gone.filter(state=ResponseState.DRAFT)
    count = begun.count()
    begun.delete()
    return count
