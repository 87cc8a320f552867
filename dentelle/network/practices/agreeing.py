"""The agreement of those whose sheet it is, when the head of the network wrote it: they read it again before the network does.

A structure answers in its space, a person who answered a survey by a link; a written agreement is noted by the head for those
who have neither. A text that changes asks again, and an agreement is for one licence.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.invitations.links import LinkRefused, revoke_link, send_link
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, NetworkSeat, Structure
from dentelle.network.practices.access import WRITERS, Viewer, may_write, practice_visible_to, version_in_making
from dentelle.network.practices.models import (
    AgreementState,
    Means,
    Origin,
    Practice,
    PracticeVersion,
    SheetAgreement,
    VersionState,
    Writing,
)
from dentelle.network.practices.refusals import PracticeRefused, refuse_nir, refuse_too_long
from dentelle.network.practices.telling import ANSWER_KEY
from dentelle.network.practices.vocabulary import LICENCES, OPEN_LICENCES
from dentelle.network.surveys.models import Response

PURPOSE = "practice.agreement"
OPEN_FOR = timedelta(days=60)
WAITED = (VersionState.SUBMITTED.value, VersionState.REVIEWED.value)
REVIEWED_IT = (
    "Vous avez relu cette fiche\u00a0: quelqu’un d’autre de votre structure donne l’accord. S’il n’y a personne d’autre, la tête de "
    "réseau renvoie la fiche, qu’une autre personne relira."
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose sheet it is: a structure of the network, or who answered a survey (``email`` empty once it is forgotten)."""

    structure: Structure | None
    email: str = ""

    @property
    def name(self) -> str:
        return self.structure.name if self.structure else "la personne qui a répondu à l’enquête"


def whose(practice: Practice) -> Whose | None:
    """Return who must agree to what the head writes of them; None for its own sheets, and for anonymous answers."""
    if practice.structure is not None:
        return Whose(practice.structure)
    key, _, rest = practice.origin_key.partition(":")
    if practice.origin != Origin.ANSWER or key != ANSWER_KEY:
        return None
    found = rest.partition(":")[0]
    response = Response.objects.filter(pk=found, campaign__anonymous=False).select_related("invitee").first()
    return Whose(None, response.invitee.email if response.invitee else "") if response else None


def is_asked_for(version: PracticeVersion) -> bool:
    """Say whether a version is published only with somebody's agreement."""
    return version.by_head and whose(version.practice) is not None


def agreement_of(version: PracticeVersion) -> SheetAgreement | None:
    """Return where the agreement to a version is: asked, given, or a correction asked for; None when never asked."""
    return version.agreements.exclude(state=AgreementState.VOID).order_by("-pk").first()


def licence_of(version: PracticeVersion) -> str:
    """Return the code of the licence a version is under, empty when it says none."""
    return str(version.content.get("licence", ""))


def is_given(version: PracticeVersion) -> bool:
    """Say whether those whose sheet it is agreed to a version, under the licence it has."""
    found = agreement_of(version)
    return found is not None and found.state == AgreementState.GIVEN and found.licence == licence_of(version)


def who_will_read(version: PracticeVersion) -> str:
    """Say in French who will read a version once it is published, and under which licence: what one agrees to."""
    practice = version.practice
    licence = LICENCES.get(licence_of(version), "sans licence")
    if licence_of(version) not in OPEN_LICENCES:
        return (
            f"Une fois publiée, seules les personnes du réseau {practice.network.name} la liront, avec leur compte "
            f"(licence «\u202f{licence}\u202f»)."
        )
    cited = practice.structure.name if practice.structure else practice.network.name
    return (
        "Une fois publiée, tout le monde pourra la lire, même sans compte, et la réutiliser en citant "
        f"{cited} (licence «\u202f{licence}\u202f»)\u00a0; la personne à contacter et l’auteur n’y paraissent pas."
    )


def waits_for_it() -> Exists:
    """Say in a query of versions whether the agreement to each is asked and not given."""
    return Exists(SheetAgreement.objects.filter(version=OuterRef("pk"), state=AgreementState.ASKED))


def asked_of(member: Membership) -> QuerySet[SheetAgreement]:
    """Return what the member's structure is asked to read again."""
    if member.role not in WRITERS:
        return SheetAgreement.objects.none()
    return SheetAgreement.objects.filter(
        structure=member.structure_id, state=AgreementState.ASKED, version__state__in=WAITED
    ).select_related("version")


