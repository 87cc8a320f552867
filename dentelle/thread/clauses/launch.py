"""What a form knows of the launch: the day typed, and the day the data expected as long as nobody has spoken."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dentelle.rules.launch import ExpectedLaunch
from dentelle.rules.obligation import social_condition_in_force_on

UNKNOWN_LAUNCH = "unknown"
PLANNED = "programmation-"  # what the key of a calibration begins with when it starts from a line of a plan


def is_planned(contract_key: str | None) -> bool:
    """Say whether a calibration starts from a line of a purchase plan."""
    return str(contract_key or "").startswith(PLANNED)


def read_expected(text: str | None, *, planned: bool = False) -> ExpectedLaunch | None:
    """Return the launch expected, from the hidden field; None for a calibration that starts from nothing known.

    ``planned``: the buyer's plan expects it, rather than the data.
    """
    if not text:
        return None
    try:
        return ExpectedLaunch(None if text == UNKNOWN_LAUNCH else date.fromisoformat(text), planned)
    except ValueError:
        return None


def still_expected(cleaned: dict[str, Any]) -> ExpectedLaunch | None:
    """Return it while nobody has told: neither « not launched yet », nor another day than the one proposed."""
    launched_on = cleaned.get("launched_on")
    if (
        cleaned.get("not_yet_launched")
        or launched_on is None
        or launched_on.isoformat() != cleaned.get("proposed_launch")
    ):
        return None
    return read_expected(cleaned.get("expected_launch"), planned=is_planned(cleaned.get("contract_key")))


def asks_whether_launched(raw: Mapping[str, Any]) -> bool:
    """Say whether the form must ask: the consultation may have been launched before the condition was in force."""
    expected = read_expected(raw.get("expected_launch"))
    proposed = read_expected(raw.get("proposed_launch"))
    if expected is None or proposed is None or proposed.on is None:
        return False
    return expected.may_be_past(proposed.on, social_condition_in_force_on())
