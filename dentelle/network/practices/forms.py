"""Forms of sheets. Nothing but the title is compulsory to keep a draft."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats

from dentelle.network.practices.actions import REASON_MOST
from dentelle.network.practices.content import (
    BLOCKS,
    ENDS_BEFORE,
    ITEM_MOST,
    MOST_RESULTS,
    NIR,
    RESULT_PARTS,
    Field,
    Kind,
)
from dentelle.network.practices.models import Writing
from dentelle.network.practices.places import PlaceUnclear, place_name, place_typed
from dentelle.network.practices.vocabulary import OUTCOMES
from dentelle.rules.disclosure import looks_like_nir
from dentelle.rules.practices import ANSWERED, SCALE

_PARTS = {"what": "Ce qui est mesuré", "value": "Valeur", "source": "Source", "period": "Période"}
# the boxes of the results, row by row
RESULT_BOXES = tuple(tuple(f"result_{rank}_{part}" for part in RESULT_PARTS) for rank in range(1, MOST_RESULTS + 1))


class WordsField(forms.CharField):
    """Free words: what looks like a social security number is refused where it was typed."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if looks_like_nir(value):
            raise forms.ValidationError(NIR)


class FigureField(forms.DecimalField):
    """A figure typed with a comma. Its value is the text shown: what was opened compares with what comes back."""

    def prepare_value(self, value: Any) -> Any:
        return formats.localize_input(value) if isinstance(value, Decimal) else value


def _box(field: Field) -> forms.Field:
    known: dict[str, Any] = {"label": field.label, "help_text": field.help, "required": field.name == "title"}
    if field.kind is Kind.TEXT:
        rows = 8 if field.most > 3_000 else 3
        return WordsField(max_length=field.most, widget=forms.Textarea(attrs={"rows": rows}), **known)
    if field.kind is Kind.LINES:
        return WordsField(max_length=3_000, widget=forms.Textarea(attrs={"rows": 4}), **known)
    if field.kind is Kind.CHOICE:
        return forms.ChoiceField(choices=[("", "non renseigné"), *(field.choices or {}).items()], **known)
    if field.kind is Kind.CHOICES:
        box = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=list((field.choices or {}).items()), widget=box, **known)
    if field.kind is Kind.DAY:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **known)
    if field.kind in {Kind.CENTS, Kind.HUNDREDTHS}:
        return FigureField(min_value=0, max_digits=12, decimal_places=2, localize=True, **known)
    if field.kind is Kind.WHOLE:
        return forms.IntegerField(min_value=0, max_value=600, **known)
    if field.kind is Kind.YES:
        return forms.BooleanField(**known)
    return WordsField(max_length=min(field.most, 200), **known)


