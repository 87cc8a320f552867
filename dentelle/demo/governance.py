"""The governance of the fictional network: its mandates, what its officials wrote, the four axes and what became of each voice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from dentelle.foundations.accounts.demo import DEMO_PASSWORD
from dentelle.foundations.accounts.models import User
from dentelle.foundations.organisations.models import Coverage, Membership, NetworkSeat, Role, Structure
from dentelle.foundations.structures.actions import open_account
from dentelle.network.governance.actions import axes, concerns, offices, sessions
from dentelle.network.governance.actions.axes import Draft
from dentelle.network.governance.actions.concerns import Words
from dentelle.network.governance.actions.offices import Handover, Place
from dentelle.network.governance.models import Body, Concern, Mandate, Theme
from dentelle.network.members.actions import open_to_anyone

STORY = Path(__file__).with_name("governance.yaml")
SINCE = timedelta(days=210)  # how long the mandate has run
MORNING, AFTERNOON = 10, 14  # when bodies meet, whatever the hour the demonstration is loaded
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Made:
    """What the story has made so far, under the keys its file gives."""

    seat: NetworkSeat
    bodies: dict[str, Body]
    themes: dict[str, Theme]
    written: dict[str, list[Concern]]


def load_governance(seat: NetworkSeat, *, at: datetime) -> bool:
    """Tell the story of a mandate through the acts people use; nothing when the network already has a mandate."""
    if Mandate.objects.filter(network=seat.network).exists():
        return False
    story: Mapping[str, Any] = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    _open_accounts(seat, story["officials"], at=at)
    made = Made(seat, {}, {}, {})
    began = at - SINCE
    _mandates(made, story, at=began)
    for theme in story["themes"]:
        made.themes[theme["key"]] = concerns.open_theme(
            seat, name=theme["name"], summary=theme["summary"], at=at - timedelta(days=144)
        )
    for said in story["concerns"]:
        _write(made, said, at=at - timedelta(days=said["days"], hours=3))
    for key, written in made.written.items():
        concerns.gather(seat, [one.pk for one in written], made.themes[key].pk, at=at - timedelta(days=120))
    groups = _axes(made, story, at=at)
    _sessions(made, groups[0], story["session"], at=at)
    _read(made, at=at - timedelta(days=15))
    open_to_anyone(seat, words=story["public"], at=at)
    return True


def meeting_time(moment: datetime, hour: int, *, later: bool = False) -> datetime:
    """Return that hour of the day of a moment, or of the working day before it, after it when ``later``."""
    day = timezone.localtime(moment)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1 if later else -1)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def _open_accounts(seat: NetworkSeat, officials: list[dict[str, str]], *, at: datetime) -> None:
    for official in officials:
        open_account(
            email=official["email"],
            full_name=official["full_name"],
            password=DEMO_PASSWORD,
            structure_name=official["structure"],
            network_name=seat.network.name,
            role=Role.ELECTED_OFFICIAL,
            at=at,
        )


def _mandates(made: Made, story: Mapping[str, Any], *, at: datetime) -> None:
    """The former mandate with its officials, then the handover to those who came in."""
    day = timezone.localdate(at)
    former = day.replace(year=day.year - 6, day=1)
    offices.open_mandate(made.seat, name=f"Mandat {former.year}-{day.year}", starts_on=former, at=at)
    for body in story["bodies"]:
        made.bodies[body["key"]] = offices.open_body(
            made.seat,
            kind=body["kind"],
            name=body["name"],
            purpose=body["purpose"],
            axis=None,
            at=at,
            places=body.get("places", ()),
        )
    for office in story["former_offices"]:
        offices.open_office(made.seat, _place(made, office), starts_on=former, at=at)
    arrivals = [_place(made, office) for office in story["offices"]]
    name = f"Mandat {day.year}-{day.year + 6}"
    offices.hand_over(made.seat, Handover(name, day, day - timedelta(days=1), [], arrivals), at=at)


def _place(made: Made, office: Mapping[str, str]) -> Place:
    structure = Structure.objects.get(network=made.seat.network, name=office["structure"])
    user = User.objects.filter(email=office.get("email", "")).first()
    body = made.bodies[office["body"]]
    return Place(office["name"], office["role"], body, structure, user, office["as"], office["gender"])


def _write(made: Made, said: Mapping[str, Any], *, at: datetime) -> None:
    author = Membership.objects.select_related("user", "structure").get(user__email=said["by"])
    covers = Coverage.objects.in_force(at.date()).filter(structure=author.structure).first()
    written = concerns.write_concern(
        author,
        Words(
            said["text"],
            list(covers.places) if covers else [],
            evidence=said.get("evidence", ""),
            theme=made.themes.get(said.get("wish", "")),
            shows_name=said.get("named", False),
        ),
        at=at,
    )
    if "theme" in said:
        made.written.setdefault(said["theme"], []).append(written)
    if "aside" in said:
        concerns.set_aside(made.seat, written.pk, reason=said["aside"], at=at + timedelta(days=12))


def _read(made: Made, *, at: datetime) -> None:
    """Authors read what became of their concerns until then; the rest awaits them."""
    for concern in Concern.objects.filter(network=made.seat.network):
        author = Membership.objects.select_related("user", "structure").get(
            user=concern.author_id, structure=concern.structure_id
        )
        concerns.mark_read(author, concern.pk, at=at)


def _axes(made: Made, story: Mapping[str, Any], *, at: datetime) -> list[Body]:
    """The axes, decided by the board but for the last, and a working group on each decided one, with who leads it."""
    decided = meeting_time(at - timedelta(days=55), AFTERNOON)
    board = made.bodies["board"]
    meeting = sessions.plan_session(made.seat, board, starts_at=decided, place="Salle du conseil", at=decided)
    sessions.add_item(made.seat, meeting.pk, title="Axes de travail du mandat", concerns=[], at=decided)
    groups = []
    for axis in story["axes"]:
        themes = [made.themes[key] for key in axis["themes"]]
        draft = Draft(axis["name"], axis["statement"], themes, source=story["source"])
        awaiting = axis.get("awaiting", False)
        drawn = axes.propose_axis(made.seat, draft, at=at - timedelta(days=12 if awaiting else 70))
        if awaiting:
            continue
        axes.decide(
            made.seat,
            drawn.pk,
            validated=True,
            body=board,
            decided_on=timezone.localdate(decided),
            decision="Adopté à l’unanimité",
            session=meeting,
            at=decided,
        )
        group = offices.open_body(
            made.seat, kind="working_group", name=axis["group"], purpose="", axis=drawn, at=decided
        )
        lead = Membership.objects.select_related("user", "structure").get(user__email=axis["lead"])
        offices.open_office(
            made.seat,
            Place(lead.user.full_name, "lead_official", group, lead.structure, lead.user),
            starts_on=timezone.localdate(decided),
            at=decided,
        )
        groups.append(group)
    sessions.decide_in_session(made.seat, meeting.pk, text="Trois axes sont validés.", concerns=[], at=decided)
    sessions.hold(made.seat, meeting.pk, at=decided)
    return groups


def _sessions(made: Made, group: Body, told: Mapping[str, Any], *, at: datetime) -> None:
    """A session held, with its minutes, and the next one announced."""
    day = meeting_time(at - timedelta(days=20), AFTERNOON)
    meeting = sessions.plan_session(made.seat, group, starts_at=day, place="Parthenay, espace des associations", at=day)
    discussed: list[int] = []
    for item in told["items"]:
        about = [one.pk for one in made.written.get(item.get("theme", ""), ())]
        point = sessions.add_item(made.seat, meeting.pk, title=item["title"], concerns=about, at=day)
        sessions.note_item(made.seat, meeting.pk, point.pk, notes=item["notes"], at=day)
        discussed += about
    sessions.note_attendance(made.seat, meeting.pk, {one.pk: "present" for one in sessions.seated_at(meeting)}, at=day)
    sessions.decide_in_session(made.seat, meeting.pk, text=told["decision"], concerns=discussed[:1], at=day)
    minutes = "\n".join([told["decision"], *(item["notes"] for item in told["items"])])
    paper = SimpleUploadedFile("compte-rendu.txt", minutes.encode())
    sessions.add_document(made.seat, meeting.pk, paper, title="Compte rendu du groupe", at=day)
    sessions.hold(made.seat, meeting.pk, at=day)
    soon = meeting_time(at + timedelta(days=24), MORNING, later=True)
    following = sessions.plan_session(made.seat, group, starts_at=soon, place="Visioconférence", at=day)
    sessions.add_item(made.seat, following.pk, title=told["next"], concerns=[], at=day)
    then = meeting_time(at + timedelta(days=40), AFTERNOON, later=True)
    board = sessions.plan_session(made.seat, made.bodies["board"], starts_at=then, place="Salle du conseil", at=day)
    for version in sessions.axes_to_decide(board):
        sessions.add_item(made.seat, board.pk, title="", concerns=[], version=version.pk, at=day)
