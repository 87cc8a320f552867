"""What every act on an existing agreement begins and ends with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from dentelle.foundations.journal.actions import record
from dentelle.network.agreements.access import Viewer, acted_on_by, side_of
from dentelle.network.agreements.models import Agreement
from dentelle.network.agreements.refusals import AgreementRefused, EditedMeanwhile
from dentelle.network.agreements.states import AgreementState, Side


@dataclass(frozen=True, slots=True)
class Change:
    """An agreement being changed by somebody at some time, inside a transaction."""

    agreement: Agreement
    actor: Viewer
    side: Side
    at: datetime

    def record(self, act: str, subject: Model | None = None, **facts: Any) -> None:
        """Write the act in the agreement's own history, with the revision it made; another subject is named by its key."""
        _record(self, act, subject, facts)


def _record(change: Change, act: str, subject: Model | None, facts: dict[str, Any]) -> None:
    agreement = change.agreement
    if subject is not None:
        facts = {str(subject._meta.model_name): subject.pk, **facts}
    facts |= {"revision": agreement.revision, "side": change.side.value}
    record(act, agreement, at=change.at, actor=change.actor.user, structure=agreement.structure, **facts)


@contextmanager
def changing(
    actor: Viewer,
    pk: int,
    *,
    expected_revision: int,
    at: datetime,
    sides: tuple[Side, ...] = (Side.AUTHOR,),
    states: tuple[AgreementState, ...] = (AgreementState.DRAFT,),
) -> Iterator[Change]:
    """Open one transaction on an agreement somebody may act on from one of ``sides``; take its next revision.

    Raises EditedMeanwhile when somebody changed it since ``expected_revision``, AgreementRefused when it is in none of
    ``states``.
    """
    with transaction.atomic():
        agreement = acted_on_by(actor, pk, *sides)
        # The comparison and the increment are one statement: two changes can never both win.
        moved = Agreement.objects.filter(pk=agreement.pk, revision=expected_revision).update(
            revision=expected_revision + 1, updated_at=at
        )
        if not moved:
            raise EditedMeanwhile(Agreement.objects.get(pk=agreement.pk))
        # what was read before the row was ours may be older than it
        agreement.refresh_from_db(fields=["state", "signed_on", "starts_on", "ends_on", "ended_on", "framework"])
        agreement.revision, agreement.updated_at = expected_revision + 1, at
        if agreement.is_example:
            raise AgreementRefused(
                "example", "Cet exemple ne se modifie pas\u00a0: il montre ce qui est connu, rien de plus."
            )
        if agreement.state not in states:
            label = AgreementState(agreement.state).label
            raise AgreementRefused("state", f"Cela ne se fait pas quand la convention est « {label} ».")
        yield Change(agreement, actor, side_of(actor, agreement), at)
