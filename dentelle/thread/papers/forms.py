from typing import Any

from django import forms

from dentelle.thread.contracts.models import ContractQuerySet


class TemplateForm(forms.Form):
    """A template edited in Word."""

    fichier = forms.FileField(
        label="Votre modèle (.docx)",
        help_text="Un document Word sans macro, 5 Mo au plus. Il est examiné avant d’être gardé.",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )


class PreviewForm(forms.Form):
    """The contract a version is tried on."""

    contrat: Any = forms.ModelChoiceField(
        label="Essayer sur le contrat",
        queryset=None,
        empty_label=None,
        error_messages={"required": "Choisissez un contrat."},
    )

    def __init__(self, *args: Any, contracts: ContractQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contrat"]
        field.queryset = contracts
