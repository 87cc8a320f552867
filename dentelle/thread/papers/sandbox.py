"""The language of templates: values, conditions and loops over what a contract says. Nothing else exists in it.

An uploaded template is a programme sent by somebody. Whatever jinja can do that a paper does not need is refused before
anything runs: the tree of the template is read first, and only the shapes listed in ``ALLOWED`` pass. What remains cannot
call, compute, import, index, filter, nor reach an attribute; loops go over lists of ours, and what they write is counted.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.runtime import ChainableUndefined, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dentelle.thread.papers.context import FLAG, MAX_ITEMS, TEXT, Schema, blank

MAX_DEPTH = 3  # loops inside loops
MAX_WRITTEN = 20_000_000  # characters of one part of the document
MAX_TURNS = 20_000  # of all the loops of one part
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
)
LOOP = {"first": FLAG, "last": FLAG, "index": TEXT, "length": TEXT}
_TAGS = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"\s+")


class TemplateRefused(Exception):
    """The template uses more than the language of papers. The message is French, and names the place when it is known."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(f"{message} (près de «\u00a0{place}\u00a0»)" if place else message)
        self.place = place


@dataclass(frozen=True, slots=True)
class Unknown:
    """A variable nothing declares, and the paragraph it stands in."""

    name: str
    place: str


class MarkedUndefined(ChainableUndefined):
    """An unknown variable shows itself in the paper as a blank, never as nothing."""

    def __str__(self) -> str:
        return blank(f"la variable « {self._undefined_name or 'sans nom'} » n’existe pas")

    __html__ = __str__


