from datetime import timedelta

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.practices import actions, agreeing
from tests.awaiting.cases import Made
from tests.factories import NOW, MembershipFactory, StructureFactory
from tests.practices import making


def member_of(seat: NetworkSeat) -> Membership:
    return MembershipFactory(facilitator=True, structure=StructureFactory(network=seat.network))


def to_review(seat: NetworkSeat) -> Made:
    practice = making.submitted(member_of(seat))
    return Made(NOW, lambda: actions.review(seat, practice.pk, making.PROFILE, "", at=NOW))


def to_publish(seat: NetworkSeat) -> Made:
    practice = making.reviewed(member_of(seat))
    return Made(NOW, lambda: actions.publish(seat, practice.pk, at=NOW))


def returned(member: Membership) -> Made:
    practice = making.submitted(member)
    actions.send_back(making.head_of(member), practice.pk, "Dites la période.", at=NOW)

    def settle() -> None:
        actions.submit(member, practice.pk, at=NOW)

    return Made(NOW, settle)


def to_refresh(member: Membership) -> Made:
    practice = making.published(member)
    later = NOW + timedelta(days=740)
    return Made(later, lambda: actions.check(member, practice.pk, at=later))


def to_agree(member: Membership) -> Made:
    practice = actions.begin(making.head_of(member), making.CONTENT, at=NOW, structure=member.structure)
    actions.submit(making.head_of(member), practice.pk, at=NOW)
    return Made(NOW, lambda: agreeing.agree(member, practice.pk, at=NOW))


def to_mend(seat: NetworkSeat) -> Made:
    member = member_of(seat)
    practice = actions.begin(seat, making.CONTENT, at=NOW, structure=member.structure)
    actions.submit(seat, practice.pk, at=NOW)
    agreeing.ask_for_correction(member, practice.pk, "Huit contrats.", at=NOW)
    return Made(NOW, lambda: actions.submit(seat, practice.pk, at=NOW))


CASES = {
    "practice.agree": to_agree,
    "practice.mend": to_mend,
    "practice.review": to_review,
    "practice.publish": to_publish,
    "practice.returned": returned,
    "practice.refresh": to_refresh,
}
