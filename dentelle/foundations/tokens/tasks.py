from datetime import datetime

from dentelle.foundations.jobs.clock import every
from dentelle.foundations.tokens.actions import forget_old_requests
from dentelle.rules.wording import plural


@every("daily 03:50")
def forget_sent_requests(at: datetime) -> str:
    """What programs were answered days ago serves no repetition any more."""
    return plural(forget_old_requests(at), "demande de programme oubliée", "demandes de programme oubliées")
