"""Which stage a practice sheet comes from, told on its page and in the list of sheets."""

from collections.abc import Collection

from django.urls import reverse

from dentelle.network.practices.models import Practice
from dentelle.network.practices.origins import CameFrom
from dentelle.network.tour import access
from dentelle.network.tour.actions.learning import KEY_BEGINS
from dentelle.network.tour.models import Finding
from dentelle.rules.wording import day as in_full


def came_from(viewer: access.Viewer, practice: Practice) -> CameFrom | None:
    """Return the stage whose finding a sheet was begun from, None when the person may not read it."""
    key = practice.origin_key.removeprefix(KEY_BEGINS)
    found = access.findings_visible_to(viewer).filter(pk=int(key)).first() if key.isdecimal() else None
    return (
        CameFrom(f"l’étape {found.stage.region} du Tour", reverse("tour:finding", args=[found.pk])) if found else None
    )


def stage_of(practice: Practice) -> str:
    """Return the key of the stage whose finding a sheet was begun from, empty when it is no longer known."""
    key = practice.origin_key.removeprefix(KEY_BEGINS)
    found = (
        Finding.objects.filter(network=practice.network_id, pk=int(key)) if key.isdecimal() else Finding.objects.none()
    )
    return "".join(str(stage) for stage in found.values_list("stage", flat=True))


def names_of(viewer: access.Viewer, keys: Collection[str]) -> dict[str, str]:
    """Return what stages are called in a list, those the person may read, as they followed one another."""
    stages = access.stages_visible_to(viewer).filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    return {str(stage.pk): f"{stage.region}, {in_full(stage.day)}" if stage.day else stage.region for stage in stages}
