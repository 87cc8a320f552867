"""White papers: when a call that closes is worth a reminder, when a published paper nobody follows any more is."""

from __future__ import annotations

from datetime import date, timedelta

from dentelle.rules.dated import parameter


def reminder_from(closes_on: date) -> date:
    """Return the first day a member that has not answered a call is reminded of it."""
    return closes_on - timedelta(days=parameter("advocacy.reminder_days").latest().whole)


def follow_up_due(last: date) -> date:
    """Return the day a published white paper goes without follow-up, from the last thing noted of it.

    >>> follow_up_due(date(2026, 1, 31))
    datetime.date(2026, 4, 30)
    """
    months = parameter("advocacy.follow_up_months").latest().whole
    years, month = divmod(last.month - 1 + months, 12)
    year, month = last.year + years, month + 1
    days = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(last.day, days))
