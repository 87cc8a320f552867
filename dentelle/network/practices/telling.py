"""Who told a sheet: who wrote it, gave the answer it was drawn from, or agreed to it. Somebody else reviews it."""

from functools import reduce
from operator import or_

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.models import Entry
from dentelle.network.practices.models import (
    AgreementState,
    Means,
    Origin,
    Practice,
    PracticeVersion,
    SheetAgreement,
)
from dentelle.network.surveys.models import Campaign, Response

ANSWER_KEY = "reponse"
WRITING = ("practice.begun", "practice.written")
ANSWERING = "campaign.answered"
WROTE = "Vous avez écrit dans cette fiche"
ANSWERED = "Cette fiche est tirée de votre réponse à une enquête"
AGREED = "Vous avez donné l’accord à cette fiche"
OTHERS = (
    "sa relecture revient à quelqu’un qui ne l’a ni racontée, ni écrite, ni acceptée, dans votre structure, chez un autre membre "
    "ou à la tête de réseau."
)


def told_by(user: User) -> Q:
    """Return, for a query of versions, those of the sheets the person told, wrote or agreed to."""
    return reduce(or_, _ways(user, "practice_id", "practice__").values())


def why_not_review(user: User, practice: Practice) -> str:
    """Say in French why the person may not review a sheet and who may; empty when nothing is against it."""
    known = Practice.objects.filter(pk=practice.pk)
    way = next((words for words, told in _ways(user, "pk", "").items() if known.filter(told).exists()), "")
    return f"{way}\u00a0: {OTHERS}" if way else ""


def _ways(user: User, key: str, prefix: str) -> dict[str, Q]:
    # a version bears its last author only: the journal knows who wrote before
    written = Entry.objects.filter(
        object_type=Practice._meta.label_lower,
        object_id=Cast(OuterRef(key), CharField()),
        act__in=WRITING,
        actor=user,
    )
    agreed = SheetAgreement.objects.filter(
        version__practice=OuterRef(key),
        answered_by=user,
        means=Means.SPACE,
        state__in=[AgreementState.GIVEN, AgreementState.VOID],
    )
    drawn = Q(pk__in=())
    for response in _answers_of(user):
        drawn |= Q(**{f"{prefix}origin": Origin.ANSWER, f"{prefix}origin_key__startswith": f"{ANSWER_KEY}:{response}:"})
    return {
        WROTE: Q(Exists(PracticeVersion.objects.filter(practice=OuterRef(key), author=user))) | Q(Exists(written)),
        ANSWERED: drawn,
        AGREED: Q(Exists(agreed)),
    }


def _answers_of(user: User) -> list[int]:
    """The answers the person sent in the name of a structure, or by a link to their address; never those of an anonymous survey."""
    sent = Entry.objects.filter(
        object_type=Campaign._meta.label_lower,
        object_id=Cast(OuterRef("campaign"), CharField()),
        act=ANSWERING,
        actor=user,
        structure=OuterRef("structure"),
    )
    # an address forgotten is empty
    linked = Q(invitee__email__iexact=user.email) & ~Q(invitee__email="")
    mine = Q(Exists(sent)) | linked
    return list(Response.objects.filter(mine, campaign__anonymous=False).order_by("pk").values_list("pk", flat=True))
