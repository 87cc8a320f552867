"""Writes answers of rules: plain JSON for machines, lines of French for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from dentelle.cli.main import UsageError
from dentelle.rules.dated import ParameterValue


def checked_format(text: str) -> str:
    """Return the format asked, text or json, or refuse."""
    if text not in ("text", "json"):
        raise UsageError(f"--format : « {text[:40]} » n’est pas accepté ; choisissez parmi text, json.")
    return text


def plain(value: Any) -> Any:
    """Return a value as JSON understands it: a decimal becomes a number, a date its ISO text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def plain_parameter(value: ParameterValue) -> dict[str, Any]:
    """Return a parameter with its source, numbers as numbers."""
    own = value.override
    return {
        "path": value.path,
        "label": value.label,
        "value": plain(value.value),
        "unit": value.unit,
        "low": plain(value.low),
        "high": plain(value.high),
        "in_force_from": value.in_force_from.isoformat(),
        "status": value.status.value,
        "projected": value.projected,
        "reference": {"title": value.reference.title, "url": value.reference.url},
        "override": {"author": own.author, "reason": own.reason} if own else None,
    }


def write_json(answer: dict[str, Any]) -> None:
    """Print one JSON object."""
    write(json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False))


def write(text: str) -> None:
    """Print text; a terminal that lacks a character shows a substitute instead of failing."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, errors="replace").decode(encoding))


def write_list(title: str, lines: Iterable[str]) -> None:
    """Print a titled list, nothing when it is empty."""
    kept = list(lines)
    if kept:
        write(f"\n{title}")
        for line in kept:
            write(f"  · {line}")
