"""The head of an agreement."""

from typing import Any

from django import forms

from dentelle.foundations.typed import WordsForm
from dentelle.network.agreements.actions.writing import AgreementContent
from dentelle.network.agreements.models import Agreement, AgreementTheme
from dentelle.thread.contracts.forms.fields import day, text, words

Choices = list[tuple[str, str]]


class AgreementForm(WordsForm):
    """What an agreement is about and for how long. ``frameworks`` and ``places`` are offered for a local one only."""

    title = text("Intitulé", required=True)
    reference = text("Référence", most=80, help_text="Votre numéro, s’il y en a un.")
    framework = forms.TypedChoiceField(
        label="Convention-cadre",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Celle dont cette convention est la déclinaison. Elle doit être en vigueur le jour de la signature.",
    )
    purpose = words("Objet", most=4000)
    themes = forms.MultipleChoiceField(
        label="Thèmes", choices=AgreementTheme.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    places = forms.MultipleChoiceField(label="Territoire", required=False, widget=forms.CheckboxSelectMultiple)
    starts_on = day("Début")
    ends_on = day(
        "Fin", help_text="Dernier jour compris. Le début et la fin sont nécessaires pour proposer à la signature."
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        local: bool,
        frameworks: list[Agreement] | None = None,
        places: Choices | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.frameworks = {each.pk: each for each in frameworks or []}
        if not local:
            del self.fields["framework"], self.fields["places"]
            return
        listed: Any = self.fields["framework"]
        listed.choices = [("", "À choisir"), *((pk, _told(each)) for pk, each in self.frameworks.items())]
        covered: Any = self.fields["places"]
        covered.choices = places or []
        if not places:
            covered.help_text = "Dites d’abord ce que couvre votre structure (« Structure », territoire couvert)."

    @property
    def content(self) -> AgreementContent:
        """What was typed, once valid."""
        given = self.cleaned_data
        names = ("title", "reference", "purpose", "themes", "starts_on", "ends_on")
        return AgreementContent(
            **{name: given[name] for name in names},
            places=given.get("places") or [],
            framework=self.frameworks.get(given.get("framework") or 0),
        )


def known(agreement: Agreement) -> dict[str, Any]:
    """Return what the form shows of an agreement that exists."""
    names = ("title", "reference", "purpose", "themes", "places", "starts_on", "ends_on", "revision")
    return {name: getattr(agreement, name) for name in names} | {"framework": agreement.framework_id}


def _told(framework: Agreement) -> str:
    if framework.starts_on is None or framework.last_day is None:
        return f"{framework.title} ({framework.get_state_display()})"
    period = f"du {framework.starts_on:%d/%m/%Y} au {framework.last_day:%d/%m/%Y}"
    return f"{framework.title} ({framework.get_state_display()}, {period})"
