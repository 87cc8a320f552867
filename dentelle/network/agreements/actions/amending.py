"""Amendments of a signed agreement: what they change is kept, what they add names them."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.http import Http404
from django.utils import timezone

from dentelle.foundations.directory.models import Organisation
from dentelle.network.agreements.access import Author
from dentelle.network.agreements.actions.changing import Change, changing
from dentelle.network.agreements.actions.commitments import make_commitment
from dentelle.network.agreements.actions.moves import check_frame, check_local_agreements
from dentelle.network.agreements.actions.writing import make_party
from dentelle.network.agreements.models import (
    Agreement,
    AgreementAmendment,
    Article,
    Commitment,
    Party,
    Signatory,
)
from dentelle.network.agreements.public_bodies import signatories_needed
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import AgreementState


@dataclass(frozen=True, slots=True)
class AddedCommitment:
    """A commitment an amendment brings, under an article of the agreement."""

    article_pk: int | None
    text: str
    own_lead: str
    partner_lead: str
    theme: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class AddedParty:
    """An organisation that joins by an amendment; ``signatories`` are those who signed it: name, function."""

    organisation: Organisation
    side: str
    is_public: bool | None
    signatories: dict[str, str]


@dataclass(frozen=True, slots=True)
class Additions:
    """What an amendment adds to a signed agreement."""

    places: list[str] = field(default_factory=list)
    commitment: AddedCommitment | None = None
    party: AddedParty | None = None

    @property
    def anything(self) -> bool:
        return bool(self.places or self.commitment or self.party)


def amend_agreement(
    actor: Author,
    pk: int,
    *,
    signed_on: date,
    reason: str,
    new_end: date | None,
    article_pk: int | None,
    new_text: str,
    additions: Additions | None = None,
    expected_revision: int,
    at: datetime,
) -> AgreementAmendment:
    """Write down a signed amendment: a new end, a new text for an article, what it adds; what they replace is kept.

    A local one needs a framework in force on the day it is signed. Raises AgreementRefused, EditedMeanwhile.
    """
    signed = (AgreementState.SIGNED,)
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=signed) as change:
        agreement = change.agreement
        article = agreement.articles.filter(pk=article_pk).first() if article_pk else None
        if article_pk and article is None:
            raise Http404
        added = additions or Additions()
        today = timezone.localdate(at)
        _check_amendment(agreement, signed_on, reason, new_end, article, new_text, today, adds=added.anything)
        check_frame(agreement, signed_on)
        if agreement.is_framework and new_end is not None:
            check_local_agreements(agreement, new_end, "new_end")
        places = [spec for spec in added.places if spec not in agreement.places]
        if added.places and not places:
            raise AgreementRefused("places", "La convention couvre déjà ce territoire.", "places")
        amendment = AgreementAmendment.objects.create(
            structure=agreement.structure,
            agreement=agreement,
            number=agreement.amendments.count() + 1,
            signed_on=signed_on,
            reason=reason.strip(),
            former_end=agreement.ends_on if new_end else None,
            new_end=new_end,
            article=article,
            former_text=article.text if article else "",
            new_text=new_text.strip() if article else "",
            added_places=places,
            adds=added.anything,
        )
        _add(change, amendment, added)
        if places:
            agreement.places = [*agreement.places, *places]
            agreement.save(update_fields=["places"])
        if new_end is not None:
            agreement.ends_on = new_end
            agreement.save(update_fields=["ends_on"])
        if article is not None:
            article.text = new_text.strip()
            article.save(update_fields=["text"])
        change.record(
            "agreement.amended",
            amendment,
            number=amendment.number,
            signed_on=signed_on.isoformat(),
            new_end=new_end.isoformat() if new_end else "",
        )
    return amendment


def _check_amendment(
    agreement: Agreement,
    signed_on: date,
    reason: str,
    new_end: date | None,
    article: Article | None,
    new_text: str,
    today: date,
    *,
    adds: bool,
) -> None:
    if not reason.strip():
        raise AgreementRefused("reason", "Dites pourquoi la convention change.", "reason")
    if new_end is None and article is None and not adds:
        raise AgreementRefused(
            "nothing",
            "Un avenant change la fin ou un article, ou ajoute un engagement, une partie, un territoire.",
            "new_end",
        )
    if article is not None and not new_text.strip():
        raise AgreementRefused("text", "Écrivez le nouveau texte de l’article.", "new_text")
    if signed_on > today:
        raise AgreementRefused(
            "future", "Un avenant se note une fois signé\u00a0: cette date est à venir.", "signed_on"
        )
    if agreement.signed_on and signed_on < agreement.signed_on:
        raise AgreementRefused("before", "Un avenant ne précède pas la signature de la convention.", "signed_on")
    if agreement.ends_on and signed_on > agreement.ends_on:
        raise AgreementRefused(
            "over",
            "La convention avait pris fin ce jour-là\u00a0: elle se renouvelle, elle ne s’amende plus.",
            "signed_on",
        )
    if new_end is not None and new_end < signed_on:
        raise AgreementRefused(
            "end", "La nouvelle fin précède l’avenant\u00a0: dénoncez plutôt la convention.", "new_end"
        )
    if new_end is not None and agreement.starts_on and new_end < agreement.starts_on:
        raise AgreementRefused(
            "before_start",
            f"La nouvelle fin précède le début de la convention, le {agreement.starts_on:%d/%m/%Y}\u00a0: dénoncez-la plutôt.",
            "new_end",
        )


def _add(change: Change, amendment: AgreementAmendment, added: Additions) -> None:
    """Write what an amendment brings: a commitment, a party and those who signed for it."""
    agreement = change.agreement
    if added.commitment is not None:
        article = agreement.articles.filter(pk=added.commitment.article_pk or 0).first()
        if article is None:
            raise AgreementRefused("article", "Dites à quel article tient l’engagement ajouté.", "commitment_article")
        given = {
            name: getattr(added.commitment, name) for name in ("text", "own_lead", "partner_lead", "theme", "due_on")
        }
        commitment = make_commitment(agreement, article, **given)
        Commitment.objects.filter(pk=commitment.pk).update(amendment=amendment)
        change.record("agreement.commitment_added", commitment, article=article.pk)
    if added.party is not None:
        joins = added.party
        party = make_party(agreement, joins.organisation, side=joins.side, is_public=joins.is_public)
        if len(joins.signatories) < signatories_needed(party):
            raise AgreementRefused(
                "signatories",
                f"Nommez qui a signé pour « {party} »\u00a0: deux personnes pour un organisme public, une pour les autres.",
                "signatories",
            )
        Party.objects.filter(pk=party.pk).update(amendment=amendment, name=joins.organisation.name)
        Signatory.objects.bulk_create(
            Signatory(
                structure=agreement.structure,
                party=party,
                full_name=name[:150],
                function=function[:150],
                signed_on=amendment.signed_on,
            )
            for name, function in joins.signatories.items()
        )
        change.record("agreement.party_added", party, siret=joins.organisation.siret)
