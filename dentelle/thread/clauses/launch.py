"""What a form knows of the launch: the day typed, and the day the data expected as long as nobody has spoken."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dentelle.rules.launch import ExpectedLaunch
from dentelle.rules.obligation import social_condition_in_force_on

UNKNOWN_LAUNCH = "unknown"


def read_expected(text: str | None) -> ExpectedLaunch | None:
    """Return the launch the data expect, from the hidden field; None for a calibration that starts from no contract."""
    if not text:
        return None
    try:
        return ExpectedLaunch(None if text == UNKNOWN_LAUNCH else date.fromisoformat(text))
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
    return read_expected(cleaned.get("expected_launch"))


def asks_whether_launched(raw: Mapping[str, Any]) -> bool:
    """Say whether the form must ask: the consultation may have been launched before the condition was in force."""
    expected = read_expected(raw.get("expected_launch"))
    proposed = read_expected(raw.get("proposed_launch"))
    if expected is None or proposed is None or proposed.on is None:
        return False
    return expected.may_be_past(proposed.on, social_condition_in_force_on())
