"""What every act on an existing contract begins and ends with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.access import contract_editable_by
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.refusals import ContractRefused, EditedMeanwhile
from dentelle.thread.contracts.states import is_open


@dataclass(frozen=True, slots=True)
class Change:
    """A contract being changed by somebody at some time, inside a transaction."""

    contract: Contract
    actor: Membership
    at: datetime

    def record(self, act: str, subject: Model | None = None, **facts: Any) -> None:
        """Write the act in the contract's own history, with the revision it made; another subject is named by its key."""
        if subject is not None:
            facts = {str(subject._meta.model_name): subject.pk, **facts}
        facts["revision"] = self.contract.revision
        record(act, self.contract, at=self.at, actor=self.actor.user, structure=self.actor.structure, **facts)


@contextmanager
def changing(
    actor: Membership, pk: int, *, expected_revision: int, at: datetime, even_closed: bool = False
) -> Iterator[Change]:
    """Open one transaction on a contract the actor may change; take its next revision or raise EditedMeanwhile.

    A contract closed or abandoned only changes by acts that say ``even_closed``: its totals answer for what it owed.
    """
    with transaction.atomic():
        contract = contract_editable_by(actor, pk)
        # The comparison and the increment are one statement: two changes can never both win.
        moved = Contract.objects.filter(pk=pk, revision=expected_revision).update(
            revision=expected_revision + 1, updated_at=at
        )
        if not moved:
            contract.refresh_from_db()
            raise EditedMeanwhile(contract)
        if not even_closed and not is_open(contract.state):
            raise ContractRefused("closed", "Ce contrat est clos ou abandonné\u00a0: rouvrez-le avant de le changer.")
        contract.revision = expected_revision + 1
        contract.updated_at = at
        yield Change(contract, actor, at)
