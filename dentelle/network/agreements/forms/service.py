"""A line of « qui fait quoi »."""

from typing import Any

from django import forms

from dentelle.network.agreements.models import Public, Service
from dentelle.thread.contracts.forms.fields import choice, text


class ServiceLineForm(forms.Form):
    """Who does what, for whom, where: the structure itself, or the organisation of a SIRET."""

    siret = text(
        "SIRET de l’organisation",
        most=20,
        inputmode="numeric",
        help_text="Vide\u00a0: c’est votre structure qui le fait.",
    )
    name = text("Nom", most=250, help_text="Seulement si aucune donnée chargée ne connaît ce SIRET.")
    service = choice("Service", Service.choices, required=True)
    public = choice("Public", Public.choices, required=True)
    places = forms.MultipleChoiceField(label="Où", widget=forms.CheckboxSelectMultiple)
    detail = text("Précision", most=300, help_text="Ce qui le distingue\u00a0: durée, conditions, nombre de places.")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed: Any = self.fields["places"]
        listed.choices = places
        self.fields["places"].initial = [spec for spec, _ in places]
