"""A questionnaire as it is written: its parts, its questions, its controls; what is wrong with it; what changed since.

A question keeps its code from one version to the next: that is what answers of two years are compared by. A flaw says where
it is, at which field, in a sentence; ``later`` flaws (a part still without a question) only stand in the way of publishing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from dentelle.rules.surveys import Kind
from dentelle.rules.wording import number

KINDS: Mapping[str, str] = {
    Kind.LINE.value: "une ligne",
    Kind.TEXT.value: "un texte",
    Kind.WHOLE.value: "un nombre entier",
    Kind.DECIMAL.value: "un nombre à virgule",
    Kind.MONEY.value: "un montant",
    Kind.DAY.value: "une date",
    Kind.YES_NO.value: "oui ou non",
    Kind.CHOICE.value: "un choix",
    Kind.CHOICES.value: "plusieurs choix",
}
CONTROLS: Mapping[str, str] = {
    "part": "l’un ne dépasse pas l’autre",
    "parts": "des parts ne dépassent pas leur total",
    "sum": "un total tombe juste",
    "bounds": "un nombre entre deux bornes",
    "jump": "un écart avec l’année d’avant",
}
SHEET_FIELDS: Mapping[str, str] = {
    "title": "titre",
    "host": "porteur",
    "starting_point": "point de départ",
    "description": "description",
    "results": "résultats",
    "difficulties": "difficultés",
    "would_redo": "ce qui serait refait",
    "contact_name": "contact",
}
YES_NO = (("yes", "oui"), ("no", "non"))
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED = ("fin",)  # the address of the last page of an answer
MOST_TIMES, MOST_PARTS, MOST_ASKED, MOST_OPTIONS, MOST_CONTROLS = 10, 30, 300, 60, 100
LONGEST_LABEL, LONGEST_TITLE, LONGEST_WORDS, LONGEST_UNIT = 300, 200, 2_000, 20


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only if ``question`` was answered with one of ``values``."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. ``options``: (code, words) of each possible answer."""

    code: str
    label: str
    kind: str
    help: str = ""
    unit: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    only_if: Condition | None = None
    sheet_field: str = ""
    identifies: bool = False

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """Return what may be ticked."""
        if self.kind == Kind.YES_NO:
            return YES_NO
        return self.options if self.kind in (Kind.CHOICE, Kind.CHOICES) else ()

    @property
    def kind_words(self) -> str:
        return KINDS.get(self.kind, self.kind)

    @property
    def is_figure(self) -> bool:
        return self.kind in (Kind.WHOLE, Kind.DECIMAL, Kind.MONEY)


@dataclass(frozen=True, slots=True)
class Part:
    """A part, answered up to ``most`` times, each called ``item``."""

    code: str
    title: str
    intro: str = ""
    most: int = 1
    item: str = ""
    only_if: Condition | None = None
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """What must hold together (``rules.surveys.Check``); ``low`` and ``high`` in the unit that is typed."""

    kind: str
    value: str
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    of: str = ""
    percent: int = 0
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A questionnaire whole."""

    title: str
    intro: str = ""
    source: str = ""
    parts: tuple[Part, ...] = ()
    controls: tuple[Control, ...] = ()

    def asks(self) -> Iterator[Ask]:
        """Return its questions in the order they are asked."""
        for part in self.parts:
            yield from part.asks

    def part(self, code: str) -> Part | None:
        return next((part for part in self.parts if part.code == code), None)

    def ask(self, code: str) -> Ask | None:
        return next((ask for ask in self.asks() if ask.code == code), None)

    def part_of(self, code: str) -> Part | None:
        """Return the part a question is in."""
        return next((part for part in self.parts if any(ask.code == code for ask in part.asks)), None)


Place = tuple[Any, ...]  # ("document",), ("part", rank), ("ask", rank of its part, rank), ("control", rank)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong: where, at which field, in a sentence that stands alone."""

    place: Place
    field: str
    sentence: str
    later: bool = False


