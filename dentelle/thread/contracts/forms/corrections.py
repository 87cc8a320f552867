"""Forms of what corrects a contract or ends one of its lines."""

from typing import Any

from django import forms

from dentelle.foundations.organisations.models import Structure, StructureStatus
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts.forms.acts import ActForm, ObligationForm, row, total_field, typed_totals
from dentelle.thread.contracts.forms.fields import MinutesField, day, text
from dentelle.thread.contracts.models import Obligation
from dentelle.thread.contracts.publics import PUBLICS
from dentelle.thread.contracts.states import awaits_hours, is_signed


class RemoveHolderForm(ActForm):
    nothing = "Aucun titulaire n’est saisi."
    holder = row("Titulaire saisi par erreur")

    def offer(self) -> None:
        self.choices("holder", self.holders)


class RemoveSubcontractForm(ActForm):
    nothing = "Aucun sous-traitant n’est saisi."
    subcontract = row("Sous-traitant saisi par erreur")

    def offer(self) -> None:
        rows = [
            (link.subcontract.pk, f"{'– ' * (link.depth - 1)}{link.subcontract}, sous {line.holder}")
            for line in self.sheet.holders
            for link in line.below
        ]
        self.choices("subcontract", rows)


class EditObligationForm(ObligationForm):
    """The obligation comes with the address; its present terms are the first values."""

    obligation = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.data.get("obligation") if self.is_bound else self.initial.get("obligation")
        self.found = next((each for each in self.sheet.obligations if str(each.pk) == str(asked)), None)
        if self.found is not None:
            self.initial.update(_terms(self.found))
            kept: Any = self.fields[
                "publics"
            ]  # what another tool wrote in its own words is not lost by correcting the rest
            kept.choices = [*kept.choices, *((each, each) for each in self.found.publics if each not in PUBLICS)]
            if is_signed(self.sheet.contract.state):
                for name in ("clause_type", "due_minutes", "tranche"):
                    self.fields[name].help_text = "Le marché est notifié\u00a0: change par un avenant."

    @property
    def nothing_to_do(self) -> str:
        return "" if self.found else "Choisissez l’obligation sur la page du contrat."


def _terms(obligation: Obligation) -> dict[str, Any]:
    shares = ("neighbourhood_share", "training_share", "penalty_cap_share")
    names = [name for name in ObligationForm.base_fields if name not in ("revision", "lot", "due_minutes", *shares)]
    terms = {name: getattr(obligation, name) for name in names}
    for name in shares:
        share = getattr(obligation, name)
        terms[name] = None if share is None else f"{share * 100:f}".rstrip("0").rstrip(".").replace(".", ",")
    hours = f"{obligation.due_minutes / 60:.4f}".rstrip("0").rstrip(".").replace(".", ",")
    if obligation.document_penalty_cents is not None:
        euros, cents = divmod(obligation.document_penalty_cents, 100)
        terms["document_penalty_cents"] = f"{euros},{cents:02d}"
    return {**terms, "lot": obligation.lot_id, "due_minutes": hours}


class RemoveObligationForm(ActForm):
    nothing = "Aucune obligation ne peut être retirée\u00a0: après notification, seul un avenant change ce qui est dû."
    obligation = row("Obligation saisie par erreur")

    def offer(self) -> None:
        self.choices("obligation", [] if is_signed(self.sheet.contract.state) else self.obligations)


class ActionDoneForm(ActForm):
    nothing = "Aucune action du plan n’attend."
    action = row("Action")
    on = day("Faite le", required=True)

    def offer(self) -> None:
        waiting = [
            (action.pk, f"{action.who}\u00a0: {action.what}")
            for plan in self.sheet.contract.plans.all()
            for action in plan.actions.all()
            if action.done_on is None
        ]
        self.choices("action", waiting)


class StatedTotalForm(ActForm):
    """What somebody states was done so far, counter by counter, with its source."""

    stated_on = day("Constaté le", required=True)
    source = text("Source du total", most=300, required=True, help_text="Le document ou la personne qui l’établit.")

    def offer(self) -> None:
        for due in self.sheet.dues:
            self.fields[f"total-{due.counts.value}"] = total_field(due, required=True)

    @property
    def nothing_to_do(self) -> str:
        return "" if awaits_hours(self.sheet.contract.state) else "Un total se constate une fois le marché notifié."

    @property
    def totals(self) -> dict[LeverCounts, int]:
        """The totals typed, by counter."""
        return typed_totals(self)


class AssociationForm(ActForm):
    """A structure of the same network, and the part of the hours it follows."""

    nothing = "Votre réseau n’a pas d’autre structure agréée."
    always_offered = True
    structure = row("Structure associée")
    due_minutes = MinutesField(label="Part suivie")
    since = day("Depuis le", required=True)

    def offer(self) -> None:
        lead = self.sheet.contract.structure
        others = Structure.objects.filter(network_id=lead.network_id, status=StructureStatus.APPROVED)
        self.choices("structure", list(others.exclude(pk=lead.pk).order_by("name").values_list("pk", "name")))


class EndAssociationForm(ActForm):
    nothing = "Aucune structure associée ne suit ce contrat."
    association = row("Structure associée")
    on = day("Fin du suivi le", required=True)

    def offer(self) -> None:
        current = [
            (each.pk, each.structure.name) for each in self.sheet.contract.associations.all() if each.until is None
        ]
        self.choices("association", current)
