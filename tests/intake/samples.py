from dentelle.foundations.organisations.models import Membership
from tests.plans import making
from tests.samples import Sample
from tests.spaces.samples import organisation_of

EVERYBODY = "where a file is dropped names nothing of anybody"


def samples(membership: Membership) -> dict[str, Sample]:
    drop = making.dropped(
        membership,
        [("T-9d2b", "Dépôt témoin 6e1f", "Services", "", "", "", "", "")],
        year=2031,
        of=organisation_of(membership, "buyer"),
    )
    of_drop = Sample({"pk": drop.pk})
    found = {}
    for door in ("", "seat-"):
        found |= {f"intake:{door}{name}": of_drop for name in ("grid", "progress")}
        found[f"intake:{door}act"] = Sample({"pk": drop.pk, "code": "abandonner"})
        found[f"intake:{door}new"] = Sample({"purpose": making.TARGET.code}, shared=EVERYBODY)
    return found
