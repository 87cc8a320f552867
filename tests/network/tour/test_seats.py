"""The Tour from the space of an organisation that works with a network: what it finds, what stays out of its sight."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dentelle.foundations.directory.models import Seat, SeatRole
from dentelle.foundations.messages.models import Message
from dentelle.foundations.organisations.models import StructureStatus
from dentelle.network.agreements.actions.services import declare_service
from dentelle.network.agreements.models import Agreement, Party
from dentelle.network.tour.models import Registration
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory, UserFactory
from tests.network.agreements import making as agreements
from tests.network.tour import making

pytestmark = pytest.mark.django_db
LIST = reverse("tour:seat-list")


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def head():
    return NetworkSeatFactory()


@pytest.fixture
def member(head):
    return MembershipFactory(manager=True, structure=StructureFactory(network=head.network))


def agreed(author, *places, state="proposed", **more) -> Agreement:
    """An agreement of the network with the organisation of « agreements.partner() », as it stands."""
    made = agreements.draft(author, places=list(places), **more)
    structure = getattr(author, "structure", None)
    Party.objects.create(structure=structure, agreement=made, organisation=agreements.partner(), side="partner")
    Agreement.objects.filter(pk=made.pk).update(state=state)
    return made


def client_of(seat: Seat) -> Client:
    client = Client()
    client.force_login(seat.user)
    return client


def sections(page: str) -> dict[str, str]:
    """What the page holds, by the title of its sections."""
    return dict(re.findall(r"<section.*?<h2[^>]*>(.*?)</h2>(.*?)</section>", page, re.DOTALL))


def test_a_partner_finds_first_the_stages_of_the_regions_of_its_agreements(head, member):
    agreed(member, "region:32")
    making.stage(head, title="Étape de Lille")
    making.stage(head, title="Étape de Rennes", region_code="53", days=3)
    shown = sections(client_of(agreements.partner_seat()).get(LIST).content.decode())
    assert "Étape de Lille" in shown["Dans votre région"]
    assert "Étape de Rennes" not in shown["Dans votre région"]
    assert "Étape de Rennes" in shown["Dans les autres régions"]


def test_places_of_any_kind_lead_to_their_region(head, member, settings, ground_directory):
    settings.DENTELLE_GROUND = ground_directory
    agreed(member, "epci:243500139")
    making.stage(head, title="Étape de Rennes", region_code="53")
    shown = sections(client_of(agreements.partner_seat()).get(LIST).content.decode())
    assert "Étape de Rennes" in shown["Dans votre région"]


def test_under_a_framework_alone_every_region_is_shown_alike(head):
    agreed(head)
    making.stage(head, title="Étape de Lille")
    shown = sections(client_of(agreements.partner_seat()).get(LIST).content.decode())
    assert "Étape de Lille" in shown["À venir"]


def test_an_organisation_named_on_the_map_finds_the_stages_too(head, member):
    line = {"service": "mobility", "public": "all", "places": ["region:32"], "detail": ""}
    declare_service(member, organisation=agreements.partner(), **line, at=NOW)
    making.stage(head, title="Étape de Lille")
    shown = sections(client_of(agreements.partner_seat()).get(LIST).content.decode())
    assert "Étape de Lille" in shown["Dans votre région"]


@pytest.mark.parametrize(
    "hidden", ["draft", "members", "other network", "draft agreement", "closed structure", "other"]
)
def test_what_is_not_open_to_the_organisation_looks_like_what_does_not_exist(head, member, hidden):
    made = agreed(member, "region:32", state="draft" if hidden == "draft agreement" else "proposed")
    if hidden == "closed structure":
        member.structure.status = StructureStatus.CLOSED
        member.structure.save()
    author = NetworkSeatFactory(network=NetworkFactory(name="Autre réseau")) if hidden == "other network" else head
    told = {"state": "draft"} if hidden == "draft" else {"audience": "members"} if hidden == "members" else {}
    stage = making.stage(author, title="Étape de Lille", **told)
    organisation = agreements.organisation("00000031", "Autre organisme") if hidden == "other" else None
    client = client_of(agreements.partner_seat(organisation))
    assert made.parties.count() == 1
    assert "Étape de Lille" not in client.get(LIST).content.decode()
    unknown = [client.get(f"{LIST}987654/"), client.post(f"{LIST}987654/", {"kind": "other"})]
    address = reverse("tour:seat-stage", args=[stage.pk])
    there = [client.get(address), client.post(address, {"kind": "other"}), client.post(address, {"acte": "rendre"})]
    assert {answer.status_code for answer in (*unknown, *there)} == {404}
    assert not Registration.objects.exists()


@pytest.mark.parametrize("role", [SeatRole.BUYER, SeatRole.COMPANY, SeatRole.SIAE])
def test_another_seat_in_the_same_organisation_opens_nothing(head, member, role):
    agreed(member, "region:32")
    stage = making.stage(head)
    seat = Seat.objects.create(user=UserFactory(), organisation=agreements.partner(), role=role, opened_at=NOW)
    client = client_of(seat)
    assert client.get(LIST).status_code == 404
    assert client.get(reverse("tour:seat-stage", args=[stage.pk])).status_code == 404


def test_a_partner_takes_a_place_in_its_own_name_and_gives_it_back(head, member):
    agreed(member, "region:32")
    stage, seat = making.stage(head), agreements.partner_seat()
    client, address = client_of(seat), reverse("tour:seat-stage", args=[stage.pk])
    assert "M’inscrire" in client.get(address).content.decode()
    for _ in range(2):  # sent twice, taken once
        assert client.post(address, {"kind": "employment_service"}).status_code == 302
    [taken] = Registration.objects.all()
    found = (taken.user, taken.structure, taken.organisation, taken.kind, taken.state)
    assert found == (seat.user, None, seat.organisation.name, "employment_service", "confirmed")
    assert Message.objects.filter(to=seat.user.email).exists()
    assert "Rendre ma place" in client.get(address).content.decode()
    client.post(address, {"acte": "rendre"})
    taken.refresh_from_db()
    assert taken.state == "cancelled"
    assert "M’inscrire" in client.get(address).content.decode()


def test_the_list_says_where_one_has_a_place_and_where_one_waits(head, member):
    agreed(member, "region:32")
    client, colleague = (client_of(agreements.partner_seat()) for _ in range(2))
    free, full = making.stage(head, title="Étape libre"), making.stage(head, title="Étape pleine", capacity=1, days=3)
    making.guest(full)
    for stage in (free, full):
        client.post(reverse("tour:seat-stage", args=[stage.pk]), {"kind": "employment_service"})

    def said(who):
        rows = re.findall(r'<li class="stage-row.*?</li>', who.get(LIST).content.decode(), re.DOTALL)
        words = ("votre place est réservée", "vous êtes sur la liste d’attente")
        return {
            title: [word for word in words if word in row]
            for row in rows
            for title in ("pleine", "libre")
            if title in row
        }

    assert said(client) == {"pleine": ["vous êtes sur la liste d’attente"], "libre": ["votre place est réservée"]}
    assert said(colleague) == {"pleine": [], "libre": []}
    client.post(reverse("tour:seat-stage", args=[full.pk]), {"acte": "rendre"})
    assert said(client)["pleine"] == []


def test_a_colleague_has_a_place_of_their_own(head, member):
    agreed(member, "region:32")
    stage, address = making.stage(head), ""
    for _ in range(2):
        address = reverse("tour:seat-stage", args=[stage.pk])
        client_of(agreements.partner_seat()).post(address, {"kind": "employment_service"})
    assert Registration.objects.count() == 2


def test_a_closed_or_wrong_registration_is_said_and_kept_out(head, member):
    agreed(member, "region:32")
    client = client_of(agreements.partner_seat())
    open_one = reverse("tour:seat-stage", args=[making.stage(head).pk])
    assert client.post(open_one, {"kind": "personne"}).status_code == 422
    past = making.stage(head, last_day=making.TODAY.replace(day=1), title="Étape close")
    refused = client.post(reverse("tour:seat-stage", args=[past.pk]), {"kind": "other"})
    assert refused.status_code == 422
    assert "closes" in refused.content.decode()
    assert not Registration.objects.exists()


def test_what_was_told_is_read_with_the_report_and_without_the_form(head, member):
    agreed(member, "region:32")
    stage = making.stage(head, state="reported", days=-20, title="Étape racontée")
    client = client_of(agreements.partner_seat())
    assert "Étape racontée" in sections(client.get(LIST).content.decode())["Passées"]
    page = client.get(reverse("tour:seat-stage", args=[stage.pk])).content.decode()
    assert reverse("tour:public-report", args=[stage.pk]) in page
    assert "M’inscrire" not in page


def test_nothing_to_show_says_why_and_what_to_do_next(head, member):
    stranger = client_of(agreements.partner_seat(agreements.organisation("00000031", "Autre organisme")))
    page = stranger.get(LIST).content.decode()
    assert "quand il vous propose une convention" in page
    assert reverse("agreements:seat-list") in page
    agreed(member, "region:32")
    partner = client_of(agreements.partner_seat())
    assert "La tête de réseau annonce ici" in partner.get(LIST).content.decode()
    off = {"cancelled_at": NOW, "cancel_reason": "Salle fermée."}
    stage = making.stage(head, state="cancelled", title="Étape annulée", **off)
    page = partner.get(LIST).content.decode()
    assert "Salle fermée." in page
    assert reverse("tour:public-calendar", args=[stage.tour_id]) in page


def test_the_menu_of_a_partner_leads_to_the_stages(head, member):
    page = client_of(agreements.partner_seat()).get(reverse("agreements:seat-list")).content.decode()
    assert f'href="{LIST}"' in page


def test_ten_stages_ask_no_more_questions_than_one(head, member, django_assert_max_num_queries):
    agreed(member, "region:32")
    client = client_of(agreements.partner_seat())
    for rank in range(10):
        making.stage(head, title=f"Étape {rank}")
    with django_assert_max_num_queries(16):
        client.get(LIST)
