"""When a contract of the register and a published award are the same one. Pure: records in, a reasoned answer out.

The buyer's SIRET and number settle it alone, unless something contradicts them. Otherwise the facts are weighed, and a
person decides: a score is a reason to show a candidate, never to decide in its place.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz

from dentelle.opendata.text import fold

WINDOW_DAYS = 180  # an award is looked for this far from the notification
NEAR_DAYS = 31
FAR_DAYS = 400  # beyond, the same number is another contract until somebody says otherwise
SAME_AMOUNT, NEAR_AMOUNT = 0.01, 0.10
SIMILAR, VERY_SIMILAR = 0.60, 0.80
ENOUGH = 55
_NOT_NUMBER = re.compile(r"[^0-9A-Z]")


class Reason(StrEnum):
    """Why two records are taken for the same contract."""

    NUMBER = "number"
    NUMBER_DOUBTED = "number_doubted"
    NUMBER_OF_UNIT = "number_of_unit"
    FACTS = "facts"

    @property
    def label(self) -> str:
        """French label."""
        return {
            "number": "même SIRET d’acheteur et même numéro",
            "number_doubted": "même SIRET d’acheteur et même numéro, mais un fait contredit",
            "number_of_unit": "même entité juridique (SIREN) et même numéro",
            "facts": "même acheteur, faits concordants",
        }[self.value]

    @property
    def is_exact(self) -> bool:
        """Whether it settles the matter without a person."""
        return self is Reason.NUMBER


@dataclass(frozen=True, slots=True)
class Ours:
    """A contract of the register; ``holders`` are SIREN, empty when none is known."""

    pk: int
    buyer_siret: str
    buyer_siren: str
    number: str
    subject: str
    holders: frozenset[str]
    notified_on: date
    amount_cents: int | None


@dataclass(frozen=True, slots=True)
class Award:
    """A published award, or one of its lots."""

    contract_key: str
    generation: str
    buyer_id: str
    number: str
    lot_rank: int
    object: str
    holders: frozenset[str]
    holder_name: str
    notified_on: date | None
    published_on: date | None
    amount_cents: int | None
    social_status: str
    clause: bool
    criterion: bool
    reserved: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact on both sides; ``agrees`` None when a side does not say."""

    fact: str
    agrees: bool | None
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """An award taken for the contract: why, with what evidence. ``lots`` are the awards behind it, the first one shown."""

    award: Award
    lots: tuple[Award, ...]
    reason: Reason
    score: int
    evidence: tuple[Evidence, ...]


def normal_number(number: str) -> str:
    """Return a number without what people write differently: case, spaces, dashes, slashes."""
    return _NOT_NUMBER.sub("", number.upper())


def numbers_of(award: Award) -> set[str]:
    """Return the numbers an award may be known by: the format of 2019 ends them with the rank of the last modification."""
    whole = normal_number(award.number)
    return {whole, whole[:-2]} if award.generation == "2019" and whole[-2:].isdigit() and len(whole) > 4 else {whole}


def best_match(ours: Ours, awards: Sequence[Award], refused: Collection[str] = ()) -> Match | None:
    """Return the award that is this contract, None when none is close enough. ``refused`` were set aside by a person."""
    left = [each for each in awards if each.contract_key not in refused]
    return _by_number(ours, left) or _by_facts(ours, left)


def best_matches(
    contracts: Sequence[Ours],
    awards: Mapping[int, Sequence[Award]],
    refused: Mapping[int, Collection[str]],
    taken: Collection[str] = (),
) -> Mapping[int, Match]:
    """Return the match of each contract that has one. Numbers speak first: what they settle, and ``taken``, is not proposed to others."""
    left = {
        each.pk: [award for award in awards.get(each.pk, ()) if award.contract_key not in refused.get(each.pk, ())]
        for each in contracts
    }
    found = {each.pk: match for each in contracts if (match := _by_number(each, left[each.pk])) is not None}
    settled = {award.contract_key for match in found.values() if match.reason.is_exact for award in match.lots} | set(
        taken
    )
    for each in contracts:
        if each.pk not in found:
            free = [award for award in left[each.pk] if award.contract_key not in settled]
            match = _by_facts(each, free)
            if match is not None:
                found[each.pk] = match
    return found


