"""The whole plan back as a spreadsheet: the buyer's own columns as they were, then ours. Texts stay texts."""

import io
from datetime import date
from typing import Any

import xlsxwriter

from dentelle.rules.levers import lever as lever_of
from dentelle.rules.trades import trades
from dentelle.rules.wording import day
from dentelle.thread.plans.models import NEVER, NO_HOURS, REQUIRED, PlanLine, PurchasePlan

OURS = (
    "Condition sociale", "Levier conseillé", "Métier retenu", "Origine du métier", "Montant retenu (€ HT)", "Heures, bas",
    "Heures", "Heures, haut", "Pourquoi sans heures", "À préparer dès", "Jugé au",
)  # fmt: skip
_BASIS = {"chosen": "choisi", "cpv": "code CPV", "words": "mots de l’objet, à confirmer", "": ""}
_MOST = 32_767


def plan_workbook(plan: PurchasePlan) -> bytes:
    """Return the workbook of a plan: its lines in the order of the buyer's file, and a sheet that says how to read it."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "ours": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "font_color": "#7a2e4d"}),
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
            "month": book.add_format({"num_format": "mmmm yyyy"}),
            "money": book.add_format({"num_format": "# ##0.##"}),
            "hours": book.add_format({"num_format": "# ##0"}),
        }
        _lines(book.add_worksheet("Programmation"), plan, formats)
        _read_me(book.add_worksheet("À lire"), plan)
    return out.getvalue()


def _lines(sheet: Any, plan: PurchasePlan, formats: dict[str, Any]) -> None:
    titles = list(plan.titles)
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, formats["head"])
    for column, title in enumerate(OURS, start=len(titles)):
        sheet.write_string(0, column, title, formats["ours"])
    sheet.set_column(0, len(titles) + len(OURS) - 1, 18)
    names = {each.code: each.label for each in trades()}
    for row, line in enumerate(plan.lines.order_by("rank", "pk").iterator(chunk_size=2_000), start=1):
        for column, title in enumerate(titles):
            if line.own.get(title):
                sheet.write_string(row, column, line.own[title][:_MOST])
        for column, (value, style) in enumerate(_ours(line, names), start=len(titles)):
            _write(sheet, row, column, value, formats.get(style))


def _ours(line: PlanLine, names: dict[str, str]) -> list[tuple[Any, str]]:
    return [
        (REQUIRED[line.required], ""),
        (lever_of(line.lever).label if line.lever else "à étudier", ""),
        (names.get(line.trade, "non renseigné"), ""),
        (_BASIS[line.trade_basis], ""),
        (None if line.total_cents is None else line.total_cents / 100, "money"),
        (line.hours_low, "hours"),
        (line.hours_central, "hours"),
        (line.hours_high, "hours"),
        (NO_HOURS.get(line.no_hours, ""), ""),
        (line.prepare_from if line.act_month != NEVER else "non renseigné", "month"),
        (line.judged_on, "day"),
    ]


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def _read_me(sheet: Any, plan: PurchasePlan) -> None:
    sheet.set_column(0, 0, 110)
    for row, text in enumerate(
        (
            f"{plan.buyer.name}, programmation {plan.year}",
            f"Calculée le {day(plan.priced_on)} avec les paramètres connus ce jour-là, par {plan.structure.name}.",
            "Les colonnes de gauche sont celles de votre fichier, inchangées, corrections comprises.",
            "Heures : montant hors taxes × part de main-d’œuvre du métier × taux d’effort ÷ coût horaire ; bas et haut disent "
            "l’incertitude sur ces valeurs. C’est un ordre de grandeur pour préparer : le volume se fixe par un calibrage.",
            "Condition sociale : articles L2112-2-1 et L3114-2-1 du code de la commande publique, seuils européens à la date "
            "de lancement. « À vérifier » : il manque un fait pour conclure.",
            "Un métier tiré des mots de l’objet est une proposition : vérifiez-le.",
            "Une case vide dans nos colonnes n’est pas un zéro : la colonne voisine dit pourquoi.",
        )
    ):
        sheet.write_string(row, 0, text)
