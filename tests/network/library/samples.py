from django.core.files.uploadedfile import SimpleUploadedFile

from dentelle.foundations.organisations.models import Membership
from dentelle.network.library import actions
from dentelle.network.library.actions import Step
from dentelle.network.library.models import PathStep
from tests.factories import NOW
from tests.network.governance.making import head_of
from tests.network.library import making
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    seat = head_of(membership)
    paper = SimpleUploadedFile("modele.txt", b"Article 1\n")
    item = making.item(seat, title=f"Ressource {membership.pk}", upload=paper)
    if not PathStep.objects.filter(network=seat.network).exists():
        actions.write_path(seat, [Step("Lire un contrat", "", None)], at=NOW)
    step = PathStep.objects.filter(network=seat.network).first()
    shared = Sample({"pk": item.pk}, network=True)
    return {f"library:{name}": shared for name in ("item", "change", "confirm", "retire", "restore", "file")} | {
        "library:path-tick": Sample({"pk": step.pk}, network=True)
    }
