"""When the next consultation is launched, and from when it must be prepared: one rule for the list and the calibration.

A consultation cannot be launched in the past: one whose expected launch has gone by is judged today, the earliest day left.
But the data do not show consultations: it may have been launched on time. Where that changes the answer (expected before
the social condition was in force, judged after), nothing is affirmed until somebody says that it is still to be launched.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from dentelle.rules.dated import parameter
from dentelle.rules.wording import day


def judged_launch(expected: date | None, today: date) -> date:
    """Return the day a consultation is judged at: the one expected, never before today; today when none is expected."""
    return today if expected is None else max(expected, today)


@dataclass(frozen=True, slots=True)
class ExpectedLaunch:
    """When the data expect a consultation nobody has told us of; ``on`` is None when they do not say.

    ``planned``: it is the buyer's own plan that says so, not the end of the contract before.
    """

    on: date | None
    planned: bool = False

    def may_be_past(self, launched_on: date, in_force_on: date) -> bool:
        """Say whether the consultation may have been launched before the condition was in force, though judged after."""
        return launched_on >= in_force_on and (self.on is None or self.on < in_force_on)

    def doubt(self, in_force_on: date) -> str:
        """Return the doubt in words."""
        if self.on is None and self.planned:
            return "La programmation ne dit pas quand la consultation part : elle est peut-être déjà lancée. Vérifiez avec l'acheteur."
        if self.on is None:
            return "Les données ne disent pas quand ce contrat finit : la consultation est peut-être déjà lancée. Vérifiez avec l'acheteur."
        source = "la programmation" if self.planned else "la fin du contrat précédent"
        return (
            f"D'après {source}, la consultation devait partir vers le {day(self.on)}, avant le "
            f"{day(in_force_on)} : si elle est déjà lancée, l'obligation ne s'y applique pas. Vérifiez avec l'acheteur."
        )


def consultation_months() -> int:
    """Return the months from the launch of a consultation to the end of the contract it replaces: to confirm."""
    return parameter("renewals.consultation_months").latest().whole


def preparation_months() -> int:
    """Return the months of preparation before that launch."""
    return parameter("renewals.preparation_months").latest().whole


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last of its month when it has none.

    >>> months_before(date(2027, 3, 31), 1)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
