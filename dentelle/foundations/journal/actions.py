from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import Model

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Network, Structure

_means: ContextVar[Mapping[str, Any]] = ContextVar("journal_means", default=MappingProxyType({}))


@contextmanager
def by_means_of(**means: Any) -> Iterator[None]:
    """Within it, every entry also says by what means it was done (``api_token=12``): acts need not know how they were asked."""
    former = _means.set(means)
    try:
        yield
    finally:
        _means.reset(former)


def record(
    act: str, subject: Model, *, at: datetime, actor: User | None, structure: Structure | None, **facts: Any
) -> Entry:
    """Write one entry about ``subject``, inside the caller's transaction.

    ``facts`` are keys, codes and figures (text of people's own words has no place here). ``actor`` is None for the clock.
    ``structure`` is None for who acts for no structure: the entry is then of the network the subject belongs to, if any.
    """
    entry = _entry(act, subject, facts, at=at, actor=actor, structure=structure)
    entry.save(force_insert=True)
    return entry


def record_each(
    act: str,
    subject: Model,
    told: Iterable[Mapping[str, Any]],
    *,
    at: datetime,
    actor: User | None,
    structure: Structure | None,
) -> None:
    """Write one entry for each mapping of facts of ``told``, as ``record`` does, in one statement."""
    Entry.objects.bulk_create([_entry(act, subject, facts, at=at, actor=actor, structure=structure) for facts in told])


def _entry(
    act: str,
    subject: Model,
    facts: Mapping[str, Any],
    *,
    at: datetime,
    actor: User | None,
    structure: Structure | None,
) -> Entry:
    return Entry(
        at=at,
        actor=actor,
        structure=structure,
        network_id=_network_of(subject) if structure is None else None,
        act=act,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        facts={**facts, **_means.get()},
    )


def _network_of(subject: Model) -> int | None:
    found: int | None = subject.pk if isinstance(subject, Network) else getattr(subject, "network_id", None)
    return found
