"""A contract enters the register in one go: what is known, what it owes, who signed; nothing is asked twice."""

from datetime import datetime

from django.db import transaction

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.actions.chain import add_holder
from dentelle.thread.contracts.actions.contract import ContractContent, Origin, create_contract
from dentelle.thread.contracts.actions.moves import move_contract
from dentelle.thread.contracts.actions.obligation import ObligationContent, add_obligation
from dentelle.thread.contracts.models import Contract


@transaction.atomic
def enter_contract(
    actor: Membership,
    content: ContractContent,
    *,
    obligation: ObligationContent | None = None,
    holder: Organisation | None = None,
    origin: Origin | None = None,
    at: datetime,
) -> Contract:
    """Create a contract with its first obligation and its holder when they are known, and place it where it stands.

    One already notified, with its buyer, holder and obligation known, enters as notified; one with hours enters as
    calibrated. All or nothing. Raises ContractRefused.
    """
    contract = create_contract(actor, content, origin=origin, at=at)
    if obligation is not None:
        add_obligation(actor, contract.pk, obligation, expected_revision=contract.revision, at=at)
        contract.revision += 1
    if holder is not None:
        add_holder(actor, contract.pk, holder, expected_revision=contract.revision, at=at)
        contract.revision += 1
    if obligation is not None:
        complete = content.buyer and holder and content.notified_on
        code = "notify" if complete else "calibrate"
        return move_contract(actor, contract.pk, code, expected_revision=contract.revision, at=at)
    contract.refresh_from_db()
    return contract
