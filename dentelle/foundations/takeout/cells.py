"""How one value is written in a cell, and how a text is kept from running in a spreadsheet."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

# a spreadsheet would run a text that begins so; the apostrophe makes it a text again
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
SIGN = "'"


def written(value: Any, kind: str) -> str:
    """Return a value as the schema says its column is written; nothing for what is unknown."""
    if value is None:
        return ""
    if kind in {"array", "object", "any"}:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, int) else neutral(str(value))


def neutral(text: str) -> str:
    """Return a text no spreadsheet runs: an apostrophe before what looks like a formula, and before an apostrophe."""
    return SIGN + text if text.startswith((*FORMULA_STARTS, SIGN)) else text


def plain(cell: str) -> str:
    """Return the text ``neutral`` wrote."""
    return cell.removeprefix(SIGN)
