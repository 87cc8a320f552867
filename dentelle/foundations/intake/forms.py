"""The form a file is dropped with: the file, whose it is, and what the room asks besides."""

from typing import Any

from django import forms

from dentelle.foundations.directory.fields import organisation_field
from dentelle.foundations.intake.actions import MAX_BYTES
from dentelle.foundations.intake.targets import Target

ACCEPT = ".xlsx,.xls,.ods,.csv,.txt"


class DropForm(forms.Form):
    """A member says whose file it is by SIRET; a seated person does not, but for the structure when several cover them."""

    fichier = forms.FileField(
        label="Fichier",
        help_text=f"XLSX, XLS, ODS ou CSV, tel quel, {MAX_BYTES // 1_000_000}\u00a0Mo au plus. Rien n’est écrit avant votre accord.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Choisissez un fichier."},
    )

    def __init__(self, *args: Any, target: Target, structures: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = target.option_fields()
        self.fields.update(self.options)
        if structures is None:
            label = target.organisation_label
            self.fields["siret"] = organisation_field(
                label,
                kind=target.organisation_kind,
                required=target.organisation_required,
                help_text="Son SIRET, ou son nom s’il est à l’annuaire."
                if target.organisation_required
                else "Vide si le fichier est le vôtre\u00a0; sinon son SIRET, ou son nom s’il est à l’annuaire.",
            )
            self.fields["siret"].error_messages["required"] = "Dites à qui est ce fichier."
            self.fields["name"] = forms.CharField(
                label="Nom",
                max_length=200,
                required=False,
                help_text="À remplir seulement si le SIRET ne suffit pas à le trouver.",
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        elif len(structures) > 1:
            self.fields["structure"] = forms.ChoiceField(
                label="Structure qui vous accompagne",
                choices=[(str(each.pk), each.name) for each in structures],
                help_text="Plusieurs structures couvrent votre commune\u00a0: choisissez celle qui recevra ce fichier.",
                widget=forms.RadioSelect,
            )
        self.order_fields([*self.options, "siret", "name", "structure", "fichier"])

    def chosen_options(self) -> dict[str, Any]:
        """Return what the room asked, as JSON values."""
        return {name: self.cleaned_data[name] for name in self.options}
