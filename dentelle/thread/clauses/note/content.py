"""What the note says, as plain texts: the same for the PDF and for the Word document."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from dentelle.rules.wording import day
from dentelle.thread.clauses.models import Calibration


def note_content(calibration: Calibration, *, at: datetime) -> dict[str, Any]:
    """Return the note of a saved calibration. Nothing is computed: everything was kept when it was saved."""
    sheet = calibration.result["sheet"]
    version = f", version {calibration.edition}" if calibration.edition > 1 else ""
    facts = [{"label": label, "value": value} for label, value in sheet["facts"]]
    facts.append(
        {
            "label": "Calibrage",
            "value": f"{calibration.author.full_name}, {calibration.structure.name}, {day(timezone.localdate(calibration.updated_at))}{version}",
        }
    )
    return {
        "document_title": f"Note de calibrage\u00a0: {calibration.title}",
        "running_title": calibration.title,
        "structure": calibration.structure.name,
        "subject": calibration.subject,
        "facts": facts,
        "answer": sheet["answer"],
        "answer_range": f"{sheet['answer_range']} {sheet['plain']}",
        "measures": [{"label": row["label"], "value": row["value"], "note": row["note"]} for row in sheet["measures"]],
        "notices": list(sheet["notices"]),
        "method": sheet["method"],
        "factors": [_factor(row) for row in sheet["factors"]],
        "arithmetic": [dict(row) for row in sheet["arithmetic"]],
        "parts": [list(row) for row in sheet["parts"]],
        "variants": _variants(sheet),
        "more": list(sheet["more"]),
        "less": list(sheet["less"]),
        "obligation": {
            "answer": sheet["obligation"]["answer"],
            "because": list(sheet["obligation"]["because"]),
            "parameters": [_factor(row) for row in sheet["obligation"]["parameters"]],
        },
        "lever": _lever(sheet),
        "unknowns": list(sheet["unknowns"]) or ["Rien d’autre que ce qui est marqué « à confirmer » ci-dessus."],
        "recompute": [
            "Cette note garde les données saisies et les valeurs des paramètres du jour du calcul. Recalculée plus tard, même "
            "après un changement du droit, elle redonne les mêmes heures et la même empreinte.",
            f"Pour refaire le calcul dans Dentelle\u00a0: ouvrir le calibrage n°\u00a0{calibration.pk}, puis « Recalculer ».",
        ],
        "digest": calibration.digest,
        "footer": f"Source\u00a0: calcul Dentelle, paramètres au {sheet['on']}\u00a0; note éditée le {day(timezone.localdate(at))}",
    }


def _factor(row: dict[str, Any]) -> dict[str, str]:
    return {
        "label": row["label"],
        "value": row["value"],
        "range": row["range"],
        "source": row["source"],
        "dated": row["dated"],
        "override": row["override"],
        "status": row["status_label"],
    }


def _variants(sheet: dict[str, Any]) -> dict[str, Any]:
    if not sheet["variants"]:
        return {"columns": [], "rows": []}
    by_code = {row["code"]: row["value"] for row in sheet["measures"]}
    kept = {
        "label": "Calcul retenu",
        "values": [
            sheet["answer"].split("\u00a0h")[0] + "\u00a0h",
            "—",
            by_code["weeks"],
            by_code["fte"],
            by_code.get("per_100k", "non renseigné"),
        ],
    }
    others = [
        {
            "label": row["label"] + (f" ({row['notice']})" if row["notice"] else ""),
            "values": [row["hours"], row["change"], row["weeks"], row["fte"], row["per_100k"]],
        }
        for row in sheet["variants"]
    ]
    return {
        "columns": ["Heures", "Écart", "Semaines", "ETP", "Heures pour 100\u202f000\u00a0€"],
        "rows": [kept, *others],
    }


def _lever(sheet: dict[str, Any]) -> dict[str, Any]:
    advised = next((row for row in sheet.get("levers", ()) if row["recommended"]), None)
    if advised is None:
        return {}
    return {
        "label": advised["label"],
        "article": f"article {advised['article']}" if advised["article"][:1] in "LR" else advised["article"],
        "fits": advised["fits"],
        "reasons": list(advised["reasons"]),
    }
