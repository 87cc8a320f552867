"""What a handover moves in this room: who follows each contract. Authors and history stay as they are."""

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.handover import Move, Portfolio, register
from dentelle.foundations.organisations.models import Structure
from dentelle.thread.contracts.models import Contract


def _count(user: User, structure: Structure) -> int:
    return Contract.objects.filter(structure=structure, facilitator=user).count()


def _carry(move: Move) -> int:
    carried = list(Contract.objects.filter(structure=move.structure, facilitator=move.from_user).order_by("pk"))
    Contract.objects.filter(pk__in=[one.pk for one in carried]).update(facilitator=move.to_user)
    for contract in carried:
        record(
            "contract.handed_over",
            contract,
            at=move.at,
            actor=move.actor,
            structure=move.structure,
            from_user=move.from_user.pk,
            to_user=move.to_user.pk,
        )
    return len(carried)


register(Portfolio("contracts", "contrat", _count, _carry))
