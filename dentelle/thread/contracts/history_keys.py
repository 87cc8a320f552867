"""How a line of a spreadsheet finds its contract in the register: by buyer and number, else by title."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.intake.targets import Values, Where
from dentelle.opendata.text import fold
from dentelle.rules.levers_catalogue import LeverCode
from dentelle.thread.contracts.models import Contract, Holder, Lot, Obligation

EXECUTION = LeverCode.EXECUTION_CONDITION.value


@dataclass(frozen=True, slots=True)
class Stored:
    """A contract of the register with what a line is compared to."""

    contract: Contract
    lots: Mapping[str, Lot]
    holders: Mapping[int | None, Holder]
    obligations: Mapping[tuple[int | None, str], Obligation]


def contract_keys(values: Values, buyer: Organisation | None) -> tuple[str, ...]:
    """Return what a contract is found again by, surest first."""
    siret = values.get("buyer_siret") or (buyer.identifier if buyer else "")
    name = f"n:{fold(values['number'])}" if values.get("number") else f"t:{fold(values.get('title') or '')}"
    return (f"{siret}#{name}", f"#{name}") if siret else (f"#{name}",)


def keys_of(contract: Contract) -> tuple[str, ...]:
    """Return every key a contract of the register answers to."""
    siret = contract.buyer.identifier if contract.buyer else ""
    names = [f"n:{fold(contract.number)}"] if contract.number else []
    names.append(f"t:{fold(contract.title)}")
    return tuple(f"{who}#{name}" for name in names for who in ({siret, ""}))


def stored_contracts(where: Where) -> Iterable[Stored]:
    """Return the contracts the structure leads, with their lots, holders and obligations, in as many queries for any number."""
    contracts = (
        Contract.objects.filter(structure=where.structure)
        .select_related("buyer", "operation")
        .prefetch_related("lots", "holders__organisation", "obligations")
        .order_by("-pk")
    )
    for contract in contracts:
        yield Stored(
            contract,
            {lot.number: lot for lot in contract.lots.all()},
            {holder.lot_id: holder for holder in reversed(contract.holders.all())},
            {(each.lot_id, each.clause_type): each for each in reversed(contract.obligations.all())},
        )
