"""The house's own duties."""

from datetime import datetime

from dentelle.foundations.jobs.clock import every
from dentelle.foundations.sent_forms.actions import forget_old


@every("daily 03:30")
def forget_sent_forms(at: datetime) -> str:
    return f"{forget_old(at)} formulaires envoyés oubliés"
