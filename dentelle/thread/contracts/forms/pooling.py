"""Forms of a pooling agreement."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from dentelle.foundations.directory.fields import organisation_field
from dentelle.foundations.directory.models import Kind
from dentelle.thread.contracts.actions.pooling import pooled_in_force
from dentelle.thread.contracts.forms.fields import choice, company_name, day, text
from dentelle.thread.contracts.models import Contract, PoolingAgreement, PoolingKey


class PoolingForm(forms.Form):
    """A new agreement."""

    title = text("Intitulé", required=True)
    siret = organisation_field("Entreprise", kind=Kind.COMPANY, required=True)
    name = company_name()
    key = choice("Clé de répartition", PoolingKey.choices, required=True)
    signed_on = day("Signée le")
    ends_on = day("Jusqu’au")


class PooledContractForm(forms.Form):
    """A contract of the company, and its part when the agreement states the parts."""

    contract = forms.ModelChoiceField(label="Contrat", queryset=Contract.objects.none(), empty_label=None)
    stated_weight = forms.IntegerField(
        label="Part fixée par la convention", required=False, min_value=1, max_value=1_000_000
    )

    def __init__(self, *args: Any, agreement: PoolingAgreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = agreement.company_id
        works = Q(holders__organisation=company) | Q(holders__subcontracts__organisation=company)
        eligible = Contract.objects.filter(structure=agreement.structure_id).filter(works)
        listed: Any = self.fields["contract"]
        listed.queryset = (
            Contract.objects.filter(pk__in=eligible.values("pk"))
            .exclude(pk__in=pooled_in_force(timezone.localdate()).values("contract"))
            .exclude(pooled__agreement=agreement)
        )
        if agreement.key != PoolingKey.STATED:
            del self.fields["stated_weight"]


class ConsentForm(forms.Form):
    """The written consent of one buyer, with what proves it."""

    contract = forms.ModelChoiceField(label="Contrat", queryset=Contract.objects.none(), empty_label=None)
    on = day("Accord écrit du", required=True)
    reference = text(
        "Référence de l’accord", required=True, help_text="Courrier, délibération, courriel\u00a0: ce qui le prouve."
    )

    def __init__(self, *args: Any, agreement: PoolingAgreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed: Any = self.fields["contract"]
        listed.queryset = Contract.objects.filter(pooled__agreement=agreement, pooled__consented_on=None)
