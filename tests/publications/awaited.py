from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.models import Contract
from dentelle.thread.publications.actions import confirm_match
from dentelle.thread.publications.matching import Reason
from dentelle.thread.publications.models import Publication, PublicationState
from tests.awaiting.cases import Made
from tests.factories import NOW
from tests.publications import making


def published(contract: Contract, state: str = PublicationState.MATCHED, *, clause: bool = True) -> Publication:
    """An award taken for a contract, as the nightly reading leaves it."""
    return Publication.objects.create(
        structure=contract.structure,
        contract=contract,
        state=state,
        reason=Reason.NUMBER,
        contract_key=making.KEY,
        score=3,
        is_stated=True,
        clause=clause,
        criterion=False,
        reserved=False,
        seen_at=NOW,
    )


def missing(actor: Membership) -> Made:
    contract = making.signed(actor)
    return Made(NOW, lambda: published(contract))


def different(actor: Membership) -> Made:
    publication = published(making.signed(actor), clause=False)
    return Made(NOW, lambda: Publication.objects.filter(pk=publication.pk).update(clause=True))


def to_confirm(actor: Membership) -> Made:
    contract = making.signed(actor)
    published(contract, PublicationState.PROPOSED)
    return Made(NOW, lambda: confirm_match(actor, contract.pk, contract_key=making.KEY, at=NOW))


CASES = {
    "publication.missing": missing,
    "publication.different": different,
    "publication.to_confirm": to_confirm,
}
