"""Which stage a practice sheet comes from, told on its page."""

from django.urls import reverse

from dentelle.network.practices.models import Practice
from dentelle.network.practices.origins import CameFrom
from dentelle.network.tour import access
from dentelle.network.tour.actions.learning import KEY_BEGINS


def came_from(viewer: access.Viewer, practice: Practice) -> CameFrom | None:
    """Return the stage whose finding a sheet was begun from, None when the person may not read it."""
    key = practice.origin_key.removeprefix(KEY_BEGINS)
    found = access.findings_visible_to(viewer).filter(pk=int(key)).first() if key.isdecimal() else None
    return (
        CameFrom(f"l’étape {found.stage.region} du Tour", reverse("tour:finding", args=[found.pk])) if found else None
    )
