"""The map of the ground covered: each department shaded by the share of its people a member covers, with its table."""

from collections.abc import Sequence

from django.urls import reverse

from dentelle.foundations.structures.ground import ground_or_none
from dentelle.network.members import ground, queries
from dentelle.network.members.queries import Member
from dentelle.rules.wording import plural
from dentelle.thread.territory.outlines import ATTRIBUTION, department_outlines
from dentelle.web.charts import Area, Chart, choropleth


def covered_map(members: Sequence[Member], *, linked: bool) -> Chart | None:
    """Return the map, None without a ground or without outlines to draw: the white areas say the same in a table.

    ``linked``: each department opens to the places nobody covers in it.
    """
    known = ground_or_none()
    if known is None or not members:
        return None
    shares = ground.departments(known, queries.covered(members))
    outlines, view_box = department_outlines(frozenset(share.code for share in shares))
    if not outlines:
        return None
    touched = sum(share.white_communes < share.communes for share in shares)
    return choropleth(
        "couverture",
        f"Le réseau est présent dans {plural(touched, 'département', 'départements')}",
        areas=[
            Area(
                share.code,
                share.name,
                share.covered_percent,
                f"{reverse('members:white-areas')}?departement={share.code}" if linked else "",
            )
            for share in shares
        ],
        outlines=outlines,
        view_box=view_box,
        measured="habitants couverts (%)",
        context="Part des habitants dont la commune est couverte par un membre, en %.",
        note=f"Couverture déclarée par les structures agréées. {ATTRIBUTION}.",
    )
