"""Forms of people outside: few fields, prefilled, each with the revision of the contract its sender was looking at."""

from datetime import date
from typing import Any

from django import forms

from dentelle.rules.spreading import MonthlyMinutes
from dentelle.thread.contracts.actions.plan import minutes_to_plan, proposed_months
from dentelle.thread.contracts.forms.exchanges import attachment
from dentelle.thread.contracts.forms.fields import CentsField, MinutesField, choice, day, text, words
from dentelle.thread.contracts.models import Holder, InsertionPlan, PenaltyOutcome
from dentelle.web.formatting import duration, money, month
from dentelle.web.spaces.sheet import SpaceSheet


class SpaceForm(forms.Form):
    """``sheet`` is the contract as its reader sees it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sheet: SpaceSheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.fields["revision"].initial = sheet.contract.revision
        self.offer()

    def offer(self) -> None:
        """Fill what depends on the contract."""

    @property
    def lines(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with the unit written beside it, months apart."""
        return [
            (self[name], getattr(field, "unit", "")) for name, field in self.fields.items() if not name.startswith("m-")
        ]

    @property
    def months(self) -> list[tuple[forms.BoundField, str]]:
        """The fields of the months."""
        return [(self[name], getattr(self.fields[name], "unit", "")) for name in self.fields if name.startswith("m-")]


class DecisionForm(SpaceForm):
    """A button, and nothing to type."""


class PenaltyDecisionForm(SpaceForm):
    obligation = forms.TypedChoiceField(label="Pénalité proposée", coerce=int)
    outcome = forms.ChoiceField(
        label="Votre décision",
        choices=[
            (PenaltyOutcome.APPLIED.value, "Appliquer la pénalité"),
            (PenaltyOutcome.WAIVED.value, "Ne pas l’appliquer"),
        ],
        widget=forms.RadioSelect,
    )
    amount_cents = CentsField(
        label="Montant appliqué",
        required=False,
        help_text="Vide\u00a0: le montant proposé. Sans objet si vous y renoncez.",
    )
    on = day("Décidé le", required=True)
    reason = words(
        "Motif", most=1000, help_text="Nécessaire si vous renoncez ou si vous vous écartez du montant proposé."
    )

    def offer(self) -> None:
        listed: Any = self.fields["obligation"]
        listed.choices = [
            (line.obligation.pk, f"{line.obligation}\u00a0: {money(line.result.value, '')}")
            for line in self.sheet.penalties
        ]


class QuestionForm(SpaceForm):
    text = words("Votre question", most=5000, required=True)
    attachment = attachment()


class LinkQuestionForm(QuestionForm):
    """Without account, the name is asked."""

    name = text("Votre nom", most=150, required=True)
    field_order = ["revision", "name", "text", "attachment"]


class PlanForm(SpaceForm):
    """The correspondent of a holder and its hours month by month, as agreed or as proposed."""

    holder = choice("Lot", [], required=True)
    name = text("Nom de votre correspondant", most=150, required=True)
    role = text("Sa fonction", most=150)
    email = forms.EmailField(label="Son adresse électronique", required=False, max_length=254)
    phone = text("Son téléphone", most=30)

    def offer(self) -> None:
        mine = self.sheet.own_holders
        listed: Any = self.fields["holder"]
        listed.choices = [(str(each.pk), str(each.lot or "tout le contrat")) for each in mine]
        if len(mine) == 1:
            listed.widget = forms.HiddenInput()
        chosen = self.chosen
        if chosen is None:
            return
        self.initial["holder"] = str(chosen.pk)
        plan = self.plan
        if plan is not None:
            for name in ("name", "role", "email", "phone"):
                self.fields[name].initial = getattr(plan, f"correspondent_{name}")
        for line in months_of(self.sheet, chosen, plan):
            field = MinutesField(label=month(line.month), zero=True)
            field.initial = _typed(line.minutes)
            self.fields[f"m-{line.month:%Y-%m}"] = field

    @property
    def chosen(self) -> Holder | None:
        """The line of the organisation the form is about: the one asked for, else the first not confirmed."""
        mine = self.sheet.own_holders
        asked = str(self.data.get("holder", "") if self.is_bound else self.initial.get("holder", ""))
        confirmed = {plan.holder_id for plan in self.sheet.plans if plan.confirmed_at}
        waiting = [each for each in mine if each.pk not in confirmed]
        return next((each for each in mine if str(each.pk) == asked), None) or next(iter([*waiting, *mine]), None)

    @property
    def plan(self) -> InsertionPlan | None:
        chosen = self.chosen
        return next((each for each in self.sheet.plans if chosen and each.holder_id == chosen.pk), None)

    @property
    def due(self) -> int:
        """The minutes the holder answers for."""
        return minutes_to_plan(self.sheet.contract, self.chosen) if self.chosen else 0

    @property
    def planned(self) -> tuple[MonthlyMinutes, ...]:
        """The months typed."""
        return tuple(
            MonthlyMinutes(date(int(name[2:6]), int(name[7:9]), 1), self.cleaned_data[name])
            for name in self.fields
            if name.startswith("m-")
        )

    @property
    def due_told(self) -> str:
        return duration(self.due)


def months_of(sheet: SpaceSheet, holder: Holder, plan: InsertionPlan | None) -> tuple[MonthlyMinutes, ...]:
    """Return the months of the plan, else those its execution gives; empty while its dates are not known."""
    if plan is not None and (agreed := tuple(MonthlyMinutes(each.month, each.minutes) for each in plan.months.all())):
        return agreed
    return proposed_months(sheet.contract, holder)


def _typed(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return str(hours) if not rest else f"{minutes / 60:.4f}".rstrip("0").replace(".", ",")
