"""Situations of governance, each a few lines to set up."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.governance.actions import axes, concerns, offices, sessions
from dentelle.network.governance.actions.axes import Draft
from dentelle.network.governance.actions.concerns import Words
from dentelle.network.governance.actions.offices import Place
from dentelle.network.governance.models import Axis, Body, Concern, Mandate, Office, OfficeRole, Session, Theme
from tests.factories import NOW, MembershipFactory, NetworkSeatFactory

STARTED = date(2026, 5, 1)


def head_of(member: Membership) -> NetworkSeat:
    """The head of the network of a member, made when there is none."""
    found = NetworkSeat.objects.filter(network=member.structure.network).first()
    return found or NetworkSeatFactory(network=member.structure.network)


def mandate(seat: NetworkSeat, name: str = "Mandat 2026-2032") -> Mandate:
    running = Mandate.objects.filter(network=seat.network, ends_on=None).first()
    return running or offices.open_mandate(seat, name=name, starts_on=STARTED, at=NOW)


def official(structure=None, **kwargs) -> Membership:
    place = {"structure": structure} if structure else {}
    return MembershipFactory(elected_official=True, **place, **kwargs)


def concern(member: Membership, text: str = "Les bus s’arrêtent à 18 h.", *, at: datetime = NOW, **words) -> Concern:
    mandate(head_of(member))
    return concerns.write_concern(member, Words(text=text, places=["commune:79049"], **words), at=at)


def theme(seat: NetworkSeat, name: str = "Aller travailler sans voiture") -> Theme:
    mandate(seat)
    return concerns.open_theme(seat, name=name, summary="", at=NOW)


def gathered(seat: NetworkSeat, *written: Concern, name: str = "Aller travailler sans voiture") -> Theme:
    made = theme(seat, name)
    concerns.gather(seat, [each.pk for each in written], made.pk, at=NOW)
    return made


def axis(seat: NetworkSeat, *themes: Theme, name: str = "Mobilité", on: date | None = None) -> Axis:
    mandate(seat)
    draft = Draft(name, "Que chacun puisse aller travailler.", themes, proposed_on=on)
    return axes.propose_axis(seat, draft, at=NOW)


def body(
    seat: NetworkSeat, kind: str = "board", name: str = "Conseil d’administration", axis: Axis | None = None
) -> Body:
    return offices.open_body(seat, kind=kind, name=name, purpose="", axis=axis, at=NOW)


def validated(seat: NetworkSeat, made: Axis, board: Body | None = None, *, on: date | None = None) -> Axis:
    return axes.decide(
        seat,
        made.pk,
        validated=True,
        body=board or body(seat),
        decided_on=on or today(),
        decision="Adopté",
        session=None,
        at=NOW,
    )


def office(
    seat: NetworkSeat, of: Body | None = None, name: str = "Ana Ruiz", role: str = OfficeRole.MEMBER, **kw
) -> Office:
    mandate(seat)
    return offices.open_office(seat, Place(name, role, of, kw.pop("structure", None), **kw), starts_on=STARTED, at=NOW)


def session(seat: NetworkSeat, of: Body, *, at: datetime = NOW, ago: int = 1) -> Session:
    mandate(seat)
    return sessions.plan_session(seat, of, starts_at=at - timedelta(days=ago), place="Salle du conseil", at=at)


def today() -> date:
    return timezone.localdate(NOW)
