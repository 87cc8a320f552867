"""What a handover moves in this room: who follows each calibration. Authors and versions stay as they are."""

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.handover import Move, Portfolio, register
from dentelle.foundations.organisations.models import Structure
from dentelle.thread.clauses.models import Calibration


def _count(user: User, structure: Structure) -> int:
    return Calibration.objects.filter(structure=structure, in_charge=user).count()


def _carry(move: Move) -> int:
    carried = list(Calibration.objects.filter(structure=move.structure, in_charge=move.from_user))
    Calibration.objects.filter(pk__in=[one.pk for one in carried]).update(in_charge=move.to_user)
    for calibration in carried:
        record(
            "calibration.handed_over",
            calibration,
            at=move.at,
            actor=move.actor,
            structure=move.structure,
            from_user=move.from_user.pk,
            to_user=move.to_user.pk,
        )
    return len(carried)


register(Portfolio("calibrations", "calibrage", _count, _carry))
