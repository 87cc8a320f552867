"""Background work of the register: the list as a file."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from dentelle.foundations.jobs.context import JobContext
from dentelle.foundations.jobs.lists import KEEPING, WRITING, attach_list
from dentelle.foundations.jobs.registry import JobRefused, job
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts import access, queries
from dentelle.thread.contracts.columns import header_of, rows_of
from dentelle.web.formatting import number, plural


@job("contracts.export", label="Exporter le registre", steps=(WRITING, KEEPING), asked_by=access.READERS)
def export(context: JobContext, query: str, columns: list[str], form: str, today: str) -> dict[str, Any]:
    """Write the contracts of a list, in its order, to a CSV or XLSX file attached to the job."""
    membership = Membership.objects.filter(user=context.actor, structure=context.structure).first()
    if membership is None:
        raise JobRefused("Vous n’appartenez plus à cette structure : l’export n’a pas été fait.")
    filters = queries.filters_of(QueryDict(query))
    found = queries.contracts_found(membership, filters)
    stored, written = attach_list(
        context,
        name=f"contrats-{today}.{form}",
        title="Contrats",
        header=header_of(columns),
        batches=rows_of(found, columns),
        total=found.count(),
    )
    return {
        "message": f"{plural(written, 'contrat')} dans « {stored.name} ». Les heures sont celles dues aujourd’hui ; "
        "heures d’insertion, de stage et du secteur protégé ne s’additionnent pas.",
        "figures": [{"label": "Contrats écrits", "value": number(written)}],
        "next_url": reverse("contracts:list") + (f"?{query}" if query else ""),
        "next_label": "Revenir au registre",
    }
