from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.agreements.actions.answering import answer_readings
from dentelle.network.agreements.actions.moves import sign_for
from dentelle.network.agreements.actions.readings import give_reading
from dentelle.network.agreements.actions.renewal import renew_agreement
from dentelle.network.agreements.models import Agreement, Indicator, Reading
from dentelle.network.agreements.seen import Seen
from tests.awaiting.cases import Made
from tests.factories import NOW, MembershipFactory
from tests.network.agreements import making


def measured(member: Membership, **known: Any) -> tuple[Agreement, Indicator]:
    """A signed agreement and what is measured on it."""
    agreement = making.local(member)
    return agreement, making.indicator(member, agreement.commitments.get(), **known)


def read(actor: Any, agreement: Agreement, indicator: Indicator, value: int = 12) -> Reading:
    """The last quarter that is over, read."""
    known = {"day": date(2026, 9, 30), "value": Decimal(value), "source": "tableau de suivi"}
    return give_reading(actor, agreement.pk, indicator.pk, **known, **making.lock(agreement))


def answered(actor: Any, agreement: Agreement, reading: Reading, answer: str, words: str = "") -> Reading:
    """The answer of the other side to a reading as it is now, read again."""
    reading.refresh_from_db()
    answer_readings(actor, agreement.pk, [Seen.of(reading)], answer=answer, words=words, at=NOW)
    reading.refresh_from_db()
    return reading


def reading(member: Membership) -> Made:
    agreement, indicator = measured(member)
    return Made(NOW, lambda: read(member, agreement, indicator))


def disputed(member: Membership) -> Made:
    agreement, indicator = measured(member)
    given = read(member, agreement, indicator)
    answered(making.partner_seat(), agreement, given, "disputed", "Trois personnes comptées deux fois")
    return Made(NOW, lambda: read(member, agreement, indicator, 9))


def answer(member: Membership) -> Made:
    agreement, indicator = measured(member, owed_by="partner")
    given = read(making.partner_seat(), agreement, indicator)
    return Made(NOW, lambda: answered(member, agreement, given, "confirmed"))


def ends(member: Membership) -> Made:
    agreement = making.local(member, ends_on=NOW.date() + timedelta(days=90))
    later = NOW.date() + timedelta(days=1000)
    return Made(NOW, lambda: renew_agreement(member, agreement.pk, ends_on=later, **making.lock(agreement)))


def framework_ends(head: NetworkSeat) -> Made:
    agreement = making.framework(head, last=NOW.date() + timedelta(days=90))
    later = NOW.date() + timedelta(days=1000)
    return Made(NOW, lambda: renew_agreement(head, agreement.pk, ends_on=later, **making.lock(agreement)))


def sign(seat: Seat) -> Made:
    member = MembershipFactory(manager=True)
    making.framework(making.head_of(member))
    agreement = making.proposed(member, making.draft(member, framework=Agreement.objects.get()), seat.organisation)
    waiting = list(agreement.parties.get(side="partner").signatories.all())

    def signed() -> None:
        for each in waiting:
            sign_for(seat, agreement.pk, each.pk, on=NOW.date(), **making.lock(agreement))

    return Made(NOW, signed)


def owed(seat: Seat) -> Made:
    agreement, indicator = measured(MembershipFactory(manager=True), owed_by="partner")
    return Made(NOW, lambda: read(seat, agreement, indicator))


def confirm(seat: Seat) -> Made:
    member = MembershipFactory(manager=True)
    agreement, indicator = measured(member)
    given = read(member, agreement, indicator)
    return Made(NOW, lambda: answered(seat, agreement, given, "confirmed"))


CASES = {
    "agreement.sign": sign,
    "agreement.owed": owed,
    "agreement.confirm": confirm,
    "agreement.reading": reading,
    "agreement.disputed": disputed,
    "agreement.answer": answer,
    "agreement.ends": ends,
    "framework.ends": framework_ends,
}
