"""The calibration form: French numbers, fields of the chosen method only, a reason for each coefficient changed."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from dentelle.rules.calibration.request import Programme, Rounding, TrancheKind
from dentelle.rules.obligation import BuyerKind, ContractKind, ExemptionCode
from dentelle.rules.trades import CpvMalformed, trade_of_cpv, trades
from dentelle.thread.clauses.coefficients import chosen_trade, coefficient_paths, overridable, own_field
from dentelle.thread.clauses.fields import (
    AmountField,
    HoursField,
    MonthsField,
    NumberField,
    PercentField,
    area_field,
    choice_field,
    read_number,
    text_field,
)
from dentelle.thread.clauses.launch import asks_whether_launched, still_expected
from dentelle.thread.clauses.models import CalibrationMethod

MOST_ROWS = 30
FEWEST_ROWS = 3
VARIANTS = 3
# Fields each method reads; those of the others are kept as typed and not judged.
METHOD_FIELDS: dict[str, tuple[str, ...]] = {
    CalibrationMethod.AMOUNT: ("trade", "per_year", "years", "rounding"),
    CalibrationMethod.LOTS: ("rounding",),
    CalibrationMethod.TRANCHES: ("trade", "rounding"),
    CalibrationMethod.HOURS_WORKED: ("hours_worked", "per_year", "years", "rounding"),
    CalibrationMethod.POSTS: ("posts", "years", "rounding"),
    CalibrationMethod.STAFF_TRANSFER: ("hours_worked", "transferred_hours", "per_year", "years", "rounding"),
    CalibrationMethod.ORDERS: ("trade", "step_eur", "hours_per_step"),
    CalibrationMethod.TRAINING_GRID: (),
}
ROW_METHODS = {
    "lots": CalibrationMethod.LOTS,
    "tranches": CalibrationMethod.TRANCHES,
    "orders": CalibrationMethod.ORDERS,
}
NEEDED: dict[str, dict[str, str]] = {
    CalibrationMethod.AMOUNT: {"amount": "Écrivez le montant estimé hors taxes\u00a0: le calcul part de lui."},
    CalibrationMethod.TRAINING_GRID: {"amount": "Écrivez le montant estimé hors taxes\u00a0: la grille part de lui."},
    CalibrationMethod.HOURS_WORKED: {"hours_worked": "Écrivez le nombre d’heures de production."},
    CalibrationMethod.STAFF_TRANSFER: {
        "hours_worked": "Écrivez le nombre d’heures de production.",
        "transferred_hours": "Écrivez le nombre d’heures du personnel repris (0 si personne).",
    },
    CalibrationMethod.POSTS: {"posts": "Écrivez le nombre de postes."},
}
# Methods whose hours all come from one trade's share of labour.
SHARED_BY_TRADE = (CalibrationMethod.AMOUNT, CalibrationMethod.TRANCHES, CalibrationMethod.ORDERS)
FIRST_LAUNCH, LAST_LAUNCH = date(2000, 1, 1), date(2099, 12, 31)  # beyond, a year is mistyped
_OWN = re.compile(r"(?:own|why)-([a-z0-9_.]{1,80})")
ROUNDINGS = {
    Rounding.UNIT: "à l’heure",
    Rounding.FIVE: "à 5\u00a0h",
    Rounding.SEVEN: "à 7\u00a0h (une journée)",
    Rounding.TEN: "à 10\u00a0h",
    Rounding.FIFTY: "à 50\u00a0h",
    Rounding.WEEK: "à la semaine supérieure (35\u00a0h)",
    Rounding.MONTH: "au mois supérieur (151,67\u00a0h)",
}
TRANCHES = {TrancheKind.FIRM: "ferme", TrancheKind.OPTIONAL: "optionnelle"}


class Cell(NamedTuple):
    """A field of a row and the unit written beside it."""

    field: forms.BoundField
    unit: str


class CalibrationForm(forms.Form):
    """One calibration. ``cleaned_data`` holds exact decimals; ``typed()`` gives the texts to keep and show again."""

    title = text_field(
        label="Intitulé du calibrage",
        max_length=200,
        error_messages={"required": "Donnez un intitulé, pour le retrouver."},
    )
    buyer_label = text_field(label="Acheteur", max_length=200, required=False)
    subject = area_field(label="Objet de l’achat", max_length=1000, required=False)
    contract_key = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    # What the data published, and whether it was a price or a ceiling: an amount left as it was is not an estimate.
    published_amount = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    published_kind = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    published_need = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    whole_unknown = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    # When the data expected the consultation, and the day proposed: the doubt lasts until the person says more.
    expected_launch = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    proposed_launch = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    not_yet_launched = forms.BooleanField(label="La consultation n’est pas encore lancée", required=False)
    amount = AmountField(label="Montant estimé", required=False)
    need_amount = AmountField(label="Montant de l’ensemble des lots", required=False)
    contract_kind = choice_field(
        [("", "à préciser"), *((kind.value, kind.label) for kind in ContractKind)], label="Nature du contrat"
    )
    buyer_kind = choice_field(
        [("", "à préciser"), *((kind.value, kind.label) for kind in BuyerKind)], label="Nature de l’acheteur"
    )
    launched_on = forms.DateField(
        label="Lancement de la consultation",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": "Écrivez la date de lancement prévue\u00a0: les seuils et les paramètres en dépendent.",
            "invalid": "Écrivez une date comme 01/10/2026.",
        },
    )
    duration_months = MonthsField(label="Durée du contrat", required=False)
    workforce = NumberField(label="Effectif prévu par l’entreprise", required=False, unit="personnes")
    cpv = text_field(label="Code CPV", max_length=12, required=False)
    exemption = choice_field(
        [("", "aucune"), *((code.value, code.label) for code in ExemptionCode)],
        label="Dérogation invoquée par l’acheteur",
    )
    exemption_reason = area_field(label="Motif de la dérogation", max_length=500, required=False)
    method = forms.ChoiceField(
        label="Méthode",
        choices=CalibrationMethod.choices,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    programme = choice_field(
        [
            ("", "usage général"),
            (Programme.NPNRU_WORKS.value, "NPNRU, travaux et ingénierie liée"),
            (Programme.NPNRU_GUP.value, "NPNRU, gestion urbaine de proximité"),
        ],
        label="Programme",
    )
    hours_worked = HoursField(label="Heures de production", required=False)
    transferred_hours = HoursField(label="Heures du personnel repris", required=False, zero=True)
    posts = NumberField(label="Postes à temps plein", required=False, unit="postes", accepted_units=("postes", "poste"))
    years = NumberField(label="Nombre d’années", required=False, unit="ans", accepted_units=("ans", "an"))
    per_year = forms.BooleanField(label="Le montant ou les heures sont ceux d’une année", required=False)
    step_eur = AmountField(label="Pas de commande", required=False)
    hours_per_step = HoursField(label="Heures par pas", required=False)
    rounding = choice_field([(step.value, label) for step, label in ROUNDINGS.items()], label="Arrondi du total")
    local_structures = NumberField(
        label="Structures d’insertion capables de répondre",
        required=False,
        zero=True,
        unit="structures",
        inputmode="numeric",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        raw: Mapping[str, Any] = data if data is not None else self.initial
        self.fields["trade"] = choice_field(trade_choices(), label="Métier")
        self.chosen = str(raw.get("method") or CalibrationMethod.AMOUNT)
        self.rows = {name: self._add_rows(name, raw) for name in ROW_METHODS}
        self.paths = coefficient_paths(raw, self.chosen)
        self.asks_whether_launched = asks_whether_launched(raw)
        self._add_coefficients(raw)
        self._add_variants()
        for name, message in NEEDED.get(self.chosen, {}).items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = message

    # --- Rows, coefficients, variants: as many fields as there is something to write -----------------------------------

    def _add_rows(self, name: str, raw: Mapping[str, Any]) -> int:
        written = [
            int(match[1])
            for key in raw
            if raw[key] and (match := re.fullmatch(name + r"-(\d{1,2})-(?:label|amount)", key))
        ]
        count = min(MOST_ROWS, max(FEWEST_ROWS, max(written, default=-1) + 2))
        for index in range(count):
            prefix, nth = f"{name}-{index}", index + 1
            if name == "orders":
                self.fields[f"{prefix}-on"] = forms.DateField(
                    label=f"Date de la commande {nth}",
                    required=False,
                    widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
                    input_formats=["%Y-%m-%d", "%d/%m/%Y"],
                    error_messages={"invalid": "Écrivez une date comme 01/10/2026."},
                )
            else:
                noun = "du lot" if name == "lots" else "de la tranche"
                self.fields[f"{prefix}-label"] = text_field(label=f"Nom {noun} {nth}", max_length=120, required=False)
            self.fields[f"{prefix}-amount"] = AmountField(label=f"Montant {nth}", required=False)
            if name == "lots":
                self.fields[f"{prefix}-trade"] = choice_field(trade_choices(), label=f"Métier du lot {nth}")
            if name == "tranches":
                choices = [(kind.value, label) for kind, label in TRANCHES.items()]
                self.fields[f"{prefix}-kind"] = choice_field(
                    choices, label=f"Tranche {nth}\u00a0: ferme ou optionnelle"
                )
        return count

    def _add_coefficients(self, raw: Mapping[str, Any]) -> None:
        typed = {match[1] for key in raw if raw[key] and (match := _OWN.fullmatch(key))}
        for path in (*self.paths, *sorted(typed - set(self.paths))):
            known = overridable(path)
            if known is None:
                continue
            self.fields[f"own-{path}"] = own_field(known)
            self.fields[f"why-{path}"] = area_field(label=f"Motif ({known.label})", max_length=500, required=False)

    def _add_variants(self) -> None:
        for index in range(VARIANTS):
            nth = index + 1
            self.fields[f"variant-{index}-effort_rate"] = PercentField(
                label=f"Hypothèse {nth}, taux d’effort", required=False
            )
            self.fields[f"variant-{index}-labour_share"] = PercentField(
                label=f"Hypothèse {nth}, part de main-d’œuvre", required=False
            )
            self.fields[f"variant-{index}-hourly_cost"] = AmountField(
                label=f"Hypothèse {nth}, coût horaire", required=False, unit="€/h"
            )

    # --- Reading -------------------------------------------------------------------------------------------------------

    def clean_cpv(self) -> str:
        code = str(self.cleaned_data["cpv"])
        if code:
            try:
                trade_of_cpv(code)
            except CpvMalformed:
                raise ValidationError(
                    f"« {code} » n’est pas un code CPV\u00a0: écrivez de deux à huit chiffres, comme 45 ou 90910000.",
                    code="cpv",
                ) from None
        return code

    def clean_launched_on(self) -> date:
        day: date = self.cleaned_data["launched_on"]
        if not FIRST_LAUNCH <= day <= LAST_LAUNCH:
            raise ValidationError(
                f"L’année {day.year} n’est pas celle d’une consultation\u00a0: écrivez une date de {FIRST_LAUNCH.year} à "
                f"{LAST_LAUNCH.year}.",
                code="year",
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in list(self.errors):
            if not self._counts(name):
                del self.errors[name]
        for name, method in ROW_METHODS.items():
            if self.chosen == method:
                self._check_rows(name, cleaned)
        self._check_reasons(cleaned)
        self._check_useless(cleaned)
        cleaned["paths"] = self.paths
        cleaned["amount_origin"] = self._origin(cleaned, "amount", "published_amount")
        cleaned["still_expected"] = still_expected(cleaned)
        cleaned["need_origin"] = self._origin(cleaned, "need_amount", "published_need")
        years = cleaned.get("years")
        if years is not None and self._counts("years") and not 0 < years <= 50:
            self.add_error("years", ValidationError("Écrivez un nombre d’années, jusqu’à 50.", code="years"))
        if cleaned.get("exemption") and not (cleaned.get("exemption_reason") or "").strip():
            self.add_error(
                "exemption_reason",
                ValidationError(
                    "Une dérogation demande un motif\u00a0: l’acheteur le garde dans son dossier.", code="required"
                ),
            )
        return cleaned

    def _origin(self, cleaned: dict[str, Any], name: str, published_name: str) -> str:
        """Return « award » or « ceiling » when an amount is still the one published, else « estimate »."""
        try:
            published = read_number(cleaned.get(published_name) or "")
        except ValidationError:
            return "estimate"
        if cleaned.get(name) != published:
            return "estimate"
        return "ceiling" if cleaned.get("published_kind") == "ceiling" else "award"

    def _counts(self, name: str) -> bool:
        """Whether a field matters for the chosen method: what another method needs is kept as typed, not judged."""
        row = re.match(r"(lots|tranches|orders)-\d", name)
        if row:
            return ROW_METHODS[row[1]] == self.chosen
        own = _OWN.fullmatch(name)
        if own:
            return own[1] in self.paths
        elsewhere = {field for fields in METHOD_FIELDS.values() for field in fields}
        return name not in elsewhere or name in METHOD_FIELDS.get(self.chosen, ())

    def _check_rows(self, name: str, cleaned: dict[str, Any]) -> None:
        filled, by_cpv = 0, chosen_trade({"cpv": cleaned.get("cpv")})
        for index in range(self.rows[name]):
            prefix = f"{name}-{index}"
            head = f"{prefix}-on" if name == "orders" else f"{prefix}-label"
            amount = f"{prefix}-amount"
            filled += cleaned.get(amount) is not None
            if name == "lots" and cleaned.get(amount) is not None and not cleaned.get(f"{prefix}-trade") and not by_cpv:
                self.add_error(
                    f"{prefix}-trade",
                    ValidationError(
                        "Choisissez le métier de ce lot\u00a0: sa part de main-d’œuvre en dépend.", code="required"
                    ),
                )
            if cleaned.get(head) and cleaned.get(amount) is None and amount not in self.errors:
                self.add_error(amount, ValidationError("Écrivez le montant de cette ligne.", code="required"))
            if (
                name == "orders"
                and cleaned.get(amount) is not None
                and not cleaned.get(head)
                and head not in self.errors
            ):
                self.add_error(head, ValidationError("Écrivez la date de cette commande.", code="required"))
        if not filled and not any(key.startswith(f"{name}-") for key in self.errors):
            self.add_error(f"{name}-0-amount", ValidationError("Remplissez au moins une ligne.", code="required"))

    def _check_reasons(self, cleaned: dict[str, Any]) -> None:
        for path in self.paths:
            own, why = f"own-{path}", f"why-{path}"
            if own not in self.fields:
                continue
            if cleaned.get(own) is not None and not (cleaned.get(why) or "").strip() and why not in self.errors:
                self.add_error(
                    why,
                    ValidationError(
                        "Dites pourquoi vous changez ce coefficient\u00a0: le motif figure sur la note.",
                        code="required",
                    ),
                )
            elif cleaned.get(own) is None and (cleaned.get(why) or "").strip() and own not in self.errors:
                self.add_error(
                    own, ValidationError("Un motif est donné sans valeur\u00a0: écrivez la valeur.", code="required")
                )

    def _check_useless(self, cleaned: dict[str, Any]) -> None:
        """Refuse a coefficient nothing would read: without a share of labour the calculation stops before it."""
        if self.chosen not in SHARED_BY_TRADE or "cpv" in self.errors or cleaned.get("trade"):
            return
        line = trade_of_cpv(cleaned["cpv"]) if cleaned.get("cpv") else None
        if line is None or line.trade is not None:
            return
        for path in self.paths:
            if cleaned.get(f"own-{path}") is not None and path not in ("clause.fte_hours", "clause.minimum_hours"):
                self.add_error(
                    f"own-{path}",
                    ValidationError(
                        "Cette valeur ne servirait à rien\u00a0: aucune part de main-d’œuvre n’est connue pour ce code CPV. "
                        "Choisissez un métier, ou effacez-la.",
                        code="unused",
                    ),
                )

    def typed(self) -> dict[str, str]:
        """Return every text as typed, to be kept with the calibration and shown again."""
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name) not in (None, "")}

    # --- For the template ----------------------------------------------------------------------------------------------

    def _cells(self, prefix: str) -> list[Cell]:
        return [
            Cell(self[name], getattr(field, "unit", ""))
            for name, field in self.fields.items()
            if name.startswith(prefix)
        ]

    def row_fields(self, name: str) -> Iterator[list[Cell]]:
        """Yield the fields of each row of lots, tranches or orders, with their units."""
        for index in range(self.rows[name]):
            yield self._cells(f"{name}-{index}-")

    def lots(self) -> Iterator[list[Cell]]:
        return self.row_fields("lots")

    def tranches(self) -> Iterator[list[Cell]]:
        return self.row_fields("tranches")

    def orders(self) -> Iterator[list[Cell]]:
        return self.row_fields("orders")

    def variants(self) -> Iterator[list[Cell]]:
        for index in range(VARIANTS):
            yield self._cells(f"variant-{index}-")

    def set_aside(self) -> Iterator[forms.BoundField]:
        """Coefficients typed for another trade or method: carried along unseen, so that coming back loses nothing."""
        for name in self.fields:
            own = _OWN.fullmatch(name)
            if own and own[1] not in self.paths:
                yield self[name]


def trade_choices() -> list[tuple[str, str]]:
    return [("", "à choisir"), *((trade.code, trade.label) for trade in trades())]
