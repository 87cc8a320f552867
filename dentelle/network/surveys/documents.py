"""A questionnaire as rows and as one document (``rules.questionnaires``), and as the YAML file it goes out in and comes back from.

One writer and one reader: those shipped with Dentelle are read here too. A file never stops at its first error: each is told
with its line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dentelle.network.surveys.models import Question, Questionnaire
from dentelle.rules.questionnaires import Ask, Condition, Control, Document, Part, Place, flaws

LARGEST = 200_000  # bytes
DEEPEST = 12
TRUE, FALSE = ("true", "yes", "oui"), ("false", "no", "non", "")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def document_of(questionnaire: Questionnaire) -> Document:
    """Return a questionnaire as it is written: one query."""
    asks: dict[str, list[Ask]] = {}
    for question in questionnaire.questions.order_by("rank"):
        asks.setdefault(question.block, []).append(_ask(question))
    parts = tuple(
        Part(
            code=each["code"],
            title=each["title"],
            intro=each.get("intro", ""),
            most=int(each.get("most", 1)),
            item=each.get("item", ""),
            only_if=_condition(each.get("only_if")),
            asks=tuple(asks.get(each["code"], ())),
        )
        for each in questionnaire.blocks
    )
    controls = tuple(_control(each) for each in questionnaire.checks)
    return Document(questionnaire.title, questionnaire.intro, questionnaire.source, parts, controls)


def store(questionnaire: Questionnaire, document: Document) -> None:
    """Write a document into a questionnaire nobody was asked, in the caller's transaction: its questions are made again."""
    questionnaire.title, questionnaire.intro, questionnaire.source = document.title, document.intro, document.source
    questionnaire.blocks = [mapping_of_part(part) for part in document.parts]
    questionnaire.checks = [mapping_of_control(control) for control in document.controls]
    questionnaire.save()
    questionnaire.questions.all().delete()
    asked = [(part.code, ask) for part in document.parts for ask in part.asks]
    Question.objects.bulk_create(
        Question(questionnaire=questionnaire, rank=rank, block=block, **mapping_of_ask(ask))
        for rank, (block, ask) in enumerate(asked, start=1)
    )


def _ask(question: Question) -> Ask:
    return Ask(
        code=question.code,
        label=question.label,
        kind=question.kind,
        help=question.help,
        unit=question.unit,
        required=question.required,
        options=tuple(question.options.items()),
        only_if=_condition(question.only_if),
        sheet_field=question.sheet_field,
        identifies=question.identifies,
    )


def _condition(written: Mapping[str, Any] | None) -> Condition | None:
    return Condition(written["question"], tuple(written["values"])) if written else None


def _control(written: Mapping[str, Any]) -> Control:
    low, high = written.get("low"), written.get("high")
    return Control(
        kind=written["kind"],
        value=written["value"],
        plus=tuple(written.get("plus", ())),
        minus=tuple(written.get("minus", ())),
        of=written.get("of", ""),
        percent=int(written.get("percent", 0)),
        low=None if low is None else Decimal(str(low)),
        high=None if high is None else Decimal(str(high)),
    )


def mapping_of_ask(ask: Ask) -> dict[str, Any]:
    """Return a question as its row and its file hold it: what is empty is left out."""
    condition = {"question": ask.only_if.question, "values": list(ask.only_if.values)} if ask.only_if else None
    return {"code": ask.code, "label": ask.label, "kind": ask.kind} | _filled(
        {
            "help": ask.help,
            "unit": ask.unit,
            "required": ask.required,
            "options": dict(ask.options),
            "only_if": condition,
            "sheet_field": ask.sheet_field,
            "identifies": ask.identifies,
        }
    )


def mapping_of_part(part: Part) -> dict[str, Any]:
    """Return a part without its questions."""
    condition = {"question": part.only_if.question, "values": list(part.only_if.values)} if part.only_if else None
    return {"code": part.code, "title": part.title} | _filled(
        {"intro": part.intro, "most": part.most if part.most != 1 else 0, "item": part.item, "only_if": condition}
    )


