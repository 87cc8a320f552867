"""What published purchases data say of a buyer's social considerations, year by year; lines behind each figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dentelle.foundations.directory.models import Seat
from dentelle.opendata.marts.serving_store import StoreMissing
from dentelle.rules.dated import ParameterUnknownAt, ParameterValue, parameter
from dentelle.thread.territory.queries import store as serving_store

# code in addresses → the word of the data, and what it says
ANSWERS = {
    "considered": "avec une clause ou un critère social",
    "none": "sans considération sociale",
    "not_stated": "sans réponse à la question",
}
PAGE_SIZE = 50
_HERE = "buyer_no IN (SELECT buyer_no FROM buyers WHERE buyer_siren = ?) AND effective_on BETWEEN ? AND ?"
# nothing published leaves the column empty: it is « not stated », never « none »
_ANSWER = "coalesce(CAST(social_status AS VARCHAR), 'not_stated')"


@dataclass(frozen=True, slots=True)
class Published:
    """Contracts of the year by what they answer; ``share`` is taken over those that answer, None when none does."""

    considered: int
    none: int
    not_stated: int
    as_of: str
    target: ParameterValue | None

    @property
    def all(self) -> int:
        return self.considered + self.none + self.not_stated

    @property
    def share(self) -> Decimal | None:
        stated = self.considered + self.none
        return Decimal(self.considered) / stated if stated else None

    @property
    def silent(self) -> float | None:
        return self.not_stated / self.all if self.all else None

    @property
    def lines(self) -> Iterator[tuple[str, str, int]]:
        for code, label in ANSWERS.items():
            yield code, label, getattr(self, code)


@dataclass(frozen=True, slots=True)
class PublishedLine:
    title: str
    holder: str
    effective_on: date | None
    amount_cents: int | None


def published_in(seat: Seat, year: int) -> Published | None:
    """Return what the data loaded say of the buyer's contracts of a year; None when nothing is loaded."""
    sql = f"SELECT {_ANSWER}, count(*) FROM purchases WHERE {_HERE} GROUP BY 1"  # noqa: S608 (constants)
    store = serving_store()
    try:
        counts = dict(store.rows(sql, _of(seat, year)))
    except StoreMissing:
        return None
    return Published(
        considered=int(counts.get("considered", 0)),
        none=int(counts.get("none", 0)),
        not_stated=int(counts.get("not_stated", 0)),
        as_of=store.meta().get("as_of", ""),
        target=_target(year),
    )


def published_lines(seat: Seat, year: int, answer: str, *, after: str = "") -> tuple[list[PublishedLine], str]:
    """Return a page of the contracts that gave an answer, latest first, and what opens the next page (empty at the end)."""
    where, parameters = f"{_HERE} AND {_ANSWER} = ?", [*_of(seat, year), answer]
    on, _, key = after.partition("_")
    if _is_day(on) and key:
        where += " AND (effective_on, contract_key) < (CAST(? AS DATE), ?)"
        parameters += [on, key]
    sql = (
        "SELECT object, holder_name, effective_on, CASE WHEN amount_flag = 'ok' THEN amount_cents END, contract_key "  # noqa: S608 (constants)
        f"FROM purchases WHERE {where} ORDER BY effective_on DESC, contract_key DESC LIMIT {PAGE_SIZE + 1}"
    )
    try:
        rows = serving_store().rows(sql, parameters)
    except StoreMissing:
        return [], ""
    shown = rows[:PAGE_SIZE]
    lines = [
        PublishedLine(title or "objet non renseigné", holder or "nom inconnu", effective_on, cents)
        for title, holder, effective_on, cents, _ in shown
    ]
    return lines, f"{shown[-1][2]:%Y-%m-%d}_{shown[-1][4]}" if len(rows) > PAGE_SIZE else ""


def _of(seat: Seat, year: int) -> list[Any]:
    return [seat.organisation.siren, date(year, 1, 1), date(year, 12, 31)]


def _target(year: int) -> ParameterValue | None:
    """The share the State's plan sets for a year; after its end the last one, marked so; None before its beginning."""
    try:
        return parameter("obligation.pnad_social_share").projected_at(date(year, 1, 1))
    except ParameterUnknownAt:
        return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
