"""« Gouvernance »: where the network stands, and the first thing to do for whoever reads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dentelle.foundations.doors import network_people
from dentelle.network.governance import access
from dentelle.network.governance.pages import viewer
from dentelle.network.governance.queries import axes, bodies, concerns


@network_people(acts=())
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The axes of the mandate, the themes behind them, who leads what, the next sessions."""
    who = viewer(request)
    today = timezone.localdate()
    mandate = bodies.running_mandate(who, today)
    own = concerns.Filters(mine=True)
    context = {
        "network": who.network if access.may_run(who) else who.structure.network,  # type: ignore[union-attr]
        "mandate": mandate,
        "next_mandate": bodies.next_mandate(who, today),
        "axes": axes.axes_of(who, mandate, today=today),
        "themes": concerns.themes_of(who, mandate)[:8],
        "bodies": bodies.body_list(who, today=today),
        "sessions": bodies.coming_sessions(who, today=today),
        "unsettled": bodies.unsettled_sessions(who, today=today),
        "own": concerns.list_concerns(who, own, size=5) if access.may_write(who) else None,
        "to_gather": concerns.count_to_gather(who) if access.may_run(who) else 0,
        "may_run": access.may_run(who),
        "may_write": access.may_write(who),
    }
    return render(request, "governance/home.html", context)
