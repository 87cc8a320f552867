"""Background work of the register: the list as a file."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from dentelle.foundations.jobs.context import JobContext
from dentelle.foundations.jobs.registry import JobRefused, job
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.sheets import CONTENT_TYPES, write_csv, write_xlsx
from dentelle.thread.contracts import access, queries
from dentelle.thread.contracts.columns import header_of, rows_of
from dentelle.web.formatting import number, plural

STEP, LAST_STEP = "Lecture et écriture", "Mise à disposition"


@job("contracts.export", label="Exporter le registre", steps=(STEP, LAST_STEP), asked_by=access.READERS)
def export(context: JobContext, query: str, columns: list[str], form: str, today: str) -> dict[str, Any]:
    """Write the contracts of a list, in its order, to a CSV or XLSX file attached to the job."""
    membership = Membership.objects.filter(user=context.actor, structure=context.structure).first()
    if membership is None:
        raise JobRefused("Vous n’appartenez plus à cette structure : l’export n’a pas été fait.")
    filters = queries.filters_of(QueryDict(query))
    found = queries.contracts_found(membership, filters)
    total = found.count()

    def told(done: int) -> None:
        context.progress(step=STEP, done=done, total=total)

    told(0)
    home = Path(settings.DENTELLE_HOME) / "tmp"
    home.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="export-", dir=home) as scratch:
        path = Path(scratch) / f"contrats.{form}"
        header, batches = header_of(columns), rows_of(found, columns)
        if form == "csv":
            written = write_csv(path, header, batches, on_batch=told)
        else:
            written = write_xlsx(path, header, batches, on_batch=told, title="Contrats", scratch=path.parent)
        context.progress(step=LAST_STEP, done=0, total=1)
        stored = context.attach(path, f"contrats-{today}.{form}", CONTENT_TYPES[form])
    return {
        "message": f"{plural(written, 'contrat')} dans « {stored.name} ». Les heures sont celles dues aujourd’hui ; "
        "heures d’insertion, de stage et du secteur protégé ne s’additionnent pas.",
        "figures": [{"label": "Contrats écrits", "value": number(written)}],
        "next_url": reverse("contracts:list") + (f"?{query}" if query else ""),
        "next_label": "Revenir au registre",
    }
