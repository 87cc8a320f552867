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
from dentelle.thread.contracts.refusals import EditedMeanwhile


@dataclass(frozen=True, slots=True)
class Change:
    """A contract being changed by somebody at some time, inside a transaction."""

    contract: Contract
    actor: Membership
    at: datetime

    def record(self, act: str, subject: Model | None = None, **facts: Any) -> None:
        """Write the act in the contract's own history; another subject is named by its key in the facts."""
        if subject is not None:
            facts = {str(subject._meta.model_name): subject.pk, **facts}
        record(act, self.contract, at=self.at, actor=self.actor.user, structure=self.actor.structure, **facts)


@contextmanager
def changing(actor: Membership, pk: int, *, expected_revision: int, at: datetime) -> Iterator[Change]:
    """Open one transaction on a contract the actor may change; take its next revision or raise EditedMeanwhile."""
    with transaction.atomic():
        contract = contract_editable_by(actor, pk)
        # The comparison and the increment are one statement: two changes can never both win.
        moved = Contract.objects.filter(pk=pk, revision=expected_revision).update(
            revision=expected_revision + 1, updated_at=at
        )
        if not moved:
            contract.refresh_from_db()
            raise EditedMeanwhile(contract)
        contract.revision = expected_revision + 1
        contract.updated_at = at
        yield Change(contract, actor, at)
