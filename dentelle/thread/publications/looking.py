"""Looks in open data for the contracts of the register, by batches, and keeps what it finds. Safe to repeat."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from dentelle.foundations.journal.actions import record
from dentelle.opendata.marts.serving_store import ServingStore
from dentelle.thread.contracts.models import Contract, ContractQuerySet, Holder
from dentelle.thread.publications.awards import awards_around, awards_by_key
from dentelle.thread.publications.matching import Award, Match, Ours, best_matches
from dentelle.thread.publications.models import Publication, PublicationState, RefusedMatch

BATCH = 500


@dataclass(slots=True)
class Looked:
    """What a look changed: contracts looked at, newly settled by number, newly proposed, given up, changed since."""

    contracts: int = 0
    matched: int = 0
    proposed: int = 0
    lost: int = 0
    changed: int = 0


def look(contracts: ContractQuerySet, store: ServingStore, *, at: datetime) -> Looked:
    """Look for each contract and write what changed, one batch in one transaction. Raises StoreMissing."""
    looked = Looked()
    keys = list(contracts.order_by("pk").values_list("pk", flat=True))
    for batch in _batches(keys):
        with transaction.atomic():
            _look_at(batch, store, looked, at=at)
    return looked


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _look_at(keys: Sequence[int], store: ServingStore, looked: Looked, *, at: datetime) -> None:
    contracts = list(
        Contract.objects.filter(pk__in=keys, notified_on__isnull=False)
        .select_related("structure", "buyer")
        .order_by("pk")
    )
    known = {each.contract_id: each for each in Publication.objects.select_for_update().filter(contract__in=keys)}
    decided = {pk: each for pk, each in known.items() if each.decided_at is not None}
    found = _found(contracts, decided, store)
    again = awards_by_key(store, [each.contract_key for each in decided.values()])
    for contract in contracts:
        looked.contracts += 1
        publication = known.get(contract.pk)
        if publication is not None and publication.decided_at is not None:
            _read_again(contract, publication, again.get(publication.contract_key), looked, at=at)
        else:
            _settle(contract, publication, found.get(contract.pk), looked, at=at)


def _found(
    contracts: Sequence[Contract], decided: Mapping[int, Publication], store: ServingStore
) -> Mapping[int, Match]:
    sought = [each for each in contracts if each.pk not in decided]
    holders: dict[int, set[str]] = {}
    for contract_pk, siren in Holder.objects.filter(contract__in=sought).values_list(
        "contract_id", "organisation__siren"
    ):
        holders.setdefault(contract_pk, set()).add(siren)
    refused: dict[int, set[str]] = {}
    for contract_pk, key in RefusedMatch.objects.filter(contract__in=sought).values_list("contract_id", "contract_key"):
        refused.setdefault(contract_pk, set()).add(key)
    ours = [_ours(each, frozenset(holders.get(each.pk, ()))) for each in sought if each.buyer]
    awards = awards_around(store, ours)
    # by buyer, not by award: the batch has a few hundred buyers at most, and thousands of awards
    taken = Publication.objects.filter(
        contract__buyer__siren__in={each.buyer_siren for each in ours}, state=PublicationState.MATCHED
    ).exclude(contract__in=sought)
    return best_matches(ours, awards, refused, frozenset(taken.values_list("contract_key", flat=True)))


def _ours(contract: Contract, holders: frozenset[str]) -> Ours:
    buyer = contract.buyer
    if buyer is None or contract.notified_on is None:
        raise ValueError("only a notified contract with its buyer is looked for")
    return Ours(
        pk=contract.pk,
        buyer_siret=buyer.siret,
        buyer_siren=buyer.siren,
        number=contract.number,
        subject=contract.subject or contract.title,
        holders=holders,
        notified_on=contract.notified_on,
        amount_cents=contract.amount_cents,
    )


def _read_again(
    contract: Contract, publication: Publication, award: Award | None, looked: Looked, *, at: datetime
) -> None:
    """What a person confirmed stays theirs; only what the award says is read again."""
    if award is None:
        if not publication.is_gone:
            publication.is_gone = True
            publication.save(update_fields=["is_gone"])
            looked.lost += 1
            record("publication.gone", contract, at=at, actor=None, structure=contract.structure)
        return
    values = {**_values_of((award,)), "seen_at": at, "is_gone": False}
    changed = _says(publication) != _says_of(values)
    for name, value in values.items():
        setattr(publication, name, value)
    publication.save(update_fields=list(values))
    if changed:
        looked.changed += 1
        record("publication.changed", contract, at=at, actor=None, structure=contract.structure)


def _settle(
    contract: Contract, publication: Publication | None, match: Match | None, looked: Looked, *, at: datetime
) -> None:
    if match is None:
        if publication is not None:
            publication.delete()
            looked.lost += 1
            record("publication.gone", contract, at=at, actor=None, structure=contract.structure)
        return
    values = {
        **_values_of(match.lots),
        "structure": contract.structure,
        "state": PublicationState.MATCHED if match.reason.is_exact else PublicationState.PROPOSED,
        "reason": match.reason.value,
        "contract_key": match.award.contract_key,
        "score": match.score,
        "evidence": {each.fact: each.agrees for each in match.evidence},
        "seen_at": at,
        "is_gone": False,
    }
    if publication is None:
        Publication.objects.create(contract=contract, **values)
        _tell_found(contract, match, looked, at=at)
        return
    moved = (publication.contract_key, publication.state) != (values["contract_key"], values["state"])
    changed = _says(publication) != _says_of(values)
    for name, value in values.items():
        setattr(publication, name, value)
    publication.save()
    if moved:
        _tell_found(contract, match, looked, at=at)
    elif changed:
        looked.changed += 1
        record("publication.changed", contract, at=at, actor=None, structure=contract.structure)


def _tell_found(contract: Contract, match: Match, looked: Looked, *, at: datetime) -> None:
    act = "publication.matched" if match.reason.is_exact else "publication.proposed"
    if match.reason.is_exact:
        looked.matched += 1
    else:
        looked.proposed += 1
    record(act, contract, at=at, actor=None, structure=contract.structure, reason=match.reason.value)


def _values_of(lots: Iterable[Award]) -> dict[str, Any]:
    """What the awards of one number say together; the first is the one shown."""
    awards = list(lots)
    first = awards[0]
    amounts = [each.amount_cents for each in awards]
    return {
        "published": {
            "number": first.number,
            "object": first.object,
            "holder": first.holder_name,
            "notified_on": first.notified_on.isoformat() if first.notified_on else None,
            "published_on": first.published_on.isoformat() if first.published_on else None,
            "amount_cents": None if None in amounts else sum(each or 0 for each in amounts),
            "generation": first.generation,
            "lots": len(awards),
        },
        "is_stated": any(each.social_status != "not_stated" for each in awards),
        "clause": any(each.clause for each in awards),
        "criterion": any(each.criterion for each in awards),
        "reserved": any(each.reserved for each in awards),
    }


def _says(publication: Publication) -> tuple[bool, ...]:
    return publication.is_stated, publication.clause, publication.criterion, publication.reserved


def _says_of(values: Mapping[str, Any]) -> tuple[bool, ...]:
    return values["is_stated"], values["clause"], values["criterion"], values["reserved"]
