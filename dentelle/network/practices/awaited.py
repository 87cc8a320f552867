"""What sheets make people wait for: at the head, to review and to publish; in a member, to mend and to read again."""

from datetime import datetime

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.organisations.hats import NETWORK_SEAT
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.practices.access import practices_visible_to, versions_to_review
from dentelle.network.practices.agreeing import asked_of, waits_for_it
from dentelle.network.practices.models import PracticeVersion, VersionState
from dentelle.network.practices.queries import is_old
from dentelle.rules.practices import refresh_due

HEAD = {
    "practice.review": "Fiche à relire",
    "practice.publish": "Fiche à publier",
    "practice.mend": "Fiche à corriger",
}
MEMBER = {
    "practice.agree": "Fiche à relire avant publication",
    "practice.returned": "Fiche à reprendre",
    "practice.refresh": "Fiche à rafraîchir",
}
ACTING = (Role.FACILITATOR.value, Role.MANAGER.value)
MOST = 200


def head_awaits(seat: NetworkSeat, at: datetime) -> list[Awaiting]:
    """Return the sheets submitted by others, those reviewed that nobody has published, and its own that came back.

    One that waits for the agreement of those whose sheet it is waits on them, not on the head.
    """
    seen = PracticeVersion.objects.filter(practice__in=practices_visible_to(seat).values("pk"))
    reviewed = seen.filter(~waits_for_it(), state=VersionState.REVIEWED).order_by("reviewed_on", "pk")
    mended = seen.filter(state=VersionState.DRAFT, by_head=True).exclude(returned="").order_by("updated_at", "pk")
    return [
        *(
            Awaiting(
                kind="practice.review",
                pk=version.practice_id,
                subject=version.title,
                sentence="Cette fiche attend d’être relue par quelqu’un d’autre que son auteur.",
                since=timezone.localdate(version.submitted_at) if version.submitted_at else None,
                due=None,
                action="Relire",
                page="practices:head-review",
                arguments={"pk": version.practice_id},
            )
            for version in versions_to_review(seat)[:MOST]
        ),
        *(
            Awaiting(
                kind="practice.publish",
                pk=version.practice_id,
                subject=version.title,
                sentence="Cette fiche est relue\u00a0: une fois publiée, tout le réseau la trouvera.",
                since=version.reviewed_on,
                due=None,
                action="Publier",
                page="practices:head-detail",
                arguments={"pk": version.practice_id},
                query=f"?version={version.number}",
            )
            for version in reviewed[:MOST]
        ),
        *(
            Awaiting(
                kind="practice.mend",
                pk=version.practice_id,
                subject=version.title,
                sentence="Une correction est demandée avant publication.",
                since=timezone.localdate(version.updated_at),
                due=None,
                action="Corriger la fiche",
                page="practices:head-detail",
                arguments={"pk": version.practice_id},
                query=f"?version={version.number}",
            )
            for version in mended[:MOST]
        ),
    ]


def member_awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return what the head wrote of the structure and waits for its agreement, its sheets sent back, those unchecked for long."""
    if membership.role not in ACTING:
        return []
    asked = asked_of(membership)
    today = timezone.localdate(at)
    own = practices_visible_to(membership).filter(structure=membership.structure_id)
    sent_back = Q(state=VersionState.DRAFT, by_head=False) & ~Q(returned="")
    read_by_all = Q(practice__published=F("pk"), practice__archived_on=None)
    versions = (
        PracticeVersion.objects.filter(
            Q(sent_back | read_by_all, practice__in=own.values("pk")) | Q(pk__in=asked.values("version"))
        )
        .annotate(asked_at=Subquery(asked.filter(version=OuterRef("pk")).values("asked_at")[:1]))
        .select_related("practice")
        .defer("content")
        .order_by("updated_at", "pk")
    )
    to_agree = sorted((each for each in versions if each.asked_at), key=lambda each: (each.asked_at, each.pk))
    others = [each for each in versions if not each.asked_at]
    returned = [each for each in others if each.state == VersionState.DRAFT]
    old = [
        each for each in others if each.state != VersionState.DRAFT and is_old(each.practice.checked_on, today=today)
    ]
    old.sort(key=lambda each: (each.practice.checked_on, each.practice_id))
    return [
        *(_to_agree(each, each.asked_at) for each in to_agree[:MOST]),
        *map(_returned, returned[:MOST]),
        *map(_old, old[:MOST]),
    ]


def _to_agree(version: PracticeVersion, asked_at: datetime) -> Awaiting:
    return Awaiting(
        kind="practice.agree",
        pk=version.practice_id,
        subject=version.title,
        sentence="La tête de réseau a écrit cette fiche en votre nom\u00a0: elle ne paraîtra qu’avec votre accord.",
        since=timezone.localdate(asked_at),
        due=None,
        action="Relire et répondre",
        page="practices:detail",
        arguments={"pk": version.practice_id},
        query=f"?version={version.number}#accord",
    )


def _returned(version: PracticeVersion) -> Awaiting:
    return Awaiting(
        kind="practice.returned",
        pk=version.practice_id,
        subject=version.title,
        sentence="La relecture demande de reprendre cette fiche.",
        since=timezone.localdate(version.updated_at),
        due=None,
        action="Reprendre la fiche",
        page="practices:edit",
        arguments={"pk": version.practice_id},
    )


def _old(version: PracticeVersion) -> Awaiting:
    return Awaiting(
        kind="practice.refresh",
        pk=version.practice_id,
        subject=version.title,
        sentence="Deux ans sans vérification\u00a0: dites si elle tient toujours, ou reprenez-la.",
        since=refresh_due(version.practice.checked_on) if version.practice.checked_on else None,
        due=None,
        action="Vérifier la fiche",
        page="practices:detail",
        arguments={"pk": version.practice_id},
    )


register("practices", kinds=MEMBER, awaits=member_awaits)
register("practices_head", kinds=HEAD, awaits=head_awaits, hat=NETWORK_SEAT)
