"""What describes an export: ``datapackage.json`` (Frictionless Data Package 1), and the page people read first."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dentelle.foundations.organisations.models import Structure
from dentelle.foundations.takeout.tables import LEFT_OUT, Table, hidden_columns, own_models

PACKAGE, README, SUMS = "datapackage.json", "LISEZMOI.txt", "SHA256SUMS"
SCHEMA_VERSION = 1
NEUTRAL = (
    "Un texte qui commence par = + - @ | % ou une apostrophe est précédé d’une apostrophe, pour qu’aucun tableur ne l’exécute\u00a0: "
    "retirez-la en lisant."
)


def schema_of(table: Table) -> dict[str, Any]:
    """Return the Table Schema of a table."""
    said: dict[str, Any] = {
        "fields": [column.descriptor() for column in table.columns],
        "primaryKey": table.key,
        "missingValues": [""],
    }
    keys = [
        {
            "fields": column.name,
            "reference": {"resource": column.refers, "fields": "uuid" if column.form == "uuid" else "id"},
        }
        for column in table.columns
        if column.refers
    ]
    return said | ({"foreignKeys": keys} if keys else {})


def package(
    structure: Structure, folder: Path, tables: Sequence[Table], rows: Mapping[str, int], *, at: datetime
) -> dict[str, Any]:
    """Return the descriptor of an export whose tables are written in ``folder``."""
    return {
        "profile": "tabular-data-package",
        "name": f"dentelle-{structure.slug}",
        "title": f"Données de {structure.name}",
        "description": NEUTRAL,
        "version": str(SCHEMA_VERSION),
        "created": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "resources": [_resource(table, folder, rows[table.name]) for table in tables],
    }


def _resource(table: Table, folder: Path, rows: int) -> dict[str, Any]:
    path = folder / "data" / f"{table.name}.csv"
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": f"data/{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True},
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "rows": rows,
        "schema": schema_of(table),
    }


def readme(structure: Structure, missing: Sequence[str], *, at: datetime) -> str:
    """Return the page people read first."""
    lines = [
        f"Données de {structure.name}, exportées de Dentelle le {at:%d/%m/%Y}.",
        "",
        "data/             une table par fichier CSV (UTF-8, virgules, première ligne\u00a0: noms des colonnes)",
        f"{PACKAGE}  ce que contient chaque colonne (Frictionless Data Package), nombre de lignes, empreintes",
        "files/            les fichiers déposés ou produits\u00a0; data/documents_storedfile.csv donne leur nom (package_path)",
        f"{SUMS}        empreintes de tout\u00a0: « sha256sum -c {SUMS} » les vérifie",
        "",
        NEUTRAL,
        "Durées en minutes, montants en centimes, moments en temps universel. Une case vide est une valeur inconnue ou un texte vide.",
        "Des organisations et des personnes, seules partent celles dont une ligne de la structure parle\u00a0; l’adresse électronique n’est",
        "donnée que pour les membres.",
        "",
        "Ne partent pas\u00a0:",
        *(
            f"- {model._meta.verbose_name_plural}\u00a0: {LEFT_OUT[model._meta.label]}"
            for model in own_models()
            if model._meta.label in LEFT_OUT
        ),
        *(
            f"- {model._meta.verbose_name_plural}, {name}\u00a0: {reason}"
            for model in own_models()
            for name, reason in hidden_columns(model)
        ),
    ]
    if missing:
        lines += ["", "Fichiers à signaler\u00a0:", *(f"- {each}" for each in missing)]
    return "\n".join(lines) + "\n"
