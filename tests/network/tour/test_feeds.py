"""The personal calendar: what it holds, who reads it, until when."""

import pytest
from django.urls import reverse

from dentelle.network.tour.actions import feeds
from dentelle.network.tour.calendars import token_of
from tests.factories import NOW, MembershipFactory, NetworkSeatFactory
from tests.network.tour import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return NetworkSeatFactory()


@pytest.fixture
def member(seat):
    return MembershipFactory(facilitator=True)


def read(client, feed):
    return client.get(reverse("tour:personal-calendar", args=[token_of(feed)]))


def test_a_personal_calendar_holds_what_its_owner_may_read(client, seat, member):
    making.stage(seat, title="Pour les membres", audience="members")
    making.stage(seat, title="Pour tous")
    making.stage(seat, title="Brouillon", state="draft")
    for who in (member, seat):
        page = read(client, feeds.open_feed(who, at=NOW)).content.decode()
        assert "Pour les membres" in page
        assert "Pour tous" in page
        assert "Brouillon" not in page


def test_another_address_closes_the_former_one(client, seat, member):
    first = feeds.open_feed(member, at=NOW)
    second = feeds.open_feed(member, at=NOW)
    assert (read(client, first).status_code, read(client, second).status_code) == (404, 200)
    feeds.close_feed(member, at=NOW)
    assert read(client, second).status_code == 404


def test_a_calendar_dies_with_the_place_of_its_owner(client, seat, member):
    feed = feeds.open_feed(member, at=NOW)
    address = reverse("tour:personal-calendar", args=[token_of(feed)])
    member.delete()
    assert client.get(address).status_code == 404
    assert client.get(reverse("tour:personal-calendar", args=["1:inventé"])).status_code == 404


def test_a_calendar_says_how_often_to_come_back_as_a_duration(client, member):
    page = read(client, feeds.open_feed(member, at=NOW)).content.decode()
    assert "X-PUBLISHED-TTL:PT12H" in page
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H" in page
