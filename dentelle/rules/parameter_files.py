"""Reads the packaged parameter files: one small YAML per parameter, numbers exact, every mistake told with its place.

A file holds ``label``, ``unit``, ``status``, ``last_checked`` and ``values`` keyed by in-force date; each value has a
``reference`` and may have ``low``, ``high``, ``published_on``, ``status``, ``notes``; ``null`` means ended or not known.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

try:  # the C loader is ten times faster; the pure one gives the same result where libyaml is missing
    from yaml import CSafeLoader as _BaseLoader
except ImportError:  # pragma: no cover
    from yaml import SafeLoader as _BaseLoader  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parent
PARAMETERS = ROOT / "parameters"
_PATH = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")


class ParameterFileError(Exception):
    """A packaged file is not written as promised: which file, which field, what is wrong."""


class _ExactLoader(_BaseLoader):
    """Safe loader that keeps decimal numbers exact and refuses a key written twice."""


def _exact_decimal(loader: Any, node: Any) -> Decimal:
    try:
        value = Decimal(loader.construct_scalar(node).replace("_", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ParameterFileError(f"nombre infini ou invalide, ligne {node.start_mark.line + 1}")
    return value


def _mapping_without_repeats(loader: Any, node: Any) -> dict[Hashable, Any]:
    seen: set[Hashable] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise ParameterFileError(f"clé « {key} » écrite deux fois, ligne {key_node.start_mark.line + 1}")
        seen.add(key)
    return dict(loader.construct_mapping(node, deep=True))


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _exact_decimal)
_ExactLoader.add_constructor("tag:yaml.org,2002:map", _mapping_without_repeats)


def parse_yaml(text: str, name: str) -> Any:
    """Parse YAML text with exact decimals; any mistake becomes a ParameterFileError naming the file."""
    try:
        return yaml.load(text, Loader=_ExactLoader)  # noqa: S506 - _ExactLoader is a safe loader
    except (yaml.YAMLError, ParameterFileError) as error:
        raise ParameterFileError(f"{name} : {error}") from error


def read_packaged(relative: str) -> Any:
    """Read one packaged YAML file of the rules, given by its path inside ``dentelle/rules``."""
    return parse_yaml((ROOT / relative).read_text(encoding="utf-8"), relative)


@cache
def raw_parameter(path: str) -> Mapping[str, Any] | None:
    """Return the checked content of a parameter file, or None when no such parameter exists."""
    if not _PATH.fullmatch(path):
        return None
    file = PARAMETERS.joinpath(*path.split(".")).with_suffix(".yaml")
    if not file.is_file():
        return None
    name = f"{path.replace('.', '/')}.yaml"
    content = parse_yaml(file.read_text(encoding="utf-8"), name)
    check_parameter(content, name)
    checked: Mapping[str, Any] = content
    return checked


@lru_cache(maxsize=1)
def all_paths() -> tuple[str, ...]:
    """Return the path of every packaged parameter, sorted."""
    files = PARAMETERS.rglob("*.yaml")
    return tuple(sorted(".".join(file.relative_to(PARAMETERS).with_suffix("").parts) for file in files))


_FIELDS = {"label", "unit", "status", "last_checked", "values", "notes", "index_code"}
_VALUE_FIELDS = {"value", "low", "high", "reference", "published_on", "status", "notes"}
STATUSES = ("certain", "announced", "local_practice", "to_confirm")


def check_parameter(content: Any, name: str) -> None:
    """Check the shape of a parameter file; the first mistake is raised with its place."""
    if not isinstance(content, dict):
        raise ParameterFileError(f"{name} : un paramètre est attendu (label, unit, values…)")
    for field in ("label", "unit", "status", "last_checked", "values"):
        if content.get(field) in (None, "", {}):
            raise ParameterFileError(f"{name} : le champ « {field} » manque")
    _no_unknown(content, _FIELDS, name)
    _known_status(content["status"], name)
    if not _is_day(content["last_checked"]):
        raise ParameterFileError(f"{name} : « last_checked » doit être une date AAAA-MM-JJ")
    if not isinstance(content["values"], dict):
        raise ParameterFileError(f"{name} : « values » doit associer une date à une valeur")
    days = list(content["values"])
    if not all(_is_day(day) for day in days):
        raise ParameterFileError(f"{name} : chaque clé de « values » doit être une date AAAA-MM-JJ")
    if days != sorted(days):
        raise ParameterFileError(f"{name} : les valeurs ne sont pas dans l’ordre des dates")
    for day, entry in content["values"].items():
        if entry is not None:
            _check_entry(entry, f"{name}, {day}")


def _check_entry(entry: Any, place: str) -> None:
    if not isinstance(entry, dict) or "value" not in entry:
        raise ParameterFileError(f"{place} : « value » manque")
    _no_unknown(entry, _VALUE_FIELDS, place)
    if entry["value"] is not None:
        reference = entry.get("reference")
        if not isinstance(reference, dict) or not str(reference.get("title") or "").strip():
            raise ParameterFileError(f"{place} : la valeur n’a pas de référence")
    if "status" in entry:
        _known_status(entry["status"], place)
    for field in ("value", "low", "high"):
        if isinstance(entry.get(field), datetime | float | list | dict):
            raise ParameterFileError(
                f"{place} : « {field} » doit être un nombre exact, un texte, un oui/non ou une date"
            )


def _no_unknown(content: Mapping[str, Any], known: set[str], place: str) -> None:
    unknown = sorted(str(field) for field in content if field not in known)
    if unknown:
        raise ParameterFileError(f"{place} : champ inconnu « {unknown[0]} »")


def _known_status(status: Any, place: str) -> None:
    if status not in STATUSES:
        raise ParameterFileError(f"{place} : statut « {status} » inconnu ({', '.join(STATUSES)})")


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
