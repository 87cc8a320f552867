from dentelle.foundations.organisations.models import Membership
from tests.publications.making import signed
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    contract = signed(membership, title="Contrat témoin 6e1f")
    return {f"publications:{name}": Sample({"pk": contract.pk}) for name in ("detail", "confirm", "refuse", "reopen")}
