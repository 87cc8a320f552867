"""Agreements, what they promise, what is read of it, and who does what where."""

from dentelle.network.agreements.models.agreement import (
    Agreement,
    AgreementAmendment,
    AgreementLevel,
    AgreementQuerySet,
    AgreementTheme,
    Article,
    Party,
    PartySide,
    Signatory,
)
from dentelle.network.agreements.models.commitment import (
    TAKEN_OUT,
    ActionSide,
    Commitment,
    CommitmentAction,
    CommitteeKind,
    CommitteeMeeting,
    Outcome,
    OutcomeStatement,
)
from dentelle.network.agreements.models.indicator import Indicator, Reading, ReadingAnswer, TargetSpan, Unit
from dentelle.network.agreements.models.service import Public, Service, ServiceLine

__all__ = [
    "TAKEN_OUT",
    "ActionSide",
    "Agreement",
    "AgreementAmendment",
    "AgreementLevel",
    "AgreementQuerySet",
    "AgreementTheme",
    "Article",
    "Commitment",
    "CommitmentAction",
    "CommitteeKind",
    "CommitteeMeeting",
    "Indicator",
    "Outcome",
    "OutcomeStatement",
    "Party",
    "PartySide",
    "Public",
    "Reading",
    "ReadingAnswer",
    "Service",
    "ServiceLine",
    "Signatory",
    "TargetSpan",
    "Unit",
]
