"""The states of an agreement and who may move it: one table, printed in the documentation by a test.

The author of a framework agreement is the head of the network; that of a local one, a facilitator or a manager of the
structure. A move whose needs are not met is refused, all that is missing named at once.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class AgreementState(TextChoices):
    """Where an agreement stands, from the first draft to its end."""

    DRAFT = "draft", "en rédaction"
    PROPOSED = "proposed", "proposée à la signature"
    SIGNED = "signed", "signée"
    ENDED = "ended", "arrivée à son terme"
    TERMINATED = "terminated", "dénoncée"
    ABANDONED = "abandoned", "abandonnée"


class Side(StrEnum):
    """How somebody stands on an agreement."""

    AUTHOR = "author"
    PARTNER = "partner"
    READER = "reader"

    @property
    def label(self) -> str:
        """French label."""
        return {"author": "qui la rédige", "partner": "partenaire", "reader": "lecture"}[self.value]


class Need(StrEnum):
    """What must be known before a move."""

    PARTIES = "parties"
    SIDES = "sides"
    OWN = "own"
    SIGNATORIES = "signatories"
    ARTICLES = "articles"
    PERIOD = "period"
    SIGNATURES = "signatures"
    FRAME = "frame"
    TERM_PASSED = "term_passed"
    ENDED_ON = "ended_on"
    REASON = "reason"

    @property
    def label(self) -> str:
        """French label."""
        return {
            "parties": "au moins deux parties, connues par leur SIRET",
            "sides": "une partie du côté du réseau ou de la structure, et une du service public de l’emploi",
            "own": "la structure elle-même parmi les parties, de son côté\u00a0: c’est elle que la convention locale engage (son SIRET, ou « C’est ma structure » si sa fiche n’en a pas)",
            "signatories": "deux signataires par organisme public, un pour les autres",
            "articles": "au moins un article, et un texte à chacun",
            "period": "le début et la fin",
            "signatures": "la date de chaque signature",
            "frame": "une convention-cadre en vigueur ce jour-là (convention locale)",
            "term_passed": "un terme passé",
            "ended_on": "le jour où elle cesse",
            "reason": "un motif",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Move:
    """One move between two states; ``recorded_by`` are the sides that may write it down."""

    code: str
    label: str
    sources: tuple[AgreementState, ...]
    target: AgreementState
    recorded_by: tuple[Side, ...]
    needs: tuple[Need, ...] = ()


_S = AgreementState
_AUTHOR = (Side.AUTHOR,)
OPEN = (_S.DRAFT, _S.PROPOSED)
SIGNED_STATES = (_S.SIGNED, _S.ENDED, _S.TERMINATED)
OVER = (_S.ENDED, _S.TERMINATED)

MOVES: tuple[Move, ...] = (
    Move(
        "propose",
        "Proposer à la signature",
        (_S.DRAFT,),
        _S.PROPOSED,
        _AUTHOR,
        (Need.PARTIES, Need.SIDES, Need.OWN, Need.SIGNATORIES, Need.ARTICLES, Need.PERIOD),
    ),
    Move(
        "take_back",
        "Reprendre la rédaction",
        (_S.PROPOSED,),
        _S.DRAFT,
        (Side.AUTHOR, Side.PARTNER),
        (Need.REASON,),
    ),
    Move("sign", "Convention signée", (_S.PROPOSED,), _S.SIGNED, _AUTHOR, (Need.OWN, Need.SIGNATURES, Need.FRAME)),
    Move("end", "Terme atteint", (_S.SIGNED,), _S.ENDED, _AUTHOR, (Need.TERM_PASSED,)),
    Move(
        "terminate",
        "Dénoncer avant le terme",
        (_S.SIGNED,),
        _S.TERMINATED,
        _AUTHOR,
        (Need.ENDED_ON, Need.REASON),
    ),
    Move("abandon", "Abandonner", OPEN, _S.ABANDONED, _AUTHOR, (Need.REASON,)),
    Move("resume", "Reprendre", (_S.ABANDONED,), _S.DRAFT, _AUTHOR, (Need.REASON,)),
)


class MoveRefused(Exception):
    """The move does not start from this state, or is not this side's to record. ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def move(code: str) -> Move:
    """Return a move by its code. Raises MoveRefused when there is none."""
    for candidate in MOVES:
        if candidate.code == code:
            return candidate
    raise MoveRefused("move_unknown", f"« {code} » n’est pas un changement d’état.")


def moves_from(state: str, side: Side) -> tuple[Move, ...]:
    """Return the moves that start from ``state`` and that ``side`` may record, in the order of the table."""
    return tuple(each for each in MOVES if state in each.sources and side in each.recorded_by)


def check(asked: Move, state: str, side: Side) -> None:
    """Raise MoveRefused when the move does not start from ``state`` or is not the side's to record."""
    if side not in asked.recorded_by:
        raise MoveRefused("side", f"« {asked.label} »\u00a0: ce changement d’état n’est pas le vôtre.")
    if state not in asked.sources:
        label = AgreementState(state).label
        raise MoveRefused("source", f"« {asked.label} » n’est pas possible quand la convention est « {label} ».")
