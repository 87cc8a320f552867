from datetime import timedelta

from django.utils import timezone

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.advocacy.actions import contributions, editions, proposals
from dentelle.network.advocacy.models import Consent
from tests.awaiting.cases import Made
from tests.factories import NOW, StructureFactory
from tests.network.advocacy import making
from tests.network.governance import making as governance


def to_moderate(seat: NetworkSeat) -> Made:
    sent = making.sent(governance.official(StructureFactory(network=seat.network)), making.opened(seat))
    return Made(NOW, lambda: contributions.accept(seat, sent.pk, at=NOW))


def uncited(seat: NetworkSeat) -> Made:
    paper = making.opened(seat)
    author = governance.official(StructureFactory(network=seat.network))
    received = making.received(seat, author, paper)
    ask = making.proposal(seat, paper)
    return Made(NOW, lambda: proposals.cite(seat, ask.pk, kind="contribution", key=received.pk, excerpt="", at=NOW))


def taken_back(seat: NetworkSeat) -> Made:
    author = governance.official(StructureFactory(network=seat.network))
    paper, contribution, _ = making.whole(seat, author)
    making.edition(seat, paper)
    contributions.change_consent(author, contribution.pk, consent=Consent.UNQUOTED, at=NOW)
    return Made(NOW, lambda: making.edition(seat, paper))


def unfollowed(seat: NetworkSeat) -> Made:
    paper, _, _ = making.whole(seat, governance.official(StructureFactory(network=seat.network)))
    making.edition(seat, paper)
    later = NOW + timedelta(days=120)
    day = timezone.localdate(later)
    return Made(
        later, lambda: editions.carry(seat, paper.pk, to_whom="Préfecture", carried_on=day, by_whom="", at=later)
    )


def told(member: Membership) -> Made:
    seat = governance.head_of(member)
    sent = making.sent(member, making.opened(seat))
    contributions.send_back(seat, sent.pk, words="Ne nommez personne.", at=NOW)
    return Made(NOW, lambda: contributions.mark_read(member, sent.pk, at=NOW))


def closing(member: Membership) -> Made:
    paper = making.opened(governance.head_of(member), days=10)
    return Made(NOW, lambda: making.sent(member, paper))


def open_call(official: Membership) -> Made:
    paper = making.opened(governance.head_of(official), days=60)
    return Made(NOW, lambda: making.sent(official, paper))


def draft(official: Membership) -> Made:
    paper = making.opened(governance.head_of(official), days=60)
    kept = contributions.write(official, paper.pk, making.words(), at=NOW, send=False)
    return Made(NOW, lambda: contributions.write(official, paper.pk, making.words(), at=NOW, send=True, pk=kept.pk))


def returned(official: Membership) -> Made:
    seat = governance.head_of(official)
    paper = making.opened(seat, days=60)
    sent = making.sent(official, paper)
    contributions.send_back(seat, sent.pk, words="Ne nommez personne.", at=NOW)
    contributions.mark_read(official, sent.pk, at=NOW)
    return Made(NOW, lambda: contributions.write(official, paper.pk, making.words(), at=NOW, send=True, pk=sent.pk))


CASES = {
    "contribution.to_moderate": to_moderate,
    "proposal.uncited": uncited,
    "edition.taken_back": taken_back,
    "paper.unfollowed": unfollowed,
    "contribution.told": told,
    "call.closing": closing,
    "call.open": open_call,
    "contribution.draft": draft,
    "contribution.returned": returned,
}
