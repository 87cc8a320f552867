from dentelle.network.advocacy.models.contribution import (
    Consent,
    Contribution,
    ContributionNews,
    ContributionSource,
    ContributionState,
    Discussion,
    Idea,
    IdeaState,
    OutcomeKind,
)
from dentelle.network.advocacy.models.edition import Carried, Edition, FollowUp, FollowUpState
from dentelle.network.advocacy.models.paper import Call, Chapter, PaperState, WhitePaper
from dentelle.network.advocacy.models.proposal import Citation, CitationKind, Figure, Level, Proposal

__all__ = [
    "Call",
    "Carried",
    "Chapter",
    "Citation",
    "CitationKind",
    "Consent",
    "Contribution",
    "ContributionNews",
    "ContributionSource",
    "ContributionState",
    "Discussion",
    "Edition",
    "Figure",
    "FollowUp",
    "FollowUpState",
    "Idea",
    "IdeaState",
    "Level",
    "OutcomeKind",
    "PaperState",
    "Proposal",
    "WhitePaper",
]