def _by_number(ours: Ours, awards: Sequence[Award]) -> Match | None:
    number = normal_number(ours.number)
    if not number:
        return None
    same = [each for each in awards if number in numbers_of(each) and each.buyer_id[:9] == ours.buyer_siren]
    exact = [each for each in same if ours.buyer_siret and each.buyer_id == ours.buyer_siret]
    found = exact or same
    if not found:
        return None
    ordered = sorted(found, key=lambda each: (not each.holders & ours.holders, each.lot_rank, each.contract_key))
    first = ordered[0]
    evidence = _evidence(ours, first)
    if not exact:
        reason = Reason.NUMBER_OF_UNIT
    else:
        reason = Reason.NUMBER_DOUBTED if _contradicted(ours, first) else Reason.NUMBER
    mine = [each for each in ordered if each.holders & ours.holders] or ordered
    return Match(first, tuple(mine), reason, 100, (Evidence("number", True), *evidence))


def _contradicted(ours: Ours, award: Award) -> bool:
    other_company = bool(ours.holders and award.holders and not ours.holders & award.holders)
    days = _days(ours, award)
    return other_company or (days is not None and days > FAR_DAYS)


def _by_facts(ours: Ours, awards: Sequence[Award]) -> Match | None:
    best: Match | None = None
    for award in awards:
        days = _days(ours, award)
        if award.buyer_id[:9] != ours.buyer_siren or days is None or days > WINDOW_DAYS:
            continue
        evidence = (_of_number(ours, award), *_evidence(ours, award))
        score = sum(each.weight for each in evidence)
        strong = sum(each.weight >= _STRONG.get(each.fact, _NEVER) for each in evidence)
        if score < ENOUGH or strong < 2:
            continue
        if best is None or (score, best.award.contract_key) > (best.score, award.contract_key):
            best = Match(award, (award,), Reason.FACTS, score, evidence)
    return best


# what makes a fact weigh enough to count among the two a candidate needs
_STRONG = {"holder": 35, "object": 25, "date": 20, "amount": 20}
_NEVER = 1_000


def _of_number(ours: Ours, award: Award) -> Evidence:
    """Said beside the facts, never weighed with them: the same number would have spoken first."""
    known = normal_number(ours.number) and normal_number(award.number)
    return Evidence("number", False if known else None)


def _evidence(ours: Ours, award: Award) -> tuple[Evidence, ...]:
    return (_of_holder(ours, award), _of_object(ours, award), _of_date(ours, award), _of_amount(ours, award))


def _of_holder(ours: Ours, award: Award) -> Evidence:
    if not ours.holders or not award.holders:
        return Evidence("holder", None)
    agrees = bool(ours.holders & award.holders)
    return Evidence("holder", agrees, 35 if agrees else 0)


def _of_object(ours: Ours, award: Award) -> Evidence:
    mine, theirs = fold(ours.subject), fold(award.object)
    if not mine or not theirs:
        return Evidence("object", None)
    # words shared in any order; a short title inside a long one is like it, a little less
    likeness = max(fuzz.token_sort_ratio(mine, theirs), 0.9 * fuzz.token_set_ratio(mine, theirs)) / 100
    weight = 35 if likeness >= VERY_SIMILAR else 25 if likeness >= SIMILAR else 0
    return Evidence("object", likeness >= SIMILAR, weight)


def _days(ours: Ours, award: Award) -> int | None:
    return abs((award.notified_on - ours.notified_on).days) if award.notified_on else None


def _of_date(ours: Ours, award: Award) -> Evidence:
    days = _days(ours, award)
    if days is None:
        return Evidence("date", None)
    return Evidence("date", days <= NEAR_DAYS, 20 if days <= 3 else 10 if days <= NEAR_DAYS else 0)


def _of_amount(ours: Ours, award: Award) -> Evidence:
    if not ours.amount_cents or not award.amount_cents:
        return Evidence("amount", None)
    gap = abs(ours.amount_cents - award.amount_cents) / ours.amount_cents
    return Evidence("amount", gap <= NEAR_AMOUNT, 20 if gap <= SAME_AMOUNT else 10 if gap <= NEAR_AMOUNT else 0)
