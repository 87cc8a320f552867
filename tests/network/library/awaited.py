from datetime import date, timedelta

from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.library import actions
from tests.awaiting.cases import Made
from tests.factories import NOW, MembershipFactory, StructureFactory
from tests.network.governance.making import head_of
from tests.network.library import making

LONG_AGO = date(2025, 1, 1)


def stale(member: Membership) -> Made:
    old = making.item(head_of(member), member.user, up_to_date_on=LONG_AGO)
    return Made(NOW, lambda: actions.confirm(member, old.pk, at=NOW))


def own_stale(seat: NetworkSeat) -> Made:
    old = making.item(seat, up_to_date_on=LONG_AGO)
    return Made(NOW + timedelta(minutes=1), lambda: actions.confirm(seat, old.pk, at=NOW))


def orphan(seat: NetworkSeat) -> Made:
    owner = MembershipFactory(structure=StructureFactory(network=seat.network), role=Role.FACILITATOR)
    left = making.item(seat, owner.user)
    owner.delete()
    return Made(NOW, lambda: actions.change_item(seat, left.pk, making.content(seat.user), at=NOW))


CASES = {"library.stale": stale, "library.own_stale": own_stale, "library.orphan": orphan}
