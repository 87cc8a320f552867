"""The renewal of a signed agreement: a draft that starts where the last one ends."""

from datetime import date, datetime

from django.utils import timezone

from dentelle.foundations.search.actions import index
from dentelle.network.agreements.access import Author
from dentelle.network.agreements.actions.changing import changing
from dentelle.network.agreements.following import renewal_start
from dentelle.network.agreements.models import (
    Agreement,
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
    """Make the draft that follows a signed agreement, with its parties, articles and commitments.

    It starts the day after the last one signed with the same people, which may have followed this one.
    Signatures are collected anew; a local one needs a framework in force then. Raises AgreementRefused, EditedMeanwhile.
    """
    signed = (AgreementState.SIGNED, AgreementState.ENDED)
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=signed) as change:
        former = change.agreement
        if former.renewals.exclude(state=AgreementState.ABANDONED).exists():
            raise AgreementRefused("renewed", "Le renouvellement de cette convention existe déjà.")
        starts_on = renewal_start(former)
        if starts_on is None or ends_on < starts_on:
            begins = f" (le {starts_on:%d/%m/%Y})" if starts_on else ""
            raise AgreementRefused(
                "period",
                f"La fin précède le début{begins}\u00a0: le renouvellement suit la dernière signée.",
                "ends_on",
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
        _copy_parts(former, renewal, timezone.localdate(at))
        change.record("agreement.renewed", renewal=renewal.pk)
        index(renewal)
    return renewal


def _copy_parts(former: Agreement, renewal: Agreement, today: date) -> None:
    """Carry over who signs, the articles, and the commitments that still run, measured from where they stand."""
    for party in former.parties.prefetch_related("signatories"):
        made = Party.objects.create(
            structure=renewal.structure,
            agreement=renewal,
            organisation=party.organisation,
            name="" if party.organisation else party.name,
            side=party.side,
            is_public=party.is_public,
            is_own=party.is_own,
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
        Indicator.objects.bulk_create(_carried(each, copied, today) for each in commitment.indicators.all())


def _carried(indicator: Indicator, commitment: Commitment, today: date) -> Indicator:
    latest = next((each for each in indicator.readings.all() if not each.is_partial), None)
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
        target_for=indicator.target_for,
        adds_up=indicator.adds_up,
        added_on=today,
        frequency=indicator.frequency,
        owed_by=indicator.owed_by,
    )
