"""How a spreadsheet becomes a purchase plan: what is read, how a line is found again, and the writing."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.urls import reverse

from dentelle.foundations.directory.models import SeatRole
from dentelle.foundations.intake.targets import Known, Problem, Sheet, Target, Values, Where, WriteRefused
from dentelle.opendata.text import fold
from dentelle.rules.trades import CpvMalformed, trade_of_cpv
from dentelle.thread.clauses.access import WRITERS
from dentelle.thread.plans import actions
from dentelle.thread.plans.fields import FIELDS
from dentelle.thread.plans.models import PlanLine
from dentelle.thread.plans.refusals import PlanRefused
from dentelle.thread.plans.rows import line_keys, stored_keys, values_of

# what follows « Total » in the line that adds up others, and not in the name of a purchase (« Total station pour géomètre »)
_TOTAL = re.compile(
    r"(?:sous |grand )?tota(?:l|ux)(?: (?:general|annuel|cumule|estime|previsionnel|ht|ttc|hors taxes?|\d+|"
    r"(?:des?|du|d|lots?|achats?|marches|travaux|services?|fournitures|pole|direction|chapitre)\b.*))*|montant total(?: h?t+c?)?"
)
FIRST_YEAR, LAST_YEAR = 2015, 2060


class PurchasePlanTarget(Target):
    """A buyer's plan of a year; dropped by the structure, or by the buyer."""

    code = "programmation"
    label = "une programmation d’achats"
    intro = (
        "Le tableau des achats prévus, tel que l’acheteur le tient : chaque ligne reçoit l’obligation, un levier, des heures, "
        "un métier et le mois où agir."
    )
    rule = (
        "Une ligne est retrouvée par sa référence (et son lot) ; sans référence, par son objet (et son lot), dans l’ordre "
        "des lignes."
    )
    fields = FIELDS
    roles = WRITERS
    seats = (SeatRole.BUYER.value,)

    def option_fields(self) -> dict[str, forms.Field]:
        return {
            "year": forms.IntegerField(
                label="Année de la programmation",
                min_value=FIRST_YEAR,
                max_value=LAST_YEAR,
                help_text="Celle des achats prévus, par exemple 2027.",
                error_messages={"required": "Dites de quelle année est cette programmation."},
            )
        }

    def likely_options(self, today: date) -> dict[str, Any]:
        # plans of a year are made from the summer before
        return {"year": today.year + (today.month >= 7)}

    def check(self, values: Values, where: Where) -> Iterable[Problem]:
        if is_total(values):
            yield Problem(
                "subject",
                f"« {values['subject']} » additionne d’autres lignes\u00a0: elle serait comptée deux fois. Laissez-la, elle ne "
                "sera pas reprise\u00a0; si c’est un achat, dites-le dans son objet.",
            )
        if values.get("amount_cents") == 0:
            yield Problem("amount_cents", "Un montant nul ne dit rien : écrivez-le, ou laissez la case vide.")
        if values.get("annual_cents") == 0:
            yield Problem("annual_cents", "Un montant nul ne dit rien : écrivez-le, ou laissez la case vide.")
        if values.get("cpv"):
            try:
                trade_of_cpv(values["cpv"])
            except CpvMalformed:
                yield Problem(
                    "cpv",
                    f"« {values['cpv']} » n’est pas un code CPV : de deux à huit chiffres, comme 45 ou 90910000-9.",
                )
        for name, most in (("reference", 80), ("lot", 80)):
            if len(values.get(name) or "") > most:
                yield Problem(name, f"Plus de {most} caractères : ce n’est pas un numéro.")
        for name in ("launched_on", "starts_on"):
            day = values.get(name)
            if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
                yield Problem(name, f"L’année {day.year} n’est pas celle d’un achat prévu : vérifiez-la.")

    def keys(self, values: Values, seen: dict[str, int]) -> tuple[str, ...]:
        return line_keys(values, seen)

    def known(self, where: Where) -> Mapping[str, Known]:
        found: dict[str, Known] = {}
        lines = PlanLine.objects.filter(
            plan__structure=where.structure, plan__buyer=where.organisation, plan__year=where.options["year"]
        ).order_by("rank", "pk")
        for line in lines.defer("own"):
            known = Known(line.pk, values_of(line))
            for key in stored_keys(line):
                found.setdefault(key, known)
        return found

    def write(self, where: Where, sheet: Sheet, *, at: datetime) -> str:
        try:
            plan = actions.write_plan(where, sheet, at=at)
        except PlanRefused as refused:
            raise WriteRefused(str(refused)) from refused
        return str(plan.pk)

    def follow(self, leads_to: str, *, seated: bool) -> str:
        return reverse("plans:seat-plan" if seated else "plans:plan", kwargs={"pk": int(leads_to)})


def is_total(values: Values) -> bool:
    """Say whether a line adds up others: it is called so and bears no number of its own."""
    return not values.get("reference") and _TOTAL.fullmatch(fold(values.get("subject") or "")) is not None
