"""Form fields that read numbers the way people write them in French, and say how to write what they cannot read."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

# Spaces of every width, as word processors and spreadsheets insert them.
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060]+")
_GROUPED_BY_DOTS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d{1,3}\.\d{3},\d+")
_ONE_DOT_THREE_DIGITS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_YEARS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:ans?|années?)")
_MONTHS = re.compile(r"(\d+)\s*(?:mois)?")
LARGEST = Decimal(10) ** 12


def read_number(text: str) -> Decimal:
    """Read « 1 250 000 », « 1250000,50 », « 1.250.000,50 » exactly; ValidationError (French) for anything else."""
    compact = _SPACES.sub("", text)
    if _ONE_DOT_THREE_DIGITS.fullmatch(compact):
        whole, _, end = compact.partition(".")
        raise ValidationError(
            f"« {text} » peut se lire de deux façons\u00a0: écrivez « {whole}\u202f{end} » ou « {whole},{end} ».",
            code="ambiguous",
        )
    if _GROUPED_BY_DOTS.fullmatch(compact):
        compact = compact.replace(".", "")
    if compact.startswith(("-", "\u2212")):
        raise ValidationError(f"« {text} » est négatif\u00a0: écrivez un nombre supérieur à zéro.", code="negative")
    if not _PLAIN.fullmatch(compact):
        raise ValidationError(
            f"« {text} » n’est pas un nombre que nous savons lire\u00a0: écrivez par exemple « 1\u202f250\u202f000 » ou "
            "« 1250000,50 ».",
            code="not_a_number",
        )
    number = Decimal(compact.replace(",", "."))
    if number > LARGEST:
        raise ValidationError(f"« {text} » est trop grand\u00a0: vérifiez le nombre de zéros.", code="too_large")
    return number


def text_field(**kwargs: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}), **kwargs)


def choice_field(choices: list[tuple[str, str]], **kwargs: Any) -> forms.ChoiceField:
    """A list to choose from; nothing chosen is allowed."""
    return forms.ChoiceField(
        choices=choices, required=False, widget=forms.Select(attrs={"class": "form-select"}), **kwargs
    )


def area_field(**kwargs: Any) -> forms.CharField:
    """A few lines of text."""
    attrs = {"class": "form-control", "rows": 2, "autocomplete": "off"}
    return forms.CharField(widget=forms.Textarea(attrs=attrs), **kwargs)


class _TypedField(forms.CharField):
    """A text input whose value is read as a number; what was typed is shown again when it cannot be."""

    def __init__(self, *, unit: str = "", inputmode: str = "decimal", **kwargs: Any) -> None:
        self.unit = unit
        attrs = {"class": "form-control number", "inputmode": inputmode, "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=40, **kwargs)


class NumberField(_TypedField):
    """A number above zero; the unit, when people type it, is accepted and ignored."""

    def __init__(self, *, zero: bool = False, accepted_units: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.zero = zero
        units = sorted((unit.casefold() for unit in accepted_units), key=len, reverse=True)
        self._units = tuple(units)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        bare = text
        for unit in self._units:
            if bare.casefold().endswith(unit):
                bare = bare[: -len(unit)].strip()
        number = read_number(bare)
        if number == 0 and not self.zero:
            raise ValidationError("Écrivez un nombre supérieur à zéro.", code="zero")
        return number


class AmountField(NumberField):
    """Euros before tax, as an exact decimal."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("unit", "€ HT")
        super().__init__(accepted_units=("€", "€ ht", "ht", "euros", "euro", "eur"), **kwargs)


class HoursField(NumberField):
    """Hours, as an exact decimal."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("unit", "h")
        super().__init__(accepted_units=("h", "heures", "heure"), **kwargs)


class PercentField(_TypedField):
    """A percentage, returned as a share: « 5 % » and « 5 » give 0.05. Under 1 without the sign is refused as ambiguous."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(unit="%", **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        signed = text.rstrip().endswith("%")
        number = read_number(text.rstrip().removesuffix("%"))
        if number == 0:
            raise ValidationError("Écrivez un pourcentage supérieur à zéro.", code="zero")
        if number > 100:
            raise ValidationError(
                f"« {text} » dépasse 100\u00a0%\u00a0: une part va de 0 à 100\u00a0%.", code="above_hundred"
            )
        if number < 1 and not signed:
            share = f"{number * 100:f}".rstrip("0").rstrip(".").replace(".", ",")
            raise ValidationError(
                f"« {text} » peut se lire de deux façons\u00a0: écrivez « {share}\u00a0% » ou « {text}\u00a0% ».",
                code="ambiguous",
            )
        return number / 100


class MonthsField(_TypedField):
    """A whole number of months, from 1 to 600."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(unit="mois", inputmode="numeric", **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        years = _YEARS.fullmatch(_SPACES.sub(" ", text).strip().lower())
        if years:
            months = Decimal(years[1].replace(",", ".")) * 12
            hint = f" (par exemple {int(months)})" if months == months.to_integral_value() else ""
            raise ValidationError(f"« {text} »\u00a0: écrivez un nombre de mois{hint}.", code="years")
        months_text = _MONTHS.fullmatch(_SPACES.sub(" ", text).strip().lower())
        if not months_text:
            raise ValidationError(f"« {text} »\u00a0: écrivez un nombre entier de mois.", code="not_months")
        count = int(months_text[1])
        if not 1 <= count <= 600:
            raise ValidationError(f"« {text} »\u00a0: écrivez une durée de 1 à 600 mois.", code="out_of_range")
        return count