class BoundedTemplate(Template):
    """Stops when what is written passes what a document can be."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        written, pieces = 0, []
        for piece in self.generate(*args, **kwargs):
            written += len(piece)
            if written > MAX_WRITTEN:
                raise TemplateRefused("Le document produit serait démesuré\u00a0: allégez les boucles du modèle.")
            pieces.append(piece)
        return "".join(pieces)


class _Turns:
    """Counts the turns of all the loops of a rendering, those over an empty text included."""

    def __init__(self) -> None:
        self.left = MAX_TURNS

    def counted(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: self.counted(each) for name, each in value.items()}
        if isinstance(value, list):
            return _CountedList([self.counted(each) for each in value[:MAX_ITEMS]], self)
        return value


class _CountedList(list[Any]):
    def __init__(self, items: list[Any], turns: _Turns) -> None:
        super().__init__(items)
        self._turns = turns

    def __iter__(self) -> Iterator[Any]:
        for item in super().__iter__():
            self._turns.left -= 1
            if self._turns.left < 0:
                raise TemplateRefused("Les boucles du modèle tournent trop\u00a0: elles s’emboîtent sans nécessité.")
            yield item


class PaperEnvironment(ImmutableSandboxedEnvironment):
    """Reads the tree of every template before it runs; ``unknown`` gathers the variables nothing declares."""

    template_class = BoundedTemplate

    def __init__(self, known: Schema) -> None:
        super().__init__(autoescape=True, undefined=MarkedUndefined, cache_size=0)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()
        self.known = known
        self.unknown: list[Unknown] = []

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:
        """Compile a template once its tree has been read. Raises TemplateRefused."""
        try:
            tree = self.parse(source)
        except TemplateSyntaxError as wrong:
            place = paragraph_of(str(source), wrong.lineno)
            raise TemplateRefused(f"Le modèle a une balise mal écrite\u00a0: {_french(wrong)}.", place) from wrong
        _Reader(self.known, str(source), self.unknown).read(tree)
        return super().from_string(source, globals, template_class)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A value under a name of a mapping, or the place in a loop: no attribute of any Python object."""
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, Undefined):
            return MarkedUndefined(name=f"{obj._undefined_name}.{attribute}")
        return MarkedUndefined(name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return MarkedUndefined(name=str(argument)[:40])

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        return False


def counted(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return a context whose lists count the turns of the loops over them."""
    return dict(_Turns().counted(context))


def paragraph_of(source: str, line: int) -> str:
    """Return the words of the paragraph a line of the document's XML holds, at most 80 characters."""
    lines = source.splitlines()
    words = _SPACES.sub(" ", _TAGS.sub("", lines[line - 1])).strip() if 0 < line <= len(lines) else ""
    return words if len(words) <= 80 else words[:79] + "…"


def _french(wrong: TemplateError) -> str:
    known = (
        ("Unexpected end of template", "une balise « if » ou « for » n’est pas refermée"),
        ("Encountered unknown tag", "une balise n’existe pas, ou referme ce qui n’est pas ouvert"),
        ("unexpected", "un signe n’est pas à sa place"),
        ("expected token", "un signe manque ou n’est pas à sa place"),
    )
    message = str(wrong.message)
    return next((french for english, french in known if english in message), "elle ne se lit pas")


class _Reader:
    """Walks the tree once: refuses what is not allowed, notes what is not declared."""

    def __init__(self, known: Schema, source: str, unknown: list[Unknown]) -> None:
        self.known, self.source, self.unknown = known, source, unknown

    def read(self, tree: nodes.Template) -> None:
        self._all(tree.body, dict(self.known), 0)

    def _all(self, found: list[nodes.Node], names: dict[str, Any], depth: int) -> None:
        for node in found:
            self._one(node, names, depth)

    def _one(self, node: nodes.Node, names: dict[str, Any], depth: int) -> None:
        if not isinstance(node, ALLOWED):
            raise TemplateRefused(
                "Un modèle n’a droit qu’aux variables, aux conditions « if » et aux boucles « for »", self._place(node)
            )
        if isinstance(node, nodes.For):
            self._loop(node, names, depth)
        elif isinstance(node, nodes.Name | nodes.Getattr):
            self._value(node, names)
        else:
            self._all(list(node.iter_child_nodes()), names, depth)

    def _loop(self, node: nodes.For, names: dict[str, Any], depth: int) -> None:
        if node.recursive or node.test is not None or not isinstance(node.target, nodes.Name):
            raise TemplateRefused("Une boucle s’écrit «\u00a0for … in …\u00a0», sans plus", self._place(node))
        if not isinstance(node.iter, nodes.Name | nodes.Getattr):
            raise TemplateRefused("Une boucle parcourt une liste de la page des variables", self._place(node))
        if depth == MAX_DEPTH:
            raise TemplateRefused(f"Les boucles s’emboîtent sur {MAX_DEPTH} niveaux au plus", self._place(node))
        listed = self._value(node.iter, names)
        item = listed.get("") if isinstance(listed, Mapping) else None
        if listed is not None and item is None:
            raise TemplateRefused(f"«\u00a0{_written(node.iter)}\u00a0» n’est pas une liste", self._place(node))
        self._all(node.body, {**names, node.target.name: item, "loop": LOOP}, depth + 1)
        self._all(node.else_, names, depth + 1)

    def _value(self, node: nodes.Name | nodes.Getattr, names: Mapping[str, Any]) -> Any:
        """Return the declaration behind a name; None, noted once, when there is none."""
        path = _path(node)
        if path is None:
            raise TemplateRefused("Une variable s’écrit «\u00a0groupe.nom\u00a0»", self._place(node))
        here: Any = names
        for rank, part in enumerate(path):
            if here is None:  # inside a loop over something unknown, already noted
                return None
            if not part or not isinstance(here, Mapping) or part not in here:
                found = Unknown(".".join(path[: rank + 1]), self._place(node))
                if found not in self.unknown:
                    self.unknown.append(found)
                return None
            here = here[part]
        return here

    def _place(self, node: nodes.Node) -> str:
        return paragraph_of(self.source, node.lineno)


def _path(node: nodes.Node) -> list[str] | None:
    if isinstance(node, nodes.Name):
        return [node.name]
    if isinstance(node, nodes.Getattr):
        above = _path(node.node)
        return None if above is None else [*above, node.attr]
    return None


def _written(node: nodes.Node) -> str:
    return ".".join(_path(node) or ())