def flaws(document: Document, former: Sequence[tuple[int, Document]] = ()) -> list[Flaw]:
    """Return all that is wrong. ``former``: the versions already asked, with their numbers."""
    found: list[Flaw] = []
    here: Place = ("document",)
    found += _words(here, "title", "Le titre", document.title, LONGEST_TITLE, needed=True)
    found += _words(here, "intro", "La présentation", document.intro, LONGEST_WORDS)
    found += _words(here, "source", "La source", document.source, 500)
    if not document.parts:
        found.append(Flaw(here, "blocks", "Il n’y a encore aucune partie.", later=True))
    if len(document.parts) > MOST_PARTS:
        found.append(Flaw(here, "blocks", f"Un questionnaire a {MOST_PARTS} parties au plus."))
    if sum(1 for _ in document.asks()) > MOST_ASKED:
        found.append(Flaw(here, "blocks", f"Un questionnaire a {MOST_ASKED} questions au plus."))
    known = _Known(document)
    codes: dict[str, str] = {}
    named: set[str] = set()
    for rank, part in enumerate(document.parts):
        found += _of_part(part, rank, known, named)
        named.add(part.code)
        for place, ask in enumerate(part.asks):
            found += _of_ask(ask, (rank, place), known, codes, former)
            codes.setdefault(ask.code, ask.label)
    if len(document.controls) > MOST_CONTROLS:
        found.append(Flaw(here, "checks", f"Un questionnaire a {MOST_CONTROLS} contrôles au plus."))
    for rank, control in enumerate(document.controls):
        found += _of_control(control, ("control", rank), known)
    return found


