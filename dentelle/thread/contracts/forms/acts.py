"""One small form per act on a contract. Each knows the contract, so that lists only offer what is on it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from dentelle.foundations.directory.fields import organisation_field
from dentelle.foundations.directory.models import Kind
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.clauses.fields import NumberField
from dentelle.thread.contracts.actions.offers import not_in_tender
from dentelle.thread.contracts.dues import Due
from dentelle.thread.contracts.forms.fields import (
    CentsField,
    MinutesField,
    ShareField,
    SignedMinutesField,
    choice,
    company_name,
    day,
    text,
    words,
)
from dentelle.thread.contracts.models import (
    CLAUSE_TYPES,
    HolderRole,
    HoursBase,
    PenaltyForm,
    Tranche,
)
from dentelle.thread.contracts.publics import PUBLICS
from dentelle.thread.contracts.queries import ContractSheet
from dentelle.thread.contracts.states import AbandonReason, ContractState, Need, moves_from


class ActForm(forms.Form):
    """What every act carries: the revision its author was looking at. ``nothing`` is said when there is nothing to act on."""

    nothing = ""
    always_offered = False

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sheet: ContractSheet, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.acting_role = sheet, role
        self.fields["revision"].initial = sheet.contract.revision
        self.offer()

    def offer(self) -> None:
        """Fill the lists from the contract."""

    @property
    def known_addresses(self) -> Sequence[tuple[str, str]]:
        """Return (address, who), offered while an address is being typed."""
        return ()

    @property
    def nothing_to_do(self) -> str:
        """Why the act has nothing to act on; empty when it has."""
        required: list[Any] = [
            field for field in self.fields.values() if field.required and isinstance(field, forms.ChoiceField)
        ]
        empty = any(not list(field.choices) for field in required)
        return self.nothing if empty else ""

    def choices(self, name: str, rows: list[tuple[int, str]], *, empty: str | None = None) -> None:
        """Offer rows by key; ``empty`` is the word for none of them."""
        listed: Any = self.fields[name]
        listed.choices = [*([("", empty)] if empty is not None else []), *rows]

    @property
    def lines(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with the unit written beside it."""
        return [(self[name], getattr(field, "unit", "")) for name, field in self.fields.items()]

    @property
    def lots(self) -> list[tuple[int, str]]:
        return [(lot.pk, str(lot)) for lot in self.sheet.contract.lots.all()]

    @property
    def holders(self) -> list[tuple[int, str]]:
        return [(line.holder.pk, str(line.holder)) for line in self.sheet.holders]

    @property
    def obligations(self) -> list[tuple[int, str]]:
        return [(each.pk, str(each)) for each in self.sheet.obligations]


def row(label: str, *, required: bool = True, help_text: str = "") -> forms.TypedChoiceField:
    """A row of the contract, by its key."""
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=required, help_text=help_text)


class ChargeForm(ActForm):
    """Nothing to type: whoever sends it follows the contract."""


class LotForm(ActForm):
    always_offered = True
    number = text("Numéro du lot", most=20, required=True)
    title = text("Intitulé du lot")


class HolderForm(ActForm):
    always_offered = True
    siret = organisation_field("Entreprise", kind=Kind.COMPANY, required=True)
    name = company_name()
    role = choice("Rôle", HolderRole.choices, required=True)
    lot = row("Lot", required=False)
    due_minutes = MinutesField(
        label="Heures à sa charge", required=False, help_text="Vide si le groupement répond ensemble."
    )

    def offer(self) -> None:
        self.choices("lot", self.lots, empty="tout le contrat")


class SubcontractForm(ActForm):
    nothing = "Saisissez d’abord un titulaire\u00a0: c’est lui qui sous-traite."
    siret = text("SIRET du sous-traitant", most=20, required=True, inputmode="numeric")
    name = company_name()
    above = forms.ChoiceField(label="Travaille pour")
    subject = text("Prestation", most=300)
    due_minutes = MinutesField(label="Heures transmises", required=False, zero=True)
    starts_on = day("Du")
    ends_on = day("au")

    def offer(self) -> None:
        rows = []
        for line in self.sheet.holders:
            rows.append((f"{line.holder.pk}", str(line.holder)))
            rows += [
                (f"{line.holder.pk}-{link.subcontract.pk}", f"{'– ' * link.depth}{link.subcontract}")
                for link in line.below
            ]
        listed: Any = self.fields["above"]
        listed.choices = rows

    @property
    def place(self) -> tuple[int, int | None]:
        """The holder and, deeper, the subcontractor that hands the work down."""
        holder, _, parent = self.cleaned_data["above"].partition("-")
        return int(holder), int(parent) if parent else None


