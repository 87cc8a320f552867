"""What a sheet must say, and when it grows old."""

from datetime import date

from dentelle.rules.practices import ANSWERED, is_valid_profile, missing_to_publish, refresh_due


def test_a_level_of_evidence_of_zero_is_said():
    assert "le niveau de preuve" in missing_to_publish({})
    assert "le niveau de preuve" not in missing_to_publish({"evidence": "0"})


def test_a_sheet_is_to_be_read_again_two_years_later_to_the_day():
    assert refresh_due(date(2024, 1, 31)) == date(2026, 1, 31)
    assert refresh_due(date(2024, 2, 29)) == date(2026, 2, 28)
    assert refresh_due(date(2024, 12, 31)) == date(2026, 12, 31)


def test_a_profile_has_every_criterion_on_the_scale_and_nothing_else():
    whole = {one.code: 3 for one in ANSWERED}
    assert is_valid_profile(whole)
    assert not is_valid_profile({**whole, "mark": 3})
    assert not is_valid_profile({**whole, "cost": -1})