class _Known:
    """Where each question of a document is."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.at: dict[str, tuple[int, int]] = {}
        for rank, part in enumerate(document.parts):
            for place, ask in enumerate(part.asks):
                self.at.setdefault(ask.code, (rank, place))

    def ask(self, code: str) -> Ask:
        rank, place = self.at[code]
        return self.document.parts[rank].asks[place]

    def is_repeated(self, code: str) -> bool:
        return self.document.parts[self.at[code][0]].most > 1


def _words(place: Place, field: str, name: str, text: str, longest: int, *, needed: bool = False) -> list[Flaw]:
    if needed and not text.strip():
        return [Flaw(place, field, f"{name} manque.")]
    if len(text) > longest:
        return [Flaw(place, field, f"{name} est trop long\u00a0: {number(longest)} caractères au plus.")]
    return []


def _code(place: Place, code: str) -> list[Flaw]:
    if CODE.fullmatch(code):
        return []
    sentence = f"«\u00a0{code}\u00a0» n’est pas un identifiant\u00a0: des minuscules sans accent, des chiffres et «\u00a0_\u00a0», une lettre d’abord."
    return [Flaw(place, "code", sentence)]


def _of_part(part: Part, rank: int, known: _Known, named: set[str]) -> list[Flaw]:
    here: Place = ("part", rank)
    found = _code(here, part.code)
    if part.code in RESERVED:
        found.append(Flaw(here, "code", f"L’identifiant «\u00a0{part.code}\u00a0» est déjà pris par la dernière page."))
    if part.code in named:
        found.append(Flaw(here, "code", f"Deux parties ont l’identifiant «\u00a0{part.code}\u00a0»."))
    found += _words(here, "title", "Le titre de la partie", part.title, LONGEST_TITLE, needed=True)
    found += _words(here, "intro", "Le texte d’introduction", part.intro, LONGEST_WORDS)
    found += _words(here, "item", "Le nom d’une fois", part.item, 40, needed=part.most > 1)
    if not 1 <= part.most <= MOST_TIMES:
        found.append(Flaw(here, "most", f"Une partie se répond de 1 à {MOST_TIMES} fois."))
    if not part.asks:
        sentence = f"La partie «\u00a0{part.title}\u00a0» n’a encore aucune question."
        found.append(Flaw(here, "questions", sentence, later=True))
    if part.only_if is not None:
        found += _of_condition(part.only_if, here, (rank, -1), f"La partie «\u00a0{part.title}\u00a0»", known)
    return found


def _of_ask(
    ask: Ask, at: tuple[int, int], known: _Known, codes: Mapping[str, str], former: Sequence[tuple[int, Document]]
) -> list[Flaw]:
    here: Place = ("ask", *at)
    found = _code(here, ask.code)
    if ask.code in codes:
        sentence = f"L’identifiant «\u00a0{ask.code}\u00a0» est déjà celui de «\u00a0{codes[ask.code]}\u00a0»\u00a0: prenez-en un autre."
        found.append(Flaw(here, "code", sentence))
    found += _words(here, "label", "Les mots de la question", ask.label, LONGEST_LABEL, needed=True)
    found += _words(here, "help", "L’aide", ask.help, LONGEST_LABEL)
    found += _words(here, "unit", "L’unité", ask.unit, LONGEST_UNIT)
    if ask.kind not in KINDS:
        return [*found, Flaw(here, "kind", f"«\u00a0{ask.kind}\u00a0» n’est pas une nature de question connue.")]
    found += _of_options(ask, here)
    if ask.unit and ask.kind not in (Kind.WHOLE, Kind.DECIMAL):
        found.append(Flaw(here, "unit", "Seul un nombre a une unité."))
    if len(ask.sheet_field) > 40:
        found.append(Flaw(here, "sheet_field", "Ce champ de fiche n’existe pas."))
    for version, document in former:
        was = document.ask(ask.code)
        if was is not None and not _compares(was.kind, ask.kind):
            sentence = (
                f"En version {version}, «\u00a0{was.label}\u00a0» attendait {KINDS.get(was.kind, was.kind)}\u00a0: les réponses ne se "
                "compareraient plus. Retirez-la et ajoutez-en une autre."
            )
            found.append(Flaw(here, "kind", sentence))
            break
    if ask.only_if is not None:
        found += _of_condition(ask.only_if, here, at, f"«\u00a0{ask.label}\u00a0»", known)
    return found


def _compares(former: str, now: str) -> bool:
    words = {Kind.LINE.value, Kind.TEXT.value}
    return former == now or {former, now} <= words


def _of_options(ask: Ask, here: Place) -> list[Flaw]:
    if ask.kind not in (Kind.CHOICE, Kind.CHOICES):
        return [Flaw(here, "options", "Seul un choix a des réponses possibles.")] if ask.options else []
    if len(ask.options) < 2:
        return [Flaw(here, "options", "Un choix demande deux réponses possibles au moins.")]
    if len(ask.options) > MOST_OPTIONS:
        return [Flaw(here, "options", f"Un choix a {MOST_OPTIONS} réponses possibles au plus.")]
    found: list[Flaw] = []
    codes: set[str] = set()
    labels: set[str] = set()
    for code, label in ask.options:
        if not CODE.fullmatch(code):
            found.append(Flaw(here, "options", _code(here, code)[0].sentence))
        if code in codes:
            found.append(Flaw(here, "options", f"Deux réponses ont l’identifiant «\u00a0{code}\u00a0»."))
        if not label.strip() or len(label) > LONGEST_LABEL:
            found.append(Flaw(here, "options", "Une réponse possible a de 1 à 300 caractères."))
        if label.strip().casefold() in labels:
            found.append(Flaw(here, "options", f"La réponse «\u00a0{label}\u00a0» est écrite deux fois."))
        codes.add(code)
        labels.add(label.strip().casefold())
    return found


def _of_condition(condition: Condition, here: Place, at: tuple[int, int], name: str, known: _Known) -> list[Flaw]:
    if condition.question not in known.at:
        return [Flaw(here, "only_if", f"{name} dépend d’une question qui n’existe pas ou plus.")]
    asked = known.ask(condition.question)
    there = known.at[condition.question]
    on = f"«\u00a0{asked.label}\u00a0»"
    if there >= at or (at[1] == -1 and there[0] >= at[0]):
        return [Flaw(here, "only_if", f"{name} dépend de {on}, qui est posée après\u00a0: seule une question d’avant commande.")]  # fmt: skip
    if there[0] != at[0] and known.is_repeated(condition.question):
        return [Flaw(here, "only_if", f"{name} dépend de {on}, posée plusieurs fois\u00a0: elle ne commande que dans sa partie.")]  # fmt: skip
    possible = {code for code, _ in asked.answers}
    if not possible:
        return [Flaw(here, "only_if", f"{name} dépend de {on}, qui n’est ni un choix ni un oui ou non.")]
    if not condition.values or not set(condition.values) <= possible:
        return [Flaw(here, "only_if", f"{name} dépend d’une réponse que {on} ne propose pas ou plus.")]
    return []


def _of_control(control: Control, here: Place, known: _Known) -> list[Flaw]:
    if control.kind not in CONTROLS:
        return [Flaw(here, "kind", f"«\u00a0{control.kind}\u00a0» n’est pas un contrôle connu.")]
    found: list[Flaw] = []
    named = [("value", control.value), ("of", control.of)]
    named += [("plus", code) for code in control.plus] + [("minus", code) for code in control.minus]
    kinds: set[str] = set()
    for field, code in named:
        if field == "of" and not code and control.kind != "part":
            continue
        ask = known.ask(code) if code in known.at else None
        if ask is None:
            said = f"«\u00a0{code}\u00a0»" if code else "vide"
            found.append(Flaw(here, field, f"Un contrôle porte sur une question qui n’existe pas ou plus ({said})."))
        elif not ask.is_figure:
            found.append(
                Flaw(here, field, f"Un contrôle porte sur «\u00a0{ask.label}\u00a0», qui n’est pas un nombre.")
            )
        elif known.is_repeated(code):
            found.append(Flaw(here, field, f"Un contrôle porte sur «\u00a0{ask.label}\u00a0», posée plusieurs fois."))
        else:
            kinds.add(ask.kind)
    if len(kinds) > 1:
        found.append(Flaw(here, "value", "Un contrôle compare des nombres de même nature."))
    used = [code for _, code in named if code]
    if len(used) != len(set(used)):
        found.append(Flaw(here, "value", "Une même question est deux fois dans ce contrôle."))
    if control.kind == "sum" and not control.plus:
        found.append(Flaw(here, "plus", "Dites ce qui s’additionne."))
    if control.kind == "parts" and len(control.plus) < 2:
        found.append(Flaw(here, "plus", "Dites deux parts au moins."))
    if control.kind == "jump" and not 1 <= control.percent <= 1_000:
        found.append(Flaw(here, "percent", "L’écart va de 1 à 1\u202f000\u00a0%."))
    if control.kind == "bounds":
        if control.low is None and control.high is None:
            found.append(Flaw(here, "low", "Donnez une borne au moins."))
        elif control.low is not None and control.high is not None and control.low > control.high:
            found.append(Flaw(here, "low", "Le moins est au-dessus du plus."))
    return found


def told(control: Control, document: Document) -> str:
    """Return what a control watches, as a sentence."""

    def of(code: str) -> str:
        ask = document.ask(code)
        return f"«\u00a0{ask.label if ask else code}\u00a0»"

    value = of(control.value)
    if control.kind == "part":
        return f"{value} ne dépasse pas {of(control.of)}."
    if control.kind == "parts":
        return f"Ensemble, {', '.join(map(of, control.plus))} ne dépassent pas {value}."
    if control.kind == "sum":
        return (
            f"{value} = {' + '.join(map(of, control.plus))}" + "".join(f" − {of(code)}" for code in control.minus) + "."
        )
    if control.kind == "bounds":
        if control.low is None or control.high is None:
            side, bound = ("plus", control.high) if control.low is None else ("moins", control.low)
            return f"{value} vaut au {side} {number(bound or Decimal(0))}."
        return f"{value} est entre {number(control.low)} et {number(control.high)}."
    return f"{value} ne bouge pas de plus de {control.percent}\u00a0% en un an."


def told_condition(condition: Condition | None, document: Document) -> str:
    """Return when something is asked, as it follows « posée si »; empty when it always is."""
    if condition is None:
        return ""
    ask = document.ask(condition.question)
    if ask is None:
        return ""
    words = dict(ask.answers)
    return f"«\u00a0{ask.label}\u00a0»\u00a0: " + " ou ".join(words.get(value, value) for value in condition.values)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions. ``what``: added, removed, changed."""

    what: str
    sentence: str


