"""Which reading of an agreement is late today."""

from datetime import date

from dentelle.network.agreements.models import Agreement, Indicator
from dentelle.network.agreements.periods import Period, last_complete
from dentelle.network.agreements.states import AgreementState


def late_period(agreement: Agreement, indicator: Indicator, today: date) -> Period | None:
    """Return the latest period that is over and has no reading; prefetch ``readings``. None unless the agreement is signed."""
    if agreement.state != AgreementState.SIGNED or agreement.starts_on is None:
        return None
    on = min(today, agreement.last_day) if agreement.last_day else today
    period = last_complete(indicator.frequency, since=agreement.starts_on, on=on)
    if period is None or any(reading.ends_on >= period.last for reading in indicator.readings.all()):
        return None
    return period
