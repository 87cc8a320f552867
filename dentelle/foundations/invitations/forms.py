from typing import Any

from django import forms

from dentelle.foundations.directory.models import Organisation, SeatRole
from dentelle.foundations.invitations.models import Grant
from dentelle.foundations.organisations.access import structures_of
from dentelle.foundations.organisations.models import NetworkSeat, Role

CHOOSE = "12 caractères au moins. Une suite de mots sans rapport entre eux se retient mieux qu’un mot compliqué."


def _roles() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        ("Dans la structure", [(f"{Grant.MEMBER}:{role}", str(label)) for role, label in Role.choices]),
        ("Pour une autre organisation", [(f"{Grant.SEAT}:{role}", str(label)) for role, label in SeatRole.choices]),
    ]


class InviteForm(forms.Form):
    """Whom to invite, as what; a seat needs the SIRET of its organisation."""

    email = forms.EmailField(
        label="Adresse électronique",
        help_text="Une adresse nominative : celle d’un service change de lecteurs.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Rôle", choices=_roles)
    siret = forms.CharField(
        label="SIRET de l’organisation",
        required=False,
        max_length=20,
        help_text="Pour une personne d’une autre organisation seulement.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        grant, _, role = str(found.get("role", "")).partition(":")
        found["organisation"] = None
        if grant == Grant.SEAT:
            siret = "".join(str(found.get("siret", "")).split())
            found["organisation"] = Organisation.objects.living().filter(siret=siret).first() if siret else None
            if found["organisation"] is None:
                self.add_error(
                    "siret",
                    "Donnez le SIRET de l’organisation pour laquelle cette personne agira."
                    if not siret
                    else f"Aucune organisation enregistrée n’a le SIRET {siret} : enregistrez-la d’abord.",
                )
        found["role"] = role
        return found


class InviteToNetworkForm(forms.Form):
    """Whom the head of a network invites: somebody to answer for a structure, or somebody to sit beside them."""

    HEAD = "network"

    email = InviteForm.base_fields["email"]
    place = forms.ChoiceField(label="Pour")

    def __init__(self, head: NetworkSeat, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        structures = structures_of(head).approved().values_list("pk", "name")
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez"),
            ("Structures", [(str(pk), f"Responsable, {name}") for pk, name in structures]),
            ("Réseau", [(self.HEAD, f"Tête de réseau, {head.network}")]),
        ]

    @property
    def structure_pk(self) -> int | None:
        """Return the structure chosen, None for the network itself."""
        chosen = self.cleaned_data["place"]
        return None if chosen == self.HEAD else int(chosen)


class NewAccountForm(forms.Form):
    """What an invited person without account gives: a name and a password."""

    full_name = forms.CharField(
        label="Prénom et nom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        help_text=CHOOSE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Le même, encore", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("password") and found.get("again") and found["password"] != found["again"]:
            self.add_error("again", "Les deux mots de passe diffèrent.")
        return found
