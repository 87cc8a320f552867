"""Contributions: written and taken back by their authors, read by the moderation, which never edits their words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.network.advocacy import access
from dentelle.network.advocacy.content import cited
from dentelle.network.advocacy.models import (
    Call,
    Consent,
    Contribution,
    ContributionNews,
    ContributionSource,
    ContributionState,
    Edition,
    OutcomeKind,
    PaperState,
)
from dentelle.network.advocacy.refusals import AdvocacyRefused
from dentelle.network.advocacy.telling import tell
from dentelle.network.governance.models import Axis, Concern, Mandate, Office, Theme
from dentelle.network.practices.models import PracticeVersion
from dentelle.rules.disclosure import looks_like_nir

EDITABLE = (ContributionState.DRAFT.value, ContributionState.RETURNED.value)
# until then the words are only their author's to take back
WITHDRAWABLE = (
    ContributionState.DRAFT.value,
    ContributionState.SUBMITTED.value,
    ContributionState.RETURNED.value,
    ContributionState.MODERATED.value,
    ContributionState.GROUPED.value,
    ContributionState.DISCUSSED.value,
    ContributionState.RETAINED.value,
    ContributionState.MERGED.value,
)
MOST_SOURCES = 10
_ORDER = {Consent.NAMED.value: 2, Consent.STRUCTURE.value: 1, Consent.UNQUOTED.value: 0}


@dataclass(frozen=True, slots=True)
class Words:
    """A contribution as typed; ``places`` are texts KIND:CODE within what the structure covers. ``consent`` is chosen by its
    author before it is sent."""

    finding: str
    proposal: str
    places: Sequence[str] = ()
    evidence: str = ""
    axis: Axis | None = None
    theme: Theme | None = None
    consent: str = ""
    practices: Sequence[PracticeVersion] = field(default_factory=tuple)
    concerns: Sequence[Concern] = field(default_factory=tuple)
    findings: Sequence[int] = field(default_factory=tuple)


@transaction.atomic
def write(
    member: Membership, paper_pk: int, words: Words, *, at: datetime, send: bool, pk: int | None = None
) -> Contribution:
    """Keep a contribution as a draft, or send it: a new one, or one's own draft ``pk``. Raises AdvocacyRefused."""
    if not access.may_write(member):
        raise Http404
    paper = access.one(access.papers_visible_to(member), paper_pk)
    contribution = _editable(member, paper.pk, pk) if pk else None
    call = Call.objects.filter(paper=paper).first()
    today = timezone.localdate(at)
    is_open = call is not None and paper.state == PaperState.OPEN and call.opens_on <= today <= call.closes_on
    if not is_open and (contribution is None or contribution.state != ContributionState.RETURNED):
        raise AdvocacyRefused(
            "call_closed", "L’appel à contributions n’est pas ouvert\u00a0: rien ne peut être envoyé."
        )
    _check(words, send=send)
    contribution = contribution or _said_already(member, paper.pk, words)
    if contribution is None:
        mandate = _mandate(member, today)
        contribution = Contribution(
            structure=member.structure,
            network_id=paper.network_id,
            paper=paper,
            mandate=mandate,
            author=member.user,
            author_name=member.user.full_name,
            author_function=_function(member, mandate, today),
        )
    for name in ("finding", "proposal", "evidence"):
        setattr(contribution, name, getattr(words, name).strip())
    contribution.places, contribution.axis, contribution.theme = list(words.places), words.axis, words.theme
    # a draft that does not say yet how it may be quoted allows nothing
    contribution.consent, contribution.written_at = words.consent or Consent.UNQUOTED, at
    if send:
        contribution.state, contribution.sent_at = ContributionState.SUBMITTED, at
    contribution.save()
    _lean_on(contribution, words)
    if send:
        # whoever sends it again has read that it came back
        contribution.news.filter(kind=OutcomeKind.RETURNED, read_at=None).update(read_at=at)
        tell(contribution, OutcomeKind.SENT, at=at)
    kept = "contribution.sent" if send else "contribution.drafted"
    record(kept, contribution, at=at, actor=member.user, structure=member.structure, paper=paper.pk)
    return contribution


