from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dentelle.network.agreements.frames import Frame, frame_on, gap_on, gaps_between, why_not_signed

DAYS = st.dates(date(2005, 1, 1), date(2030, 12, 31))
FRAMES = st.lists(
    st.tuples(DAYS, st.integers(0, 2500)).map(lambda of: Frame(1, "Cadre", of[0], of[0] + timedelta(days=of[1]))),
    max_size=6,
)
OLD = Frame(1, "Accord-cadre de 2010", date(2010, 1, 1), date(2013, 12, 31))
NEW = Frame(2, "Convention-cadre de 2020", date(2020, 7, 16), date(2023, 7, 15))


@given(FRAMES, DAYS)
def test_a_day_is_covered_or_in_a_gap_never_both(frames, day):
    assert (frame_on(frames, day) is None) == (gap_on(frames, day) is not None)
    assert bool(why_not_signed(frames, day)) == (not any(each.first <= day <= each.last for each in frames))


@given(FRAMES)
def test_no_day_of_a_gap_is_covered_and_the_days_around_it_are(frames):
    for gap in gaps_between(frames):
        assert gap.first <= gap.last
        assert frame_on(frames, gap.first) is frame_on(frames, gap.last) is None
        assert frame_on(frames, gap.first - timedelta(days=1))
        assert frame_on(frames, gap.last + timedelta(days=1))


def test_a_gap_such_as_2014_to_2020_is_told_with_its_dates():
    why = why_not_signed([OLD, NEW], date(2016, 3, 3))
    for said in ("3\u00a0mars 2016", "31\u00a0décembre 2013", "16\u00a0juillet 2020", OLD.title, NEW.title):
        assert said in why
    (gap,) = gaps_between([NEW, OLD])
    assert (gap.first, gap.last) == (date(2014, 1, 1), date(2020, 7, 15))


def test_a_network_without_any_framework_says_so():
    assert "encore signé aucune" in why_not_signed([], date(2026, 1, 1))
