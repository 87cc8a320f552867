from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.actions import create_operation
from tests.clauses.making import saved
from tests.contracts import making
from tests.factories import NOW
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    """What the addresses of the API name. Nobody opens them with a session: ``tests/api/test_wall.py`` walks them with tokens."""
    contract = making.running(membership, title="Contrat par l’API témoin 6e1f")
    operation = create_operation(membership, name="Opération par l’API témoin 6e1f", programme="gup", at=NOW)
    of_contract = Sample({"pk": contract.pk})
    return {
        "api:organisation_detail": Sample(
            {"pk": contract.buyer_id}, shared="organisations are shared by all structures"
        ),
        "api:operation_detail": Sample({"pk": operation.pk}),
        "api:contract_detail": of_contract,
        "api:contract_change": of_contract,
        "api:obligation_new": of_contract,
        "api:obligation_detail": Sample({"pk": contract.obligations.get().pk}),
        "api:calibration_detail": Sample({"pk": saved(membership, title="Calibrage par l’API témoin 6e1f").pk}),
        "api:nowhere": Sample({"rest": "nulle/part"}, shared="an address nobody has"),
    }
