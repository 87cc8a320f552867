"""Thin forms: what is typed, read into what actions ask for."""

from datetime import date
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from dentelle.foundations.organisations.models import NetworkSeat, Structure
from dentelle.network.surveys.access import campaigns_of
from dentelle.network.surveys.models import Campaign
from dentelle.network.tour.actions.registrations import Guest
from dentelle.network.tour.actions.stages import MOST_ITEMS, UNTITLED, Item, StageWords, TourWords
from dentelle.network.tour.models import Stage, Tour
from dentelle.network.tour.regions import CHOICES
from dentelle.network.tour.vocabulary import THEMES, Audience, Stakeholder

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
FILES = ".pdf,.docx,.xlsx,.ods,.txt,.csv,.pptx,.odp,.jpg,.jpeg,.png"
KINDS = [(code, label[:1].upper() + label[1:]) for code, label in Stakeholder.choices]
BLANK = 4  # rows proposed after those of the programme


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _kind(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", "Choisissez"), *KINDS],
        error_messages={"required": "Choisissez dans la liste\u00a0; «\u00a0autre\u00a0» convient aussi."},
    )


def _theme() -> forms.ChoiceField:
    return forms.ChoiceField(label="Thème", choices=[("", "Aucun en particulier"), *THEMES.items()], required=False)


def _why() -> forms.CharField:
    return forms.CharField(
        label="Pourquoi cette correction",
        max_length=300,
        widget=area(2),
        help_text="Par exemple «\u00a0faute de frappe\u00a0». Lu avec l’étape\u00a0; ce qui était écrit reste lisible de la "
        "tête de réseau.",
        error_messages={"required": "Dites pourquoi\u00a0: les lecteurs de l’étape le liront."},
    )


class TourForm(forms.Form):
    """A Tour: its name, what it is for, when."""

    name = forms.CharField(label="Nom du Tour", max_length=160)
    aim = forms.CharField(
        label="Pourquoi ce Tour", max_length=1_000, widget=area(3), help_text="Une ou deux phrases, lues de tous."
    )
    starts_on = forms.DateField(label="Commence le", widget=DAY)
    ends_on = forms.DateField(label="Se termine le", widget=DAY)
    campaign = forms.ModelChoiceField(
        queryset=Campaign.objects.none(), label="Enquête préalable", required=False, empty_label="Aucune"
    )
    source = forms.CharField(
        label="Source", required=False, max_length=500, help_text="Si ce Tour est repris d’un document."
    )

    def __init__(self, *args: Any, seat: NetworkSeat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = campaigns_of(seat).order_by("-created_at")  # type: ignore[attr-defined]

    def words(self) -> TourWords:
        """Return what was typed."""
        return TourWords(**self.cleaned_data)

    @staticmethod
    def initial_of(tour: Tour) -> dict[str, Any]:
        return {name: getattr(tour, name) for name in ("name", "aim", "starts_on", "ends_on", "campaign", "source")}


class StageForm(forms.Form):
    """A stage: where, when, for whom."""

    region_code = forms.ChoiceField(label="Région", choices=[("", "Choisissez"), *CHOICES])
    title = forms.CharField(label="Titre", max_length=160, help_text="Par exemple «\u00a0Étape de Bretagne\u00a0».")
    summary = forms.CharField(
        label="Présentation", required=False, max_length=1_000, widget=area(3), help_text="Lue avant de s’inscrire."
    )
    day = forms.DateField(label="Jour", required=False, widget=DAY, help_text="Vide tant qu’il n’est pas fixé.")
    begins = forms.TimeField(
        label="Commence à", required=False, widget=HOUR, help_text="À l’heure de la région, outre-mer compris."
    )
    finishes = forms.TimeField(label="Se termine à", required=False, widget=HOUR)
    place = forms.CharField(label="Lieu", required=False, max_length=200)
    address = forms.CharField(label="Adresse", required=False, max_length=300)
    host = forms.ModelChoiceField(
        queryset=Structure.objects.none(), label="Structure qui accueille", required=False, empty_label="Aucune"
    )
    capacity = forms.IntegerField(
        label="Places", required=False, min_value=1, max_value=100_000, help_text="Vide\u00a0: sans limite."
    )
    last_day = forms.DateField(
        label="Dernier jour pour s’inscrire",
        required=False,
        widget=DAY,
        help_text="Vide\u00a0: jusqu’au début de l’étape. Les inscriptions se closent seules.",
    )
    audience = forms.ChoiceField(
        label="Ouverte à",
        choices=[("public", "Tout le monde, avec une page publique"), ("members", "Aux membres du réseau seulement")],
    )

    def __init__(self, *args: Any, seat: NetworkSeat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        structures = Structure.objects.approved().filter(network=seat.network_id).order_by("name")
        self.fields["host"].queryset = structures  # type: ignore[attr-defined]

    def words(self) -> StageWords:
        """Return what was typed."""
        return StageWords(**self.cleaned_data)

    @staticmethod
    def initial_of(stage: Stage) -> dict[str, Any]:
        return {name: getattr(stage, name) for name in StageForm.base_fields}


class StageCorrectionForm(StageForm):
    """What was written of a stage that took place, and why it is corrected."""

    reason = _why()

    def __init__(self, *args: Any, seat: NetworkSeat, **kwargs: Any) -> None:
        super().__init__(*args, seat=seat, **kwargs)
        for name in ("region_code", "capacity", "last_day", "audience"):
            del self.fields[name]
        for name in ("day", "place"):
            self.fields[name].required, self.fields[name].help_text = True, ""
        self.fields["summary"].help_text = ""

    def words(self) -> StageWords:
        """Return what was typed; what a correction leaves alone is empty."""
        return StageWords("", **{name: value for name, value in self.cleaned_data.items() if name != "reason"})


class ItemForm(forms.Form):
    """One row of the programme; an empty one is left out."""

    hour = forms.TimeField(label="Heure", required=False, widget=HOUR)
    title = forms.CharField(label="Intitulé", required=False, max_length=200)
    speaker = forms.CharField(label="Qui intervient", required=False, max_length=150)
    speaker_role = forms.CharField(label="Fonction", required=False, max_length=150)
    organisation = forms.CharField(label="Organisme", required=False, max_length=150)

    def clean(self) -> dict[str, Any]:
        """Refuse at its title a row that says who speaks or when, but not of what."""
        if "title" not in self.errors and self.item().is_filled and not self.cleaned_data.get("title"):
            self.add_error("title", UNTITLED)
        return self.cleaned_data

    def item(self) -> Item:
        """Return what was typed."""
        kept = self.cleaned_data
        return Item(
            kept.get("title", ""),
            kept.get("hour"),
            kept.get("speaker", ""),
            kept.get("speaker_role", ""),
            kept.get("organisation", ""),
        )


ProgrammeForms: type[BaseFormSet[ItemForm]] = formset_factory(ItemForm, extra=BLANK, max_num=MOST_ITEMS)


class ComeForm(forms.Form):
    """How a member comes: one box."""

    kind = _kind("Vous venez comme")


class GuestForm(forms.Form):
    """Somebody without account registers: four boxes, and what becomes of them is told."""

    full_name = forms.CharField(
        label="Prénom et nom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    organisation = forms.CharField(
        label="Organisme",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        help_text="Vide si vous venez en votre nom.",
    )
    kind = _kind("Vous venez comme")
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="Vous y recevez la confirmation, et le lien qui annule.",
    )
    agrees = forms.BooleanField(
        label="J’accepte que ces informations servent à organiser cette étape",
        error_messages={"required": "Sans votre accord, rien n’est gardé\u00a0: cochez la case pour vous inscrire."},
    )

    def guest(self) -> Guest:
        """Return who registers."""
        kept = self.cleaned_data
        return Guest(kept["full_name"], kept["email"], kept["organisation"], kept["kind"])


class CameForm(forms.Form):
    """People who came without having registered: one by name, or several counted."""

    kind = _kind("Venus comme")
    number = forms.IntegerField(label="Combien", min_value=1, max_value=200, initial=1)
    full_name = forms.CharField(
        label="Prénom et nom",
        required=False,
        max_length=150,
        help_text="Facultatif\u00a0; vide pour compter seulement.",
    )
    organisation = forms.CharField(label="Organisme", required=False, max_length=150)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi elle est annulée",
        max_length=500,
        widget=area(2),
        help_text="Les personnes inscrites liront ces mots.",
        error_messages={"required": "Dites pourquoi\u00a0: les personnes inscrites le liront."},
    )


