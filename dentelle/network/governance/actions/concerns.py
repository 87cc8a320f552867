"""Concerns: written by officials, gathered under themes by people, and what became of each told to its author."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.journal.actions import record
from dentelle.foundations.mentions import kept_by
from dentelle.foundations.messages.actions import send
from dentelle.foundations.messages.models import MessageKind
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.foundations.typed import NIR_REFUSED, holds_nir
from dentelle.network.governance import access
from dentelle.network.governance.models import (
    Axis,
    AxisVersion,
    BodyKind,
    Concern,
    ConcernNews,
    ConcernState,
    Mandate,
    NewsKind,
    Session,
    Theme,
)
from dentelle.network.governance.refusals import GovernanceRefused
from dentelle.opendata.text import fold
from dentelle.rules.disclosure import masked
from dentelle.rules.wording import day, sentence

SETTLED = (ConcernState.ANSWERED.value, ConcernState.SET_ASIDE.value, ConcernState.WITHDRAWN.value)
# until then the words are only their author's to take back
WITHDRAWABLE = (ConcernState.WRITTEN.value, ConcernState.GATHERED.value)
# what is worth an e-mail; the rest is read on the page of the concern
WORTH_A_MESSAGE = (
    NewsKind.AXIS_VALIDATED.value,
    NewsKind.AXIS_CORRECTED.value,
    NewsKind.DECIDED.value,
    NewsKind.SET_ASIDE.value,
)
SUBJECTS = {
    NewsKind.AXIS_VALIDATED.value: "Votre préoccupation est portée par un axe validé",
    NewsKind.AXIS_CORRECTED.value: "La décision sur un axe qui s’appuie sur votre préoccupation est corrigée",
    NewsKind.DECIDED.value: "Votre préoccupation a été suivie d’une décision",
    NewsKind.SET_ASIDE.value: "Votre préoccupation n’est pas retenue\u00a0: voici pourquoi",
}
VALIDATING_IN_WORDS = {
    BodyKind.BOARD.value: "le conseil d’administration",
    BodyKind.GENERAL_ASSEMBLY.value: "l’assemblée générale",
}
MOST_AT_ONCE = 200
ERASED = "[mots effacés]"


@dataclass(frozen=True, slots=True)
class Words:
    """A concern as typed; ``places`` are texts KIND:CODE within what the structure covers."""

    text: str
    places: Sequence[str]
    evidence: str = ""
    axis: Axis | None = None
    theme: Theme | None = None
    shows_name: bool = False


@transaction.atomic
def write_concern(member: Membership, words: Words, *, at: datetime) -> Concern:
    """Keep what an elected official sees, tied to the mandate of the day. Raises GovernanceRefused without one."""
    if not access.may_write(member):
        raise Http404
    mandate = access.mandates_visible_to(member).on(timezone.localdate(at)).first()
    if mandate is None:
        raise GovernanceRefused(
            "no_mandate",
            "Le réseau n’a pas de mandat en cours\u00a0: sa tête doit en ouvrir un avant que vous écriviez.",
        )
    if not words.text.strip():
        raise GovernanceRefused("text", "Écrivez votre préoccupation, même en une phrase.", "text")
    for field, said in (("text", words.text), ("evidence", words.evidence)):
        if holds_nir(said):
            raise GovernanceRefused("nir", NIR_REFUSED, field)
    for chosen in (words.axis, words.theme):
        if chosen is not None and chosen.mandate_id != mandate.pk:
            raise GovernanceRefused(
                "about", "Cet axe ou ce thème est d’un autre mandat\u00a0: choisissez de nouveau.", "about"
            )
    concern = Concern.objects.create(
        structure=member.structure,
        network_id=member.structure.network_id,
        mandate=mandate,
        author=member.user,
        author_name=member.user.full_name,
        shows_name=words.shows_name,
        places=list(words.places),
        text=words.text.strip(),
        evidence=words.evidence.strip(),
        axis=words.axis,
        wished_theme=words.theme,
        written_at=at,
    )
    record("concern.written", concern, at=at, actor=member.user, structure=member.structure, mandate=mandate.pk)
    return concern


@transaction.atomic
def withdraw(member: Membership, pk: int, *, at: datetime) -> Concern:
    """Take one's own concern back while no axis nor any other room stands on it: its words are erased, the fact stays."""
    concern = access.one(access.concerns_written_by(member).select_for_update(), pk)
    if concern.state not in WITHDRAWABLE:
        raise GovernanceRefused(
            "too_late",
            "Un axe ou une décision s’appuie déjà sur elle\u00a0: demandez à la tête de réseau d’en retirer vos mots.",
        )
    if kept := kept_by("concern", concern.pk):
        raise GovernanceRefused("leaned_on", kept)
    concern.state, concern.text, concern.evidence = ConcernState.WITHDRAWN, "", ""
    concern.save(update_fields=["state", "text", "evidence"])
    record("concern.withdrawn", concern, at=at, actor=member.user, structure=concern.structure)
    return concern