def changes(before: Document, after: Document) -> list[Change]:
    """Return what changed from a version to another, in the order of the later one, what is gone last."""
    found = [
        Change("changed", f"{name} a changé.")
        for name, was, now in (
            ("Le titre", before.title, after.title),
            ("La présentation", before.intro, after.intro),
            ("La source", before.source, after.source),
        )
        if was != now
    ]
    for part in after.parts:
        former = before.part(part.code)
        if former is None:
            found.append(Change("added", f"Partie «\u00a0{part.title}\u00a0»."))
        else:
            found += _changed(
                f"Partie «\u00a0{part.title}\u00a0»", _facts_of_part(former, before), _facts_of_part(part, after)
            )
        for ask in part.asks:
            found += _asked_before(ask, part, before, after)
    kept = {ask.code for ask in after.asks()}
    found += [
        Change("removed", f"Partie «\u00a0{part.title}\u00a0».") for part in before.parts if not after.part(part.code)
    ]
    found += [Change("removed", f"«\u00a0{ask.label}\u00a0».") for ask in before.asks() if ask.code not in kept]
    order = [ask.code for ask in before.asks() if ask.code in kept]
    if order != [ask.code for ask in after.asks() if before.ask(ask.code)]:
        found.append(Change("changed", "L’ordre des questions a changé."))
    found += [
        Change("added", f"Contrôle\u00a0: {told(control, after)}")
        for control in after.controls
        if control not in before.controls
    ]
    found += [
        Change("removed", f"Contrôle\u00a0: {told(control, before)}")
        for control in before.controls
        if control not in after.controls
    ]
    return found


