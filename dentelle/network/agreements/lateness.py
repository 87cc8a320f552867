"""Which readings of an agreement are owed today."""

from datetime import date, timedelta

from dentelle.network.agreements.models import Agreement, Indicator
from dentelle.network.agreements.periods import Period, last_complete, period_of, periods_between
from dentelle.network.agreements.states import AgreementState

ONE_DAY = timedelta(days=1)


def missing_periods(agreement: Agreement, indicator: Indicator, today: date) -> tuple[Period, ...]:
    """Return every period that is over and has no final reading, the oldest first; prefetch ``readings``.

    None unless the agreement is signed. A reading made before the end of its period does not clear it. An indicator owes from
    the period that was last over when it was added, or from its first reading when that is older.
    """
    if agreement.state != AgreementState.SIGNED or agreement.starts_on is None:
        return ()
    on = min(today, agreement.last_day + ONE_DAY) if agreement.last_day else today
    latest = last_complete(indicator.frequency, since=agreement.starts_on, on=on)
    if latest is None:
        return ()
    readings = list(indicator.readings.all())
    added_on = min(indicator.added_on or on, on)
    owed_from = last_complete(indicator.frequency, since=agreement.starts_on, on=added_on)
    start = owed_from or period_of(indicator.frequency, agreement.starts_on)
    first = min([start.first, *(reading.starts_on for reading in readings)])
    given = {reading.ends_on for reading in readings if not reading.is_partial}
    asked = periods_between(indicator.frequency, first, latest.last)
    return tuple(period for period in asked if period.last not in given)
