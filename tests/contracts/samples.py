from django.utils import timezone

from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.pooling import create_pooling
from tests.contracts import making
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    contract = making.running(membership, title="Contrat témoin 6e1f")
    now = timezone.now()
    operation = actions.create_operation(membership, name="Opération témoin 6e1f", programme="npnru", at=now)
    agreement = create_pooling(membership, making.company(), title="Convention témoin 6e1f", at=now)
    of_contract = Sample({"pk": contract.pk})
    of_agreement = Sample({"pk": agreement.pk})
    return {
        "contracts:detail": of_contract,
        "contracts:edit": of_contract,
        "contracts:bids": of_contract,
        "contracts:act": Sample({"pk": contract.pk, "code": "lot"}),
        "contracts:operation": Sample({"pk": operation.pk}),
        **{f"contracts:{name}": of_agreement for name in ("pooling", "pooling-add", "pooling-consent")},
    }
