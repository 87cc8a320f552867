"""What a white paper makes people wait for: at the head, to moderate, to prove, to follow; in a member, to answer and to learn.

An elected official is asked in person, as long as a call is open, and told in person what became of their words; the team of a
structure is asked only as the call closes, for the structure, and told of what the team itself said.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.organisations.hats import NETWORK_SEAT
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.advocacy import access
from dentelle.network.advocacy.actions.contributions import took_back
from dentelle.network.advocacy.content import cited
from dentelle.network.advocacy.models import (
    Call,
    Contribution,
    ContributionNews,
    ContributionState,
    Edition,
    OutcomeKind,
    PaperState,
    Proposal,
    WhitePaper,
)
from dentelle.network.advocacy.readiness import unexplained
from dentelle.network.advocacy.telling import outcome, resumed_by, to_resume
from dentelle.rules.advocacy import follow_up_due, reminder_from
from dentelle.rules.wording import plural, shortened

HEAD = {
    "contribution.to_moderate": "Contributions à lire",
    "proposal.uncited": "Proposition sans citation",
    "edition.taken_back": "Édition à refaire",
    "paper.unfollowed": "Livre blanc sans suite notée",
}
MEMBER = {
    "contribution.told": "Suite à une contribution",
    "call.closing": "Appel à contributions qui se ferme",
    "call.open": "Appel à contributions",
    "contribution.draft": "Brouillon à envoyer",
    "contribution.returned": "Contribution à reprendre",
}
MOST = 200


def head_awaits(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    """Return what waits for the head of the network."""
    return [*_to_moderate(seat), *_uncited(seat), *_taken_back(seat), *_unfollowed(seat, timezone.localdate(at))]


def member_awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return the outcomes nobody read yet, and the call that closes soon when the structure has not answered.

    To its elected officials, the outcomes, what was sent back, the drafts and the unanswered call of each.
    """
    if membership.role == Role.ELECTED_OFFICIAL:
        today = timezone.localdate(at)
        returned = _to_resume(membership, today)
        told = _told_to_officials(membership, said={line.pk for line in returned})
        return [*returned, *told, *_asked_of_officials(membership, today)]
    if membership.role not in access.ACTING:
        return []
    return [*_told(membership), *_closing(membership, timezone.localdate(at))]


def _to_moderate(seat: NetworkSeat) -> list[Awaiting]:
    found = access.contributions_visible_to(seat).filter(state=ContributionState.SUBMITTED)
    return [
        Awaiting(
            kind="contribution.to_moderate",
            pk=row["paper"],
            subject=plural(row["count"], "contribution envoyée", "contributions envoyées"),
            about=row["paper__title"],
            sentence="Personne ne les a encore lues\u00a0: les membres les attendent.",
            since=timezone.localdate(row["first"]),
            due=None,
            action="Lire et recevoir",
            page="advocacy:moderation",
            arguments={"pk": row["paper"]},
        )
        for row in found.values("paper", "paper__title")
        .order_by("paper")
        .annotate(count=Count("pk"), first=Min("sent_at"))
    ]


def _uncited(seat: NetworkSeat) -> list[Awaiting]:
    found = Proposal.objects.filter(
        network=seat.network_id, citations=None, is_unavailable=False, paper__is_example=False
    ).select_related("paper")
    return [
        Awaiting(
            kind="proposal.uncited",
            pk=proposal.pk,
            subject=proposal.title,
            about=f"proposition {proposal.number}",
            sentence="Cette proposition ne s’appuie encore sur rien\u00a0: personne ne pourra la suivre jusqu’à son origine.",
            since=timezone.localdate(proposal.changed_at),
            due=None,
            action="Ajouter ses sources",
            page="advocacy:proposal",
            arguments={"pk": proposal.pk},
            query="#sources",
        )
        for proposal in found.order_by("paper", "number")[:MOST]
        if not proposal.measure or unexplained(proposal)  # every sentence of it may say why it has no source
    ]


