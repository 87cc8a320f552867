"""A line of « qui fait quoi »."""

from typing import Any

from django import forms

from dentelle.foundations.directory.fields import organisation_field
from dentelle.foundations.typed import WordsForm
from dentelle.network.agreements.models import Public, Service
from dentelle.thread.contracts.forms.fields import choice, text

Choices = list[tuple[str, str]]


class ServiceLineForm(WordsForm):
    """Who does what, for whom, where: the structure itself, or the organisation of a SIRET."""

    siret = organisation_field(
        "Organisation",
        help_text="Son SIRET, ou son nom s’il est à l’annuaire. Vide\u00a0: c’est votre structure qui le fait.",
    )
    name = text("Nom", most=250, help_text="Seulement si aucune donnée chargée ne connaît ce SIRET.")
    service = choice("Service", Service.choices, required=True)
    public = choice("Public", Public.choices, required=True)
    places = forms.MultipleChoiceField(label="Où", required=False, widget=forms.CheckboxSelectMultiple)
    communes = forms.MultipleChoiceField(
        label="Dans ces communes seulement",
        required=False,
        help_text="Rien de coché ici\u00a0: la ligne vaut pour tout ce qui est coché au-dessus.",
        widget=forms.CheckboxSelectMultiple,
    )
    detail = text("Précision", most=300, help_text="Ce qui le distingue\u00a0: durée, conditions, nombre de places.")

    def __init__(self, *args: Any, places: Choices, communes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("places", places), ("communes", communes)):
            listed: Any = self.fields[name]
            listed.choices = choices
        self.fields["places"].initial = [spec for spec, _ in places]

    @property
    def where(self) -> list[str]:
        """The communes chosen, else the places ticked."""
        return list(self.cleaned_data["communes"] or self.cleaned_data["places"])
