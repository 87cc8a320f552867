"""What became of a contribution: written where its author reads it, and sent to their address when it matters."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse

from dentelle.foundations.messages.actions import send
from dentelle.foundations.messages.models import MessageKind
from dentelle.network.advocacy.models import (
    Consent,
    Contribution,
    ContributionNews,
    ContributionState,
    Idea,
    OutcomeKind,
    PaperState,
    WhitePaper,
)
from dentelle.network.governance.models import Session
from dentelle.rules.wording import sentence

# what is worth an e-mail, and a line of the day
WORTH_A_MESSAGE = (
    OutcomeKind.RETURNED.value,
    OutcomeKind.RETAINED.value,
    OutcomeKind.MERGED.value,
    OutcomeKind.SET_ASIDE.value,
    OutcomeKind.REOPENED.value,
    OutcomeKind.CITED.value,
    OutcomeKind.NOT_CITED.value,
    OutcomeKind.FOLLOWED.value,
)


def tell(
    contribution: Contribution,
    kind: OutcomeKind,
    *,
    at: datetime,
    words: str = "",
    idea: Idea | None = None,
    session: Session | None = None,
    proposals: Sequence[int] = (),
) -> ContributionNews:
    """Write what became of a contribution. In the caller's act."""
    worth = kind in WORTH_A_MESSAGE
    news = ContributionNews.objects.create(
        structure_id=contribution.structure_id,
        contribution=contribution,
        kind=kind,
        at=at,
        words=words,
        idea=idea,
        session=session,
        proposals=list(proposals),
        read_at=None if worth else at,
    )
    if worth and contribution.author.is_active:
        address = settings.DENTELLE_SITE + reverse("advocacy:contribution", args=[contribution.pk])
        send(
            MessageKind.IMMEDIATE,
            contribution.author,
            "Ce qu’est devenu ce que vous avez dit",
            "advocacy/mail/news.txt",
            {"contribution": contribution, "news": news, "outcome": outcome(news), "address": address},
            at=at,
            structure=contribution.structure,
        )
    return news


def tell_drafters(paper: WhitePaper, *, at: datetime) -> int:
    """Write to those who kept a draft that its call is closed, once each for all their drafts of a structure; return how many.

    Their words stay out of the e-mail: a draft is its author's alone. In the caller's act.
    """
    drafts = Contribution.objects.filter(paper=paper, state=ContributionState.DRAFT, author__is_active=True)
    by_author: dict[tuple[int, int], list[Contribution]] = {}
    for draft in drafts.select_related("author", "structure").order_by("pk"):
        by_author.setdefault((draft.author_id, draft.structure_id), []).append(draft)
    for found in by_author.values():
        pages = [settings.DENTELLE_SITE + reverse("advocacy:contribution", args=[each.pk]) for each in found]
        send(
            MessageKind.IMMEDIATE,
            found[0].author,
            "L’appel à contributions est clos, votre brouillon n’est pas envoyé",
            "advocacy/mail/closed.txt",
            {"author": found[0].author, "paper": paper, "addresses": pages},
            at=at,
            structure=found[0].structure,
        )
    return len(by_author)


def resumed_by(paper: WhitePaper, today: date) -> date | None:
    """Return the last day to take up again what the moderation sent back, while the call is open; None once it is closed."""
    return paper.call.closes_on if paper.state == PaperState.OPEN and today <= paper.call.closes_on else None


def to_resume(paper: WhitePaper, limit: date | None) -> str:
    """Return one French sentence to the author of what was sent back: until when, or that the call closed without it."""
    if limit:
        return f"À reprendre, avant le {limit:%d/%m/%Y}\u00a0: la modération vous la renvoie, vous seul pouvez changer vos mots."
    return (
        f"À reprendre\u00a0: l’appel est clos depuis le {paper.call.closes_on:%d/%m/%Y}, la modération la lira encore "
        "tant qu’aucune édition n’est publiée."
    )


def outcome(news: ContributionNews, *, to_author: bool = True) -> str:
    """Return one French sentence: what became of it, said to its author, or to somebody else who reads it."""
    return sentence(_outcome(news, to_author))


def _outcome(news: ContributionNews, to_author: bool) -> str:
    kind, idea = OutcomeKind(news.kind), news.idea
    if kind is OutcomeKind.SENT:
        sent = "Vous l'avez envoyée" if to_author else "Son auteur l'a envoyée"
        return f"{sent} ; la modération la lit avant tout le monde."
    if kind is OutcomeKind.RETURNED:
        if to_author:
            return "La modération vous la renvoie : vous seul pouvez changer vos mots."
        return "La modération la renvoie à son auteur, qui seul peut changer ses mots."
    if kind is OutcomeKind.MODERATED:
        return f"Elle est reçue, telle que {'vous l’avez écrite' if to_author else 'son auteur l’a écrite'}."
    if kind is OutcomeKind.GROUPED:
        return f"Elle est rangée dans l'idée « {idea} » ; elle garde ses mots."
    if kind is OutcomeKind.DISCUSSED:
        return f"L'idée « {idea} » a été discutée : {news.session}."
    if kind is OutcomeKind.TAKEN_BACK:
        return f"La discussion de l'idée « {idea} » était notée par erreur : {news.session}."
    if kind is OutcomeKind.RETAINED:
        return f"L'idée « {idea} » est retenue pour le livre blanc."
    if kind is OutcomeKind.MERGED:
        return f"Son idée est réunie à « {idea} »."
    if kind is OutcomeKind.SET_ASIDE:
        return f"Elle est écartée, avec l'idée « {idea} »." if idea else "Elle est écartée."
    if kind is OutcomeKind.REOPENED:
        return f"La décision sur l'idée « {idea} » est reprise : elle sera décidée de nouveau."
    if kind is OutcomeKind.NOT_CITED:
        return "L'édition publiée ne la cite pas ; elle reste comptée parmi les contributions reçues."
    numbers = _numbered(news.proposals)
    if kind is OutcomeKind.CITED:
        unnamed = news.contribution.consent == Consent.UNQUOTED
        return f"{numbers} s'appuie{'nt' if len(news.proposals) > 1 else ''} sur elle" + (
            "." if not unnamed else ", sans vos mots ni votre nom." if to_author else ", sans ses mots ni son nom."
        )
    return f"Une suite est notée pour {numbers[:1].lower()}{numbers[1:]}, qui s'appuie sur elle."


def _numbered(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"La proposition {numbers[0]}"
    listed = ", ".join(str(number) for number in numbers[:-1])
    return f"Les propositions {listed} et {numbers[-1]}"
