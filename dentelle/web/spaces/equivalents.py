"""Hours in the words of those who think in weeks and jobs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from dentelle.rules.dated import parameter
from dentelle.rules.indicators import full_time_equivalents
from dentelle.rules.wording import decimal_of
from dentelle.web.formatting import number


@dataclass(frozen=True, slots=True)
class Equivalents:
    """The same volume three ways: minutes, weeks of full-time work for one person, full-time jobs over a year."""

    minutes: int
    weeks: Decimal
    jobs: Decimal
    year_hours: int

    @property
    def short(self) -> str:
        """« 24 semaines, 0,5 emploi »: where room is short."""
        weeks = f"{number(self.weeks)} {'semaine' if self.weeks < Decimal('1.5') else 'semaines'}"
        return f"{weeks}, {number(self.jobs, 1)} {'emploi' if self.jobs < 2 else 'emplois'}"

    @property
    def sentence(self) -> str:
        """« 24 semaines de travail à temps plein, ou 0,5 emploi pendant un an (1 600 h) »."""
        weeks = f"{number(self.weeks)} {'semaine' if self.weeks < Decimal('1.5') else 'semaines'}"
        jobs = f"{number(self.jobs, 1)} {'emploi' if self.jobs < 2 else 'emplois'}"
        return f"{weeks} de travail à temps plein, ou {jobs} pendant un an ({number(self.year_hours)} h)"


def equivalents(minutes: int, *, on: date) -> Equivalents:
    """Return weeks and jobs at the parameters in force ``on``: 35 h a week, 1 600 h a year at the last publication."""
    hours = Fraction(minutes, 60)
    weekly = parameter("clause.weekly_hours").at(on).number
    year = parameter("clause.fte_hours").at(on).number
    weeks = decimal_of(hours / Fraction(weekly), 1)
    return Equivalents(minutes, weeks, full_time_equivalents(decimal_of(hours, 2), on), int(year))
