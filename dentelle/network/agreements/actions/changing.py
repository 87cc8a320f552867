"""What every act on an existing agreement begins and ends with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Model

from dentelle.foundations.journal.actions import record_each
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
        self._record(act, [_of(subject) | facts if subject is not None else facts])

    def record_each(self, act: str, subjects: Sequence[Model], **facts: Any) -> None:
        """Write the act once for each of several subjects."""
        self._record(act, [_of(each) | facts for each in subjects])

    def _record(self, act: str, told: Sequence[dict[str, Any]]) -> None:
        agreement = self.agreement
        known = {"revision": agreement.revision, "side": self.side.value}
        facts = [each | known for each in told]
        record_each(act, agreement, facts, at=self.at, actor=self.actor.user, structure=agreement.structure)


def _of(subject: Model) -> dict[str, Any]:
    return {str(subject._meta.model_name): subject.pk}


@contextmanager
def changing(
    actor: Viewer,
    pk: int,
    *,
    expected_revision: int | None,
    at: datetime,
    sides: tuple[Side, ...] = (Side.AUTHOR,),
    states: tuple[AgreementState, ...] = (AgreementState.DRAFT,),
) -> Iterator[Change]:
    """Open one transaction on an agreement somebody may act on from one of ``sides``; take its next revision.

    Raises EditedMeanwhile when somebody changed it since ``expected_revision`` (None: the act checks each part it is about
    itself), AgreementRefused when it is in none of ``states``.
    """
    with transaction.atomic():
        agreement = acted_on_by(actor, pk, *sides)
        # The comparison and the increment are one statement: two changes can never both win.
        seen = {} if expected_revision is None else {"revision": expected_revision}
        moved = Agreement.objects.filter(pk=agreement.pk, **seen).update(revision=F("revision") + 1, updated_at=at)
        if not moved:
            raise EditedMeanwhile(Agreement.objects.get(pk=agreement.pk))
        # what was read before the row was ours may be older than it
        agreement.refresh_from_db(
            fields=["revision", "updated_at", "state", "signed_on", "starts_on", "ends_on", "ended_on", "framework"]
        )
        if agreement.is_example:
            raise AgreementRefused(
                "example", "Cet exemple ne se modifie pas\u00a0: il montre ce qui est connu, rien de plus."
            )
        if agreement.state not in states:
            label = AgreementState(agreement.state).label
            raise AgreementRefused("state", f"Cela ne se fait pas quand la convention est « {label} ».")
        yield Change(agreement, actor, side_of(actor, agreement), at)
