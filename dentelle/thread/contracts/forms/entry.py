"""The one screen by which a contract enters the register, whatever it comes from; the same fields change it later."""

from typing import Any, Self

from django import forms

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.fields import organisation_field
from dentelle.foundations.directory.models import Kind
from dentelle.foundations.organisations.models import Structure
from dentelle.rules.levers_catalogue import LeverCode
from dentelle.thread.contracts.actions.contract import dates_kept
from dentelle.thread.contracts.forms.fields import CentsField, MinutesField, choice, company_name, day, text, words
from dentelle.thread.contracts.models import CLAUSE_TYPES, KINDS, Contract, Operation, Programme
from dentelle.thread.contracts.states import WRITER_ROLES

CCAG = (
    ("", "non précisé"),
    ("FCS", "fournitures et services (FCS)"),
    ("TIC", "techniques de l’information (TIC)"),
    ("Travaux", "travaux"),
    ("PI", "prestations intellectuelles (PI)"),
    ("MI", "marchés industriels (MI)"),
    ("MOE", "maîtrise d’œuvre (MOE)"),
    ("aucun", "aucun CCAG visé"),
)


class ContractForm(forms.Form):
    """What is known of a contract: only its title is required."""

    title = text("Intitulé", required=True)
    number = text("Numéro du marché", most=60)
    buyer_siret = organisation_field("Acheteur", kind=Kind.BUYER)
    buyer_name = company_name("l’acheteur")
    operation = forms.ModelChoiceField(
        label="Opération", queryset=Operation.objects.none(), required=False, empty_label="aucune"
    )
    facilitator = forms.ModelChoiceField(
        label="Suivi par", queryset=User.objects.none(), required=False, empty_label="moi"
    )
    subject = words("Objet")
    cpv = text("Code CPV", most=10)
    kind = choice("Nature", [("", "non précisée"), *KINDS.items()])
    procedure = text("Procédure", most=100)
    ccag = choice("CCAG visé", CCAG)
    is_framework = forms.BooleanField(label="Accord-cadre à bons de commande", required=False)
    amount_cents = CentsField(label="Montant du marché", required=False)
    launched_on = day("Consultation lancée le")
    notified_on = day("Notifié le")
    starts_on = day("Exécution du")
    ends_on = day("au")

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.structure = structure
        operations: Any = self.fields["operation"]
        operations.queryset = Operation.objects.filter(structure=structure)
        people: Any = self.fields["facilitator"]
        people.queryset = User.objects.filter(
            memberships__structure=structure, memberships__role__in=WRITER_ROLES
        ).order_by("full_name", "pk")

    def with_dates_kept(self, contract: Contract) -> Self:
        """Return the form, its dates that a signed contract keeps shown as such: an amendment changes them."""
        for name in dates_kept(contract):
            self.fields[name].widget.attrs["readonly"] = True
            self.fields[name].help_text = "Le marché est notifié\u00a0: cette date ne change que par un avenant."
        return self


class EntryForm(ContractForm):
    """A new contract, with what it owes and who signed when that is known: nothing is asked twice later."""

    clause_type = choice("Type de clause", list(CLAUSE_TYPES.items()))
    due_minutes = MinutesField(
        label="Heures dues", required=False, help_text="Laissez vide si elles ne sont pas fixées."
    )
    deadline_on = day("Échéance de l’obligation")
    holder_siret = organisation_field("Titulaire, s’il est choisi", kind=Kind.COMPANY)
    holder_name = company_name("l’entreprise titulaire")
    calibration = forms.IntegerField(required=False, widget=forms.HiddenInput)
    renewal_key = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    plan_line = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause_type"].initial = LeverCode.EXECUTION_CONDITION.value


class OperationForm(forms.Form):
    """An operation that gathers contracts."""

    name = text("Nom de l’opération", required=True)
    programme = choice("Programme", Programme.choices, required=True)
    programme_name = text("Nom du programme, s’il n’est pas dans la liste")
    neighbourhoods = text(
        "Quartiers prioritaires", most=500, help_text="Leurs codes, séparés par des espaces, par exemple QN03501M."
    )
    site = text("Lieu", most=300)
