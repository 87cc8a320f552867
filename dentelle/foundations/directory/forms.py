from typing import Any

from django import forms

from dentelle.foundations.directory import learning
from dentelle.foundations.directory.actions import Identity
from dentelle.foundations.directory.contact_actions import ContactWords
from dentelle.foundations.directory.models import Contact, Kind, Organisation
from dentelle.opendata.ground.places import GroundMissing


class OrganisationForm(forms.Form):
    """The identity of an organisation; every box but the number may wait for open data."""

    siret = forms.CharField(
        label="SIRET",
        max_length=60,
        help_text="14 chiffres, avec ou sans espaces ; 9 chiffres (SIREN) si l’établissement n’est pas connu.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label="Nom",
        max_length=250,
        required=False,
        help_text="Laissez vide : les données ouvertes le donnent quand elles le connaissent.",
    )
    commune = forms.CharField(
        label="Commune", max_length=120, required=False, help_text="Code INSEE, ou nom : « Bressuire »."
    )
    address = forms.CharField(label="Adresse", max_length=250, required=False)
    legal_category = forms.RegexField(
        r"^\d{4}$",
        label="Catégorie juridique",
        required=False,
        help_text="Code INSEE à quatre chiffres.",
        error_messages={"invalid": "Quatre chiffres, par exemple 7210."},
    )

    def clean_commune(self) -> str:
        return commune_code_of(self.cleaned_data["commune"])

    def identity(self) -> Identity:
        """What was typed, once valid."""
        data = self.cleaned_data
        return Identity(data["name"], data["commune"], data["address"], data["legal_category"])


class NewOrganisationForm(OrganisationForm):
    kinds = forms.MultipleChoiceField(
        label="Natures",
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Une organisation peut en avoir plusieurs.",
    )


class EditOrganisationForm(OrganisationForm):
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].help_text = ""
        self.fields["siret"].required = False
        if organisation.siret:
            del self.fields["siret"]
        else:
            self.fields["siret"].help_text = "Seul le SIREN est connu : complétez avec les 14 chiffres."


class KindsForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label="Natures", choices=Kind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class ContactForm(forms.Form):
    name = forms.CharField(label="Nom", max_length=150)
    function = forms.CharField(label="Fonction", max_length=150, required=False)
    is_manager = forms.BooleanField(label="Responsable ou direction", required=False)
    phone = forms.CharField(label="Téléphone", max_length=30, required=False)

    def words(self) -> ContactWords:
        data = self.cleaned_data
        return ContactWords(data["name"], data["function"], data["is_manager"], data["phone"])


class NewContactForm(ContactForm):
    emails = forms.CharField(
        label="Adresses électroniques",
        max_length=600,
        required=False,
        help_text="Une par ligne. Préférez une adresse nominative à une adresse générique (contact@, mairie@, accueil@).",
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )

    def addresses(self) -> list[str]:
        text = str(self.cleaned_data["emails"]).replace(",", " ").replace(";", " ")
        return text.split()


class EditContactForm(ContactForm):
    revision = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def opened_on(cls, contact: Contact) -> "EditContactForm":
        names = ("name", "function", "is_manager", "phone", "revision")
        return cls(initial={name: getattr(contact, name) for name in names})


class EmailForm(forms.Form):
    email = forms.CharField(label="Adresse électronique", max_length=254)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Motif", max_length=300, required=False)


class DeliveryStatusForm(forms.Form):
    file = forms.FileField(
        label="Avis de non-remise", help_text="Le message reçu de « Mail Delivery System », enregistré au format .eml."
    )


def commune_code_of(text: str) -> str:
    """Return the code of the commune typed by its code or its name; a form error when it is none, or several."""
    typed = text.strip()
    if not typed:
        return ""
    resolved = learning.resolve_commune(typed) if any(letter.isdigit() for letter in typed) else None
    if resolved:
        return resolved
    try:
        hits = learning.ground().search(typed, kinds={"commune"}, limit=5)
    except GroundMissing:
        hits = []
    exact = [hit for hit in hits if hit.name.casefold() == typed.casefold()] or hits
    if len(exact) == 1:
        return exact[0].code
    if not exact:
        raise forms.ValidationError("Aucune commune de ce nom ni de ce code.")
    listed = ", ".join(f"{hit.name} ({hit.code})" for hit in exact)
    raise forms.ValidationError(f"Plusieurs communes répondent : écrivez le code de la bonne. {listed}.")
