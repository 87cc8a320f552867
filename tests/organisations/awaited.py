from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.foundations.structures import approvals
from tests.awaiting.cases import Made
from tests.factories import NOW


def requested(head: NetworkSeat) -> Made:
    structure = approvals.create_structure(
        head.network, name="Association d’essai", kind="association", approved=False, actor=None, at=NOW
    )
    return Made(NOW, lambda: approvals.approve(head, structure.pk, at=NOW))


CASES = {"structure.requested": requested}
