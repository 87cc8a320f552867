"""The tables and columns of an export, for ``docs/export.md``."""

from dentelle.foundations.takeout.package import NEUTRAL
from dentelle.foundations.takeout.tables import LEFT_OUT, Table, hidden_columns, own_models, tables

MARK = "<!-- written by « dentelle docs export » from here on -->"


def with_tables(page: str) -> str:
    """Return the page with its tables written again; what stands above the mark is kept."""
    head = page.partition(MARK)[0].rstrip()
    parts = ["\n".join(("## Ce qui ne part pas\n", *_omissions())), *map(_told, tables())]
    return f"{head}\n\n{MARK}\n\n{NEUTRAL}\n\n" + "\n\n".join(parts) + "\n"


def _omissions() -> list[str]:
    lines = ["| Table ou colonne | Raison |", "| --- | --- |"]
    for model in own_models():
        if model._meta.label in LEFT_OUT:
            lines.append(f"| `{model._meta.db_table}` | {LEFT_OUT[model._meta.label]} |")
        lines += [f"| `{model._meta.db_table}.{name}` | {reason} |" for name, reason in hidden_columns(model)]
    return lines


def _told(table: Table) -> str:
    lines = [
        f"## `{table.name}`\n",
        f"{table.title[:1].upper()}{table.title[1:]}.\n",
        "| Colonne | Type | Sens |",
        "| --- | --- | --- |",
    ]
    for column in table.columns:
        meaning = column.title + (f" → `{column.refers}`" if column.refers else "")
        if column.choices:
            meaning += " : " + ", ".join(f"`{value}`" for value in column.choices)
        lines.append(f"| `{column.name}` | {column.kind}{' (uuid)' if column.form else ''} | {meaning} |")
    return "\n".join(lines)