class SheetForm(forms.Form):
    """Everything a sheet may say, block by block. ``theirs``: written for somebody else, whose agreement is asked for apart."""

    def __init__(self, *args: Any, theirs: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for block in BLOCKS:
            for field in block.fields:
                if field.kind is not Kind.RESULTS and not (theirs and field.kind is Kind.YES):
                    self.fields[field.name] = _box(field)
        for rank, row in enumerate(RESULT_BOXES, start=1):
            for name, part in zip(row, RESULT_PARTS, strict=True):
                label = f"{_PARTS[part]}, résultat {rank}"
                self.fields[name] = WordsField(label=label, max_length=300, required=False)

    def blocks(self) -> Iterator[tuple[str, str, list[Any], list[list[Any]]]]:
        """Return (code, title, boxes, rows of results) of each block."""
        for block in BLOCKS:
            boxes = [self[field.name] for field in block.fields if field.name in self.fields]
            rows = [[self[name] for name in row] for row in RESULT_BOXES] if block.code == "results" else []
            yield block.code, block.title, boxes, rows

    def clean_place(self) -> str:
        try:
            return place_typed(self.cleaned_data["place"])
        except PlaceUnclear as unclear:
            raise forms.ValidationError(str(unclear)) from unclear

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        started, ended = given.get("started_on"), given.get("ended_on")
        if started and ended and ended < started:
            self.add_error("ended_on", ENDS_BEFORE)
        for block in BLOCKS:
            for field in block.fields:
                if field.kind is Kind.LINES and (wrong := _wrong_lines(field, given.get(field.name) or "")):
                    self.add_error(field.name, wrong)
        return given

    def content(self) -> dict[str, Any]:
        """Return what a version keeps."""
        given = self.cleaned_data
        found: dict[str, Any] = {}
        for block in BLOCKS:
            for field in block.fields:
                found[field.name] = _kept(field, given.get(field.name))
        found["results"] = [
            {part: given[name] for name, part in zip(row, RESULT_PARTS, strict=True)} for row in RESULT_BOXES
        ]
        return found


def _wrong_lines(field: Field, text: str) -> str:
    """Why what was typed one per line would not be kept whole, empty when it would."""
    items = [item.strip() for item in text.splitlines() if item.strip()]
    if len(items) > field.most:
        return f"{field.most} lignes au plus\u00a0: il y en a {len(items)}."
    long = next((item for item in items if len(item) > ITEM_MOST), "")
    return (
        f"Une ligne tient en {ITEM_MOST} caractères\u00a0: celle-ci en a {len(long)}, «\u202f{long[:40]}…\u202f»."
        if long
        else ""
    )


def _kept(field: Field, value: Any) -> Any:
    if value in (None, ""):
        return None
    if field.kind is Kind.LINES:
        return value.splitlines()
    if field.kind is Kind.DAY:
        return value.isoformat()
    if field.kind in {Kind.CENTS, Kind.HUNDREDTHS}:
        return int(value * 100)
    return value


def initial_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form shows of a content."""
    found: dict[str, Any] = {}
    for block in BLOCKS:
        for field in block.fields:
            value = content.get(field.name)
            if field.kind is Kind.YES:
                value = bool(value)  # a box that is not ticked says no
            if value is None:
                continue
            if field.kind is Kind.LINES:
                value = "\n".join(value)
            elif field.kind in {Kind.CENTS, Kind.HUNDREDTHS}:
                value = Decimal(value) / 100
            elif field.kind is Kind.PLACE:
                value = value if _ambiguous(value) else place_name(value)
            found[field.name] = value
    for names, row in zip(RESULT_BOXES, content.get("results", ()), strict=False):
        found |= {name: row.get(part, "") for name, part in zip(names, RESULT_PARTS, strict=True)}
    return found


def _ambiguous(spec: str) -> bool:
    try:
        return place_typed(place_name(spec)) != spec
    except PlaceUnclear:
        return True


class ReviewForm(forms.Form):
    """How a practice would transfer, criterion by criterion, and a word of the reviewer."""

    note = WordsField(
        label="Note de relecture",
        required=False,
        max_length=1_000,
        help_text="Elle reste avec la version.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in ANSWERED:
            self.fields[one.code] = forms.TypedChoiceField(
                label=one.label,
                help_text=f"0\u00a0: {one.low}\u00a0; 3\u00a0: {one.high}.",
                choices=[(rank, str(rank)) for rank in SCALE],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": "Répondez de 0 à 3."},
            )
        self.order_fields([*(one.code for one in ANSWERED), "note"])

    def profile(self) -> dict[str, int]:
        return {one.code: self.cleaned_data[one.code] for one in ANSWERED}


class SheetsFileForm(forms.Form):
    """A spreadsheet of sheets."""

    file = forms.FileField(
        label="Tableur",
        help_text="XLSX, XLS, ODS ou CSV, une fiche par ligne, les titres des colonnes sur une ligne.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )
    leave_wrong = forms.BooleanField(label="Reprendre les lignes lisibles et laisser les autres", required=False)


class WrittenForm(forms.Form):
    """An agreement somebody gave in writing."""

    nature = forms.ChoiceField(label="Forme de l’accord", choices=Writing.choices)
    on = forms.DateField(label="Daté du", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ReasonForm(forms.Form):
    """Why something is sent back, mended or archived, in ``most`` characters."""

    def __init__(self, *args: Any, most: int = REASON_MOST, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = WordsField(label="Motif", max_length=most, widget=forms.Textarea(attrs={"rows": 3}))


class TriedForm(forms.Form):
    """What happened when one's structure tried it."""

    outcome = forms.ChoiceField(
        label="Est-ce que cela a marché ?", choices=list(OUTCOMES.items()), widget=forms.RadioSelect
    )
    told = WordsField(label="Ce qui s’est passé", max_length=2_000, widget=forms.Textarea(attrs={"rows": 5}))
    changed = WordsField(
        label="Ce que vous avez adapté", max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    started_on = forms.DateField(
        label="Début", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
