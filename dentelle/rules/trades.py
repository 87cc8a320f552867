"""Trades, their share of labour in a price, and the trade that a CPV code points to.

Labour shares are dated parameters (``parameters/trades``); the CPV table is ``catalogues/cpv_trades.yaml``. Many shares
are to confirm: each carries its status, and a range where one is known. A CPV without trade says why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dentelle.rules.dated import Parameter, Parameters, ParameterUnknown, ParameterValue, Status, parameter
from dentelle.rules.parameter_files import all_paths, read_packaged
from dentelle.rules.thresholds import ContractKind

_PREFIX = "trades."
_CPV = re.compile(r"([0-9]{2,8})(?:-[0-9])?")


class CpvMalformed(Exception):
    """The text is not a CPV code: two to eight digits, check digit allowed."""


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade; ``index_code`` is the official price index (BT, TP, EV) whose labour weight may replace our share."""

    code: str
    label: str
    index_code: str | None
    share: Parameter


@dataclass(frozen=True, slots=True)
class CpvTrade:
    """One line of the CPV table. ``trade`` is None when no labour share can be held; ``note`` then says why.

    ``division_label`` is the label of the two-digit division the prefix belongs to.
    """

    prefix: str
    division_label: str
    trade: str | None
    status: Status
    note: str | None


def trades() -> tuple[Trade, ...]:
    """Return every trade, by French label."""
    codes = [path.removeprefix(_PREFIX) for path in all_paths() if path.startswith(_PREFIX)]
    return tuple(sorted((trade(code) for code in codes), key=lambda item: item.label))


def trade(code: str) -> Trade:
    """Return a trade by its code, or raise ParameterUnknown."""
    try:
        share = parameter(_PREFIX + code)
    except ParameterUnknown as error:
        raise ParameterUnknown(f"Le métier « {code} » n’existe pas.") from error
    return Trade(code, share.label, share.index_code, share)


def labour_share(code: str, parameters: Parameters) -> ParameterValue:
    """Return the labour share of a trade at the date of a computation, overrides applied."""
    trade(code)
    return parameters.get(_PREFIX + code)


@lru_cache(maxsize=1)
def cpv_trade_table() -> tuple[CpvTrade, ...]:
    """Return the packaged CPV table: the 45 divisions and finer prefixes, sorted by prefix."""
    raw = read_packaged("catalogues/cpv_trades.yaml")
    status = Status(raw["status"])
    labels = {prefix: row["label"] for prefix, row in raw["divisions"].items()}
    rows = [
        CpvTrade(prefix, labels[prefix[:2]], row["trade"], status, row.get("note"))
        for prefix, row in {**raw["divisions"], **raw["groups"]}.items()
    ]
    return tuple(sorted(rows, key=lambda row: row.prefix))


def cpv_divisions() -> dict[str, str]:
    """Return the French label of the 45 CPV divisions by two-digit code."""
    return {row.prefix: row.division_label for row in cpv_trade_table() if len(row.prefix) == 2}


def trade_of_cpv(cpv: str, table: Sequence[CpvTrade] | None = None) -> CpvTrade | None:
    """Return the line with the longest prefix of a CPV code; None for a division that does not exist.

    ``table`` replaces the packaged one, so that a network may keep its own. Raises CpvMalformed for anything but a CPV.
    """
    digits = _digits(cpv)
    lines = {row.prefix: row for row in (cpv_trade_table() if table is None else table)}
    for size in range(len(digits), 1, -1):
        if digits[:size] in lines:
            return lines[digits[:size]]
    return None


def contract_kind_of_cpv(cpv: str) -> ContractKind | None:
    """Return works (division 45), supplies (03 to 44, and 48) or services (50 to 98); None for an unknown division.

    A CPV never tells a concession.
    """
    division = _digits(cpv)[:2]
    if division not in cpv_divisions():
        return None
    if division == "45":
        return ContractKind.WORKS
    return ContractKind.SERVICES if division >= "50" else ContractKind.SUPPLIES


def _digits(cpv: str) -> str:
    match = _CPV.fullmatch(cpv.strip())
    if match is None:
        raise CpvMalformed(f"« {cpv} » n’est pas un code CPV : de deux à huit chiffres sont attendus.")
    return match.group(1)