@transaction.atomic
def withdraw(member: Membership, pk: int, *, at: datetime) -> Contribution:
    """Take one's own contribution back until an edition prints it: its words are erased, the fact stays."""
    contribution = access.one(access.contributions_written_by(member).select_for_update(of=("self",)), pk)
    if contribution.state not in WITHDRAWABLE:
        raise AdvocacyRefused(
            "too_late",
            "Une édition publiée en tient compte, ou elle est déjà écartée\u00a0: vous pouvez encore demander à ne plus être cité.",
        )
    if any(contribution.pk in each for each in _printed(contribution.paper_id)):
        raise AdvocacyRefused(
            "printed", "Une édition l’imprime déjà\u00a0: vous pouvez encore demander à ne plus être cité."
        )
    contribution.citations.all().delete()
    contribution.sources.all().delete()
    contribution.state, contribution.idea = ContributionState.WITHDRAWN, None
    contribution.finding = contribution.proposal = contribution.evidence = ""
    contribution.save()
    record("contribution.withdrawn", contribution, at=at, actor=member.user, structure=contribution.structure)
    return contribution


@transaction.atomic
def change_consent(member: Membership, pk: int, *, consent: str, at: datetime) -> Contribution:
    """Change how one agrees to be quoted, at any time; an edition already printed is masked at once where it is read."""
    contribution = access.one(access.contributions_written_by(member).select_for_update(of=("self",)), pk)
    if consent not in Consent.values:
        raise AdvocacyRefused("consent", "Choisissez comment vous acceptez d’être cité.", "consent")
    contribution.consent, contribution.consent_changed_at = consent, at
    contribution.save(update_fields=["consent", "consent_changed_at"])
    record("contribution.consent_changed", contribution, at=at, actor=member.user, structure=contribution.structure)
    return contribution


@transaction.atomic
def mark_read(member: Membership, pk: int, *, at: datetime) -> int:
    """Say one knows what became of a contribution; return how many outcomes were new."""
    contribution = access.one(access.contributions_answered_for(member), pk)
    count = ContributionNews.objects.filter(contribution=contribution, read_at=None).update(read_at=at)
    if count:
        record("contribution.read", contribution, at=at, actor=member.user, structure=contribution.structure)
    return count


@transaction.atomic
def accept(seat: NetworkSeat, pk: int, *, at: datetime) -> Contribution:
    """Receive a contribution as it is."""
    contribution = _awaiting_moderation(seat, pk)
    contribution.state = ContributionState.MODERATED
    contribution.save(update_fields=["state"])
    tell(contribution, OutcomeKind.MODERATED, at=at)
    record("contribution.moderated", contribution, at=at, actor=seat.user, structure=None)
    return contribution


@transaction.atomic
def send_back(seat: NetworkSeat, pk: int, *, words: str, at: datetime) -> Contribution:
    """Give a contribution back to its author, saying what names somebody or hurts; nobody else changes their words."""
    contribution = _awaiting_moderation(seat, pk)
    if not words.strip():
        raise AdvocacyRefused("words", "Dites à l’auteur ce qui est à reprendre.", "words")
    contribution.state = ContributionState.RETURNED
    contribution.save(update_fields=["state"])
    tell(contribution, OutcomeKind.RETURNED, at=at, words=words.strip())
    record("contribution.returned", contribution, at=at, actor=seat.user, structure=None)
    return contribution


@transaction.atomic
def set_aside(seat: NetworkSeat, pk: int, *, reason: str, at: datetime) -> Contribution:
    """Say one contribution is not taken up, and why, to its author."""
    contribution = access.one(access.contributions_visible_to(seat).select_for_update(of=("self",)), pk)
    if contribution.state not in (
        ContributionState.SUBMITTED,
        ContributionState.MODERATED,
        ContributionState.GROUPED,
        ContributionState.DISCUSSED,
    ):
        raise AdvocacyRefused("settled", f"Cette contribution est déjà {contribution.get_state_display()}.", "words")
    if contribution.citations.exists():
        raise AdvocacyRefused("cited", "Une proposition la cite\u00a0: retirez d’abord la citation.", "words")
    if not reason.strip():
        raise AdvocacyRefused("reason", "Donnez la raison\u00a0: l’auteur la lira.", "words")
    contribution.state = ContributionState.SET_ASIDE
    contribution.save(update_fields=["state"])
    tell(contribution, OutcomeKind.SET_ASIDE, at=at, words=reason.strip())
    record("contribution.set_aside", contribution, at=at, actor=seat.user, structure=None)
    return contribution


