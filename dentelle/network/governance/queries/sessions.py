"""One session: agenda, attendance, decisions, documents, and the one that follows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import Case, When

from dentelle.foundations.documents.models import FileState
from dentelle.foundations.organisations.models import Structure
from dentelle.network.governance import access
from dentelle.network.governance.access import Viewer
from dentelle.network.governance.actions.sessions import COUNTED, TO_DISCUSS, axes_to_decide, seated_at
from dentelle.network.governance.models import (
    AgendaItem,
    Attendance,
    Attendee,
    AxisVersion,
    BodyKind,
    Concern,
    ConcernState,
    Decision,
    Erratum,
    Office,
    Presence,
    Session,
    SessionDocument,
    Theme,
)
from dentelle.network.governance.people import one_each, roles_of
from dentelle.network.governance.queries.bodies import structures_of
from dentelle.network.governance.queries.concerns import ConcernRow, rows


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A point, with the concerns it starts from that the person may read."""

    item: AgendaItem
    concerns: tuple[ConcernRow, ...]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision, with the concerns it answers that the person may read."""

    decision: Decision
    concerns: tuple[ConcernRow, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who sits in the body, once whatever their functions there, and whether they came."""

    office: Office
    roles: str
    presence: str
    label: str


@dataclass(frozen=True, slots=True)
class MemberSeat:
    """A member structure at a general assembly, whether it came, and by whom."""

    structure: Structure
    presence: str
    label: str
    by: str

    @property
    def said(self) -> str:
        """Its presence and by whom, which are noted together."""
        return f"{self.presence}|{self.by}"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A file of the session; one in quarantine is told, not handed over."""

    document: SessionDocument
    readable: bool


@dataclass(frozen=True, slots=True)
class SessionSheet:
    """One session as it is read; ``to_discuss`` and ``to_decide``: concerns and axes its agenda may take, for the head of the network.

    ``decided``: the axes whose decision says it was taken there.
    """

    session: Session
    items: tuple[ItemRow, ...]
    decisions: tuple[DecisionRow, ...]
    seats: tuple[Seat, ...]
    members: tuple[MemberSeat, ...]
    guests: tuple[Attendee, ...]
    documents: tuple[DocumentRow, ...]
    following: Session | None
    has_come: bool
    to_discuss: tuple[ConcernRow, ...]
    to_decide: tuple[AxisVersion, ...]
    decided: tuple[AxisVersion, ...]
    corrections: tuple[Erratum, ...]

    @property
    def present(self) -> int:
        return sum(seat.presence in COUNTED for seat in self.seats)

    @property
    def unnoted(self) -> tuple[Seat, ...]:
        """Who sits there that nobody noted."""
        return tuple(seat for seat in self.seats if not seat.presence)

    @property
    def nobody_noted(self) -> bool:
        """Whether its hour is past and nobody who sits there was noted."""
        return self.has_come and bool(self.seats) and len(self.unnoted) == len(self.seats)

    @property
    def members_unnoted(self) -> bool:
        """Whether the minutes of a general assembly are settled without a member noted."""
        assembly = self.session.body.kind == BodyKind.GENERAL_ASSEMBLY
        return assembly and self.session.held_at is not None and not self.members

    @property
    def seats_opened(self) -> str:
        """Who is noted how, one a line, hidden in the form that notes it: tells what a person changes from what others did."""
        return "\n".join(f"{seat.office.pk}={seat.presence}" for seat in self.seats)

    @property
    def members_opened(self) -> str:
        """The same of member structures, with who came for each."""
        return "\n".join(f"{member.structure.pk}={member.said}" for member in self.members)

    @property
    def digest(self) -> str:
        """What settling would freeze, in one short text: another once anything of it changed."""
        frozen = [
            self.session.starts_at.isoformat(),
            self.session.place,
            [
                (row.item.pk, row.item.title, row.item.notes, row.item.version_id, [each.pk for each in row.concerns])
                for row in self.items
            ],
            [(row.decision.pk, row.decision.text, [each.pk for each in row.concerns]) for row in self.decisions],
            [(seat.office.pk, seat.presence) for seat in self.seats],
            [(member.structure.pk, member.presence, member.by) for member in self.members],
            [(guest.full_name, guest.function) for guest in self.guests],
            [row.document.pk for row in self.documents],
        ]
        return sha256(repr(frozen).encode()).hexdigest()[:24]

    @property
    def members_present(self) -> int:
        return sum(member.presence in COUNTED for member in self.members)

    @property
    def discussed(self) -> tuple[ConcernRow, ...]:
        """Every concern of the agenda, once."""
        found = {row.pk: row for item in self.items for row in item.concerns}
        return tuple(found.values())


def session_sheet(viewer: Viewer, pk: int, *, at: datetime) -> SessionSheet:
    """Return one session, or 404; ``has_come`` once its hour is past."""
    session = access.one(access.sessions_visible_to(viewer).select_related("body__axis", "mandate"), pk)
    items = list(session.items.select_related("version"))
    decisions = list(session.decisions.all())
    by_item = _concerns(viewer, "items", items)
    by_decision = _concerns(viewer, "decisions", decisions)
    noted = {each.office_id: each for each in session.attendance.select_related("office__structure")}
    seated = {office.pk: office for office in seated_at(session)} | {
        each.office_id: each.office for each in noted.values()
    }
    attendees = list(session.attendees.select_related("structure"))
    later = session.body.sessions.filter(starts_at__gt=session.starts_at, cancelled_at=None)
    following = later.order_by("starts_at", "pk").first()
    opened = session.held_at is None and session.cancelled_at is None
    if session.cancelled_at is not None:  # nobody is said to have come, but those already noted
        seated = {each.office_id: each.office for each in noted.values()}
    return SessionSheet(
        session,
        tuple(ItemRow(item, by_item.get(item.pk, ())) for item in items),
        tuple(DecisionRow(decision, by_decision.get(decision.pk, ())) for decision in decisions),
        _seats(seated.values(), noted),
        _members(viewer, session, attendees),
        tuple(each for each in attendees if each.structure_id is None),
        tuple(
            DocumentRow(each, each.file.state == FileState.AVAILABLE)
            for each in session.documents.select_related("file")
        ),
        following,
        session.starts_at <= at,
        _to_discuss(viewer, session) if access.may_run(viewer) and opened else (),
        tuple(axes_to_decide(session)) if access.may_run(viewer) and opened else (),
        tuple(AxisVersion.objects.filter(session=session).select_related("axis").order_by("axis__rank", "number")),
        tuple(session.corrections.select_related("by")),
    )


def _seats(seated: Iterable[Office], noted: Mapping[int, Attendance]) -> tuple[Seat, ...]:
    """Return who sits, one line a person: of presences noted under several functions, the fullest."""
    found = []
    for held in one_each(sorted(seated, key=lambda office: office.full_name)):
        presences = [noted[office.pk].presence for office in held if office.pk in noted]
        presence = min(presences, key=Presence.values.index, default="")
        roles = roles_of(held) if len(held) > 1 else ""
        found.append(Seat(held[0], roles, presence, Presence(presence).label if presence else ""))
    return tuple(found)


def _members(viewer: Viewer, session: Session, attendees: Sequence[Attendee]) -> tuple[MemberSeat, ...]:
    """Return the members of a general assembly, those noted alone once its minutes are settled; none for another body."""
    noted = {each.structure.pk: each for each in attendees if each.structure is not None}
    if session.body.kind != BodyKind.GENERAL_ASSEMBLY:
        return ()
    opened = session.held_at is None and session.cancelled_at is None
    known = {each.pk: each for each in structures_of(viewer)} if opened else {}
    known |= {each.structure.pk: each.structure for each in attendees if each.structure is not None}
    return tuple(
        MemberSeat(structure, noted[pk].presence, noted[pk].get_presence_display(), noted[pk].full_name)
        if pk in noted
        else MemberSeat(structure, "", "", "")
        for pk, structure in sorted(known.items(), key=lambda pair: pair[1].name)
    )


def _concerns(
    viewer: Viewer, relation: str, owners: Sequence[AgendaItem] | Sequence[Decision]
) -> dict[int, tuple[ConcernRow, ...]]:
    """Return the concerns of items or decisions, each read once."""
    if not owners:
        return {}
    through = (AgendaItem.concerns if relation == "items" else Decision.concerns).through
    column = "agendaitem" if relation == "items" else "decision"
    pairs = list(
        through._default_manager.filter(**{f"{column}__in": owners})
        .order_by("pk")
        .values_list(f"{column}_id", "concern_id")
    )
    found = access.concerns_visible_to(viewer).filter(pk__in={concern for _, concern in pairs})
    readable = {
        row.pk: row
        for row in rows(viewer, list(found.select_related("structure", "theme", "axis", "wished_theme", "mandate")))
    }
    kept: dict[int, list[ConcernRow]] = {}
    for owner, concern in pairs:
        if concern in readable:
            kept.setdefault(owner, []).append(readable[concern])
    return {owner: tuple(found) for owner, found in kept.items()}


def _to_discuss(viewer: Viewer, session: Session, size: int = 60) -> tuple[ConcernRow, ...]:
    """Return concerns an agenda may take up, of former mandates too: those behind the axis of a group first, those already decided last."""
    axis = session.body.axis
    themes = Theme.objects.filter(versions__axis=axis) if axis else Theme.objects.none()
    behind = {*themes.values_list("pk", flat=True), *themes.renewed()}
    found = Concern.objects.filter(network=session.network_id, state__in=TO_DISCUSS).annotate(
        elsewhere=Case(When(theme__in=behind or {0}, then=0), default=1),
        decided=Case(When(state=ConcernState.ANSWERED, then=1), default=0),
    )
    joined = found.select_related("structure", "theme", "axis", "wished_theme", "mandate")
    return rows(
        viewer, list(joined.order_by("elsewhere", "decided", "-mandate__starts_on", "theme__name", "pk")[:size])
    )