class ObligationForm(ActForm):
    always_offered = True
    clause_type = choice("Type de clause", list(CLAUSE_TYPES.items()), required=True)
    due_minutes = MinutesField(label="Volume dû", zero=True)
    lot = row("Lot", required=False)
    base = choice("Heures retenues", HoursBase.choices, required=True)
    deadline_on = day("Échéance")
    publics = forms.MultipleChoiceField(
        label="Publics éligibles",
        choices=list(PUBLICS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucune case cochée\u00a0: ceux que fixe le CCAG.",
    )
    neighbourhood_share = ShareField(label="Part réservée aux habitants des QPV", required=False)
    training_share = ShareField(label="Part de formation admise", required=False)
    tranche = choice("Tranche", Tranche.choices, required=True)
    tranche_number = forms.IntegerField(label="Numéro de tranche", required=False, min_value=1, max_value=99)
    penalty_mode = choice("Pénalité prévue au contrat", PenaltyForm.choices, required=True)
    penalty_value = NumberField(
        label="Valeur de la pénalité", required=False, help_text="En euros, ou en nombre de SMIC horaires."
    )
    penalty_cap_share = ShareField(label="Plafond, en part du montant", required=False)
    formal_notice_days = forms.IntegerField(label="Mise en demeure (jours)", required=False, min_value=0, max_value=365)
    document_penalty_cents = CentsField(label="Pénalité par jour de retard d’un document", required=False)
    waiver_allowed = forms.BooleanField(
        label="Le contrat permet d’exonérer le titulaire de pénalités", required=False, initial=True
    )

    def offer(self) -> None:
        self.choices("lot", self.lots, empty="tout le contrat")

    @property
    def known(self) -> dict[str, Any]:
        """What was typed of the obligation, its lot found on the contract."""
        typed = {name: self.cleaned_data[name] for name in ObligationForm.base_fields if name != "revision"}
        typed["lot"] = next((each for each in self.sheet.contract.lots.all() if each.pk == typed["lot"]), None)
        return typed


class AffirmForm(ActForm):
    nothing = "Ce contrat n’a pas de tranche optionnelle qui attende."
    obligation = row("Tranche")
    on = day("Affermie le", required=True)

    def offer(self) -> None:
        waiting = [(each.pk, str(each)) for each in self.sheet.obligations if not each.is_owed]
        self.choices("obligation", waiting)


class OrderForm(ActForm):
    nothing = "Les bons de commande se saisissent sur un accord-cadre dont une obligation est connue."
    obligation = row("Obligation")
    number = text("Numéro du bon", most=60, required=True)
    ordered_on = day("Commandé le", required=True)
    amount_cents = CentsField(label="Montant du bon", required=False)
    added_minutes = MinutesField(
        label="Heures ajoutées", required=False, zero=True, help_text="Vide tant qu’elles ne sont pas chiffrées."
    )

    def offer(self) -> None:
        self.choices("obligation", self.obligations if self.sheet.contract.is_framework else [])


class SizeOrderForm(ActForm):
    nothing = "Aucun bon de commande n’attend ses heures."
    order = row("Bon de commande")
    added_minutes = MinutesField(label="Heures ajoutées", zero=True)

    def offer(self) -> None:
        unsized = [
            (order.pk, f"{order} du {order.ordered_on:%d/%m/%Y}")
            for each in self.sheet.obligations
            for order in each.orders.all()
            if order.added_minutes is None
        ]
        self.choices("order", unsized)


class AmendmentForm(ActForm):
    always_offered = True
    decided_on = day("Décidé le", required=True)
    reason = words("Motif", most=1000, required=True)
    obligation = row("Obligation modifiée", required=False)
    minutes_change = SignedMinutesField(
        label="Heures ajoutées ou retirées", required=False, zero=True, help_text="« 120 » ajoute, « − 120 » retire."
    )
    new_end_on = day("Nouvelle fin d’exécution")

    def offer(self) -> None:
        self.choices("obligation", self.obligations, empty="aucune")


class PlanForm(ActForm):
    """The plan of one holder; months are typed one per line, empty for the pace proposed."""

    nothing = "Saisissez d’abord le titulaire avec qui le plan s’arrête."
    holder = row("Titulaire")
    kickoff_on = day("Réunion de démarrage le")
    correspondent_name = text("Correspondant du titulaire", most=150)
    correspondent_role = text("Sa fonction", most=150)
    correspondent_email = forms.EmailField(label="Son adresse électronique", required=False)
    correspondent_phone = text("Son téléphone", most=30)
    confirmed = forms.BooleanField(
        label="Le titulaire a confirmé ce plan à la réunion",
        required=False,
        help_text="Sinon, envoyez-lui un lien\u00a0: il le confirme lui-même, mois par mois.",
    )
    months = words(
        "Heures prévues, mois par mois",
        most=5000,
        help_text="Une ligne par mois, par exemple « 10/2026 : 120 ». Vide\u00a0: réparties sur la durée d’exécution.",
    )

    def offer(self) -> None:
        self.choices("holder", self.holders)


class PlannedActionForm(ActForm):
    nothing = "Arrêtez d’abord un plan d’insertion avec un titulaire."
    plan = row("Plan de")
    who = text("Qui", most=150, required=True)
    what = text("Fait quoi", most=300, required=True)
    due_on = day("Pour le")

    def offer(self) -> None:
        self.choices("plan", [(plan.pk, str(plan.holder)) for plan in self.sheet.contract.plans.all()])


class GridForm(ActForm):
    always_offered = True
    grid = words(
        "Grille d’analyse",
        most=3000,
        required=True,
        help_text="Une ligne par élément noté, avec ses points, par exemple « Encadrement et tutorat : 6 ».",
    )


class OfferForm(ActForm):
    always_offered = True
    siret = text("SIRET du candidat", most=20, required=True, inputmode="numeric")
    name = company_name()
    lot = row("Lot", required=False)
    offered_minutes = MinutesField(label="Heures offertes", required=False)

    def offer(self) -> None:
        self.choices("lot", self.lots, empty="tout le contrat")


class ScoreForm(ActForm):
    """Points and remark for each line of the grid."""

    nothing = "Fixez la grille, puis saisissez une offre."
    offer_pk = row("Offre de")

    def offer(self) -> None:
        grid = self.sheet.criteria
        self.choices("offer_pk", [(each.pk, str(each.organisation)) for each in self.sheet.offers] if grid else [])
        for line in grid:
            self.fields[f"points-{line.pk}"] = NumberField(label=line.label, unit=f"sur {line.points}", zero=True)
            self.fields[f"remark-{line.pk}"] = text(f"Appréciation\u00a0: {line.label}", most=1000)

    @property
    def points(self) -> dict[int, tuple[Decimal, str]]:
        return {
            line.pk: (self.cleaned_data[f"points-{line.pk}"], self.cleaned_data[f"remark-{line.pk}"])
            for line in self.sheet.criteria
        }


class RetainForm(ActForm):
    nothing = "Aucune offre n’attend d’être retenue."
    offer_pk = row("Offre retenue")

    def offer(self) -> None:
        waiting = [each for each in self.sheet.offers if not each.retained]
        self.choices("offer_pk", [(each.pk, str(each.organisation)) for each in waiting])

    @property
    def nothing_to_do(self) -> str:
        return super().nothing_to_do or not_in_tender(self.sheet.contract.state)


class MoveForm(ActForm):
    """The next state; what it needs beyond the contract is asked here."""

    nothing = "Aucun changement d’étape n’est possible d’ici avec votre rôle."
    move = forms.ChoiceField(label="Étape", widget=forms.RadioSelect)
    notified_on = day("Marché notifié le")
    siret = organisation_field("Titulaire", kind=Kind.COMPANY)
    name = company_name()
    starts_on = day("Exécution démarrée le")
    reason = words("Motif", most=1000)
    abandon_reason = choice("Raison de l’abandon", [("", "sans objet"), *AbandonReason.choices])
    total_source = text("Source du total", most=300, help_text="Le document ou la personne qui l’établit.")
    closed_on = day("Clos le")

    def offer(self) -> None:
        listed: Any = self.fields["move"]
        moves = moves_from(self.sheet.contract.state, self.acting_role)
        listed.choices = [(each.code, each.label) for each in moves]
        needs = {need for each in moves for need in each.needs}
        for unneeded in self._unneeded(needs, {each.target for each in moves}):
            del self.fields[unneeded]
        if Need.STATED_TOTAL in needs:
            for due in self.sheet.dues:
                self.fields[f"total-{due.counts.value}"] = total_field(due, required=False)

    def _unneeded(self, needs: set[Need], targets: set[ContractState]) -> list[str]:
        """The fields no possible step needs, or whose answer the contract already holds."""
        contract = self.sheet.contract
        asked = {
            ("abandon_reason",): ContractState.ABANDONED in targets,
            ("reason",): Need.REASON in needs or ContractState.ABANDONED in targets,
            ("notified_on",): Need.NOTIFIED_ON in needs and contract.notified_on is None,
            ("siret", "name"): Need.HOLDER in needs and not self.sheet.holders,
            ("starts_on",): Need.STARTS_ON in needs and contract.starts_on is None,
            ("total_source", "closed_on"): Need.STATED_TOTAL in needs,
        }
        return [name for names, wanted in asked.items() if not wanted for name in names]

    @property
    def totals(self) -> dict[LeverCounts, int]:
        """The totals typed, by counter."""
        return typed_totals(self)


def total_field(due: Due, *, required: bool) -> MinutesField:
    """The total somebody states for one counter."""
    return MinutesField(label=f"Total constaté, {due.counts.label}", required=required, zero=True)


def typed_totals(form: ActForm) -> dict[LeverCounts, int]:
    """Return the totals typed in a form, by counter."""
    typed = {due.counts: form.cleaned_data.get(f"total-{due.counts.value}") for due in form.sheet.dues}
    return {counts: minutes for counts, minutes in typed.items() if minutes is not None}
