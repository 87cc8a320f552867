"""Why an act on a white paper is refused, in words for the person who tried."""

from dentelle.network.advocacy.models import Call, Chapter, Figure, Idea, Proposal, WhitePaper
from dentelle.network.governance.refusals import GovernanceRefused

Rewritten = WhitePaper | Call | Idea | Chapter | Proposal | Figure

_CHANGED = {
    WhitePaper: "Ce livre blanc a été modifié",
    Call: "Cet appel a été modifié",
    Idea: "Cette idée a été modifiée",
    Chapter: "Ce chapitre a été modifié",
    Proposal: "Cette proposition a été modifiée",
    Figure: "Ce chiffre a été modifié",
}


class AdvocacyRefused(GovernanceRefused):
    """A refusal of this room, told as those of governance are: French, with a stable ``code`` and the ``field`` it speaks of."""


class EditedMeanwhile(Exception):
    """Somebody saved a text after this person opened it; nothing was written. ``current``: what is kept now.

    Not a refusal of what was typed: it leaves the form for a page that shows both texts.
    """

    def __init__(self, current: Rewritten) -> None:
        super().__init__(
            f"{_CHANGED[type(current)]} pendant que vous écriviez\u00a0: rien n’a été écrasé. "
            "Relisez, puis enregistrez de nouveau."
        )
        self.current = current
