"""The kinds of background work, declared by each room in its ``tasks.py``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict


class Figure(TypedDict):
    label: str
    value: str | int


class Refusal(TypedDict):
    item: str  # what: « ligne 14, colonne Durée »
    reason: str  # why, and what to do


class JobReport(TypedDict, total=False):
    """What a job gives back; every key is optional, texts are French sentences shown as they are."""

    message: str
    figures: list[Figure]
    refused: list[Refusal]  # at most a few dozen; the rest belongs in an attached file
    refused_total: int
    next_url: str  # where to go now
    next_label: NotRequired[str]


class JobRefused(Exception):
    """The work cannot be done, for a reason the person can read and act on: the message is shown, in French."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """``steps`` are the names ``context.progress(step=…)`` will use, in order, so that the page shows what remains.

    ``asked_by`` are the roles that may ask this work, first or again; none named: whoever asked it may ask it again.
    """

    code: str
    label: str
    steps: tuple[str, ...]
    run: Callable[..., Any]
    asked_by: tuple[str, ...] = ()


_KINDS: dict[str, JobKind] = {}


def job(
    code: str, *, label: str, steps: Sequence[str] = (), asked_by: Sequence[str] = ()
) -> Callable[[Callable[..., JobReport | dict[str, Any] | None]], Callable[..., Any]]:
    """Declare ``def run(context: JobContext, **arguments) -> JobReport`` as the work of kind ``code``.

    The function may be run again after a crash: it must leave things right when repeated. It runs outside any transaction,
    so that what it reports is seen while it works. Raise ``JobRefused`` for a reason the person can act on.
    """

    def declare(run: Callable[..., Any]) -> Callable[..., Any]:
        existing = _KINDS.get(code)
        if existing and (existing.run.__module__, existing.run.__qualname__) != (run.__module__, run.__qualname__):
            raise ValueError(f"two jobs are called {code!r}")
        _KINDS[code] = JobKind(code, label, tuple(steps), run, tuple(asked_by))
        return run

    return declare


def kind(code: str) -> JobKind:
    """Return the kind called ``code``; raises KeyError, naming the known ones, when there is none."""
    try:
        return _KINDS[code]
    except KeyError:
        raise KeyError(f"no job is called {code!r}; known: {', '.join(sorted(_KINDS)) or 'none'}") from None


def label_of(code: str) -> str:
    """The French name of a kind, or its code when the programme no longer knows it."""
    return _KINDS[code].label if code in _KINDS else code


def closed_to(role: str) -> frozenset[str]:
    """The kinds of work a role may not ask for."""
    return frozenset(code for code, known in _KINDS.items() if known.asked_by and role not in known.asked_by)


def steps_of(code: str) -> tuple[str, ...]:
    return _KINDS[code].steps if code in _KINDS else ()


def moment_of(step: str) -> str:
    """Where a job was when it stopped, to end a sentence: a job that had named no step yet had only begun."""
    return f"à l’étape « {step} »" if step else "avant sa première étape"
