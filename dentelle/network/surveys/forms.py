"""The form of one part of a questionnaire, made from its questions; forms of campaigns."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from dentelle.foundations.organisations.models import StructureKind
from dentelle.network.surveys.models import Question, RespondentKind
from dentelle.network.surveys.reading import Block, written
from dentelle.network.surveys.suggested import Suggestion
from dentelle.rules.surveys import Kind

YES_NO = (("yes", "oui"), ("no", "non"))

FIGURE_ERRORS = {
    "invalid": "Écrivez un nombre, en chiffres.",
    "min_value": "Écrivez un nombre positif, ou 0.",
    "max_value": "Ce nombre est trop grand\u00a0: vérifiez le nombre de zéros.",
    "max_digits": "Ce nombre est trop grand\u00a0: vérifiez le nombre de zéros.",
    "max_whole_digits": "Ce nombre est trop grand\u00a0: vérifiez le nombre de zéros.",
    "max_decimal_places": "Écrivez deux chiffres au plus après la virgule.",
}


def _box(question: Question) -> forms.Field:
    known: dict[str, Any] = {"label": question.label, "help_text": question.help, "required": question.required}
    kind = Kind(question.kind)
    if kind.is_figure:
        known["error_messages"] = FIGURE_ERRORS
    if kind is Kind.TEXT:
        return forms.CharField(max_length=3_000, widget=forms.Textarea(attrs={"rows": 4}), **known)
    if kind is Kind.WHOLE:
        known["error_messages"] = {**FIGURE_ERRORS, "invalid": "Écrivez un nombre entier, en chiffres."}
        return forms.IntegerField(
            min_value=0, max_value=10**9, widget=forms.NumberInput(attrs={"inputmode": "numeric"}), **known
        )
    if kind is Kind.MONEY:
        return forms.DecimalField(min_value=0, max_digits=13, decimal_places=2, localize=True, **known)
    if kind is Kind.DECIMAL:
        return forms.DecimalField(
            min_value=0,
            max_digits=11,
            decimal_places=2,
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            **known,
        )
    if kind is Kind.DAY:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **known)
    if kind is Kind.YES_NO:
        return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **known)
    if kind is Kind.CHOICE:
        return forms.ChoiceField(choices=list(question.options.items()), widget=forms.RadioSelect, **known)
    if kind is Kind.CHOICES:
        return forms.MultipleChoiceField(
            choices=list(question.options.items()), widget=forms.CheckboxSelectMultiple, **known
        )  # fmt: skip
    return forms.CharField(max_length=300, **known)


class PartForm(forms.Form):
    """One part, one time. Its fields say what must be answered; nothing is compulsory to save it: what is missing is told
    before sending."""

    prefix = "q"
    use_required_attribute = False

    def __init__(self, block: Block, *args: Any, known: Mapping[str, Suggestion] | None = None, **kwargs: Any) -> None:
        """``known``: what Dentelle proposes for some of the questions, told under each."""
        super().__init__(*args, **kwargs)
        self.block = block
        for question in block.questions:
            box = self.fields[question.code] = _box(question)
            if known and question.code in known:
                told = Question(kind=question.kind, options=question.options)
                suggestion = known[question.code]
                said = f"Repris de {suggestion.source}, à vérifier\u00a0: {written(told, suggestion.value)}."
                box.help_text = f"{box.help_text} {said}".strip()

    def full_clean(self) -> None:
        super().full_clean()
        for name, errors in list(self.errors.items()):
            if errors.as_data() and all(error.code == "required" for error in errors.as_data()):
                del self.errors[name]
                self.cleaned_data[name] = None

    def boxes(self) -> list[dict[str, Any]]:
        """Return each question: its box, whether an answer is needed, and when it is asked."""
        found = []
        for question in self.block.questions:
            when = question.only_if
            found.append(
                {
                    "code": question.code,
                    "box": self[question.code],
                    "required": question.required,
                    "unit": question.unit or ("€" if question.kind == Kind.MONEY else ""),
                    "when": f"{self.prefix}-{when['question']}" if when else "",
                    "values": " ".join(when["values"]) if when else "",
                }
            )
        return found

    def values(self) -> dict[str, Any]:
        """Return what was typed and could be read, as it is kept."""
        return {
            question.code: _kept(question, self.cleaned_data[question.code])
            for question in self.block.questions
            if question.code in self.cleaned_data
        }


def _kept(question: Question, value: Any) -> Any:
    if value in (None, "", []):
        return None
    scale = Kind(question.kind).scale
    if scale > 1:
        return int(value * scale)
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else value


def initial_of(block: Block, seen: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form shows of what was answered."""
    return {
        question.code: _shown(Kind(question.kind), seen[question.code])
        for question in block.questions
        if question.code in seen
    }


def _shown(kind: Kind, value: Any) -> Any:
    return Decimal(value) / kind.scale if kind.scale > 1 and isinstance(value, int) else value


class SendForm(forms.Form):
    """Sending an answer; ``to_explain``: some of its figures do not hold together, and go with a word on them."""

    comment = forms.CharField(
        label="Ce qu’il faut savoir pour lire vos réponses",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Des chiffres étonnent\u00a0: corrigez-les, ou expliquez-les en un mot."},
    )

    def __init__(self, *args: Any, to_explain: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if to_explain:
            self.fields["comment"].required = True
            self.fields["comment"].label = "Pourquoi ces chiffres sont justes"


class CampaignForm(forms.Form):
    """A campaign to prepare."""

    title = forms.CharField(label="Titre", max_length=200)
    year = forms.IntegerField(
        label="Année des chiffres",
        required=False,
        min_value=2000,
        max_value=2099,
        help_text="Pour une consolidation annuelle.",
    )
    closes_on = forms.DateField(
        label="Dernier jour pour répondre", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    anonymous = forms.BooleanField(
        label="Réponses anonymes",
        required=False,
        help_text="Ce qui nomme (structure, territoire, contact) n’est pas demandé\u00a0; une fois envoyée, une réponse ne dit "
        "plus de qui elle vient et ne se reprend pas. Les réponses se lisent à partir de cinq.",
    )


class StructuresForm(forms.Form):
    """Which structures to invite."""

    kind = forms.ChoiceField(label="Structures", required=False, choices=[("", "toutes"), *StructureKind.choices])


class AddressesForm(forms.Form):
    """Addresses to write to."""

    addresses = forms.CharField(
        label="Adresses électroniques",
        help_text="Une par ligne, ou copiées de votre messagerie avec les noms. Chacune reçoit un lien à elle, sans compte.",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    kind = forms.ChoiceField(label="Type", choices=RespondentKind.choices, initial=RespondentKind.OTHER)
    region_code = forms.ChoiceField(label="Région", required=False)

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = [("", "non renseignée"), *regions]  # type: ignore[attr-defined]


class ReopenForm(forms.Form):
    """Until when a closed campaign opens again, and why."""

    closes_on = forms.DateField(
        label="Nouveau dernier jour pour répondre",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label="Pourquoi elle se rouvre", max_length=300, help_text="Les personnes invitées le liront."
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Ce qui est à reprendre", max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))