def _taken_back(seat: NetworkSeat) -> list[Awaiting]:
    """Editions whose files are withheld: somebody they cite agrees to less since."""
    published = Edition.objects.filter(
        network=seat.network_id, published_on__isnull=False, paper__state=PaperState.PUBLISHED, paper__is_example=False
    )
    latest: dict[int, Edition] = {}
    for edition in published.select_related("paper").order_by("paper", "number"):
        latest[edition.paper_id] = edition
    cites = {
        edition.pk: [each for each in cited(edition.content) if each.get("contribution")] for edition in latest.values()
    }
    live = Contribution.objects.in_bulk({each["contribution"] for found in cites.values() for each in found})
    lines = []
    for edition in latest.values():
        gone = [live.get(each["contribution"]) for each in cites[edition.pk]]
        taken = [now for each, now in zip(cites[edition.pk], gone, strict=True) if took_back(each, now)]
        if taken:
            moments = [each.consent_changed_at for each in taken if each is not None and each.consent_changed_at]
            lines.append(
                Awaiting(
                    kind="edition.taken_back",
                    pk=edition.pk,
                    subject=edition.paper.title,
                    about=f"édition {edition.number}",
                    sentence="Une contribution citée a été retirée\u00a0: l’édition est à refaire, ses fichiers ne se téléchargent plus.",
                    since=timezone.localdate(min(moments)) if moments else edition.published_on,
                    due=None,
                    action="Refaire l’édition",
                    page="advocacy:editions",
                    arguments={"pk": edition.paper_id},
                )
            )
    return lines


def _unfollowed(seat: NetworkSeat, today: date) -> list[Awaiting]:
    papers = WhitePaper.objects.filter(network=seat.network_id, state=PaperState.PUBLISHED, is_example=False)
    found = papers.annotate(followed=Max("proposals__follow_ups__on"), last=Max("carried__carried_on"))
    lines = []
    for paper in found.order_by("pk"):
        if paper.published_on is None:
            continue
        latest = max(filter(None, (paper.published_on, paper.followed, paper.last)))
        since = follow_up_due(latest)
        if since <= today:
            lines.append(
                Awaiting(
                    kind="paper.unfollowed",
                    pk=paper.pk,
                    subject=paper.title,
                    sentence="Publié, puis plus rien de noté\u00a0: dites à qui il a été remis, ce que devient chaque proposition.",
                    since=since,
                    due=None,
                    action="Noter une suite",
                    page="advocacy:follow",
                    arguments={"pk": paper.pk},
                )
            )
    return lines


def _news(membership: Membership) -> QuerySet[ContributionNews]:
    """The outcomes nobody read yet, in the structure."""
    new = ContributionNews.objects.filter(structure=membership.structure_id, read_at=None)
    return new.exclude(contribution__state=ContributionState.WITHDRAWN)


def _told(membership: Membership) -> list[Awaiting]:
    """What became of what the team said; officials read what became of their own words."""
    of_team = _news(membership).exclude(contribution__author__in=access.officials_beside(membership).values("user"))
    found = of_team.values("contribution", "contribution__proposal", "contribution__author")
    return [
        Awaiting(
            kind="contribution.told",
            pk=row["contribution"],
            subject=shortened(row["contribution__proposal"]),
            sentence="On vous dit ce qu’est devenue cette contribution.",
            since=timezone.localdate(row["first"]),
            due=None,
            action="Lire ce qu’elle devient",
            page="advocacy:contribution",
            arguments={"pk": row["contribution"]},
            query="#devenir",
            in_charge=row["contribution__author"],
        )
        for row in found.order_by("contribution").annotate(first=Min("at"))[:MOST]
    ]


def _to_resume(membership: Membership, today: date) -> list[Awaiting]:
    """What the moderation sent back to an official of the structure, until it is sent again or its white paper is published."""
    found = Contribution.objects.filter(
        structure=membership.structure_id,
        state=ContributionState.RETURNED,
        author__in=access.officials_beside(membership).values("user"),
    ).exclude(paper__state=PaperState.PUBLISHED)
    sent_back = Max("news__at", filter=Q(news__kind=OutcomeKind.RETURNED))
    lines = []
    for each in found.select_related("paper__call").annotate(sent_back=sent_back).order_by("pk")[:MOST]:
        limit = resumed_by(each.paper, today)
        lines.append(
            Awaiting(
                kind="contribution.returned",
                pk=each.pk,
                subject=shortened(each.proposal),
                about=each.paper.title,
                sentence=to_resume(each.paper, limit),
                since=timezone.localdate(each.sent_back),
                due=limit,
                action="Reprendre mes mots",
                page="advocacy:edit",
                arguments={"pk": each.pk},
                in_charge=each.author_id,
            )
        )
    return lines


