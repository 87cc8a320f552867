"""Background work of plans: what would make whoever drops a long file wait for nothing."""

from typing import Any

from dentelle.foundations.jobs.context import JobContext
from dentelle.foundations.jobs.registry import job
from dentelle.foundations.search.actions import index_many
from dentelle.rules.wording import plural
from dentelle.thread.plans.models import PlanLine


@job("plans.index", label="Rendre cherchables les achats d’une programmation", steps=("Écriture",))
def index(context: JobContext, plan: int) -> dict[str, Any]:
    """Write under which words the purchases of a plan are found; repeating it changes nothing."""
    context.progress(step="Écriture")
    lines = PlanLine.objects.filter(plan=plan, structure=context.structure).defer("own")
    index_many(lines.select_related("plan__buyer").iterator(chunk_size=500))
    return {"message": f"{plural(lines.count(), 'achat se trouve', 'achats se trouvent')} par la recherche."}
