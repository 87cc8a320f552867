import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone

from dentelle.rules.levers import lever as lever_of
from dentelle.rules.trades import trades
from dentelle.rules.wording import day, sentence
from dentelle.thread.plans.models import NEVER, REQUIRED, PlanLine, PurchasePlan
from dentelle.thread.plans.queries import Totals, heaviest, totals_of
from dentelle.web.formatting import hours, interval, money, number, plural, short_month

TEMPLATE = Path(__file__).with_name("page.typ")
ROWS = 18  # what one page of A4 holds whatever the words
LONGEST = 72


def page_pdf(plan: PurchasePlan, *, at: datetime) -> bytes:
    """Return the plan on one page, as a tagged PDF conforming to PDF/UA-1."""
    document = typst.compile(
        TEMPLATE,
        format="pdf",
        sys_inputs={"data": json.dumps(page_content(plan, at=at), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    if not isinstance(document, bytes):
        raise TypeError("typst returned no document")
    return document


def page_content(plan: PurchasePlan, *, at: datetime) -> dict[str, Any]:
    """Return what the page says, as plain texts."""
    totals = totals_of(plan, today=timezone.localdate(at))
    shown = list(heaviest(plan, ROWS))
    names = {each.code: each.label for each in trades()}
    left = totals.priced - len(shown)
    return {
        "document_title": f"Programmation {plan.year}, {plan.buyer.name}",
        "structure": plan.structure.name,
        "buyer": plan.buyer.name,
        "answer": f"{hours(totals.hours.central)} d’insertion possibles",
        "range": f"De {interval(totals.hours.low, totals.hours.high, 'h')}, sur {plural(totals.priced, 'achat')} dont le "
        f"montant et le métier sont connus, parmi {number(totals.lines)}.",
        "figures": _figures(totals),
        "table_title": f"Les {number(len(shown))} achats qui portent le plus d’heures" if left else "Achats",
        "rows": [_row(line, names) for line in shown],
        "left": f"{plural(left, 'autre achat', 'autres achats')} avec des heures dans le tableur." if left else "",
        "unknown": [sentence(f"{plural(count, 'achat')} sans heures : {label}.") for _, label, count in totals.without],
        "notes": [
            *_levers_named(shown),
            "Ordre de grandeur pour préparer, pas un calibrage : le volume se fixe achat par achat, avec l’acheteur.",
            f"Calculé au {day(plan.priced_on)}. Obligation : article L2112-2-1 du code de la commande publique, seuils à la "
            "date de lancement prévue.",
        ],
        "footer": f"Source\u00a0: programmation {plan.year} de l’acheteur, calcul Dentelle\u00a0; "
        f"page éditée le {day(timezone.localdate(at))}",
    }


def _figures(totals: Totals) -> list[dict[str, str]]:
    return [
        {"value": number(totals.required), "label": "condition sociale obligatoire"},
        {"value": number(totals.to_check), "label": "obligation à vérifier"},
        {"value": number(totals.now), "label": "à préparer maintenant"},
        {"value": money(totals.cents), "label": f"montants connus ({plural(totals.unpriced, 'inconnu')})"},
    ]


def _levers_named(lines: list[PlanLine]) -> list[str]:
    """What the short codes of the table mean."""
    codes = dict.fromkeys(line.lever for line in lines if line.lever)
    levers = [lever_of(code) for code in codes]
    named = "\u00a0; ".join(f"{each.short}\u00a0: {each.label[:1].lower()}{each.label[1:]}" for each in levers)
    return [f"Leviers. {named}."] if named else []


def _row(line: PlanLine, names: dict[str, str]) -> list[str]:
    subject = line.subject if len(line.subject) <= LONGEST else line.subject[: LONGEST - 1].rpartition(" ")[0] + "…"
    return [
        subject,
        names.get(line.trade, "non renseigné"),
        REQUIRED[line.required],
        lever_of(line.lever).short if line.lever else "à étudier",
        hours(line.hours_central),
        "inconnu" if line.act_month == NEVER else short_month(line.act_month),
    ]
