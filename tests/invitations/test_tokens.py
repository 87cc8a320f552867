"""What is stored of a token never gives it back, and no two tokens look alike."""

import secrets
import string

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from dentelle.foundations.invitations.access import invitation_opened_by, link_opened_by
from dentelle.foundations.invitations.throttle import allowed
from dentelle.foundations.invitations.tokens import BYTES, fingerprint, new_token
from tests.factories import NOW

ADDRESS_SAFE = set(string.ascii_letters + string.digits + "-_")


def test_a_token_holds_256_bits_and_fits_in_an_address():
    asked = []
    token = new_token(lambda size: asked.append(size) or secrets.token_urlsafe(size))
    assert asked == [BYTES] == [32]
    assert set(token) <= ADDRESS_SAFE


def test_tokens_are_all_different():
    assert len({new_token() for _ in range(2000)}) == 2000


@given(st.text(), st.text())
def test_two_texts_share_a_fingerprint_only_when_they_are_one(one, other):
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


@given(st.text(min_size=8))
def test_a_fingerprint_says_nothing_of_its_token(token):
    found = fingerprint(token)
    assert len(found) == 64
    assert token not in found


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "a", "a" * 43, "é" * 40, "0" * 64, "%00", "../../etc", "'; DROP TABLE x"])
def test_what_nobody_sent_opens_nothing(token):
    assert link_opened_by(token, at=NOW) is None
    assert invitation_opened_by(token, at=NOW) is None


@given(times=st.integers(1, 20), tries=st.integers(0, 40))
def test_a_limit_lets_through_exactly_what_it_says(times, tries):
    cache.clear()
    answers = [allowed("open", "192.0.2.1", times=times, seconds=600, at=NOW) for _ in range(tries)]
    assert sum(answers) == min(times, tries)
    assert allowed("open", "192.0.2.2", times=times, seconds=600, at=NOW)
