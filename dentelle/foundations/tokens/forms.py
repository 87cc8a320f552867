from typing import Any

from django import forms

from dentelle.foundations.tokens.actions import LIVES
from dentelle.foundations.tokens.scopes import known_scopes

DURATIONS = {30: "30 jours", 90: "90 jours", 365: "un an"}


def _scopes() -> list[tuple[str, str]]:
    return [(scope.code, scope.label) for scope in known_scopes()]


class TokenForm(forms.Form):
    """Which program, what it may do, until when."""

    name = forms.CharField(
        label="Programme qui s’en servira",
        max_length=80,
        help_text="Par exemple «\u00a0Tableau de bord de l’agglomération\u00a0».",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="Ce programme peut",
        choices=_scopes,
        help_text="Le moins possible\u00a0: un programme qui ne fait que lire ne peut rien abîmer.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un droit."},
    )
    days = forms.TypedChoiceField(
        label="Durée", choices=[(str(days), DURATIONS[days]) for days in LIVES], coerce=int, initial="90"
    )

    def given(self) -> dict[str, Any]:
        """Return what the act takes."""
        return {name: self.cleaned_data[name] for name in ("name", "scopes", "days")}