@transaction.atomic
def mark_read(member: Membership, pk: int, *, at: datetime) -> int:
    """Say one knows what became of one's own concern up to a moment; return how many outcomes were new."""
    concern = access.one(access.concerns_written_by(member), pk)
    count = concern.news.filter(read_at=None, at__lte=at).update(read_at=at)
    if count:
        record("concern.read", concern, at=at, actor=member.user, structure=concern.structure)
    return count


@transaction.atomic
def open_theme(seat: NetworkSeat, *, name: str, summary: str, at: datetime, mandate: Mandate | None = None) -> Theme:
    """Name what several concerns speak of, in the mandate under way, or in the one whose concerns are still to gather."""
    if mandate is None:
        mandate = access.mandates_visible_to(seat).on(timezone.localdate(at)).first()
    if mandate is None or mandate.network_id != seat.network_id:
        raise GovernanceRefused("no_mandate", "Aucun mandat n’est en cours\u00a0: ouvrez-en un d’abord.")
    theme = Theme(network_id=seat.network_id, mandate=mandate, created_at=at, created_by=seat.user)
    _save_theme(theme, name, summary)
    record("theme.opened", theme, at=at, actor=seat.user, structure=None, mandate=mandate.pk)
    return theme


@transaction.atomic
def change_theme(seat: NetworkSeat, pk: int, *, name: str, summary: str, at: datetime) -> Theme:
    """Change the name of a theme, or what its concerns say together."""
    theme = access.one(access.themes_visible_to(seat).select_for_update(), pk)
    _save_theme(theme, name, summary)
    record("theme.changed", theme, at=at, actor=seat.user, structure=None)
    return theme


@transaction.atomic
def gather(seat: NetworkSeat, keys: Sequence[int], theme_pk: int, *, at: datetime) -> int:
    """Put concerns under a theme of their mandate; return how many moved. Each keeps its own words and its author is told."""
    theme = access.one(access.themes_visible_to(seat), theme_pk)
    chosen = list(
        access.concerns_visible_to(seat)
        .select_for_update()
        .select_related(None)
        .filter(pk__in=list(keys)[:MOST_AT_ONCE])
        .order_by("pk")
    )
    if not chosen:
        raise GovernanceRefused("nothing", "Cochez au moins une préoccupation à ranger.")
    for concern in chosen:
        if concern.mandate_id != theme.mandate_id:
            raise GovernanceRefused(
                "other_mandate", "Une préoccupation reste à son mandat\u00a0: choisissez un thème du même mandat."
            )
        if concern.state in SETTLED or concern.state == ConcernState.CARRIED:
            raise GovernanceRefused(
                "settled",
                f"Une préoccupation est déjà {concern.get_state_display()}\u00a0: elle ne change plus de thème.",
            )
    moved = [concern for concern in chosen if concern.theme_id != theme.pk]
    for concern in moved:
        concern.theme, concern.state = theme, ConcernState.GATHERED
        concern.save(update_fields=["theme", "state"])
        tell(concern, NewsKind.GATHERED, at=at, theme=theme)
    if moved:
        record("concern.gathered", theme, at=at, actor=seat.user, structure=None, concerns=len(moved))
    return len(moved)


@transaction.atomic
def set_aside(seat: NetworkSeat, pk: int, *, reason: str, at: datetime) -> Concern:
    """Say a concern is not taken up, and why, to its author."""
    concern = access.one(access.concerns_visible_to(seat).select_for_update().select_related(None), pk)
    if concern.state in SETTLED:
        raise GovernanceRefused("settled", f"Cette préoccupation est déjà {concern.get_state_display()}.", "reason")
    if not reason.strip():
        raise GovernanceRefused("reason", "Donnez la raison\u00a0: l’auteur la lira.", "reason")
    concern.state = ConcernState.SET_ASIDE
    concern.save(update_fields=["state"])
    tell(concern, NewsKind.SET_ASIDE, at=at, words=reason.strip())
    record("concern.set_aside", concern, at=at, actor=seat.user, structure=None)
    return concern


@transaction.atomic
def erase_words(seat: NetworkSeat, pk: int, *, passages: str, at: datetime) -> Concern:
    """Mask in a concern what names somebody: ``passages``, one a line, as they are written there, and what is recognised.

    At any time, whatever became of it: the rest of the words stays, the author is told. Words are never put back.
    """
    concern = access.one(access.concerns_visible_to(seat).select_for_update().select_related(None), pk)
    asked = [" ".join(line.split()) for line in passages.splitlines() if line.strip()]
    text, evidence = masked(concern.text), masked(concern.evidence)
    for passage in asked:
        if len(passage) < 2:
            raise GovernanceRefused(
                "passage", f"«\u00a0{passage}\u00a0» est trop court\u00a0: recopiez les mots entiers.", "passages"
            )
        found = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, passage.split())) + r"(?!\w)", re.IGNORECASE)
        if not (found.search(concern.text) or found.search(concern.evidence)):
            raise GovernanceRefused(
                "passage",
                f"«\u00a0{passage}\u00a0» n’est pas dans cette préoccupation\u00a0: recopiez les mots comme ils y sont écrits.",
                "passages",
            )
        text, evidence = found.sub(ERASED, text), found.sub(ERASED, evidence)
    if (text, evidence) == (concern.text, concern.evidence):
        raise GovernanceRefused(
            "passage", "Recopiez les mots à effacer\u00a0: rien n’est reconnu sans vous.", "passages"
        )
    concern.text, concern.evidence = text, evidence
    concern.save(update_fields=["text", "evidence"])
    tell(concern, NewsKind.ERASED, at=at)
    record("concern.words_erased", concern, at=at, actor=seat.user, structure=None, passages=len(asked))
    return concern