def took_back(citation: Mapping[str, Any], now: Contribution | None) -> bool:
    """Say whether the author of a citation of an edition agrees to less than when it was made."""
    if now is None or now.state == ContributionState.WITHDRAWN:
        return True
    return _ORDER[now.consent] < _ORDER[citation["consent"]]


def _check(words: Words, *, send: bool) -> None:
    if send:
        if not words.finding.strip():
            raise AdvocacyRefused("finding", "Dites ce que vous constatez, même en une phrase.", "finding")
        if not words.proposal.strip():
            raise AdvocacyRefused("proposal", "Dites ce que vous proposez, même en une phrase.", "proposal")
    elif not (words.finding.strip() or words.proposal.strip()):
        raise AdvocacyRefused("empty", "Écrivez quelques mots avant de garder le brouillon.", "finding")
    if (send or words.consent) and words.consent not in Consent.values:
        raise AdvocacyRefused("consent", "Choisissez comment vous acceptez d’être cité.", "consent")
    for name in ("finding", "proposal", "evidence"):
        if looks_like_nir(getattr(words, name)):
            raise AdvocacyRefused(
                "nir", "Ce texte contient ce qui ressemble à un numéro de sécurité sociale\u00a0: enlevez-le.", name
            )
    if len(words.practices) + len(words.concerns) + len(words.findings) > MOST_SOURCES:
        raise AdvocacyRefused("sources", f"Choisissez {MOST_SOURCES} appuis au plus.", "practices")


def _lean_on(contribution: Contribution, words: Words) -> None:
    contribution.sources.all().delete()
    owner = contribution.structure
    ContributionSource.objects.bulk_create(
        [
            *(
                ContributionSource(structure=owner, contribution=contribution, practice=each)
                for each in words.practices
            ),
            *(ContributionSource(structure=owner, contribution=contribution, concern=each) for each in words.concerns),
            *(
                ContributionSource(structure=owner, contribution=contribution, finding_id=each)
                for each in words.findings
            ),
        ]
    )


def _mandate(member: Membership, today: date) -> Mandate:
    found = Mandate.objects.filter(network=member.structure.network_id).on(today).first()
    if found is None:
        raise AdvocacyRefused(
            "no_mandate", "Le réseau n’a pas de mandat ouvert\u00a0: sa tête doit en ouvrir un avant que vous écriviez."
        )
    return found


def _function(member: Membership, mandate: Mandate, today: date) -> str:
    """What the person is elected as in this mandate, empty when no office says it."""
    held = Office.objects.filter(mandate=mandate, user=member.user_id).on(today).exclude(elected_as="")
    return held.values_list("elected_as", flat=True).first() or ""


def _editable(member: Membership, paper_pk: int, pk: int) -> Contribution:
    found = access.contributions_written_by(member).select_for_update(of=("self",)).filter(paper=paper_pk)
    contribution = access.one(found, pk)
    if contribution.state not in EDITABLE:
        raise AdvocacyRefused("sent", "Cette contribution est envoyée\u00a0: elle ne change plus.")
    return contribution


def _said_already(member: Membership, paper_pk: int, words: Words) -> Contribution | None:
    """Return one's own draft of the same words: going back and saving again goes on with it. Raises AdvocacyRefused once sent."""
    found = access.contributions_written_by(member).select_for_update(of=("self",)).filter(paper=paper_pk)
    same = found.filter(finding=words.finding.strip(), proposal=words.proposal.strip()).exclude(
        state=ContributionState.WITHDRAWN
    )
    known = same.order_by("pk").first()
    if known is not None and known.state != ContributionState.DRAFT:
        raise AdvocacyRefused(
            "twice",
            "Vous avez déjà envoyé ces mêmes mots\u00a0: ils sont dans «\u00a0Ce que vous avez dit\u00a0». Rien n’est envoyé de nouveau.",
        )
    return known


def _awaiting_moderation(seat: NetworkSeat, pk: int) -> Contribution:
    contribution = access.one(access.contributions_visible_to(seat).select_for_update(of=("self",)), pk)
    if contribution.state != ContributionState.SUBMITTED:
        raise AdvocacyRefused("moderated", "La modération a déjà lu cette contribution.", "words")
    return contribution


def _printed(paper_pk: int) -> list[set[int]]:
    """The contributions each edition of a white paper cites."""
    contents = Edition.objects.filter(paper=paper_pk).values_list("content", flat=True)
    return [{each["contribution"] for each in cited(content) if each.get("contribution")} for content in contents]
