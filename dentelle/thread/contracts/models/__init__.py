"""Tables of the room, one file per family. Import them from here."""

from dentelle.thread.contracts.models.chain import Holder, HolderRole, Lot, Subcontract
from dentelle.thread.contracts.models.contract import (
    KINDS,
    Association,
    Contract,
    ContractQuerySet,
    Operation,
    Programme,
)
from dentelle.thread.contracts.models.events import (
    ASKED,
    Amendment,
    Exchange,
    ExchangeKind,
    ExchangeNotice,
    FrameworkOrder,
    Sharing,
)
from dentelle.thread.contracts.models.insertion_plan import InsertionPlan, PlannedAction, PlannedMonth
from dentelle.thread.contracts.models.obligation import CLAUSE_TYPES, HoursBase, Obligation, PenaltyForm, Tranche
from dentelle.thread.contracts.models.offers import AnalysisCriterion, Offer, OfferScore
from dentelle.thread.contracts.models.penalty import PenaltyDecision, PenaltyOutcome
from dentelle.thread.contracts.models.pooling import PooledContract, PoolingAgreement, PoolingKey

__all__ = [
    "ASKED",
    "CLAUSE_TYPES",
    "KINDS",
    "Amendment",
    "AnalysisCriterion",
    "Association",
    "Contract",
    "ContractQuerySet",
    "Exchange",
    "ExchangeKind",
    "ExchangeNotice",
    "FrameworkOrder",
    "Holder",
    "HolderRole",
    "HoursBase",
    "InsertionPlan",
    "Lot",
    "Obligation",
    "Offer",
    "OfferScore",
    "Operation",
    "PenaltyDecision",
    "PenaltyForm",
    "PenaltyOutcome",
    "PlannedAction",
    "PlannedMonth",
    "PooledContract",
    "PoolingAgreement",
    "PoolingKey",
    "Programme",
    "Sharing",
    "Subcontract",
    "Tranche",
]
