"""Writes the part of ``docs/sources.md`` that comes from the parameters: every value, its source, and every doubt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from dentelle.rules.calibration.advice import shown, shown_as
from dentelle.rules.dated import Parameter, ParameterValue, Status, all_parameters
from dentelle.rules.levers import levers
from dentelle.rules.trades import cpv_trade_table
from dentelle.rules.wording import NBSP, sentence

MARKER = "<!-- Below this line, written by « dentelle docs sources » from dentelle/rules/parameters. Do not edit. -->"

_FAMILIES = {
    "clause": "Calibrage",
    "comparators": "Comparaisons nationales",
    "labour": "Travail",
    "levers": "Leviers",
    "obligation": "Obligation",
    "programmes": "Programmes",
    "renewals": "Renouvellements",
    "trades": "Parts de main-d’œuvre par métier",
}


def with_parameters(page: str) -> str:
    """Return the page with its hand-written head kept and everything after the marker written again."""
    head = page.partition(MARKER)[0].rstrip()
    return f"{head}\n\n{MARKER}\n\n{parameters_section()}"


def parameters_section() -> str:
    """Return the tables of parameters and the list of all that is to confirm, in Markdown."""
    known = all_parameters()
    lines: list[str] = []
    for family, rows in groupby(known, key=lambda item: item.path.partition(".")[0]):
        lines += [f"## {_FAMILIES.get(family, family)}", ""]
        lines += ["| Paramètre | Valeur | Depuis | Statut | Source |", "|---|---|---|---|---|"]
        for item in rows:
            lines += _rows(item)
        lines.append("")
    lines += ["## À confirmer", "", *_to_confirm(known), ""]
    return "\n".join(lines)


def _rows(item: Parameter) -> Iterable[str]:
    for start, value in item.values:
        name = f"{item.label}<br>`{item.path}`"
        if value is None:
            yield f"| {name} | aucune valeur connue | {start.isoformat()} | | |"
            continue
        link = f"[{value.reference.title}]({value.reference.url})" if value.reference.url else value.reference.title
        yield f"| {name} | {_with_range(value)} | {start.isoformat()} | {value.status.label} | {_cell(link)} |"


def _cell(text: str) -> str:
    return sentence(text).replace("|", "\\|")


def _with_range(value: ParameterValue) -> str:
    text = shown(value)
    if value.low is None or value.high is None:
        return text
    return f"{text} (de {shown_as(value.low, value.unit)} à {shown_as(value.high, value.unit)})"


def _to_confirm(known: Sequence[Parameter]) -> Iterable[str]:
    yield "Ces valeurs servent de départ et se montrent comme telles à l’écran ; une structure peut les remplacer, avec un motif."
    yield ""
    for item in known:
        doubtful = [value for value in item.known_values() if value.status is Status.TO_CONFIRM]
        if doubtful:
            note = f"{NBSP}: {doubtful[-1].notes}" if doubtful[-1].notes else ""
            yield f"- `{item.path}` — {item.label}{note}"
    yield f"- `catalogues/cpv_trades.yaml` — les {len(cpv_trade_table())} correspondances entre codes CPV et métiers"
    for lever in levers():
        if lever.status is Status.TO_CONFIRM:
            yield f"- levier `{lever.code.value}` — {lever.label}, {lever.article}"