class DocumentForm(forms.Form):
    title = forms.CharField(label="Intitulé", required=False, max_length=160, help_text="Le nom du fichier sinon.")
    audience = forms.ChoiceField(label="Lu par", choices=[(code, label[:1].upper() + label[1:]) for code, label in Audience.choices], initial=Audience.MEMBERS)  # fmt: skip
    file = forms.FileField(
        label="Fichier",
        help_text="PDF, diaporama, photographie (JPEG ou PNG), Word, tableur ou texte, 20\u00a0Mo au plus. "
        "D’une photographie, le lieu et l’heure de prise de vue sont retirés.",
        widget=forms.FileInput(attrs={"accept": FILES}),
    )
    alt = forms.CharField(
        label="Ce que montre l’image",
        required=False,
        max_length=300,
        help_text="Demandé pour une photographie\u00a0: une phrase, lue à ceux qui ne la voient pas.",
    )


class NeedForm(forms.Form):
    """A need in the words of whoever voiced it."""

    kind = _kind("Qui le dit")
    words = forms.CharField(
        label="De quoi ont-ils besoin",
        max_length=600,
        widget=area(3),
        help_text="Avec leurs mots. Ne nommez personne.",
        error_messages={"required": "Écrivez-le, même en une phrase."},
    )
    theme = _theme()


class FindingForm(forms.Form):
    """What a stage taught."""

    text = forms.CharField(
        label="Ce que l’étape montre",
        max_length=600,
        widget=area(3),
        help_text="Une phrase que d’autres pourront citer.",
        error_messages={"required": "Écrivez-le, même en une phrase."},
    )
    theme = _theme()


class LateFindingForm(FindingForm):
    """What a stage taught, said once it is told: with why it comes late."""

    reason = _why()


class WhyForm(forms.Form):
    """Why something of a stage that was told is corrected."""

    reason = _why()


class LessonsForm(forms.Form):
    lessons = forms.CharField(
        label="Ce que l’étape a appris",
        max_length=1_500,
        widget=area(5),
        help_text="Quelques phrases, en tête du rapport d’une page.",
        error_messages={"required": "Écrivez-le, même en une phrase."},
    )


class RetoldForm(LessonsForm):
    """What a stage taught, told again, and why."""

    reason = _why()


def first_day(today: date) -> dict[str, Any]:
    """Return what a new Tour proposes: from today to the end of next year."""
    return {"starts_on": today, "ends_on": date(today.year + 1, 12, 31)}
