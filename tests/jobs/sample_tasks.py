"""Jobs made for tests, declared as a room would."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dentelle.foundations.jobs.context import JobContext
from dentelle.foundations.jobs.registry import JobRefused, job


@job("sample.count", label="Compter", steps=("Compter", "Écrire"))
def count(context: JobContext, up_to: int) -> dict[str, Any]:
    for number in range(1, up_to + 1):
        context.progress(step="Compter", done=number, total=up_to, safe=f"{number} comptés.")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "resultat.csv"
        path.write_text(f"nombre\n{up_to}\n", encoding="utf-8")
        context.progress(step="Écrire")
        context.attach(path, "résultat.csv", "text/csv")
    return {
        "message": "Le compte est bon.",
        "figures": [{"label": "Comptés", "value": up_to}],
        "refused": [{"item": "ligne 14", "reason": "durée illisible : « 4 ans »"}],
        "refused_total": 3,
    }


@job("sample.refuse", label="Refuser")
def refuse(context: JobContext) -> None:
    raise JobRefused("Le fichier n’a pas de colonne « Durée » : ajoutez-la, puis relancez.")


@job("sample.break", label="Casser")
def break_down(context: JobContext) -> None:
    context.progress(step="Lecture")
    raise ZeroDivisionError("secret detail")
