"""What follows a signed agreement: its renewal, a draft that starts where it ends, and its amendments."""

from datetime import date, datetime, timedelta

from django.http import Http404

from dentelle.foundations.search.actions import index
from dentelle.network.agreements.access import Author
from dentelle.network.agreements.actions.changing import changing
from dentelle.network.agreements.actions.moves import check_frame, check_local_agreements
from dentelle.network.agreements.models import (
    Agreement,
    AgreementAmendment,
    Article,
    Commitment,
    Indicator,
    Outcome,
    Party,
    Signatory,
)
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import AgreementState


def renew_agreement(actor: Author, pk: int, *, ends_on: date, expected_revision: int, at: datetime) -> Agreement:
    """Make the draft that follows a signed agreement: it starts the day after, with its parties, articles and commitments.

    Signatures are collected anew; a local one needs a framework in force then. Raises AgreementRefused, EditedMeanwhile.
    """
    signed = (AgreementState.SIGNED, AgreementState.ENDED)
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=signed) as change:
        former = change.agreement
        if former.renewals.exclude(state=AgreementState.ABANDONED).exists():
            raise AgreementRefused("renewed", "Le renouvellement de cette convention existe déjà.")
        starts_on = former.last_day + timedelta(days=1) if former.last_day else None
        if starts_on is None or ends_on < starts_on:
            raise AgreementRefused(
                "period", "La fin précède le début\u00a0: le renouvellement suit la convention.", "ends_on"
            )
        renewal = Agreement(
            network=former.network,
            structure=former.structure,
            level=former.level,
            framework=former.framework,
            renews=former,
            title=former.title,
            purpose=former.purpose,
            themes=former.themes,
            places=former.places,
            starts_on=starts_on,
            ends_on=ends_on,
            state_since=at,
            created_at=at,
            updated_at=at,
            created_by=actor.user,
        )
        renewal.save(force_insert=True)
        _copy_parts(former, renewal)
        change.record("agreement.renewed", renewal=renewal.pk)
        index(renewal)
    return renewal


def amend_agreement(
    actor: Author,
    pk: int,
    *,
    signed_on: date,
    reason: str,
    new_end: date | None,
    article_pk: int | None,
    new_text: str,
    expected_revision: int,
    at: datetime,
) -> AgreementAmendment:
    """Write down a signed amendment: a new end, a new text for an article, or both; what they replace is kept.

    A local one needs a framework in force on the day it is signed. Raises AgreementRefused, EditedMeanwhile.
    """
    signed = (AgreementState.SIGNED,)
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=signed) as change:
        agreement = change.agreement
        article = agreement.articles.filter(pk=article_pk).first() if article_pk else None
        if article_pk and article is None:
            raise Http404
        _check_amendment(agreement, signed_on, reason, new_end, article, new_text, at.date())
        check_frame(agreement, signed_on)
        if agreement.is_framework and new_end is not None:
            check_local_agreements(agreement, new_end)
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
        )
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
) -> None:
    if not reason.strip():
        raise AgreementRefused("reason", "Dites pourquoi la convention change.", "reason")
    if new_end is None and article is None:
        raise AgreementRefused("nothing", "Un avenant change la fin, un article, ou les deux.", "new_end")
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


def _copy_parts(former: Agreement, renewal: Agreement) -> None:
    """Carry over who signs, the articles, and the commitments that still run, measured from where they stand."""
    for party in former.parties.prefetch_related("signatories"):
        made = Party.objects.create(
            structure=renewal.structure,
            agreement=renewal,
            organisation=party.organisation,
            name=party.name,
            side=party.side,
            is_public=party.is_public,
        )
        Signatory.objects.bulk_create(
            Signatory(structure=renewal.structure, party=made, full_name=each.full_name, function=each.function)
            for each in party.signatories.all()
        )
    articles = {
        each.rank: Article.objects.create(
            structure=renewal.structure, agreement=renewal, rank=each.rank, title=each.title, text=each.text
        )
        for each in former.articles.all()
    }
    going_on = former.commitments.exclude(outcome=Outcome.KEPT).select_related("article")
    for commitment in going_on.prefetch_related("indicators__readings"):
        copied = Commitment.objects.create(
            structure=renewal.structure,
            agreement=renewal,
            article=articles[commitment.article.rank],
            theme=commitment.theme,
            text=commitment.text,
            own_lead=commitment.own_lead,
            partner_lead=commitment.partner_lead,
        )
        Indicator.objects.bulk_create(_carried(each, copied) for each in commitment.indicators.all())


def _carried(indicator: Indicator, commitment: Commitment) -> Indicator:
    latest = next(iter(indicator.readings.all()), None)
    return Indicator(
        structure=commitment.structure,
        commitment=commitment,
        name=indicator.name,
        definition=indicator.definition,
        source=indicator.source,
        known=indicator.known,
        unit=indicator.unit,
        baseline=latest.value if latest else indicator.baseline,
        target=indicator.target,
        frequency=indicator.frequency,
        owed_by=indicator.owed_by,
    )
