"""The OpenAPI document as people read it: operations and shapes, for the page and for ``docs/api.md``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dentelle.web.api.schema import openapi

MARK = "<!-- written by « dentelle docs api » from here on -->"
_TYPES = {"string": "texte", "integer": "entier", "boolean": "true ou false", "null": "null", "object": "objet"}
_FORMATS = {"date": "date (2026-10-01)", "date-time": "moment (2026-10-01T08:30:00Z)"}


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter or a field."""

    name: str
    kind: str
    required: bool
    description: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class OperationRead:
    """One operation."""

    code: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: tuple[Named, ...]
    takes: str
    gives: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One object sent or received."""

    name: str
    description: str
    fields: tuple[Named, ...]


def operations() -> tuple[OperationRead, ...]:
    """Return every operation, in the order of the document."""
    return tuple(
        _operation(path, method, said) for path, item in openapi()["paths"].items() for method, said in item.items()
    )


def shapes() -> tuple[Shape, ...]:
    """Return every object, by name."""
    found = openapi()["components"]["schemas"]
    return tuple(
        Shape(name, said.get("description", ""), tuple(_fields(said)))
        for name, said in sorted(found.items())
        if said.get("properties") and not name.startswith("Page_")
    )


def with_operations(page: str) -> str:
    """Return ``docs/api.md`` with its lists written again; what stands above the mark is kept."""
    head = page.partition(MARK)[0].rstrip()
    return f"{head}\n\n{MARK}\n\n{_operations_table()}\n\n{_shapes_tables()}\n"


def _operation(path: str, method: str, said: Mapping[str, Any]) -> OperationRead:
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    success = next(answer for status, answer in said["responses"].items() if status in {"200", "201"})
    return OperationRead(
        code=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        description=said.get("description", ""),
        scope=said["x-scope"],
        parameters=tuple(
            Named(each["name"], _kind(each["schema"]), each["required"], each.get("description", ""), each["in"])
            for each in said["parameters"]
        ),
        takes=_kind(body) if body else "",
        gives=_kind(success["content"]["application/json"]["schema"]),
    )


def _fields(said: Mapping[str, Any]) -> Iterator[Named]:
    needed = said.get("required", ())
    for name, field in said["properties"].items():
        yield Named(name, _kind(field), name in needed, field.get("description", ""))


def _kind(said: Mapping[str, Any]) -> str:
    """« entier », « liste de LotShown », « date ou null »."""
    if "$ref" in said:
        name = str(said["$ref"].rpartition("/")[2])
        target = openapi()["components"]["schemas"].get(name, {})
        if "enum" in target:
            return _kind(target)
        return f"page de {name.removeprefix('Page_').removesuffix('_')}" if name.startswith("Page_") else name
    if "anyOf" in said:
        return " ou ".join(dict.fromkeys(_kind(each) for each in said["anyOf"]))
    if "enum" in said:
        return "un de : " + ", ".join(value or "(vide)" for value in said["enum"])
    if "const" in said:
        return f"toujours {said['const']}"
    if said.get("type") == "array":
        return f"liste de {_kind(said['items'])}"
    return _FORMATS.get(said.get("format", ""), _TYPES.get(said.get("type", ""), "valeur"))


def _operations_table() -> str:
    lines = [
        "## Opérations\n",
        "| Opération | Adresse | Droit | Reçoit | Donne | Ce qu’elle fait |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{each.code}` | `{each.method} {each.path}` | `{each.scope}` | {_code(each.takes)} | {_code(each.gives)} | {each.summary} |"
        for each in operations()
    ]
    return "\n".join(lines)


def _code(words: str) -> str:
    return words.replace("|", "\\|") if words else "—"


def _shapes_tables() -> str:
    parts = ["## Objets"]
    for shape in shapes():
        lines = [
            f"### {shape.name}\n",
            f"{shape.description}\n",
            "| Champ | Type | Obligatoire | Sens |",
            "| --- | --- | --- | --- |",
        ]
        lines += [
            f"| `{field.name}` | {_code(field.kind)} | {'oui' if field.required else ''} | {_code(field.description)} |"
            for field in shape.fields
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)
