from datetime import timedelta

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.governance.actions import concerns, sessions
from tests.awaiting.cases import Made
from tests.factories import NOW, StructureFactory
from tests.network.governance import making


def to_gather(seat: NetworkSeat) -> Made:
    written = making.concern(making.official(StructureFactory(network=seat.network)))
    return Made(NOW, lambda: concerns.gather(seat, [written.pk], making.theme(seat).pk, at=NOW))


def to_decide(seat: NetworkSeat) -> Made:
    axis = making.axis(seat)
    return Made(NOW, lambda: making.validated(seat, axis))


def to_hold(seat: NetworkSeat) -> Made:
    meeting = making.session(seat, making.body(seat))
    sessions.add_item(seat, meeting.pk, title="Accueil", concerns=[], at=NOW)
    return Made(NOW + timedelta(hours=1), lambda: sessions.hold(seat, meeting.pk, at=NOW))


def coming(official: Membership) -> Made:
    seat = making.head_of(official)
    board = making.body(seat)
    making.office(seat, board, official.user.full_name, user=official.user)
    meeting = making.session(seat, board, ago=-10)
    return Made(NOW, lambda: sessions.cancel_session(seat, meeting.pk, reason="Grève", at=NOW))


def told(official: Membership) -> Made:
    seat = making.head_of(official)
    written = making.concern(official)
    making.gathered(seat, written)
    return Made(NOW, lambda: concerns.mark_read(official, written.pk, at=NOW))


CASES = {
    "concern.told": told,
    "concern.to_gather": to_gather,
    "axis.to_decide": to_decide,
    "session.to_hold": to_hold,
    "session.coming": coming,
}
