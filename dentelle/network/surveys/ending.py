"""What the clock does once a campaign has ended."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from dentelle.network.surveys.closing import close
from dentelle.network.surveys.models import Campaign, CampaignState, Invitee

KEPT = timedelta(days=365)


@transaction.atomic
def close_ended(at: datetime) -> int:
    """Close the campaigns whose last day is past; return how many."""
    ended = list(Campaign.objects.filter(state=CampaignState.OPEN, closes_on__lt=timezone.localdate(at)).order_by("pk"))
    for campaign in ended:
        close(campaign, actor=None, at=at)
    return len(ended)


@transaction.atomic
def forget_addresses(at: datetime) -> int:
    """Erase the addresses invited to a campaign closed for a year; their answers stay, without them. Return how many."""
    before = timezone.localdate(at - KEPT)
    old = Invitee.objects.filter(campaign__state=CampaignState.CLOSED, campaign__closed_on__lt=before)
    return old.exclude(email="").update(email="", link=None)
