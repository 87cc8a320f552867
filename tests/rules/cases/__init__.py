"""Cases written in French, readable by a lawyer."""

from pathlib import Path
from typing import Any

from dentelle.rules.parameter_files import parse_yaml

FOLDER = Path(__file__).resolve().parent


def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of one file."""
    rows: list[dict[str, Any]] = parse_yaml((FOLDER / name).read_text(encoding="utf-8"), name)
    return rows
