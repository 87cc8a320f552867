"""The Tours anybody may read, said on the public pages of their network (``foundations.mentions``)."""

from datetime import date
from typing import Any

from django.urls import reverse

from dentelle.foundations.mentions import Line, Mentions, register
from dentelle.network.tour import access
from dentelle.rules.wording import day

MOST = 20


def on_network(viewer: Any, pk: int, *, on: date) -> Mentions | None:
    """Return the public Tours of a network, those not over first; None when it has none."""
    found = sorted(access.public_tours().filter(network=pk)[:MOST], key=lambda each: each.ends_on < on)
    lines = tuple(
        Line(
            each.name,
            f"du {day(each.starts_on)} au {day(each.ends_on)}",
            reverse("tour:public", args=[each.pk]),
        )
        for each in found
    )
    return Mentions("Tour des régions", lines) if lines else None


def tell() -> None:
    """Register them; called when Django starts. A page that says more than Tours asks for those of a ``network``."""
    register("network", "tour", on_network)
    register("network-tours", "tour", on_network)
