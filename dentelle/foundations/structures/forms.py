from typing import Any

from django import forms
from stdnum.exceptions import ValidationError as NumberRefused
from stdnum.fr import siret

from dentelle.foundations.organisations.models import DeviceKind, Role, StructureKind
from dentelle.foundations.structures.structure_actions import Identity

_REASON = forms.Textarea(attrs={"rows": 2})


class IdentityForm(forms.Form):
    """Who the structure is."""

    name = forms.CharField(label="Nom", max_length=200)
    kind = forms.ChoiceField(label="Nature", choices=StructureKind.choices)
    siret = forms.CharField(label="SIRET", required=False, max_length=20, help_text="Quatorze chiffres.")
    address = forms.CharField(label="Adresse", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    email = forms.EmailField(
        label="Adresse électronique", required=False, help_text="Celle de la structure, pas d’une personne."
    )
    phone = forms.CharField(label="Téléphone", required=False, max_length=30)

    def clean_siret(self) -> str:
        typed: str = self.cleaned_data["siret"]
        try:
            return siret.validate(typed) if typed.strip() else ""
        except NumberRefused as refused:
            raise forms.ValidationError(
                "Ce SIRET n’est pas valide : vérifiez les quatorze chiffres et leur ordre."
            ) from refused

    def identity(self) -> Identity:
        kept: dict[str, Any] = self.cleaned_data
        return Identity(**{name: kept[name] for name in Identity.__slots__})


class StructureForm(forms.Form):
    """A structure the network adds."""

    name = forms.CharField(label="Nom de la structure", max_length=200)
    kind = forms.ChoiceField(label="Nature", choices=StructureKind.choices)


class DeviceForm(forms.Form):
    """A service the structure runs."""

    kind = forms.ChoiceField(label="Nature", choices=DeviceKind.choices)
    name = forms.CharField(label="Nom", max_length=120, help_text="Comme vos partenaires l’appellent.")
    opened_on = forms.DateField(label="Ouvert le", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class DeviceClosingForm(forms.Form):
    closed_on = forms.DateField(label="Fermé le", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class CoverageForm(forms.Form):
    """The next version of the territory covered; its places come beside (``lieu``)."""

    valid_from = forms.DateField(
        label="En vigueur le", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label="Pourquoi ce territoire",
        help_text="Restera dans l’historique : convention, délibération, commune qui rejoint ou quitte.",
        required=False,
        max_length=500,
        widget=_REASON,
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Rôle", choices=Role.choices)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Motif",
        help_text="Les personnes de la structure le liront.",
        max_length=500,
        widget=_REASON,
        error_messages={"required": "Donnez le motif : les personnes de la structure le liront."},
    )
