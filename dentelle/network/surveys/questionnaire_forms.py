"""The forms questionnaires are written with: one for each thing a person changes at a time."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from dentelle.network.surveys.writing import coded
from dentelle.rules.questionnaires import (
    KINDS,
    LONGEST_LABEL,
    LONGEST_TITLE,
    LONGEST_UNIT,
    LONGEST_WORDS,
    MOST_TIMES,
    SHEET_FIELDS,
    Ask,
    Condition,
    Control,
    Document,
    Flaw,
    Part,
)
from dentelle.rules.surveys import Kind

_KEY = re.compile(r"\s*\[([^\[\]]*)\]\s*$")
CHOICE_KINDS = f"{Kind.CHOICE} {Kind.CHOICES}"
COUNTED_KINDS = f"{Kind.WHOLE} {Kind.DECIMAL}"
WORDS_KINDS = f"{Kind.LINE} {Kind.TEXT}"


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Needed(forms.CharField):
    """Words that some natures of question cannot do without: never said to be optional, refused by the rules alone."""

    def validate(self, value: str) -> None:
        """Leave emptiness to the rules, which know the nature of the question."""


class WritingForm(forms.Form):
    """A form whose refusals come from the rules, each at its field."""

    PLACES: dict[str, str] = {}  # field of the document → field of the form

    def boxes(self) -> list[dict[str, Any]]:
        """Return each box, its unit, and the natures of question it is shown for (empty: all)."""
        return [{"box": self[name], "unit": "%" if name == "percent" else "", "values": ""} for name in self.fields]

    def tell(self, flaws: Sequence[Flaw]) -> None:
        """Put each flaw at its field, or on top."""
        for flaw in flaws:
            name = self.PLACES.get(flaw.field, flaw.field)
            self.add_error(name if name in self.fields else None, flaw.sentence)


class BeginForm(WritingForm):
    """A questionnaire to begin."""

    title = forms.CharField(label="Titre", max_length=LONGEST_TITLE)
    origin = forms.ChoiceField(label="Partir", required=False)

    def __init__(self, *args: Any, origins: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["origin"].choices = [("", "d’une page blanche"), *origins]  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A questionnaire written elsewhere."""

    file = forms.FileField(
        label="Fichier du questionnaire",
        help_text="Le fichier YAML téléchargé d’ici, modifié ou non.",
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )


class PresentForm(WritingForm):
    """What a questionnaire says of itself."""

    title = forms.CharField(label="Titre", max_length=LONGEST_TITLE)
    intro = forms.CharField(
        label="Présentation",
        required=False,
        max_length=LONGEST_WORDS,
        widget=area(3),
        help_text="Lue en tête de la première partie.",
    )
    source = forms.CharField(
        label="D’où viennent ces questions", required=False, max_length=500, widget=area(2)
    )  # fmt: skip


class WhenForm(WritingForm):
    """Something asked only after some answers."""

    PLACES = {"only_if": "when"}

    when = forms.MultipleChoiceField(
        label="Posée seulement si la réponse est",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sans rien de coché, posée à tout le monde. Cochez les réponses d’une seule question.",
    )

    def may_depend_on(self, asks: Sequence[Ask]) -> None:
        """Offer the answers of these questions."""
        self.fields["when"].choices = [  # type: ignore[attr-defined]
            (f"{ask.code}={code}", f"{ask.label} — {words}") for ask in asks for code, words in ask.answers
        ]

    def boxes(self) -> list[dict[str, Any]]:
        """Leave out the answers when there are none to tick; one that went while it was ticked is refused there."""
        shown = super().boxes()
        if self.fields["when"].choices or "when" in self.errors:  # type: ignore[attr-defined]
            return shown
        return [each for each in shown if each["box"].name != "when"]

    def clean_when(self) -> Condition | None:
        ticked = [each.split("=", 1) for each in self.cleaned_data["when"]]
        questions = {question for question, _ in ticked}
        if len(questions) > 1:
            raise forms.ValidationError("Cochez les réponses d’une seule question.")
        return Condition(ticked[0][0], tuple(value for _, value in ticked)) if ticked else None


def when_initial(condition: Condition | None) -> list[str]:
    return [f"{condition.question}={value}" for value in condition.values] if condition else []


