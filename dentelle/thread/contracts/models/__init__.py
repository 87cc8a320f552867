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
from dentelle.thread.contracts.models.events import Amendment, Exchange, ExchangeKind, FrameworkOrder
from dentelle.thread.contracts.models.insertion_plan import InsertionPlan, PlannedAction, PlannedMonth
from dentelle.thread.contracts.models.obligation import CLAUSE_TYPES, HoursBase, Obligation, PenaltyForm, Tranche
from dentelle.thread.contracts.models.offers import AnalysisCriterion, Offer, OfferScore
from dentelle.thread.contracts.models.pooling import PooledContract, PoolingAgreement, PoolingKey

__all__ = [
    "CLAUSE_TYPES",
    "KINDS",
    "Amendment",
    "AnalysisCriterion",
    "Association",
    "Contract",
    "ContractQuerySet",
    "Exchange",
    "ExchangeKind",
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
    "PenaltyForm",
    "PlannedAction",
    "PlannedMonth",
    "PooledContract",
    "PoolingAgreement",
    "PoolingKey",
    "Programme",
    "Subcontract",
    "Tranche",
]
