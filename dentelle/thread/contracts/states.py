"""The states of a contract and who may move it: one table, printed in the documentation by a test.

A move says where it starts, where it leads, whose decision it is and what must be known first. Whoever the decision
belongs to, the facilitator may record it: ``decided_by`` says whose it is, ``recorded_by`` which roles may write it down.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class ContractState(TextChoices):
    """Where a contract stands, from the first idea to its closing."""

    DRAFT = "draft", "à calibrer"
    CALIBRATED = "calibrated", "calibré"
    BUYER_APPROVED = "buyer_approved", "validé par l’acheteur"
    IN_TENDER = "in_tender", "en consultation"
    NOTIFIED = "notified", "notifié"
    RUNNING = "running", "en cours"
    SUSPENDED = "suspended", "suspendu"
    CLOSED_MET = "closed_met", "clos, engagement tenu"
    CLOSED_PARTIAL = "closed_partial", "clos, engagement partiel"
    ABANDONED = "abandoned", "abandonné"


class Decider(StrEnum):
    """Whose decision a move is."""

    FACILITATOR = "facilitator"
    BUYER = "buyer"

    @property
    def label(self) -> str:
        """French label."""
        return {"facilitator": "facilitateur", "buyer": "acheteur"}[self.value]


class Need(StrEnum):
    """What must be known before a move."""

    OBLIGATION = "obligation"
    BUYER = "buyer"
    HOLDER = "holder"
    NOTIFIED_ON = "notified_on"
    STARTS_ON = "starts_on"
    REASON = "reason"
    STATED_TOTAL = "stated_total"

    @property
    def label(self) -> str:
        """French label."""
        return {
            "obligation": "au moins une obligation",
            "buyer": "l’acheteur",
            "holder": "au moins un titulaire",
            "notified_on": "la date de notification",
            "starts_on": "la date de démarrage",
            "reason": "un motif",
            "stated_total": "le total d’heures constaté et sa source",
        }[self.value]


class AbandonReason(TextChoices):
    """Why a contract leaves the register without its hours."""

    NO_VALID_BID = "no_valid_bid", "consultation infructueuse"
    DISCONTINUED = "discontinued", "procédure sans suite ou marché résilié"
    REMOVED = "removed", "clause levée par l’acheteur"


@dataclass(frozen=True, slots=True)
class Move:
    """One move between two states."""

    code: str
    label: str
    sources: tuple[ContractState, ...]
    target: ContractState
    decided_by: Decider
    recorded_by: tuple[str, ...]
    needs: tuple[Need, ...] = ()


_S = ContractState
WRITER_ROLES = ("facilitator", "manager")
_OPEN = (_S.DRAFT, _S.CALIBRATED, _S.BUYER_APPROVED, _S.IN_TENDER, _S.NOTIFIED, _S.RUNNING, _S.SUSPENDED)
_SIGNED = (_S.NOTIFIED, _S.RUNNING, _S.SUSPENDED)
_CLOSED = (_S.CLOSED_MET, _S.CLOSED_PARTIAL)
SIGNED_STATES = (*_SIGNED, *_CLOSED)

MOVES: tuple[Move, ...] = (
    Move(
        "calibrate",
        "Calibrage terminé",
        (_S.DRAFT,),
        _S.CALIBRATED,
        Decider.FACILITATOR,
        WRITER_ROLES,
        (Need.OBLIGATION,),
    ),
    Move(
        "approve",
        "L’acheteur valide",
        (_S.CALIBRATED,),
        _S.BUYER_APPROVED,
        Decider.BUYER,
        (*WRITER_ROLES, "buyer"),
        (Need.BUYER,),
    ),
    Move(
        "recalibrate",
        "Reprendre le calibrage",
        (_S.CALIBRATED, _S.BUYER_APPROVED),
        _S.DRAFT,
        Decider.BUYER,
        WRITER_ROLES,
    ),
    Move("publish", "Consultation lancée", (_S.BUYER_APPROVED,), _S.IN_TENDER, Decider.BUYER, (*WRITER_ROLES, "buyer")),
    Move(
        "notify",
        "Marché notifié",
        # a contract often reaches the facilitator once signed: it enters the register at this step
        (_S.DRAFT, _S.CALIBRATED, _S.BUYER_APPROVED, _S.IN_TENDER),
        _S.NOTIFIED,
        Decider.BUYER,
        WRITER_ROLES,
        (Need.BUYER, Need.OBLIGATION, Need.HOLDER, Need.NOTIFIED_ON),
    ),
    Move(
        "start", "Exécution démarrée", (_S.NOTIFIED,), _S.RUNNING, Decider.FACILITATOR, WRITER_ROLES, (Need.STARTS_ON,)
    ),
    Move("suspend", "Clause suspendue", (_S.RUNNING,), _S.SUSPENDED, Decider.BUYER, WRITER_ROLES, (Need.REASON,)),
    Move("resume", "Clause reprise", (_S.SUSPENDED,), _S.RUNNING, Decider.BUYER, WRITER_ROLES),
    Move(
        "close_met",
        "Clore : engagement tenu",
        (_S.RUNNING,),
        _S.CLOSED_MET,
        Decider.FACILITATOR,
        WRITER_ROLES,
        (Need.STATED_TOTAL,),
    ),
    Move(
        "close_partial",
        "Clore : engagement partiel",
        (_S.RUNNING, _S.SUSPENDED),
        _S.CLOSED_PARTIAL,
        Decider.FACILITATOR,
        WRITER_ROLES,
        (Need.STATED_TOTAL, Need.REASON),
    ),
    Move("abandon", "Abandonner", _OPEN, _S.ABANDONED, Decider.BUYER, WRITER_ROLES, (Need.REASON,)),
    Move("reopen", "Rouvrir", _CLOSED, _S.RUNNING, Decider.FACILITATOR, ("manager",), (Need.REASON,)),
    Move(
        "take_up_again",
        "Reprendre depuis le début",
        (_S.ABANDONED,),
        _S.DRAFT,
        Decider.BUYER,
        WRITER_ROLES,
        (Need.REASON,),
    ),
)


class MoveRefused(Exception):
    """The move does not start from this state, or the role may not record it. ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def move(code: str) -> Move:
    """Return a move by its code. Raises MoveRefused when there is none."""
    for candidate in MOVES:
        if candidate.code == code:
            return candidate
    raise MoveRefused("move_unknown", f"« {code} » n’est pas un changement d’état.")


def moves_from(state: str, role: str) -> tuple[Move, ...]:
    """Return the moves that start from ``state`` and that ``role`` may record, in the order of the table."""
    return tuple(each for each in MOVES if state in each.sources and role in each.recorded_by)


def is_open(state: str) -> bool:
    """Say whether a contract in this state may still change."""
    return state in _OPEN


def awaits_hours(state: str) -> bool:
    """Say whether hours are owed now: notified, running or suspended."""
    return state in _SIGNED


def is_closed(state: str) -> bool:
    """Say whether the contract went to its end, its engagement met or in part."""
    return state in _CLOSED


def is_signed(state: str) -> bool:
    """Say whether the contract was notified: what it owes then changes by amendment or order, never by correction."""
    return state in SIGNED_STATES