class SectionForm(WhenForm):
    """A part of a questionnaire."""

    title = forms.CharField(label="Titre de la partie", max_length=LONGEST_TITLE)
    intro = forms.CharField(label="Introduction", required=False, max_length=LONGEST_WORDS, widget=area(2))
    most = forms.IntegerField(
        label="Combien de fois peut-on y répondre",
        min_value=1,
        max_value=MOST_TIMES,
        initial=1,
        help_text="1 pour une partie ordinaire\u00a0; 5, par exemple, pour raconter jusqu’à cinq expériences.",
    )
    item = forms.CharField(
        label="Comment s’appelle une fois",
        required=False,
        max_length=40,
        help_text="« expérience » donne « Ajouter une autre expérience ». Seulement pour une partie répétée.",
    )
    field_order = ["title", "intro", "most", "item", "when"]

    def part(self, code: str) -> Part:
        given = self.cleaned_data
        return Part(code, given["title"], given["intro"], given["most"], given["item"], given.get("when"))


class QuestionForm(WhenForm):
    """A question."""

    label = forms.CharField(label="Question", max_length=LONGEST_LABEL)
    help = forms.CharField(
        label="Aide", required=False, max_length=LONGEST_LABEL, help_text="Lue sous la question, par qui répond."
    )  # fmt: skip
    kind = forms.ChoiceField(label="On y répond par", choices=list(KINDS.items()))
    options = Needed(
        label="Réponses possibles",
        max_length=20_000,
        widget=area(5),
        help_text="Pour un choix, une par ligne. Ce qui est entre crochets relie une réponse à celle des versions précédentes\u00a0: gardez-le quand vous la reformulez.",
    )
    unit = forms.CharField(
        label="Unité", required=False, max_length=LONGEST_UNIT, help_text="heures, ETP, mois… Un montant est en euros."
    )
    required = forms.BooleanField(label="Il faut y répondre pour envoyer", required=False)
    identifies = forms.BooleanField(
        label="Sa réponse dit de qui elle vient",
        required=False,
        help_text="Un nom, une adresse, une structure\u00a0: pas demandée dans une campagne anonyme, jamais lue par les membres.",
    )
    part = forms.ChoiceField(label="Partie")
    sheet_field = forms.ChoiceField(
        label="Remplit, dans une fiche pratique",
        required=False,
        choices=[("", "rien"), *SHEET_FIELDS.items()],
    )
    code = forms.CharField(
        label="Identifiant court",
        required=False,
        max_length=40,
        help_text="Celui des fichiers\u00a0; il ne changera plus d’une version à l’autre. Vide, il est tiré de la question.",
    )
    field_order = [
        "label",
        "help",
        "kind",
        "options",
        "unit",
        "required",
        "identifies",
        "part",
        "when",
        "sheet_field",
        "code",
    ]
    TIED = ("kind", "options", "unit", "sheet_field")
    SHOWN_FOR = {"options": CHOICE_KINDS, "unit": COUNTED_KINDS, "sheet_field": WORDS_KINDS}

    def __init__(self, data: Any, *, initial: dict[str, Any], document: Document, ask: Ask | None) -> None:
        super().__init__(data, initial=initial)
        self.ask = ask
        parts = [(each.code, each.title) for each in document.parts]
        self.fields["part"].choices = parts  # type: ignore[attr-defined]
        if len(parts) < 2 or ask is None:
            self.fields["part"].widget = forms.HiddenInput()
        if ask is None:
            self.fields["options"].help_text = "Pour un choix, une par ligne."
        else:
            del self.fields["code"]
            if (
                ask.sheet_field and ask.sheet_field not in SHEET_FIELDS
            ):  # filled by the code of an answer: not changed here
                del self.fields["sheet_field"]
        self.may_depend_on(_before(document, ask, initial["part"]))

    def boxes(self) -> list[dict[str, Any]]:
        return [{**each, "values": self.SHOWN_FOR.get(each["box"].name, "")} for each in super().boxes()]

    def clean_options(self) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        known = {words: code for code, words in self.ask.options} if self.ask else {}
        typed = [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]
        kept = {match[1].strip() for line in typed if (match := _KEY.search(line))}
        for line in typed:
            match = _KEY.search(line)
            words = _KEY.sub("", line).strip() if match else line
            code = match[1].strip() if match else known.get(words, "")
            taken = {each for each, _ in found} | kept
            found.append((code or coded(words, taken), words))
        return tuple(found)

    def written(self) -> Ask:
        """Return the question typed; what its nature has no use for is left out."""
        given = self.cleaned_data
        kind = given["kind"]
        sheet_field = given.get("sheet_field", self.ask.sheet_field if self.ask else "")
        if "sheet_field" in self.fields and kind not in WORDS_KINDS.split():
            sheet_field = ""
        return Ask(
            code=self.ask.code if self.ask else given["code"],
            label=given["label"],
            kind=kind,
            help=given["help"],
            unit=given["unit"] if kind in COUNTED_KINDS.split() else "",
            required=given["required"],
            options=given["options"] if kind in CHOICE_KINDS.split() else (),
            only_if=given.get("when"),
            sheet_field=sheet_field,
            identifies=given["identifies"],
        )


