"""The clock reminds before the end, closes after it, erases a week later what was never sent, the addresses a year later."""

from datetime import datetime

from django.conf import settings

from dentelle.foundations.jobs.clock import every
from dentelle.network.surveys.closing import erase_unsent
from dentelle.network.surveys.ending import close_ended, forget_addresses
from dentelle.network.surveys.inviting import remind_due


@every("daily 08:10")
def remind_of_surveys(at: datetime) -> str:
    return f"{remind_due(site=settings.DENTELLE_SITE, at=at)} relances d’enquête écrites"


@every("daily 00:20")
def close_surveys(at: datetime) -> str:
    return f"{close_ended(at)} enquêtes closes"


@every("daily 00:40")
def erase_unsent_answers(at: datetime) -> str:
    return f"{erase_unsent(at)} réponses jamais envoyées effacées"


@every("daily 04:10")
def forget_addresses_of_surveys(at: datetime) -> str:
    return f"{forget_addresses(at)} adresses d’enquête effacées"
