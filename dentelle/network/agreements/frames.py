"""When a framework agreement is in force, and what is said of the days when none is. Pure: dates in, sentences out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dentelle.rules.wording import day as in_full

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """The days something may be signed under a framework agreement, both included.

    ``first`` is its start, or its last signature when that came later (``late``): nothing rests on what nobody had signed.
    """

    pk: int
    title: str
    first: date
    last: date
    late: bool = False

    def covers(self, day: date) -> bool:
        """Say whether it is in force on a day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without any frame: from ``first`` to ``last``, None when nothing bounds it; the frames on each side."""

    first: date | None
    last: date | None
    before: Frame | None
    after: Frame | None

    @property
    def sentence(self) -> str:
        """« Aucune convention-cadre du 1er janvier 2014 au 15 juillet 2020. »"""
        if self.before is None and self.after is None:
            return "Aucune convention-cadre n’a encore été signée."
        if self.first is None:
            return f"Aucune convention-cadre avant le {in_full(_start(self.after))}."
        if self.last is None:
            return f"Aucune convention-cadre depuis le {in_full(self.first)}."
        return f"Aucune convention-cadre du {in_full(self.first)} au {in_full(self.last)}."

    @property
    def why(self) -> str:
        """What bounds it, with the dates."""
        said = []
        if self.before is not None:
            said.append(f"« {self.before.title} » a pris fin le {in_full(self.before.last)}")
        if self.after is not None:
            begins = "n’est signée que le" if self.after.late else "commence le"
            said.append(f"« {self.after.title} » {begins} {in_full(self.after.first)}")
        return (" ; ".join(said) + ".") if said else ""


def _start(frame: Frame | None) -> date:
    return frame.first if frame else date.min


def frame_on(frames: Iterable[Frame], day: date) -> Frame | None:
    """Return the frame in force on a day, the one that lasts longest when several are."""
    return max((each for each in frames if each.covers(day)), key=lambda each: (each.last, each.pk), default=None)


def gap_on(frames: Iterable[Frame], day: date) -> Gap | None:
    """Return the gap a day falls in, None when a frame covers it."""
    known = list(frames)
    if frame_on(known, day) is not None:
        return None
    before = max((each for each in known if each.last < day), key=lambda each: each.last, default=None)
    after = min((each for each in known if each.first > day), key=lambda each: each.first, default=None)
    return Gap(
        before.last + ONE_DAY if before else None,
        after.first - ONE_DAY if after else None,
        before,
        after,
    )


def gaps_between(frames: Iterable[Frame]) -> tuple[Gap, ...]:
    """Return the gaps between the first and the last frame, in order."""
    found: list[Gap] = []
    reached: Frame | None = None
    for each in sorted(frames, key=lambda frame: (frame.first, frame.last)):
        if reached is not None and each.first > reached.last + ONE_DAY:
            found.append(Gap(reached.last + ONE_DAY, each.first - ONE_DAY, reached, each))
        if reached is None or each.last > reached.last:
            reached = each
    return tuple(found)


def why_not_signed(frames: Iterable[Frame], day: date) -> str:
    """Return why a local agreement cannot be signed on a day, in French; empty when a frame covers it."""
    gap = gap_on(frames, day)
    if gap is None:
        return ""
    said = [
        f"Aucune convention-cadre n’est en vigueur le {in_full(day)}\u00a0: une convention locale ne peut être signée."
    ]
    if gap.before is None and gap.after is None:
        said.append("Le réseau n’en a encore signé aucune.")
    elif gap.why:
        said.append(gap.why)
    return " ".join(said)
