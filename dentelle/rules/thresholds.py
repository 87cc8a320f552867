"""European thresholds by kind of buyer, kind of contract and launch date, one by one or as a table for joins.

Source: ``parameters/obligation/eu_threshold``. After the last published period the last known amount is given as a
projection, marked ``projected`` and to confirm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dentelle.rules.dated import ParameterValue, Reference, Status, parameter


class BuyerKind(StrEnum):
    """Family of buyer that decides the threshold of supplies and services."""

    CENTRAL = "central"
    LOCAL = "local"
    UTILITY = "utility"

    @property
    def label(self) -> str:
        """French label."""
        return {
            BuyerKind.CENTRAL: "État et établissements centraux",
            BuyerKind.LOCAL: "collectivité ou autre pouvoir adjudicateur",
            BuyerKind.UTILITY: "entité adjudicatrice",
        }[self]


class ContractKind(StrEnum):
    """What is bought."""

    WORKS = "works"
    SUPPLIES = "supplies"
    SERVICES = "services"
    CONCESSION = "concession"

    @property
    def label(self) -> str:
        """French label."""
        return {
            ContractKind.WORKS: "travaux",
            ContractKind.SUPPLIES: "fournitures",
            ContractKind.SERVICES: "services",
            ContractKind.CONCESSION: "concession",
        }[self]


SOCIAL_CONDITION = "obligation.social_condition_in_force_on"


def threshold_path(buyer_kind: BuyerKind, contract_kind: ContractKind) -> str:
    """Return the path of the parameter that holds the threshold of a buyer and a contract."""
    if contract_kind is ContractKind.WORKS:
        return "obligation.eu_threshold.works"
    if contract_kind is ContractKind.CONCESSION:
        return "obligation.eu_threshold.concession"
    return f"obligation.eu_threshold.supplies_services_{buyer_kind.value}"


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """One threshold over one period, both ends included; ``valid_to`` is None for the open-ended projection."""

    buyer_kind: BuyerKind
    contract_kind: ContractKind
    valid_from: date
    valid_to: date | None
    amount_eur: int
    status: Status
    reference: Reference
    projected: bool


def threshold_table() -> tuple[ThresholdRow, ...]:
    """Return every threshold, by buyer kind, contract kind and period, the projection after the last period included.

    For one buyer kind and one contract kind the periods follow each other without gap or overlap. Launch dates before
    the first period have no row: they are unknown, not below the threshold.
    """
    return tuple(row for buyer in BuyerKind for contract in ContractKind for row in _periods(buyer, contract))


def _periods(buyer: BuyerKind, contract: ContractKind) -> list[ThresholdRow]:
    values = parameter(threshold_path(buyer, contract)).values
    rows = []
    last: ParameterValue | None = None
    for index, (start, value) in enumerate(values):
        end = values[index + 1][0] - timedelta(days=1) if index + 1 < len(values) else None
        projected = value is None
        value = value if value is not None else last
        if value is None:
            continue
        status = Status.TO_CONFIRM if projected else value.status
        rows.append(ThresholdRow(buyer, contract, start, end, value.whole, status, value.reference, projected))
        last = value
    return rows


def social_condition_in_force_on() -> date:
    """Return the day from which the social condition is mandatory: to confirm, sources say 21 or 22 August 2026."""
    return parameter(SOCIAL_CONDITION).latest().day
