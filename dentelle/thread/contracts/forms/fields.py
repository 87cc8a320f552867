"""Fields shared by the forms of the room: minutes typed as hours, cents typed as euros, days, and companies by SIRET."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dentelle.thread.clauses.fields import AmountField, HoursField, PercentField


def text(label: str, *, most: int = 200, required: bool = False, help_text: str = "", **attrs: Any) -> forms.CharField:
    """A line of text."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


def words(label: str, *, most: int = 2000, required: bool = False, help_text: str = "") -> forms.CharField:
    """A few sentences."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


def day(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    """A date, typed as 01/10/2026 or chosen in the browser's calendar."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": "Écrivez une date comme 01/10/2026."},
    )


def choice(label: str, choices: Any, *, required: bool = False, help_text: str = "") -> forms.ChoiceField:
    """One of a closed list."""
    return forms.ChoiceField(label=label, choices=choices, required=required, help_text=help_text)


def company_name(of: str = "l’entreprise") -> forms.CharField:
    """A name, asked only for a SIRET that nothing loaded can name."""
    return text(f"Nom de {of}", help_text="Seulement si son SIRET ne suffit pas.")


class MinutesField(HoursField):
    """Hours as people write them (« 833 », « 12,5 h »), returned as whole minutes."""

    def clean(self, value: Any) -> int | None:  # type: ignore[override]
        hours = super().clean(value)
        if hours is None:
            return None
        minutes = round(hours * 60)
        # four decimals of an hour name a minute: 100 minutes are typed and shown back as « 1,6667 »
        if abs(hours * 60 - minutes) > Decimal("0.01"):
            raise ValidationError(
                "Ce volume n’est pas un nombre entier de minutes\u00a0: écrivez par exemple « 12,5 » ou « 12,25 ».",
                code="not_minutes",
            )
        return minutes


class SignedMinutesField(MinutesField):
    """Hours added or taken away: « 20 », « + 20 », « − 20 »; returned as whole minutes with their sign."""

    def clean(self, value: Any) -> int | None:  # type: ignore[override]
        typed = str(value or "").strip()
        negative = typed[:1] in ("-", "\u2212", "\u2013")
        minutes = super().clean(typed.lstrip("+-\u2212\u2013 \u00a0\u202f"))
        return None if minutes is None else -minutes if negative else minutes


class CentsField(AmountField):
    """Euros before tax, returned as whole cents."""

    def clean(self, value: Any) -> int | None:  # type: ignore[override]
        euros = super().clean(value)
        if euros is None:
            return None
        cents = euros * 100
        if cents != cents.to_integral_value():
            raise ValidationError("Un montant s’écrit au centime près.", code="not_cents")
        return int(cents)


class ShareField(PercentField):
    """A percentage typed as « 5 % », returned as a share rounded to four decimals."""

    def clean(self, value: Any) -> Decimal | None:
        share = super().clean(value)
        return None if share is None else round(share, 4)
