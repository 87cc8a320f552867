"""When an award has to be published: two dated parameters, and months counted on a calendar."""

import calendar
from datetime import date, timedelta
from decimal import Decimal

from dentelle.rules.dated import ParameterUnknownAt, parameter

MONTHS, MINIMUM = "obligation.publication_months", "obligation.publication_minimum_amount"


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, the last of the month when there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due_on(notified_on: date | None) -> date | None:
    """Return the last day to publish an award; None when it is not notified, or before the rule known here."""
    if notified_on is None:
        return None
    try:
        return add_months(notified_on, int(Decimal(parameter(MONTHS).at(notified_on).number)))
    except ParameterUnknownAt:
        return None


def late_before(today: date) -> date:
    """Return the day such that an award notified before it is late ``today``, and one notified from it is not."""
    months = int(Decimal(parameter(MONTHS).at(today).number))
    first = add_months(today, -months)
    while add_months(first, months) < today:  # the ends of months are not of the same length
        first += timedelta(days=1)
    return first


def known_from() -> date:
    """Return the first day the rule is known for."""
    return min(value.in_force_from for value in parameter(MONTHS).known_values())


def minimum_cents(today: date) -> int:
    """Return the amount, in cents before tax, from which an award is published."""
    return int(Decimal(parameter(MINIMUM).at(today).number) * 100)
