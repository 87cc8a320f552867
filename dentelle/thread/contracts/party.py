"""Somebody outside the structure, as one contract sees them: for which organisation, on which side, with what key."""

from dataclasses import dataclass
from enum import StrEnum

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.invitations.models import MagicLink
from dentelle.thread.contracts.models import Sharing


class Side(StrEnum):
    """Where an organisation stands on a contract."""

    BUYER = "buyer"
    HOLDER = "holder"
    SUBCONTRACTOR = "subcontractor"

    @property
    def reads(self) -> tuple[str, ...]:
        """Which sharing of exchanges this side reads; a subcontractor reads what it asked itself, nothing more."""
        return {
            Side.BUYER: (Sharing.BUYER.value, Sharing.BOTH.value),
            Side.HOLDER: (Sharing.HOLDER.value, Sharing.BOTH.value),
            Side.SUBCONTRACTOR: (),
        }[self]

    @property
    def sharing(self) -> Sharing:
        """Who reads what this side asks, beside itself."""
        return {Side.BUYER: Sharing.BUYER, Side.HOLDER: Sharing.HOLDER, Side.SUBCONTRACTOR: Sharing.INNER}[self]


@dataclass(frozen=True, slots=True)
class Party:
    """Built by ``access`` only. ``user`` has an account; ``link`` was received by e-mail: one of the two is there."""

    organisation: Organisation
    side: Side
    user: User | None = None
    link: MagicLink | None = None

    @property
    def name(self) -> str:
        """Who acts, in words: a person, or the address a link was sent to."""
        if self.user is not None:
            return self.user.full_name
        return self.link.email if self.link is not None else str(self.organisation)

    @property
    def facts(self) -> dict[str, int]:
        """What the journal keeps of who acted: keys only."""
        facts = {"organisation": self.organisation.pk}
        return facts if self.link is None else {**facts, "link": self.link.first.pk}
