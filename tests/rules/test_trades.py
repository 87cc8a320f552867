"""Trades, the CPV table, and the national comparators."""

import csv
from datetime import date
from decimal import Decimal

import pytest

from dentelle.rules.comparators import Segment, national_share, national_shares
from dentelle.rules.dated import Parameters, ParameterUnknown, Status
from dentelle.rules.thresholds import ContractKind
from dentelle.rules.trades import (
    CpvMalformed,
    CpvTrade,
    contract_kind_of_cpv,
    cpv_divisions,
    cpv_trade_table,
    labour_share,
    trade,
    trade_of_cpv,
    trades,
)
from tests.shared import shared_path

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("code", "share", "status"),
    [
        ("interior_painting", "0.70", Status.LOCAL_PRACTICE),
        ("masonry", "0.50", Status.LOCAL_PRACTICE),
        ("metal_framework", "0.20", Status.LOCAL_PRACTICE),
        ("cleaning", "0.80", Status.LOCAL_PRACTICE),
        ("roads", "0.275", Status.TO_CONFIRM),
        ("green_space_maintenance", "0.675", Status.TO_CONFIRM),
    ],
)
def test_a_trade_has_its_share_and_says_how_sure_it_is(code: str, share: str, status: Status) -> None:
    value = labour_share(code, Parameters(TODAY))
    assert (value.number, value.status) == (Decimal(share), status)


def test_every_share_lies_within_its_range() -> None:
    for known in trades():
        for value in known.share.known_values():
            assert 0 < value.low_number <= value.number <= value.high_number <= 1, known.code


def test_an_unknown_trade_is_an_error() -> None:
    with pytest.raises(ParameterUnknown, match="métier"):
        trade("sorcery")


def test_the_table_covers_the_45_divisions_and_names_only_known_trades() -> None:
    assert len(cpv_divisions()) == 45
    for row in cpv_trade_table():
        assert 2 <= len(row.prefix) <= 5
        assert (row.trade is None) == (row.note is not None), row.prefix
        if row.trade:
            trade(row.trade)


def test_division_labels_are_those_of_the_regulation() -> None:
    def plain(text: str) -> str:
        return "".join(text.replace("’", "'").replace("personnnels", "personnels").split())

    with shared_path("data/refdata/testonly/cpv_2008_fr_en_9454.csv").open(encoding="utf-8") as lines:
        official = {row["code"][:2]: row["libelle_fr"] for row in csv.DictReader(lines) if row["code"][2:8] == "000000"}
    assert {code: plain(label) for code, label in cpv_divisions().items()} == {
        code: plain(label) for code, label in official.items()
    }


def test_every_prefix_of_the_table_exists_in_the_nomenclature() -> None:
    with shared_path("data/refdata/testonly/cpv_2008_fr_en_9454.csv").open(encoding="utf-8") as lines:
        codes = {row["code"][:8] for row in csv.DictReader(lines)}
    assert [row.prefix for row in cpv_trade_table() if row.prefix.ljust(8, "0") not in codes] == []


@pytest.mark.parametrize(
    ("cpv", "expected"),
    [
        ("45442100-8", "interior_painting"),
        ("45000000", "building_all_trades"),
        ("45233141", "roads"),
        ("90910000-9", "cleaning"),
        ("90511100", "waste_collection"),
        ("09100000", None),
        ("48", None),
    ],
)
def test_the_longest_prefix_wins(cpv: str, expected: str | None) -> None:
    row = trade_of_cpv(cpv)
    assert row is not None
    assert row.trade == expected


def test_a_network_may_bring_its_own_table() -> None:
    own = [CpvTrade("45", "Travaux", "masonry", Status.LOCAL_PRACTICE, None)]
    row = trade_of_cpv("45442100", own)
    assert row is not None
    assert row.trade == "masonry"
    assert trade_of_cpv("90910000", own) is None


def test_a_division_that_does_not_exist_has_no_trade() -> None:
    assert trade_of_cpv("01000000") is None
    assert contract_kind_of_cpv("01000000") is None


@pytest.mark.parametrize("cpv", ["", "4", "45A", "454421001", "quarante-cinq", "४५000000"])
def test_what_is_not_a_cpv_is_refused(cpv: str) -> None:
    with pytest.raises(CpvMalformed):
        trade_of_cpv(cpv)


@pytest.mark.parametrize(
    ("cpv", "kind"),
    [
        ("45210000", ContractKind.WORKS),
        ("44110000", ContractKind.SUPPLIES),
        ("48000000", ContractKind.SUPPLIES),
        ("03000000", ContractKind.SUPPLIES),
        ("50000000", ContractKind.SERVICES),
        ("98300000", ContractKind.SERVICES),
    ],
)
def test_a_cpv_tells_works_supplies_or_services(cpv: str, kind: ContractKind) -> None:
    assert contract_kind_of_cpv(cpv) is kind


def test_a_year_without_source_stays_empty() -> None:
    assert national_share(2014) is None
    assert national_share(2024) is None
    share = national_share(2022)
    assert share is not None
    assert share.value == Decimal("0.223")
    assert [value.in_force_from.year for value in national_shares(Segment.UTILITY)] == [2022, 2023]
