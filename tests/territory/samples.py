from django.conf import settings

from dentelle.foundations.organisations.models import Membership
from dentelle.opendata.ground import load_ground
from dentelle.thread.territory.actions import save_territory
from tests.factories import NOW
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    territory = save_territory(
        membership,
        name="Bassin témoin 5c1e",
        specs=("epci:243500139",),
        reason="Délibération témoin",
        ground=load_ground(settings.DENTELLE_GROUND),
        at=NOW,
    )
    return {f"territory:{name}": Sample({"pk": territory.pk}) for name in ("detail", "revise", "adopt")}
