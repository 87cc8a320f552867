"""The national synthesis of a Tour, from its stages to what came of them."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from dentelle.network.tour import letters
from dentelle.network.tour.paper.report import became
from dentelle.network.tour.paper.setting import cut, pages_of, pdf_of, tile
from dentelle.network.tour.queries.synthesis import Synthesis
from dentelle.network.tour.queries.tours import StageRow, TourSheet
from dentelle.network.tour.queries.voices import Across
from dentelle.network.tour.regions import REGIONS
from dentelle.rules.wording import day
from dentelle.web.formatting import number, plural, table_date

TEMPLATE = "synthesis.typ"
HELD, TOLD = ("étape tenue", "étapes tenues"), ("étape racontée", "étapes racontées")
COLUMNS = 6  # themes that a page of A4 holds side by side; the others are added up


def synthesis_pdf(found: Synthesis, *, at: datetime) -> bytes:
    """Return the synthesis of a Tour, as a tagged PDF conforming to PDF/UA-1."""
    return pdf_of(TEMPLATE, well_filled(synthesis_content(found, at=at)), at=at)


def well_filled(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content, set a little closer when that spares a page: a few lines alone on a last one are lost."""
    pages, closer = pages_of(TEMPLATE, content), content | {"close": True}
    return closer if pages > 1 and pages_of(TEMPLATE, closer) < pages else content


def synthesis_content(found: Synthesis, *, at: datetime) -> dict[str, Any]:
    """Return what the synthesis says, as plain texts."""
    sheet, tour, came = found.sheet, found.sheet.tour, found.attendance
    published = f", dont {plural(found.published, 'publiée')}"
    return {
        "document_title": f"{tour.name}\u00a0: synthèse",
        "network": tour.network.name,
        "over": tour.network.name,
        "answer": f"{plural(len(found.held), *(TOLD if found.is_open else HELD))} dans "
        f"{plural(found.regions, 'région')} sur {len(REGIONS)}",
        "under": tour.aim,
        "figures": [
            tile(came.total, "personne venue", "personnes venues")
            | ({"value": f"au moins {number(came.total)}"} if came.is_floor else {})
            if came.total is not None
            else {"value": f"moins de {came.minimum}", "label": "personnes venues"},
            tile(found.needs.total, "besoin exprimé", "besoins exprimés"),
            tile(len(found.fates), "constat", "constats"),
            tile(found.sheets, f"fiche commencée{published}", f"fiches commencées{published}"),
            tile(found.concerns, "préoccupation d’élu", "préoccupations d’élus"),
        ],
        "stages": [_stage(row, total, came.minimum) for row, total in found.held],
        "regions": _regions(sheet),
        "attendance": [
            [
                label[:1].upper() + label[1:],
                "compte masqué" if count is None else f"{'au moins ' if label in came.floors else ''}{number(count)}",
            ]
            for label, count in came.rows
            if count != 0
        ],
        "kept_quiet": f"Un compte de moins de {came.minimum} personnes est masqué, et un autre avec lui quand une soustraction le dirait."
        if came.hidden or came.floors
        else "",
        "needs": _needs(found.needs),
        "findings": [
            [cut(fate.finding.told, 400), fate.finding.stage.region, became(fate) or "rien encore"]
            for fate in found.fates
        ],
        "notes": _notes(found, at=at),
        "close": False,
        "footer": f"{tour.name} · synthèse éditée le {day(timezone.localdate(at))}",
    }


def _stage(row: StageRow, total: int | None, minimum: int) -> list[str]:
    stage = row.stage
    return [
        table_date(stage.day),
        stage.region,
        cut(stage.title, 90),
        f"moins de {minimum}" if total is None else number(total) if total else "non notées",
        number(row.needs),
        number(row.findings),
    ]


def _regions(sheet: TourSheet) -> list[str]:
    told = [
        ("Régions où une étape est prévue", sheet.planned),
        ("Régions dont la presse a parlé", sheet.cited),
        ("Régions sans étape connue" if sheet.cited else "Régions sans étape", sheet.left),
    ]
    return [f"{label}\u00a0: {', '.join(names)}." for label, names in told if names]


def _needs(needs: Across) -> dict[str, Any]:
    """The table of needs; themes past the first ones are one column, so that it stays on the page."""
    folded = len(needs.themes) > COLUMNS
    kept = COLUMNS - 1 if folded else len(needs.themes)
    themes = [*needs.themes[:kept], *(["Autres thèmes"] if folded else [])]

    def cells(counts: tuple[int, ...]) -> list[str]:
        shown = [*counts[:kept], *([sum(counts[kept:])] if folded else [])]
        return [number(count) if count else "–" for count in shown]

    rows = [[label, *cells(counts), number(total)] for label, counts, total in needs.rows]
    if rows:
        rows.append(["Ensemble", *cells(needs.totals), number(needs.total)])
    rest = f" Autres thèmes\u00a0: {', '.join(needs.themes[kept:])}." if folded else ""
    return {"themes": themes, "rows": rows, "note": f"Ce sont des besoins qui sont comptés, pas des personnes.{rest}"}


def _notes(found: Synthesis, *, at: datetime) -> list[str]:
    tour = found.sheet.tour
    notes = [f"Tour du {day(tour.starts_on)} au {day(tour.ends_on)}, à la date du {day(timezone.localdate(at))}."]
    if found.is_open and len(found.held) < len(found.sheet.past):
        untold = len(found.sheet.past) - len(found.held)
        notes.append(
            f"{plural(untold, 'étape passée n’est pas encore racontée', 'étapes passées ne sont pas encore racontées')}."
        )
    elif found.sheet.past and len(found.held) < len(found.sheet.past):
        waiting = len(found.sheet.past) - len(found.held)
        notes.append(
            f"{plural(waiting, 'étape passée attend', 'étapes passées attendent')} que ses présences soient notées."
        )
    if found.sheet.cancelled:
        notes.append(f"{plural(len(found.sheet.cancelled), 'étape annulée', 'étapes annulées')}.")
    if found.alone:
        notes.append(f"{plural(found.alone, 'constat attend', 'constats attendent')} une fiche ou une préoccupation.")
    if tour.campaign and not found.is_open:
        asked, answered = found.survey
        notes.append(
            f"Enquête préalable\u00a0: {tour.campaign.title}, {plural(answered, 'réponse', 'réponses')} "
            f"sur {plural(asked, 'invitation', 'invitations')}."
        )
    if tour.source:
        notes.append(f"Source\u00a0: {tour.source}")
    page = letters.address("tour:public" if found.is_public else "tour:tour", tour.pk)
    notes.append(f"Chaque étape, ses besoins et ses constats\u00a0: {page}")
    return notes