def _told_to_officials(membership: Membership, *, said: Collection[int]) -> list[Awaiting]:
    """One line per contribution of an official of the structure: the last of what became of it, but of those ``said`` already."""
    found = _news(membership).filter(contribution__author__in=access.officials_beside(membership).values("user"))
    found = found.exclude(contribution__in=said)
    latest: dict[int, ContributionNews] = {}
    since: dict[int, datetime] = {}
    for news in found.select_related("contribution__paper", "idea", "session__body").order_by("at", "pk")[:MOST]:
        latest[news.contribution_id] = news
        since.setdefault(news.contribution_id, news.at)
    return [
        Awaiting(
            kind="contribution.told",
            pk=pk,
            subject=shortened(news.contribution.proposal),
            about=news.contribution.paper.title,
            sentence=outcome(news),
            since=timezone.localdate(since[pk]),
            due=None,
            action="Lire ce qu’elle devient",
            page="advocacy:contribution",
            arguments={"pk": pk},
            query="#devenir",
            in_charge=news.contribution.author_id,
        )
        for pk, news in latest.items()
    ]


def _closing(membership: Membership, today: date) -> list[Awaiting]:
    answered = Contribution.objects.filter(structure=membership.structure_id).exclude(state__in=access.UNSENT)
    found = _open_calls(membership, today).exclude(paper__in=answered.values("paper"))
    return [
        Awaiting(
            kind="call.closing",
            pk=call.pk,
            subject=call.paper.title,
            sentence="Votre structure n’a encore rien envoyé au livre blanc du réseau.",
            since=reminder_from(call.closes_on),
            due=call.closes_on,
            action="Contribuer",
            page="advocacy:contribute",
            arguments={"pk": call.paper_id},
        )
        for call in found
        if reminder_from(call.closes_on) <= today
    ]


def _asked_of_officials(membership: Membership, today: date) -> list[Awaiting]:
    """Per open call and official of the structure, each speaking in their own name: their drafts, else the call they sent nothing to."""
    calls = {call.paper_id: call for call in _open_calls(membership, today)}
    if not calls:
        return []
    officials = list(access.officials_beside(membership).values_list("user", flat=True))
    written = Contribution.objects.filter(structure=membership.structure_id, paper__in=calls, author__in=officials)
    kept = list(written.exclude(state=ContributionState.WITHDRAWN).order_by("pk"))
    spoke = {(each.paper_id, each.author_id) for each in kept}
    return [
        *(_draft(each, calls[each.paper_id]) for each in kept if each.state == ContributionState.DRAFT),
        *(
            _open_to(call, official)
            for call in calls.values()
            for official in officials
            if (call.paper_id, official) not in spoke
        ),
    ]


def _draft(draft: Contribution, call: Call) -> Awaiting:
    """A draft while it may still be sent; its words stay on its page, which its author alone opens."""
    written = timezone.localdate(draft.written_at)
    return Awaiting(
        kind="contribution.draft",
        pk=draft.pk,
        subject=call.paper.title,
        about=f"brouillon du {written:%d/%m/%Y}",
        sentence="Votre brouillon n’est pas envoyé\u00a0: vous seul le lisez, et l’appel se ferme.",
        since=written,
        due=call.closes_on,
        action="Reprendre le brouillon",
        page="advocacy:edit",
        arguments={"pk": draft.pk},
        in_charge=draft.author_id,
    )


def _open_to(call: Call, official: int) -> Awaiting:
    return Awaiting(
        kind="call.open",
        pk=call.pk,
        subject=call.paper.title,
        sentence="Le réseau demande ce que vous constatez et ce que vous proposez\u00a0: vous n’avez encore rien envoyé.",
        since=call.opens_on,
        due=call.closes_on,
        action="Contribuer",
        page="advocacy:contribute",
        arguments={"pk": call.paper_id},
        in_charge=official,
    )


def _open_calls(membership: Membership, today: date) -> QuerySet[Call]:
    """Return the calls of the member's network that may be answered on a day, the nearest to close first."""
    found = access.calls_visible_to(membership).filter(
        paper__state=PaperState.OPEN, opens_on__lte=today, closes_on__gte=today
    )
    return found.select_related("paper").order_by("closes_on", "pk")


register("advocacy", kinds=MEMBER, awaits=member_awaits)
register("advocacy_head", kinds=HEAD, awaits=head_awaits, hat=NETWORK_SEAT)
