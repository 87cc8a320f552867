"""What people type, and how it is read. Every refusal says what was not understood and what to write instead."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.ground.places import GroundMissing, UnknownPlace
from dentelle.opendata.marts.serving_store import StoreMissing
from dentelle.thread.purchases import columns, queries
from dentelle.thread.purchases.territories import Place, place_asked, place_choices
from dentelle.thread.territory.queries import window_of


class FilterForm(forms.Form):
    """The filters of the list. Empty means « no filter », but for the window (24 months) and the structure's territory."""

    q = forms.CharField(
        label="Mots", max_length=200, required=False, help_text="dans l’objet, l’acheteur, le titulaire"
    )
    territoire = forms.CharField(label="Territoire", required=False, widget=forms.Select)
    depuis = forms.CharField(label="Fin estimée depuis", max_length=7, required=False, help_text="année-mois : 2027-01")
    mois = forms.IntegerField(
        label="pendant (mois)",
        min_value=0,
        max_value=240,
        required=False,
        help_text="0 : sans limite",
        error_messages={
            "invalid": "Écrivez un nombre de mois, par exemple 24.",
            "max_value": "240 mois au plus ; écrivez 0 pour ne pas limiter.",
            "min_value": "Écrivez un nombre de mois positif, ou 0 pour ne pas limiter.",
        },
    )
    acheteur = forms.CharField(label="Acheteur", max_length=200, required=False, help_text="nom ou SIREN")
    cpv = forms.CharField(
        label="CPV",
        max_length=100,
        required=False,
        help_text="2 à 8 chiffres : 45, 909 ; les concessions n’en publient pas",
    )
    min = forms.CharField(label="Montant d’au moins", max_length=20, required=False)
    max = forms.CharField(label="Montant d’au plus", max_length=20, required=False)
    obligation = forms.MultipleChoiceField(
        label="Condition sociale obligatoire",
        choices=[("oui", "oui"), ("a-verifier", "à vérifier"), ("non", "non")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    clause = forms.MultipleChoiceField(
        label="Clause la dernière fois",
        choices=[("oui", "oui"), ("non", "non"), ("non-renseigne", "non renseigné")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    confiance = forms.MultipleChoiceField(
        label="Confiance",
        choices=[("forte", "forte"), ("moyenne", "moyenne"), ("faible", "faible")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    heures = forms.BooleanField(label="Seulement ceux dont les heures sont estimées", required=False)
    metier = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    remplaces = forms.BooleanField(
        label="Montrer aussi les marchés déjà remplacés et les commandes d’accords-cadres", required=False
    )
    tri = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    sens = forms.ChoiceField(choices=[("", ""), ("desc", "desc")], required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, membership: Membership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership, self.today = membership, today
        self.fields["territoire"].widget.choices = place_choices(membership, self.data.get("territoire", ""))
        start = window_of(today)[0]
        self.fields["depuis"].widget.attrs["placeholder"] = f"{start:%Y-%m}"
        self.fields["mois"].widget.attrs["placeholder"] = "24"
        self.fields["acheteur"].widget.attrs["list"] = "acheteurs"
        for name in ("obligation", "clause", "confiance"):
            self.fields[name].error_messages["invalid_choice"] = "« %(value)s » n’est pas un choix possible ici."

    def clean_territoire(self) -> Place | None:
        asked = self.cleaned_data["territoire"]
        try:
            place = place_asked(self.membership, asked)
            choices = self.fields["territoire"].widget.choices
            # a territory found elsewhere is shown by its name, and stays chosen
            choices[:] = [(code, place.name if place and label == asked == code else label) for code, label in choices]
            return place
        except UnknownPlace as unknown:
            raise forms.ValidationError(str(unknown)) from unknown
        except GroundMissing as missing:
            if not self.cleaned_data["territoire"]:
                return None
            raise forms.ValidationError(str(missing)) from missing

    def clean_depuis(self) -> date | None:
        text = self.cleaned_data["depuis"]
        if not text:
            return None
        found = re.fullmatch(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])", text)
        if not found:
            raise forms.ValidationError(f"« {text} » n’est pas un mois : écrivez l’année puis le mois, comme 2027-01.")
        return date(int(found[1]), int(found[2]), 1)

    def clean_acheteur(self) -> "queries.Buyer | None":
        text = self.cleaned_data["acheteur"]
        if not text:
            return None
        try:
            found = queries.buyers_called(text)
        except StoreMissing:
            return queries.Buyer(text, text, 0)
        if not found:
            raise forms.ValidationError(f"Aucun acheteur des données ne s’appelle « {text} » ni n’a ce SIREN.")
        exact = [buyer for buyer in found if text in {buyer.key, buyer.name}]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        several = " ; ".join(f"{buyer.name} ({buyer.key})" for buyer in found[:6])
        raise forms.ValidationError(f"Plusieurs acheteurs répondent à « {text} » : {several}. Indiquez le SIREN.")

    def clean_cpv(self) -> tuple[str, ...]:
        codes = (
            tuple(dict.fromkeys(re.split(r"[,;\s]+", self.cleaned_data["cpv"].strip())))
            if self.cleaned_data["cpv"]
            else ()
        )
        for code in codes:
            if not re.fullmatch(r"[0-9]{2,8}", code):
                raise forms.ValidationError(
                    f"« {code} » n’est pas un code CPV : écrivez 2 à 8 chiffres, comme 45 ou 90910000."
                )
        return codes

    def clean_min(self) -> int | None:
        return self._cents("min")

    def clean_max(self) -> int | None:
        return self._cents("max")

    def _cents(self, name: str) -> int | None:
        text = re.sub(r"[\s\u00a0\u202f€]", "", self.cleaned_data[name])
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,13}", text):
            raise forms.ValidationError(
                f"« {self.cleaned_data[name]} » n’est pas un montant : écrivez des euros en chiffres, comme 90000."
            )
        return int(text) * 100

    def clean_tri(self) -> str:
        if self.cleaned_data["tri"] and self.cleaned_data["tri"] not in columns.SORTS:
            raise forms.ValidationError(f"« {self.cleaned_data['tri']} » n’est pas une colonne qui se trie.")
        return str(self.cleaned_data["tri"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        low, high = said.get("min"), said.get("max")
        if low is not None and high is not None and low > high:
            self.add_error("max", "Le montant minimum dépasse le maximum : échangez-les, ou retirez-en un.")
        return said


class ViewNameForm(forms.Form):
    """The name a view is kept under."""

    nom = forms.CharField(label="Nom de la vue", max_length=80)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in files or [None]]


class ImportForm(forms.Form):
    """Files of open procurement data to add to the data set."""

    fichiers = FilesField(
        label="Fichiers de données essentielles (DECP)",
        help_text="Formats 2019 et 2022, en JSON ou XML, seuls ou dans une archive zip ou gzip ; plusieurs fichiers à la fois.",
        error_messages={"required": "Choisissez au moins un fichier.", "empty": "Ce fichier est vide."},
        widget=_ManyFiles(attrs={"accept": ".json,.xml,.gz,.zip,.ndjson,.jsonl"}),
    )
