"""Situations of a white paper, each a few lines to set up, through the acts people use."""

from datetime import datetime, timedelta

from django.utils import timezone

from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.advocacy.actions import contributions, editions, ideas, papers, proposals
from dentelle.network.advocacy.actions.contributions import Words
from dentelle.network.advocacy.actions.papers import Asked
from dentelle.network.advocacy.actions.proposals import Draft, Typed
from dentelle.network.advocacy.models import (
    Chapter,
    Consent,
    Contribution,
    Edition,
    Figure,
    Idea,
    PaperState,
    Proposal,
    WhitePaper,
)
from dentelle.network.advocacy.readiness import bare
from dentelle.network.governance.models import Body, Session
from tests.factories import NOW
from tests.network.governance import making as governance

FINDING, PROPOSAL = "Le dernier bus part à 18 h.", "Ouvrir une ligne de nuit payée à plusieurs."


def paper(seat: NetworkSeat, title: str = "Livre blanc 2027", *, at: datetime = NOW) -> WhitePaper:
    governance.mandate(seat)
    return papers.open_paper(seat, title=title, aim="Que chacun puisse aller travailler.", at=at)


def opened(seat: NetworkSeat, title: str = "Livre blanc 2027", *, days: int = 30, at: datetime = NOW) -> WhitePaper:
    made = paper(seat, title, at=at)
    day = timezone.localdate(at)
    papers.open_call(seat, made.pk, Asked("Dites ce que vous voyez.", day, day + timedelta(days=days)), at=at)
    made.refresh_from_db()
    return made


def words(**changed) -> Words:
    return Words(**({"finding": FINDING, "proposal": PROPOSAL, "consent": Consent.STRUCTURE} | changed))


def sent(member: Membership, to: WhitePaper, *, at: datetime = NOW, **changed) -> Contribution:
    return contributions.write(member, to.pk, words(**changed), at=at, send=True)


def received(seat: NetworkSeat, member: Membership, to: WhitePaper, *, at: datetime = NOW, **changed) -> Contribution:
    return contributions.accept(seat, sent(member, to, at=at, **changed).pk, at=at)


def idea(seat: NetworkSeat, of: WhitePaper, *gathered: Contribution, title: str = "Aller travailler la nuit") -> Idea:
    made = ideas.name_idea(seat, of.pk, title=title, summary="", at=NOW)
    if gathered:
        ideas.gather(seat, [each.pk for each in gathered], made.pk, at=NOW)
    return made


def session(seat: NetworkSeat, *, at: datetime = NOW) -> Session:
    body = Body.objects.filter(network=seat.network, kind="working_group").first()
    return governance.session(seat, body or governance.body(seat, "working_group", "Groupe mobilité"), at=at, ago=0)


def discussed(seat: NetworkSeat, of: WhitePaper, *gathered: Contribution, title: str = "Une idée discutée") -> Idea:
    made = idea(seat, of, *gathered, title=title)
    ideas.discuss(seat, made.pk, session_pk=session(seat).pk, words="Tous d’accord.", at=NOW)
    made.refresh_from_db()
    return made


def retained(seat: NetworkSeat, of: WhitePaper, *gathered: Contribution, title: str = "Une idée retenue") -> Idea:
    made = discussed(seat, of, *gathered, title=title)
    return ideas.decide(seat, made.pk, decision="retained", reason="", into=None, at=NOW)


def chapter(seat: NetworkSeat, of: WhitePaper, title: str = "Aller travailler") -> Chapter:
    return papers.write_chapter(seat, of.pk, title=title, introduction="", axis=None, at=NOW)


def proposal(seat: NetworkSeat, of: WhitePaper, idea: Idea | None = None, title: str = "Une ligne de nuit") -> Proposal:
    first = Chapter.objects.filter(paper=of).first() or chapter(seat, of)
    return proposals.open_proposal(seat, of.pk, title=title, chapter=first, idea=idea, at=NOW)


def written(seat: NetworkSeat, made: Proposal, *, finding: str = "", measure: str = "Ouvrir la ligne [1].") -> Proposal:
    draft = Draft(made.title, made.chapter, finding=finding, measure=measure)
    revision = Proposal.objects.get(pk=made.pk).revision
    return proposals.write_proposal(seat, made.pk, draft, expected_revision=revision, at=NOW)


def unsourced(seat: NetworkSeat, made: Proposal, because: str = "Une demande de l’assemblée.") -> Proposal:
    return proposals.say_unsourced(
        seat, made.pk, sentences=bare(Proposal.objects.get(pk=made.pk)), because=because, at=NOW
    )


def figure(seat: NetworkSeat, of: WhitePaper, value: str = "12") -> Figure:
    typed = Typed("Emplois de nuit", value, "%", "Part des emplois.", "Observatoire", timezone.localdate(NOW))
    return proposals.take_figure(seat, of.pk, typed, at=NOW)


def edition(seat: NetworkSeat, of: WhitePaper, *, published: bool = True, at: datetime = NOW) -> Edition:
    if WhitePaper.objects.get(pk=of.pk).state == PaperState.OPEN:
        papers.close_call(seat, of.pk, at=at)
    made = editions.make_edition(seat, of.pk, at=at)
    return editions.publish(seat, made.pk, at=at) if published else made


def whole(seat: NetworkSeat, member: Membership, *, consent: str = Consent.NAMED, title: str = "Livre blanc 2027"):
    """A white paper from a contribution to a proposal that leans on it: (paper, contribution, proposal)."""
    made = opened(seat, title)
    contribution = received(seat, member, made, consent=consent)
    ask = proposal(seat, made, retained(seat, made, contribution))
    written(seat, ask)
    contribution.refresh_from_db()
    return made, contribution, ask