def mapping_of_control(control: Control) -> dict[str, Any]:
    """Return a control; bounds are plain numbers."""
    found: dict[str, Any] = {"kind": control.kind, "value": control.value} | _filled(
        {
            "plus": list(control.plus),
            "minus": list(control.minus),
            "of": control.of,
            "percent": control.percent,
        }
    )
    for name, bound in (("low", control.low), ("high", control.high)):
        if bound is not None:
            found[name] = int(bound) if bound == int(bound) else float(bound)
    return found


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def as_file(document: Document) -> str:
    """Return the YAML file of a questionnaire."""
    whole: dict[str, Any] = {"title": document.title} | _filled({"intro": document.intro, "source": document.source})
    if document.controls:
        whole["checks"] = [mapping_of_control(control) for control in document.controls]
    whole["blocks"] = [
        {**mapping_of_part(part), "questions": [mapping_of_ask(ask) for ask in part.asks]} for part in document.parts
    ]
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=120)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a file, and on which line (0: the whole of it)."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"Ligne {self.line}\u00a0: {self.sentence}" if self.line else self.sentence


def read_file(content: bytes, former: list[tuple[int, Document]] | None = None) -> tuple[Document | None, list[Wrong]]:
    """Return the questionnaire of a YAML file, and all that is wrong with it, in the order of its lines."""
    if len(content) > LARGEST:
        return None, [Wrong(0, "Ce fichier est trop grand pour un questionnaire.")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, [Wrong(line, "ce caractère n’est pas en UTF-8\u00a0; enregistrez le fichier dans cet encodage.")]
    try:
        refused = _refused(text)
        root = None if refused else yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        sentence = "la mise en forme ne se lit plus ici (retrait, deux-points, guillemets ou crochets)."
        return None, [Wrong(min(mark.line, text.count("\n", 0, -1)) + 1 if mark else 0, sentence)]
    except yaml.YAMLError:  # a character no text holds
        return None, [Wrong(0, "Ce fichier n’est pas du texte.")]
    if refused:
        return None, [refused]
    if root is None:
        return None, [Wrong(0, "Ce fichier est vide.")]
    reader = _Reader()
    document = reader.document(root)
    for flaw in flaws(document, former or ()):
        if not flaw.later:
            reader.wrong.append(Wrong(reader.line_of(flaw.place, flaw.field), flaw.sentence))
    return document, sorted(dict.fromkeys(reader.wrong), key=lambda each: each.line)


def _refused(text: str) -> Wrong | None:
    """Say what is never read: references from a place to another, nesting without end."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.AliasEvent):
            return Wrong(_at(event), "les renvois (*) ne se lisent pas\u00a0: écrivez la valeur.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                return Wrong(_at(event), "trop de niveaux les uns dans les autres.")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _at(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


class _Reader:
    """Reads what is expected where it is expected; keeps the line of each field."""

    def __init__(self) -> None:
        self.wrong: list[Wrong] = []
        self.lines: dict[tuple[Place, str], int] = {}

    def line_of(self, place: Place, field: str) -> int:
        return self.lines.get((place, field)) or self.lines.get((place, "")) or 1

    def fields(self, node: Node, known: tuple[str, ...], name: str, place: Place | None = None) -> dict[str, Node]:
        """Return the fields of a mapping."""
        if place is not None:
            self.lines[place, ""] = _line(node)
        if not isinstance(node, MappingNode):
            self.wrong.append(Wrong(_line(node), f"{name}\u00a0: on attend des champs «\u00a0nom: valeur\u00a0»."))
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            said = key.value if isinstance(key, ScalarNode) else "?"
            if said not in known:
                self.wrong.append(Wrong(_line(key), _unknown(said, known, name)))
            elif said in found:
                self.wrong.append(Wrong(_line(key), f"{name}\u00a0: «\u00a0{said}\u00a0» est écrit deux fois."))
            else:
                found[said] = value
                if place is not None:
                    self.lines[place, said] = _line(key)
        return found

    def text(self, node: Node | None) -> str:
        if node is None:
            return ""
        if not isinstance(node, ScalarNode):
            self.wrong.append(Wrong(_line(node), "on attend un texte ici."))
            return ""
        if node.tag == "tag:yaml.org,2002:null" and node.style is None:
            return ""
        return " ".join(str(node.value).split())

    def whole(self, node: Node | None, default: int) -> int:
        if node is None:
            return default
        said = self.text(node)
        if not (said.isascii() and said.isdecimal() and len(said) < 10):
            self.wrong.append(Wrong(_line(node), f"on attend un nombre entier, pas «\u00a0{said}\u00a0»."))
            return default
        return int(said)

    def bound(self, node: Node | None) -> Decimal | None:
        if node is None:
            return None
        said = self.text(node)
        try:
            value = Decimal(said.replace(",", "."))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) >= 10**12 or value != round(value, 2):
            self.wrong.append(Wrong(_line(node), f"on attend un nombre, pas «\u00a0{said}\u00a0»."))
            return None
        return value

    def flag(self, node: Node | None) -> bool:
        said = self.text(node).lower()
        if node is not None and said not in TRUE + FALSE:
            self.wrong.append(Wrong(_line(node), f"on attend true ou false, pas «\u00a0{said}\u00a0»."))
        return said in TRUE

    def many(self, node: Node | None, name: str) -> list[Node]:
        if node is None or (isinstance(node, ScalarNode) and not node.value):
            return []
        if not isinstance(node, SequenceNode):
            self.wrong.append(Wrong(_line(node), f"{name}\u00a0: on attend une liste."))
            return []
        return list(node.value)

    def texts(self, node: Node | None, name: str) -> tuple[str, ...]:
        return tuple(self.text(each) for each in self.many(node, name))

    def document(self, root: Node) -> Document:
        fields = self.fields(root, ("title", "intro", "source", "checks", "blocks"), "Le questionnaire", ("document",))
        return Document(
            title=self.text(fields.get("title")),
            intro=self.text(fields.get("intro")),
            source=self.text(fields.get("source")),
            parts=tuple(self.part(node, rank) for rank, node in enumerate(self.many(fields.get("blocks"), "blocks"))),
            controls=tuple(
                self.control(node, rank) for rank, node in enumerate(self.many(fields.get("checks"), "checks"))
            ),
        )

    def part(self, node: Node, rank: int) -> Part:
        known = ("code", "title", "intro", "most", "item", "only_if", "questions")
        fields = self.fields(node, known, "Une partie", ("part", rank))
        asks = self.many(fields.get("questions"), "questions")
        return Part(
            code=self.text(fields.get("code")),
            title=self.text(fields.get("title")),
            intro=self.text(fields.get("intro")),
            most=self.whole(fields.get("most"), 1),
            item=self.text(fields.get("item")),
            only_if=self.condition(fields.get("only_if")),
            asks=tuple(self.ask(each, ("ask", rank, place)) for place, each in enumerate(asks)),
        )

    def ask(self, node: Node, place: Place) -> Ask:
        known = ("code", "label", "kind", "help", "unit", "required", "options", "only_if", "sheet_field", "identifies")
        fields = self.fields(node, known, "Une question", place)
        return Ask(
            code=self.text(fields.get("code")),
            label=self.text(fields.get("label")),
            kind=self.text(fields.get("kind")),
            help=self.text(fields.get("help")),
            unit=self.text(fields.get("unit")),
            required=self.flag(fields.get("required")),
            options=self.options(fields.get("options")),
            only_if=self.condition(fields.get("only_if")),
            sheet_field=self.text(fields.get("sheet_field")),
            identifies=self.flag(fields.get("identifies")),
        )

    def options(self, node: Node | None) -> tuple[tuple[str, str], ...]:
        if node is None:
            return ()
        if not isinstance(node, MappingNode):
            self.wrong.append(Wrong(_line(node), "options\u00a0: on attend «\u00a0identifiant: mots\u00a0»."))
            return ()
        return tuple((self.text(code), self.text(words)) for code, words in node.value)

    def condition(self, node: Node | None) -> Condition | None:
        if node is None:
            return None
        fields = self.fields(node, ("question", "values"), "only_if")
        return Condition(self.text(fields.get("question")), self.texts(fields.get("values"), "values"))

    def control(self, node: Node, rank: int) -> Control:
        known = ("kind", "value", "plus", "minus", "of", "percent", "low", "high")
        fields = self.fields(node, known, "Un contrôle", ("control", rank))
        return Control(
            kind=self.text(fields.get("kind")),
            value=self.text(fields.get("value")),
            plus=self.texts(fields.get("plus"), "plus"),
            minus=self.texts(fields.get("minus"), "minus"),
            of=self.text(fields.get("of")),
            percent=self.whole(fields.get("percent"), 0),
            low=self.bound(fields.get("low")),
            high=self.bound(fields.get("high")),
        )


def _unknown(said: str, known: tuple[str, ...], name: str) -> str:
    if said in ("blocks", "questions") or (said in ("most", "item") and "kind" in known):
        return "une partie répétée n’en contient pas une autre, ni une question une partie."
    return f"{name}\u00a0: champ inconnu «\u00a0{said}\u00a0»\u00a0; on attend {', '.join(known)}."