def refuse_without_agreement(version: PracticeVersion) -> None:
    """Raise PracticeRefused for a version that those whose sheet it is have not agreed to."""
    if not is_asked_for(version):
        return
    if not is_given(version):
        raise PracticeRefused(
            "agreement", f"Cette fiche attend l’accord de {_name(version)}\u00a0: elle ne se publie pas sans."
        )


def forget(version: PracticeVersion, *, actor: User, at: datetime) -> None:
    """A text that changes is no longer the one somebody agreed to, or was asked to. In the caller's act."""
    for one in version.agreements.filter(state__in=[AgreementState.ASKED, AgreementState.GIVEN]):
        _close_link(one, actor, at)
        one.state = AgreementState.VOID
        one.save(update_fields=["state"])


def ask(version: PracticeVersion, *, actor: User, at: datetime) -> SheetAgreement | None:
    """Ask those whose sheet it is, unless they have agreed already; None when nobody is to be asked. In the caller's act."""
    found = whose(version.practice) if version.by_head else None
    if found is None:
        return None
    known = agreement_of(version)
    if known is not None and is_given(version):
        return known
    if known is not None and known.state == AgreementState.GIVEN:
        forget(version, actor=actor, at=at)  # it was for another licence
    if known is not None and known.state == AgreementState.ASKED:
        _close_link(known, actor, at)
        known.delete()
    asked = SheetAgreement.objects.create(
        version=version,
        structure=found.structure,
        means=Means.SPACE if found.structure else Means.LINK,
        asked_at=at,
    )
    if found.email:
        try:
            with transaction.atomic():
                asked.link = send_link(
                    PURPOSE,
                    asked,
                    email=found.email,
                    structure=None,
                    network=version.practice.network,
                    actor=actor,
                    open_until=at + OPEN_FOR,
                    site=settings.DENTELLE_SITE,
                    at=at,
                )
                asked.save(update_fields=["link"])
        except LinkRefused:
            pass  # the head sees that no link is out, and sends one later
    record("practice.agreement_asked", version.practice, at=at, actor=actor, structure=found.structure)
    return asked


@transaction.atomic
def ask_again(seat: Viewer, pk: int, *, at: datetime) -> SheetAgreement:
    """Ask, or ask again, for the agreement to a version in the making. Raises PracticeRefused when no link could leave."""
    version = _waiting(seat, pk)
    asked = ask(version, actor=seat.user, at=at)
    if asked is None:
        raise Http404
    if asked.means == Means.LINK and asked.link is None and asked.state == AgreementState.ASKED:
        raise PracticeRefused(
            "link",
            "Aucun lien n’a pu partir\u00a0: l’adresse est oubliée, ou trop de liens viennent de lui être envoyés.",
        )
    return asked


@transaction.atomic
def agree(member: Viewer, pk: int, *, licence: str | None = None, at: datetime) -> SheetAgreement:
    """Say that the structure agrees to what was written of it, under the ``licence`` its page told when that is given.

    Raises PracticeRefused when nothing is asked, when the sheet is no longer under that licence, and for who reviewed it.
    """
    asked = _asked(member, pk)
    if asked.version.reviewer_id == member.user_id:
        raise PracticeRefused("reviewed", REVIEWED_IT)
    if licence is not None and licence != licence_of(asked.version):
        raise PracticeRefused(
            "licence", "La licence de la fiche a changé depuis l’ouverture de cette page\u00a0: relisez-la."
        )
    return _given(asked, user=member.user, at=at)


@transaction.atomic
def ask_for_correction(member: Viewer, pk: int, words: str, *, at: datetime) -> SheetAgreement:
    """Say what is to be mended before the structure agrees: the version goes back to who wrote it."""
    return _declined(_asked(member, pk), words, user=member.user, at=at)


@transaction.atomic
def note_written(seat: Viewer, pk: int, *, nature: str, on: date | None, at: datetime) -> SheetAgreement:
    """Keep that somebody without access here agreed in writing: when, and by what. Raises PracticeRefused."""
    version = _waiting(seat, pk)
    found = whose(version.practice)
    if found is None or not may_be_written(found):
        raise Http404
    if nature not in Writing.values or on is None:
        raise PracticeRefused("written", "Dites de quand date cet accord, et sous quelle forme il est.")
    if on > timezone.localdate(at) or on < timezone.localdate(version.updated_at):
        raise PracticeRefused(
            "written_on", "Cet accord porte sur le texte actuel\u00a0: il ne peut pas dater d’avant, ni de demain."
        )
    forget(version, actor=seat.user, at=at)
    made = SheetAgreement.objects.create(
        version=version,
        structure=found.structure,
        means=Means.WRITTEN,
        state=AgreementState.GIVEN,
        nature=nature,
        licence=licence_of(version),
        asked_at=at,
        answered_on=on,
        answered_by=seat.user,
    )
    _consents(version)
    record("practice.agreement_noted", version.practice, at=at, actor=seat.user, structure=found.structure)
    return made


