"""The menu: pages under a label of their group, shown below when one of them is open, and only where doors open."""

import re

import pytest
from django.urls import reverse

from dentelle.foundations.jobs.models import Job
from dentelle.foundations.organisations.models import Role
from dentelle.web.context import MENU
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db


def menus(client, address: str) -> dict[str, list[str]]:
    """The menus of a page: label of each → the labels of its links."""
    html = client.get(address).content.decode()
    found = {}
    for label, inside in re.findall(r'<nav aria-label="([^"]+)" class="site-nav[^"]*">(.*?)</nav>', html, re.DOTALL):
        found[label] = [
            re.sub(r"<[^>]+>", "", link).split("\u202f")[0].strip()
            for link in re.findall(r"<a .*?</a>", inside, re.DOTALL)
        ]
    return found


def test_the_pages_of_a_group_show_when_one_of_them_is_open(facilitator, client_of):
    client = client_of(facilitator)
    assert "Structure" in menus(client, "/contrats/")["Principale"]
    assert list(menus(client, "/contrats/")) == ["Principale"]
    assert menus(client, "/travaux/")["Structure"] == ["Structure", "Données", "Travaux"]


def test_a_group_with_one_page_open_to_a_person_is_that_page(client_of):
    official = MembershipFactory(role=Role.ELECTED_OFFICIAL)
    shown = menus(client_of(official), "/territoire/")["Principale"]
    assert "Données" not in shown


def test_the_menu_leads_an_elected_official_to_their_day_even_empty(client_of):
    client = client_of(MembershipFactory(role=Role.ELECTED_OFFICIAL))
    page = client.get("/territoire/").content.decode()
    [address] = re.findall(r'<a href="([^"]+)"[^>]*>\s*Ma journée', page)
    assert "Rien ne vous attend" in client.get(address).content.decode()


def test_work_under_way_is_told_on_every_page(facilitator, client_of):
    Job.objects.create(
        structure=facilitator.structure, started_by=facilitator.user, kind="decp.import", arguments={}, created_at=NOW
    )
    html = client_of(facilitator).get("/contrats/").content.decode()
    assert re.search(r'class="menu-count">\u202f?(&#8239;)?1<', html)


def test_every_page_of_the_menu_exists():
    for _, pages in MENU:
        for name, _, prefix in pages:
            assert reverse(name).startswith(prefix)
