"""The clock writes the e-mails of the morning, and forgets the days long gone."""

from datetime import datetime

from dentelle.foundations.digests import actions
from dentelle.foundations.jobs.clock import every


@every(minutes=10)
def write_digests(at: datetime) -> str:
    return f"{actions.send_due(at)} récapitulatifs écrits"


@every("daily 03:50")
def forget_old_digests(at: datetime) -> str:
    return f"{actions.forget_old(at)} traces de récapitulatifs effacées"