def _asked_before(ask: Ask, part: Part, before: Document, after: Document) -> list[Change]:
    was = before.ask(ask.code)
    if was is None:
        return [Change("added", f"«\u00a0{ask.label}\u00a0», dans «\u00a0{part.title}\u00a0».")]
    there = before.part_of(ask.code)
    facts, now = _facts_of_ask(was, before), _facts_of_ask(ask, after)
    if there is not None and there.code != part.code:
        facts["partie"], now["partie"] = there.title, part.title
    return _changed(f"«\u00a0{ask.label}\u00a0»", facts, now)


def _changed(name: str, was: Mapping[str, str], now: Mapping[str, str]) -> list[Change]:
    told = [
        f"{field} «\u00a0{was[field] or 'rien'}\u00a0» devient «\u00a0{now[field] or 'rien'}\u00a0»"
        for field in now
        if was[field] != now[field]
    ]
    return [Change("changed", f"{name}\u00a0: {', '.join(told)}.")] if told else []


def _facts_of_part(part: Part, document: Document) -> dict[str, str]:
    return {
        "titre": part.title,
        "introduction": part.intro,
        "fois au plus": str(part.most),
        "nom d’une fois": part.item,
        "condition": told_condition(part.only_if, document),
    }


def _facts_of_ask(ask: Ask, document: Document) -> dict[str, str]:
    return {
        "question": ask.label,
        "aide": ask.help,
        "nature": KINDS.get(ask.kind, ask.kind),
        "unité": ask.unit,
        "à répondre": "oui" if ask.required else "non",
        "réponses": ", ".join(label for _, label in ask.options),
        "condition": told_condition(ask.only_if, document),
        "dit de qui vient la réponse": "oui" if ask.identifies else "non",
        "champ de fiche": SHEET_FIELDS.get(ask.sheet_field, ask.sheet_field),
    }


# Changes to a document: each returns another one; what is wrong with it is told by ``flaws``.


def with_part(document: Document, part: Part) -> Document:
    """Put a part: in the place of that of its code, or last."""
    if document.part(part.code) is None:
        return replace(document, parts=(*document.parts, part))
    return replace(document, parts=tuple(part if each.code == part.code else each for each in document.parts))


def with_ask(document: Document, part_code: str, ask: Ask) -> Document:
    """Put a question in a part: in its own place when it is already there, last otherwise."""
    there = document.part_of(ask.code)
    if there is not None and there.code == part_code:
        asks = tuple(ask if each.code == ask.code else each for each in there.asks)
        return with_part(document, replace(there, asks=asks))
    document = without_ask(document, ask.code)
    return replace(
        document,
        parts=tuple(
            replace(part, asks=(*part.asks, ask)) if part.code == part_code else part for part in document.parts
        ),
    )


def without_ask(document: Document, code: str) -> Document:
    """Take a question away."""
    return replace(
        document,
        parts=tuple(replace(part, asks=tuple(ask for ask in part.asks if ask.code != code)) for part in document.parts),
    )


def without_part(document: Document, code: str) -> Document:
    """Take a part away, with its questions."""
    return replace(document, parts=tuple(part for part in document.parts if part.code != code))


def moved_part(document: Document, code: str, by: int) -> Document:
    """Move a part up (−1) or down (1) by one place; the same document at an end."""
    return replace(document, parts=_moved(document.parts, [part.code for part in document.parts], code, by))


def moved_ask(document: Document, code: str, by: int) -> Document:
    """Move a question up (−1) or down (1) by one place inside its part; the same document at an end."""
    part = document.part_of(code)
    if part is None:
        return document
    return with_part(document, replace(part, asks=_moved(part.asks, [ask.code for ask in part.asks], code, by)))


def _moved(things: tuple[Any, ...], codes: list[str], code: str, by: int) -> tuple[Any, ...]:
    if code not in codes:
        return things
    at = codes.index(code)
    to = at + by
    if not 0 <= to < len(things):
        return things
    order = list(things)
    order[at], order[to] = order[to], order[at]
    return tuple(order)
