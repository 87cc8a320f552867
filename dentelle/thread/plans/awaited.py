"""What purchase plans make people wait for: the purchases of a plan whose month to act has come. One query."""

from datetime import date, datetime

from django.db.models import Count, Min, Sum
from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.organisations.models import Membership
from dentelle.rules.wording import day as prose_day
from dentelle.thread.plans.access import may_write, plans_visible_to
from dentelle.thread.plans.models import PlanLine, calling_on
from dentelle.web.formatting import hours as in_hours

MOST = 500


def awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return one line for each plan with purchases to prepare now, the nearest launch first."""
    if not may_write(membership):
        return []
    today = timezone.localdate(at)
    calling = PlanLine.objects.filter(calling_on(today), plan__in=plans_visible_to(membership).values("pk"))
    grouped = (
        calling.order_by()
        .values_list("plan", "plan__year", "plan__buyer__name")
        .annotate(count=Count("pk"), since=Min("prepare_from"), launch=Min("launched_on"), hours=Sum("hours_central"))
        .order_by("launch", "plan")
    )
    return [_line(*known) for known in grouped[:MOST]]


def _line(
    plan: int, year: int, buyer: str, count: int, since: date | None, launch: date | None, hours: int | None
) -> Awaiting:
    purchases = "Un achat est" if count == 1 else f"{count} achats sont"
    possible = f" ({in_hours(hours)} possibles)" if hours else ""
    until = f", avant le premier lancement du {prose_day(launch)}" if launch else ""
    return Awaiting(
        kind="plan.prepare",
        pk=plan,
        subject=f"Programmation {year}",
        about=buyer,
        sentence=f"{purchases} à préparer maintenant{possible}{until}.",
        since=since,
        due=launch,
        action="Voir les achats à préparer",
        page="plans:plan",
        arguments={"pk": plan},
        query="?agir=maintenant#achats",
    )


register("plans", kinds={"plan.prepare": "Achats à préparer"}, awaits=awaits)
