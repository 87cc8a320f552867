"""What every act on an existing contract begins and ends with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.access import contract_editable_by, contract_of_party
from dentelle.thread.contracts.models import Contract
from dentelle.thread.contracts.party import Party
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
        _record(act, self.contract, subject, self.at, self.actor.user, facts)


@dataclass(frozen=True, slots=True)
class OutsideChange:
    """The same, by somebody outside the structure."""

    contract: Contract
    party: Party
    at: datetime

    def record(self, act: str, subject: Model | None = None, **facts: Any) -> None:
        """Write the act in the contract's own history, with the organisation it was done for."""
        _record(act, self.contract, subject, self.at, self.party.user, {**facts, **self.party.facts})


@contextmanager
def changing(
    actor: Membership, pk: int, *, expected_revision: int, at: datetime, even_closed: bool = False
) -> Iterator[Change]:
    """Open one transaction on a contract the actor may change; take its next revision or raise EditedMeanwhile.

    A contract closed or abandoned only changes by acts that say ``even_closed``: its totals answer for what it owed.
    """
    with transaction.atomic():
        contract = contract_editable_by(actor, pk)
        _take(contract, expected_revision, at, even_closed=even_closed)
        yield Change(contract, actor, at)


@contextmanager
def changing_from_outside(
    party: Party, pk: int, *, expected_revision: int | None, at: datetime, even_closed: bool = False
) -> Iterator[OutsideChange]:
    """Open one transaction on a contract the party stands on, like ``changing``.

    ``expected_revision`` None is for what is only added beside the contract (a question): nobody's page grows old by it.
    """
    with transaction.atomic():
        contract = contract_of_party(party, pk)
        if expected_revision is not None:
            _take(contract, expected_revision, at, even_closed=even_closed)
        elif not even_closed:
            _refuse_closed(contract)
        yield OutsideChange(contract, party, at)


def _take(contract: Contract, expected_revision: int, at: datetime, *, even_closed: bool) -> None:
    # The comparison and the increment are one statement: two changes can never both win.
    moved = Contract.objects.filter(pk=contract.pk, revision=expected_revision).update(
        revision=expected_revision + 1, updated_at=at
    )
    if not moved:
        contract.refresh_from_db()
        raise EditedMeanwhile(contract)
    if not even_closed:
        _refuse_closed(contract)
    contract.revision = expected_revision + 1
    contract.updated_at = at


def _refuse_closed(contract: Contract) -> None:
    if not is_open(contract.state):
        raise ContractRefused("closed", "Ce contrat est clos ou abandonné\u00a0: rouvrez-le avant de le changer.")


def _record(
    act: str, contract: Contract, subject: Model | None, at: datetime, actor: User | None, facts: dict[str, Any]
) -> None:
    if subject is not None:
        facts = {str(subject._meta.model_name): subject.pk, **facts}
    facts["revision"] = contract.revision
    record(act, contract, at=at, actor=actor, structure=contract.structure, **facts)
