"""Two people on one part: what each wrote since they opened it goes together, and what both wrote is told before it is replaced.

``foundations.conflicts`` does it for forms saved whole, comparing texts as a browser sends them. Here answers are compared as
they are kept: a figure is shown otherwise than it is typed (« 3,5 » for 350 hundredths), a part is saved while it is typed, what
cannot be read of it is left out, and a first value may be a suggestion that nobody has answered yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dentelle.rules.surveys import is_answered

Values = Mapping[str, Any]  # code of a question → its answer, as it is kept


@dataclass(frozen=True, slots=True)
class Opened:
    """What a page knows of what is kept: each question it asks, as it was then.

    ``seen``: what somebody else wrote over and this person was shown. ``sent``: what this page sent as one typed and had no
    answer to, kept or not. ``suggested``: what it proposed in empty boxes.
    """

    values: Values
    seen: Values = field(default_factory=dict)
    sent: Sequence[Values] = ()
    suggested: Values = field(default_factory=dict)

    def after(self, done: "Together") -> "Opened":
        """Return what the page knows once it was answered: a box it left alone may still show what somebody has changed since."""
        return replace(self, values={**self.values, **done.settled}, sent=())

    def shown_again(self, done: "Together") -> "Opened":
        """Return what the page knows when it is drawn again, with what others wrote."""
        return Opened({**self.values, **done.settled, **done.others}, done.disputed)


@dataclass(frozen=True, slots=True)
class Together:
    """``taken``: what is to be kept of what was typed; ``settled``: where what was typed is what is kept; ``others``: what
    somebody wrote where this person left things alone; ``disputed``: what somebody wrote where this person wrote otherwise."""

    taken: Values
    settled: Values
    others: Values
    disputed: Values


def bring_together(typed: Values, kept: Values, opened: Opened | None, *, knowing: bool) -> Together:
    """Put what was typed over what is kept, question by question; ``opened`` None: no page said what it opened, all is taken.

    ``knowing``: somebody pressed a button, and replaces what they were shown of others; saving as one types never does.
    """
    if opened is None:
        return Together(typed, typed, {}, {})
    taken, settled, others, disputed = {}, {}, {}, {}
    for code, value in typed.items():
        if code not in opened.values:  # asked since, by an answer given elsewhere: this page did not show it
            continue
        now = kept.get(code)
        base = opened.seen[code] if knowing and code in opened.seen else opened.values[code]
        if any(code in one and same(one[code], now) for one in opened.sent):
            base = now
        if same(value, now):
            settled[code] = now
        elif same(base, now):
            taken[code] = settled[code] = value
        elif same(value, base) or (code in opened.suggested and same(value, opened.suggested[code])):
            others[code] = now
        else:
            disputed[code] = now
    return Together(taken, settled, others, disputed)


def same(one: Any, other: Any) -> bool:
    """Whether two answers say the same: nothing is nothing, however it is written, and choices have no order."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if not is_answered(value):
        return None
    if isinstance(value, list):
        return sorted(map(str, value))
    # a browser ends lines with \r\n when it sends a form, with \n when a script does
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