def may_be_written(found: Whose) -> bool:
    """Say whether the head may note an agreement itself: nobody who could answer has a place here."""
    return (
        found.structure is None or not Membership.objects.filter(structure=found.structure, role__in=WRITERS).exists()
    )


def behind(link: MagicLink) -> SheetAgreement | None:
    """Return what a link asks its bearer to agree to, None once the text has changed."""
    if link.purpose != PURPOSE:
        return None
    found = SheetAgreement.objects.filter(
        Q(state=AgreementState.ASKED, version__state__in=WAITED)
        | Q(state__in=[AgreementState.GIVEN, AgreementState.DECLINED]),
        pk=link.subject_id,
        version__practice__network=link.network_id,
    )
    return found.select_related("version__practice__network").first()


def title_of_link(link: MagicLink) -> str | None:
    """Return what a link opens, in French."""
    found = behind(link)
    return f"la fiche « {found.version.title} », tirée de votre réponse" if found else None


@transaction.atomic
def answer_by_link(link: MagicLink, *, agrees: bool, words: str = "", at: datetime) -> SheetAgreement:
    """Agree to a sheet, or say what is to be mended, from the link that opened it; or 404. Raises PracticeRefused."""
    found = behind(link)
    if found is None:
        raise Http404
    asked = SheetAgreement.objects.select_for_update().get(pk=found.pk)
    if asked.state != AgreementState.ASKED:
        return asked
    return _given(asked, user=None, at=at) if agrees else _declined(asked, words, user=None, at=at)


def _given(asked: SheetAgreement, *, user: User | None, at: datetime) -> SheetAgreement:
    asked.state, asked.answered_on, asked.answered_by = AgreementState.GIVEN, timezone.localdate(at), user
    asked.licence = licence_of(asked.version)
    asked.save()
    _consents(asked.version)
    record("practice.agreed", asked.version.practice, at=at, actor=user, structure=asked.structure)
    return asked


def _declined(asked: SheetAgreement, words: str, *, user: User | None, at: datetime) -> SheetAgreement:
    if not words.strip():
        raise PracticeRefused("words", "Dites ce qui est à corriger\u00a0: la tête de réseau le lira.", "reason")
    refuse_nir(reason=words)
    refuse_too_long(words, 1_000, "reason")
    asked.state, asked.answered_on, asked.answered_by = AgreementState.DECLINED, timezone.localdate(at), user
    asked.words = words.strip()
    asked.save()
    version = asked.version
    version.state, version.returned = VersionState.DRAFT, asked.words
    version.submitted_at = version.reviewed_on = version.reviewer = None
    version.save()
    record("practice.correction_asked", version.practice, at=at, actor=user, structure=asked.structure)
    return asked


def _consents(version: PracticeVersion) -> None:
    version.content = {**version.content, "consent": True}
    version.save(update_fields=["content"])


def _asked(member: Viewer, pk: int) -> SheetAgreement:
    practice = practice_visible_to(member, pk)
    if not isinstance(member, Membership) or not may_write(member) or practice.structure_id != member.structure_id:
        raise Http404
    found = asked_of(member).filter(version__practice=practice).select_for_update(of=("self",)).first()
    if found is None:
        raise PracticeRefused("state", "Aucun accord n’est demandé pour cette fiche.")
    return found


def _waiting(seat: Viewer, pk: int) -> PracticeVersion:
    if not isinstance(seat, NetworkSeat):
        raise Http404
    version = version_in_making(seat, practice_visible_to(seat, pk))
    if version is None or version.state not in WAITED or not is_asked_for(version):
        raise Http404
    return version


def _close_link(asked: SheetAgreement, actor: User, at: datetime) -> None:
    if asked.link is not None:
        revoke_link(asked.link, actor=actor, at=at)


def _name(version: PracticeVersion) -> str:
    found = whose(version.practice)
    return found.name if found else ""