def ask_initial(ask: Ask | None, part: str) -> dict[str, Any]:
    """Return the first values of a question's form; those of a new one say its part alone."""
    if ask is None:
        return {"part": part}
    return {
        "part": part,
        "label": ask.label,
        "help": ask.help,
        "kind": ask.kind,
        "options": "\n".join(f"{words} [{code}]" for code, words in ask.options),
        "unit": ask.unit,
        "required": ask.required,
        "identifies": ask.identifies,
        "when": when_initial(ask.only_if),
        "sheet_field": ask.sheet_field,
    }


def _before(document: Document, ask: Ask | None, part_code: str) -> list[Ask]:
    """Return the questions one may depend on: those before it in its part, and those of parts before that are not repeated."""
    found: list[Ask] = []
    for part in document.parts:
        if part.code == part_code:
            for each in part.asks:
                if ask is not None and each.code == ask.code:
                    break
                found.append(each)
            break
        if part.most == 1:
            found += part.asks
    return found


def before_part(document: Document, code: str) -> list[Ask]:
    """Return the questions a part may depend on."""
    found: list[Ask] = []
    for part in document.parts:
        if part.code == code:
            break
        if part.most == 1:
            found += part.asks
    return found


class ControlForm(WritingForm):
    """A control of one kind: only the boxes it needs."""

    BOXES = {
        "part": ("value", "of"),
        "parts": ("value", "plus"),
        "sum": ("value", "plus", "minus"),
        "bounds": ("value", "low", "high"),
        "jump": ("value", "percent"),
    }
    LABELS = {
        "part": {"value": "Ce nombre", "of": "ne dépasse pas"},
        "parts": {"value": "Le total", "plus": "Ses parts, qui ensemble ne le dépassent pas"},
        "sum": {"value": "Le total", "plus": "est la somme de", "minus": "moins"},
        "bounds": {"value": "Ce nombre"},
        "jump": {"value": "Ce nombre"},
    }

    value = forms.ChoiceField(label="Ce nombre")
    of = forms.ChoiceField(label="ne dépasse pas")
    plus = forms.MultipleChoiceField(label="Parts", widget=forms.CheckboxSelectMultiple)
    minus = forms.MultipleChoiceField(label="moins", required=False, widget=forms.CheckboxSelectMultiple)
    low = forms.DecimalField(
        label="Au moins", required=False, max_digits=13, decimal_places=2, localize=True, min_value=Decimal(0)
    )
    high = forms.DecimalField(
        label="Au plus", required=False, max_digits=13, decimal_places=2, localize=True, min_value=Decimal(0)
    )
    percent = forms.IntegerField(label="Écart au plus, en un an", min_value=1, max_value=1_000, initial=30)

    def __init__(self, data: Any, *, initial: dict[str, Any], kind: str, document: Document) -> None:
        super().__init__(data, initial=initial)
        self.kind = kind
        figures = [
            (ask.code, f"{ask.label} ({part.title})")
            for part in document.parts
            if part.most == 1
            for ask in part.asks
            if ask.is_figure
        ]
        for name in list(self.fields):
            if name not in self.BOXES[kind]:
                del self.fields[name]
                continue
            self.fields[name].label = self.LABELS[kind].get(name, self.fields[name].label)
            if isinstance(self.fields[name], forms.ChoiceField):
                self.fields[name].choices = figures  # type: ignore[attr-defined]

    def control(self) -> Control:
        given = self.cleaned_data
        return Control(
            kind=self.kind,
            value=given["value"],
            plus=tuple(given.get("plus", ())),
            minus=tuple(given.get("minus", ())),
            of=given.get("of", ""),
            percent=given.get("percent", 0),
            low=given.get("low"),
            high=given.get("high"),
        )


def control_initial(kind: str, control: Control | None) -> dict[str, Any]:
    """Return the first values of a control's form, none for a new one."""
    return {name: getattr(control, name) for name in ControlForm.BOXES[kind]} if control else {}