def tell(
    concern: Concern,
    kind: NewsKind,
    *,
    at: datetime,
    words: str = "",
    theme: Theme | None = None,
    axis: Axis | None = None,
    session: Session | None = None,
    version: AxisVersion | None = None,
) -> ConcernNews:
    """Write what became of a concern where its author reads it, and to their address when it matters. In the caller's act.

    ``version``: that of ``axis`` it is about.
    """
    news = ConcernNews.objects.create(
        structure_id=concern.structure_id,
        concern=concern,
        kind=kind,
        at=at,
        words=words,
        theme=theme,
        axis=axis,
        version=version,
        session=session,
    )
    if kind in WORTH_A_MESSAGE and concern.author.is_active:
        address = settings.DENTELLE_SITE + reverse("governance:concern", args=[concern.pk])
        send(
            MessageKind.IMMEDIATE,
            concern.author,
            SUBJECTS[kind],
            "governance/mail/news.txt",
            {"concern": concern, "news": news, "outcome": sentence(outcome(news)), "address": address},
            at=at,
            structure=concern.structure,
        )
    return news


def outcome(news: ConcernNews) -> str:
    """Return one French sentence: what became of it; of a decision on an axis, by whom and on which day."""
    version = news.version
    if news.kind == NewsKind.GATHERED:
        return f"Elle est rangée dans le thème « {news.theme} »."
    if news.kind == NewsKind.AXIS_CORRECTED:
        ruled = "est validé" if version is not None and version.validated else "n’est pas validé"
        return f"La décision sur l’axe « {news.axis} » est corrigée\u00a0: il {ruled}{_by_whom(version)}."
    if news.axis is not None and news.axis.mandate_id != news.concern.mandate_id:
        return _outcome_later(news.kind, news.axis, _by_whom(version))
    if news.kind == NewsKind.AXIS_PROPOSED:
        return f"L’axe « {news.axis} », proposé au réseau, s’appuie sur elle."
    if news.kind == NewsKind.AXIS_VALIDATED:
        return f"L’axe « {news.axis} », qui s’appuie sur elle, est validé{_by_whom(version)}."
    if news.kind == NewsKind.AXIS_REFUSED:
        return f"L’axe « {news.axis} », qui s’appuyait sur elle, n’est pas validé{_by_whom(version)}."
    if news.kind == NewsKind.DISCUSSED:
        return f"Elle a été discutée en séance\u00a0: {news.session}."
    if news.kind == NewsKind.DECIDED:
        return f"Une décision la concerne, prise en séance\u00a0: {news.session}."
    if news.kind == NewsKind.ERASED:
        return "Des mots qui désignaient quelqu’un y sont effacés par la tête de réseau."
    return "Elle n’est pas retenue."


def _by_whom(version: AxisVersion | None) -> str:
    """Return « par le conseil d’administration le 12 novembre 2026 », after a space; empty when nobody knows."""
    if version is None or version.body is None or version.decided_on is None:
        return ""
    body = VALIDATING_IN_WORDS.get(version.body.kind, f"« {version.body.name} »")
    return f" par {body} le {day(version.decided_on)}"


def _outcome_later(kind: str, axis: Axis, by_whom: str) -> str:
    """Return what became of a concern in a mandate after its own."""
    if kind == NewsKind.AXIS_PROPOSED:
        return (
            f"L’axe « {axis} », proposé pour « {axis.mandate} », reprend son thème\u00a0: il s’appuie encore sur elle."
        )
    if kind == NewsKind.AXIS_VALIDATED:
        return f"L’axe « {axis} », qui s’appuie encore sur elle, est validé pour « {axis.mandate} »{by_whom}."
    return f"L’axe « {axis} », qui s’appuyait encore sur elle, n’est pas validé pour « {axis.mandate} »{by_whom}."


def _save_theme(theme: Theme, name: str, summary: str) -> None:
    theme.name, theme.summary = " ".join(name.split()), summary.strip()
    if not theme.name:
        raise GovernanceRefused("theme_name", "Donnez un nom au thème.", "name")
    twins = Theme.objects.filter(mandate=theme.mandate_id).exclude(pk=theme.pk).values_list("name", flat=True)
    twin = next((each for each in twins if fold(each) == fold(theme.name)), None)
    if twin is not None:
        raise GovernanceRefused("theme_taken", f"Ce mandat a déjà un thème « {twin} ».", "name")
    try:
        with transaction.atomic():
            theme.save()
    except IntegrityError as taken:
        raise GovernanceRefused("theme_taken", f"Ce mandat a déjà un thème « {theme.name} ».", "name") from taken
