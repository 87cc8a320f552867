"""The clock forgets addresses that serve no more."""

from datetime import datetime

from dentelle.foundations.invitations.purge import forget_ended
from dentelle.foundations.jobs.clock import every


@every("daily 04:00")
def forget_ended_invitations(at: datetime) -> str:
    invitations, links = forget_ended(at)
    return f"{invitations} invitations et {links} liens anciens effacés"
