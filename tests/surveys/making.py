"""Campaigns for tests, asked and answered through the same acts as anybody's."""

from datetime import timedelta
from typing import Any

from dentelle.foundations.invitations.access import SESSION_KEY
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.surveys import actions, inviting, writing
from dentelle.network.surveys.models import Campaign, Invitee, Questionnaire, Response
from dentelle.rules.questionnaires import Ask, Condition, Control, Part
from tests.factories import NOW, MembershipFactory, StructureFactory
from tests.practices.making import head_of

SITE = "https://essai.example/"
YOU = {"structure": "PLIE d’essai", "role": "facilitator", "place": "commune:35238", "has_experience": "yes"}
EXPERIENCE = {
    "subject": ["partnerships"],
    "title": "Un club d’entreprises",
    "what": "Elles se retrouvent chaque trimestre.",
    "outcome": "worked",
    "difficulty": "L’animation tient à une personne.",
    "result": "34 entreprises actives",
    "sheet": "yes",
    "contact": "Jeanne Essai",
}


def campaign(member: Membership, code: str = "tour", *, seat: NetworkSeat | None = None, **changed: Any) -> Campaign:
    """An open campaign of the member's network."""
    seat = seat or head_of(member)
    at = changed.pop("at", NOW)
    asked = actions.take_shipped(seat, code, at=at)
    known = {"title": asked.title, "anonymous": False, "year": None, "closes_on": (at + timedelta(days=30)).date()}
    made = actions.create_campaign(seat, questionnaire=asked.pk, **{**known, **changed}, at=at)
    return actions.open_campaign(seat, made.pk, at=at)


def draft(seat: NetworkSeat) -> Questionnaire:
    """A questionnaire being written: one part, three questions, a control."""
    made = writing.begin(seat, "Les clubs d’entreprises", origin=None, at=NOW)
    part = writing.write_part(seat, made.pk, Part("", "Vous"), at=NOW)
    club = Ask("", "Avez-vous un club ?", "yes_no", required=True)
    code = writing.write_ask(seat, made.pk, part, club, new=True, at=NOW)
    count = Ask("combien", "Combien d’entreprises ?", "whole", only_if=Condition(code, ("yes",)))
    writing.write_ask(seat, made.pk, part, count, new=True, at=NOW)
    writing.write_ask(seat, made.pk, part, Ask("actives", "Dont actives", "whole"), new=True, at=NOW)
    writing.write_control(seat, made.pk, Control("part", "actives", of="combien"), rank=None, at=NOW)
    return made


def asked(member: Membership, code: str = "tour", **changed: Any) -> Invitee:
    """The invitation of the member's structure."""
    seat = head_of(member)
    made = campaign(member, code, seat=seat, **changed)
    inviting.invite_structures(seat, made.pk, at=changed.get("at", NOW))
    return Invitee.objects.select_related("campaign__questionnaire", "structure").get(
        campaign=made, structure=member.structure
    )  # fmt: skip


def linked(member: Membership, email: str = "partenaire@essai.example", **changed: Any) -> Invitee:
    """Somebody outside, to whom a link was sent."""
    seat = head_of(member)
    made = changed.pop("of", None) or campaign(member, seat=seat, **changed)
    done = inviting.invite_addresses(seat, made.pk, email, kind="buyer", region_code="", site=SITE, at=NOW)
    assert done.count == 1, done.refused
    return Invitee.objects.select_related("campaign__questionnaire", "link").get(campaign=made, email=email)


def fill(invitee: Invitee, **changed: Any) -> None:
    """Answer every part of the Tour's survey, one experience told."""
    actions.save_part(invitee, "you", 1, YOU, at=NOW)
    actions.save_part(invitee, "experience", 1, {**EXPERIENCE, **changed}, at=NOW)


def answered(invitee: Invitee, **changed: Any) -> Response:
    fill(invitee, **changed)
    return actions.submit(invitee, "", at=NOW)


def several(facilitator: Membership, count: int, **changed: Any) -> Campaign:
    """One campaign answered by ``count`` structures; the last changes what it says."""
    members = [facilitator] + [
        MembershipFactory(facilitator=True, structure=StructureFactory(network=facilitator.structure.network))
        for _ in range(count - 1)
    ]
    seat = head_of(facilitator)
    made = campaign(facilitator, seat=seat, **changed)
    inviting.invite_structures(seat, made.pk, at=NOW)
    for rank, member in enumerate(members):
        invitee = Invitee.objects.select_related("campaign__questionnaire", "structure").get(
            campaign=made, structure=member.structure
        )
        answered(invitee, outcome="failed" if rank == count - 1 else "worked", people=10)
    return made


def bearer(invitee: Invitee, client: Any) -> Any:
    """The browser of whom a link was sent to, who opened it."""
    MagicLink.objects.filter(pk=invitee.link_id).update(used_at=NOW)
    session = client.session
    session[SESSION_KEY] = invitee.link_id
    session.save()
    return client
