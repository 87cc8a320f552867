"""Who is asked: structures in their space, addresses behind a link; and those reminded."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.invitations.links import LinkRefused, revoke_link, send_again, send_link
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.access import structures_of
from dentelle.foundations.organisations.models import Coverage, NetworkSeat, StructureKind, StructureStatus
from dentelle.foundations.structures.ground import covered, ground_or_none
from dentelle.network.surveys.access import PURPOSE, awaited, campaign_of
from dentelle.network.surveys.models import Campaign, CampaignState, Invitee, RespondentKind, ResponseState
from dentelle.network.surveys.refusals import SurveyRefused
from dentelle.opendata.ground.store import Ground

MOST_ADDRESSES = 300
_BRACKETED = re.compile(r"<([^<>]*)>")
BETWEEN_REMINDERS = timedelta(days=3)
_KINDS = {
    StructureKind.PLIE: RespondentKind.PLIE,
    StructureKind.MAISON_EMPLOI: RespondentKind.MAISON_EMPLOI,
    StructureKind.EPCI: RespondentKind.EPCI,
    StructureKind.ASSOCIATION: RespondentKind.ASSOCIATION,
}


@dataclass(frozen=True, slots=True)
class Invited:
    """How many were invited, and what of the addresses given could not be: (address, why)."""

    count: int
    refused: tuple[tuple[str, str], ...] = ()


@transaction.atomic
def invite_structures(seat: NetworkSeat, pk: int, *, kind: str = "", at: datetime) -> Invited:
    """Ask every approved structure of the network (of one kind), each once, to answer in its space."""
    campaign = _inviting(seat, pk)
    known = set(campaign.invitees.exclude(structure=None).values_list("structure", flat=True))
    chosen = structures_of(seat).filter(status=StructureStatus.APPROVED).exclude(pk__in=known).order_by("pk")
    if kind in StructureKind.values:
        chosen = chosen.filter(kind=kind)
    ground = ground_or_none()
    today = timezone.localdate(at)
    in_force = {each.structure_id: each for each in Coverage.objects.in_force(today).filter(structure__in=chosen)}
    made = Invitee.objects.bulk_create(
        Invitee(
            campaign=campaign,
            structure=structure,
            kind=_KINDS.get(StructureKind(structure.kind), RespondentKind.OTHER),
            region_code=_region(in_force.get(structure.pk), ground),
            invited_at=at,
        )
        for structure in chosen
    )
    record("campaign.invited", campaign, at=at, actor=seat.user, structure=None, count=len(made))
    return Invited(len(made))


@transaction.atomic
def invite_addresses(
    seat: NetworkSeat, pk: int, text: str, *, kind: str, region_code: str, site: str, at: datetime
) -> Invited:
    """Send a link to each address of ``text``, as ``addresses_in`` reads it. Raises SurveyRefused when there is none."""
    campaign = _inviting(seat, pk)
    if campaign.state != CampaignState.OPEN:
        raise SurveyRefused("state", "Ouvrez la campagne d’abord\u00a0: le lien doit mener à des questions.")
    addresses = addresses_in(text)
    if not addresses or len(addresses) > MOST_ADDRESSES:
        raise SurveyRefused("addresses", f"Écrivez de une à {MOST_ADDRESSES} adresses, une par ligne.")
    known = set(campaign.invitees.values_list("email", flat=True))
    refused, count = [], 0
    for address in addresses:
        try:
            validate_email(address)
        except ValidationError:
            refused.append((address, "ce n’est pas une adresse électronique"))
            continue
        if address in known:
            refused.append((address, "déjà invitée"))
            continue
        invitee = Invitee.objects.create(
            campaign=campaign,
            email=address,
            kind=kind if kind in RespondentKind.values else RespondentKind.OTHER,
            region_code=region_code[:3],
            invited_at=at,
        )
        try:
            with transaction.atomic():
                invitee.link = send_link(
                    PURPOSE,
                    invitee,
                    email=address,
                    structure=None,
                    network=campaign.network,
                    actor=seat.user,
                    open_until=end_of(campaign.closes_on),
                    site=site,
                    at=at,
                )
        except LinkRefused as why:
            invitee.delete()
            refused.append((address, str(why)))
            continue
        invitee.save(update_fields=["link"])
        count += 1
    if count:
        record("campaign.invited", campaign, at=at, actor=seat.user, structure=None, count=count)
    return Invited(count, tuple(refused))


def addresses_in(text: str) -> list[str]:
    """Return the addresses of a text, each once: one per line, apart by « ; » or « , », or pasted from a mailbox with names.

    >>> addresses_in("Jean Dupont <Jean@essai.example>; rh@essai.example")
    ['jean@essai.example', 'rh@essai.example']
    """
    found: list[str] = []
    for line in text.lower().replace(";", "\n").splitlines():
        named = [each.strip() for each in _BRACKETED.findall(line)]
        others = _BRACKETED.sub(" ", line).replace(",", " ").split()
        # beside an address in brackets, words are somebody's name
        found += named + [each for each in others if not named or "@" in each]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Reminded:
    """Of a reminder: messages written, addresses written to too short a time ago or too often, structures that have not
    answered, which no message goes to: they read it in their day."""

    written: int
    recent: int
    inside: int


@transaction.atomic
def remind(campaign: Campaign, *, actor: User | None, site: str, at: datetime) -> Reminded:
    """Write again to the addresses still awaited, each at most every three days.

    Structures are reminded by their own day's list. The caller has checked who may; None for the clock.
    """
    waiting = campaign.invitees.filter(awaited()).select_related("link__network", "link__sent_by")
    written = recent = inside = 0
    for invitee in waiting.order_by("pk"):
        if invitee.structure_id is not None:
            inside += 1
        elif invitee.link is None:
            continue
        elif (
            at - (invitee.reminded_at or invitee.invited_at) < BETWEEN_REMINDERS
            or send_again(invitee.link, site=site, actor=actor, at=at) is None
        ):
            recent += 1
        else:
            invitee.reminded_at = at
            invitee.save(update_fields=["reminded_at"])
            written += 1
    if written:
        record("campaign.reminded", campaign, at=at, actor=actor, structure=None, count=written)
    return Reminded(written, recent, inside)


@transaction.atomic
def remind_now(seat: NetworkSeat, pk: int, *, site: str, at: datetime) -> Reminded:
    """Same as ``remind``, asked by the head. Raises SurveyRefused."""
    campaign = _inviting(seat, pk)
    if campaign.state != CampaignState.OPEN:
        raise SurveyRefused("state", "Cette campagne n’est pas ouverte.")
    return remind(campaign, actor=seat.user, site=site, at=at)


def remind_due(*, site: str, at: datetime) -> int:
    """Remind, once, for each campaign whose end is near; return how many messages."""
    today = timezone.localdate(at)
    count = 0
    for campaign in Campaign.objects.filter(state=CampaignState.OPEN, closes_on__gte=today).select_related("network"):
        begins = campaign.closes_on - timedelta(days=campaign.remind_days)
        already = campaign.invitees.filter(reminded_at__date__gte=begins).exists()
        if campaign.remind_days and today >= begins and not already:
            count += remind(campaign, actor=None, site=site, at=at).written
    return count


@transaction.atomic
def withdraw(seat: NetworkSeat, pk: int, invitee_pk: int, *, at: datetime) -> None:
    """Take back an invitation nobody answered, with its address, its link and what was begun. Raises SurveyRefused."""
    campaign = _inviting(seat, pk)
    invitee = campaign.invitees.select_for_update(of=("self",)).filter(pk=invitee_pk).first()
    if invitee is None:
        return
    if invitee.answered_on is not None:
        raise SurveyRefused(
            "answered", "Cette invitation a reçu sa réponse\u00a0: elle reste, pour que le compte soit juste."
        )
    if invitee.link is not None:
        revoke_link(invitee.link, actor=seat.user, at=at)
    campaign.responses.filter(invitee=invitee, state=ResponseState.DRAFT).delete()
    invitee.delete()
    record("campaign.withdrawn", campaign, at=at, actor=seat.user, structure=None)


@transaction.atomic
def forget_address(seat: NetworkSeat, pk: int, invitee_pk: int, *, at: datetime) -> None:
    """Forget an address that answered, or of a closed campaign: its link opens no more, its line and its answer stay."""
    campaign = campaign_of(seat, pk)
    invitee = campaign.invitees.filter(pk=invitee_pk).exclude(email="").first()
    if invitee is None:
        return
    if invitee.link is not None:
        revoke_link(invitee.link, actor=seat.user, at=at)
    invitee.email, invitee.link = "", None
    invitee.save(update_fields=["email", "link"])
    record("campaign.address_forgotten", campaign, at=at, actor=seat.user, structure=None)


def _inviting(seat: NetworkSeat, pk: int) -> Campaign:
    campaign = campaign_of(seat, pk)
    if campaign.state == CampaignState.CLOSED:
        raise SurveyRefused("state", "Cette campagne est close.")
    return campaign


def end_of(last: date) -> datetime:
    """The last moment of the last day."""
    return timezone.make_aware(datetime.combine(last, time(23, 59)))


def _region(coverage: Coverage | None, ground: Ground | None) -> str:
    if coverage is None or ground is None:
        return ""
    communes: Sequence[str] = sorted(covered(coverage.places, ground).communes)
    regions = {ground.commune(code).region_code for code in communes}
    return regions.pop() if len(regions) == 1 else ""
