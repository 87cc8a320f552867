"""A link opens one thing, to one address, once, until a day, as long as the structure wishes; looking at it changes nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY as SIGNED_IN
from django.contrib.sessions.models import Session
from django.http import Http404
from django.test import Client
from django.utils import timezone

from dentelle.foundations.doors import link_bearers
from dentelle.foundations.invitations import links
from dentelle.foundations.invitations.access import SESSION_KEY
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages.models import Message
from dentelle.foundations.organisations.models import Structure, StructureStatus
from dentelle.thread.clauses import actions
from dentelle.thread.clauses.models import CalibrationStatus
from tests.clauses.making import saved
from tests.invitations.pages import shown, text
from tests.invitations.samples import TOKEN

BUYER = "acheteuse@ville.example"
SITE = "https://testserver/"
NOTE = "/calibrages/recu/"


@pytest.fixture
def calibration(facilitator):
    return saved(facilitator, at=timezone.now())


@pytest.fixture
def link(calibration, facilitator):
    return actions.send_calibration(facilitator, calibration.pk, email=BUYER, days=30, site=SITE, at=timezone.now())


@pytest.fixture
def address(link, received):
    return received(BUYER)


def later(**delta):
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=False)


def opened(address):
    browser = Client()
    browser.get(address)
    return browser, browser.post(address)


def test_the_button_opens_the_note_and_nothing_else(address, calibration, outsider, facilitator):
    browser, answer = opened(address)
    assert answer["Location"] == NOTE
    assert calibration.title in text(browser.get(NOTE))
    assert browser.get(f"{NOTE}note.pdf").content.startswith(b"%PDF")
    other = saved(facilitator, at=timezone.now(), title="Une autre note")
    for elsewhere in (
        "/",
        "/calibrages/",
        f"/calibrages/{calibration.pk}/",
        f"/calibrages/{other.pk}/note.pdf",
        "/compte/",
    ):
        assert browser.get(elsewhere).status_code == 302, elsewhere
    assert SIGNED_IN not in browser.session


def test_looking_never_uses_a_link_up(address, link):
    scanner = Client()
    for _ in range(5):
        for look in (scanner.get, scanner.head):
            assert look(address).status_code == 200
            assert look(address, headers={"purpose": "prefetch", "sec-purpose": "prefetch"}).status_code == 200
        assert scanner.get(NOTE).status_code == 404
    link.refresh_from_db()
    assert link.used_at is None
    assert opened(address)[1].status_code == 302


def test_a_scanner_that_presses_buttons_without_the_page_opens_nothing(address):
    scanner = Client(enforce_csrf_checks=True)
    assert scanner.post(address).status_code == 403
    assert MagicLink.objects.get().used_at is None


def test_a_link_opens_once(address):
    opened(address)
    thief, again = opened(address)
    assert again.status_code == 404
    assert "Ce lien ne s’ouvre pas" in text(again)
    assert thief.get(NOTE).status_code == 404


def test_of_two_clicks_at_once_one_opens(address, link):
    token = address.strip("/").split("/")[-1]
    assert links.open_link(token, at=timezone.now()) == link
    assert links.open_link(token, at=timezone.now()) is None


def test_the_key_of_the_session_changes_when_a_link_opens(address):
    browser = Client()
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    browser.cookies["sessionid"] = session.session_key
    browser.post(address)
    assert browser.session[SESSION_KEY]
    assert browser.session.session_key != session.session_key
    fixed = Client()
    fixed.cookies["sessionid"] = session.session_key
    assert fixed.get(NOTE).status_code == 404


def test_a_person_signed_in_stays_themselves(address, outsider, client_of):
    browser = client_of(outsider)
    browser.post(address)
    assert browser.session[SIGNED_IN] == str(outsider.user.pk)
    assert browser.get(NOTE).status_code == 200


def test_another_purpose_is_refused(rf, link):
    request = rf.get("/")
    request.link = link
    assert link_bearers("calibration")(lambda request: "in")(request) == "in"
    with pytest.raises(Http404):
        link_bearers("hours")(lambda request: "in")(request)


def test_a_link_of_another_purpose_in_the_session_opens_nothing(address):
    browser, _ = opened(address)
    MagicLink.objects.update(purpose="hours")
    assert browser.get(NOTE).status_code == 404


@pytest.mark.parametrize(
    "case", ["unknown", "used", "expired", "closed", "over", "draft", "left"], ids=lambda case: f"a_link_{case}"
)
def test_every_link_that_does_not_open_says_the_same(case, address, link, calibration, facilitator):
    delta, asked = {}, address
    if case == "unknown":
        asked = f"/lien/{TOKEN}/"
    elif case == "used":
        opened(address)
    elif case == "expired":
        delta = {"days": 8}
    elif case == "closed":
        links.revoke_link(link, actor=facilitator.user, at=timezone.now())
    elif case == "over":
        delta = {"days": 31}
    elif case == "left":  # the structure has left the network
        Structure.objects.update(status=StructureStatus.CLOSED)
    else:
        type(calibration).objects.update(status=CalibrationStatus.DRAFT)
    unknown = Client().get("/lien/inconnu/")
    with later(**delta):
        for answer in (Client().get(asked), Client().post(asked)):
            assert answer.status_code == 404
            assert shown(answer) == shown(unknown)


def test_closing_ends_at_once_the_sessions_it_opened(address, link, facilitator):
    browser, _ = opened(address)
    assert links.revoke_link(link, actor=facilitator.user, at=timezone.now())
    assert browser.get(NOTE).status_code == 404
    assert not links.revoke_link(link, actor=facilitator.user, at=timezone.now())


def test_a_session_ends_with_the_access(address):
    browser, _ = opened(address)
    cookie = browser.cookies["sessionid"].value
    with later(days=31):
        Session.objects.update(expire_date=timezone.now() + timedelta(days=1))
        fresh = Client()
        fresh.cookies["sessionid"] = cookie
        assert fresh.get(NOTE).status_code == 404


def test_leaving_closes_the_browser_and_not_the_access(address, received):
    browser, _ = opened(address)
    browser.post("/lien/quitter/")
    assert browser.get(NOTE).status_code == 404
    Client().post(f"{address}nouveau/")
    assert opened(received(BUYER))[1].status_code == 302


@pytest.mark.parametrize("case", ["used", "expired", "fresh"])
def test_another_link_is_asked_in_one_click_and_goes_to_the_same_address_only(case, address, received):
    if case == "used":
        opened(address)
    with later(days=8 if case == "expired" else 0):
        answer = Client().post(f"{address}nouveau/", {"email": "voleur@ailleurs.example"})
        assert answer.status_code == 200
        assert set(Message.objects.values_list("to", flat=True)) == {BUYER}
        renewed = received(BUYER)
        assert renewed != address
        assert Client().get(address).status_code == 404
        assert opened(renewed)[1].status_code == 302


@pytest.mark.parametrize("case", ["unknown", "closed", "over"])
def test_nothing_is_sent_when_there_is_nothing_to_renew_and_the_answer_is_the_same(case, address, link, facilitator):
    asked, delta = f"{address}nouveau/", {}
    if case == "unknown":
        asked = f"/lien/{TOKEN}/nouveau/"
    elif case == "closed":
        links.revoke_link(link, actor=facilitator.user, at=timezone.now())
    else:
        delta = {"days": 31}
    good = shown(Client().post(f"{address}nouveau/")) if case == "unknown" else None
    before = Message.objects.count()
    with later(**delta):
        answer = Client().post(asked)
    assert (answer.status_code, Message.objects.count()) == (200, before)
    assert good is None or shown(answer) == good


def test_five_links_an_hour_to_one_address_then_silence(address):
    for _ in range(10):
        assert Client().post(f"{address}nouveau/").status_code == 200
    assert Message.objects.filter(to=BUYER).count() == links.PER_ADDRESS
    with later(hours=2):
        Client().post(f"{address}nouveau/")
    assert Message.objects.filter(to=BUYER).count() == links.PER_ADDRESS + 1


def test_five_links_an_hour_then_the_structure_is_told(calibration, facilitator):
    now = timezone.now()
    for _ in range(links.PER_ADDRESS):
        actions.send_calibration(facilitator, calibration.pk, email=BUYER, days=30, site=SITE, at=now)
    with pytest.raises(links.LinkRefused, match="dans une heure"):
        actions.send_calibration(facilitator, calibration.pk, email=BUYER, days=30, site=SITE, at=now)


def test_trying_tokens_meets_a_limit(db):
    browser = Client()
    answers = [browser.post(f"/lien/{n:043}/").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]


def test_only_the_fingerprint_is_kept_and_the_message_is_emptied_once_sent(address, link, run_jobs):
    token = address.strip("/").split("/")[-1]
    assert token not in str(MagicLink.objects.values().get())
    run_jobs()
    assert not Message.objects.exclude(text="").exists()
    assert token not in str(list(Entry.objects.values()))


def test_pages_of_a_link_are_kept_by_nobody_and_their_address_stays_on_the_site(address):
    answer = Client().get(address)
    # « no-referrer » would have browsers send the button with « Origin: null », and the form refused
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


def test_the_story_is_told_on_what_was_shared(address, link, calibration, facilitator):
    opened(address)
    Client().post(f"{address}nouveau/")
    links.revoke_link(link, actor=facilitator.user, at=timezone.now())
    told = Entry.objects.filter(
        object_type="clauses.calibration", object_id=str(calibration.pk), act__startswith="link."
    )
    assert list(told.order_by("pk").values_list("act", flat=True)) == [
        "link.sent",
        "link.opened",
        "link.renewed",
        "link.revoked",
    ]


def test_the_structure_sees_who_opened_and_closes(address, calibration, facilitator, client_of):
    opened(address)
    page = text(client_of(facilitator).get(f"/calibrages/{calibration.pk}/"))
    assert BUYER in page
    assert "pas encore" not in page
    link = MagicLink.objects.get()
    client_of(facilitator).post(f"/calibrages/{calibration.pk}/destinataires/{link.pk}/fermer")
    assert MagicLink.objects.get().revoked_at is not None


@pytest.mark.parametrize("who", ["reader", "outsider"])
def test_who_may_not_write_sends_and_closes_nothing(who, request, link, calibration, client_of):
    browser = client_of(request.getfixturevalue(who))
    assert browser.post(f"/calibrages/{calibration.pk}/destinataires", {"email": "x@y.example"}).status_code == 404
    assert browser.post(f"/calibrages/{calibration.pk}/destinataires/{link.pk}/fermer").status_code == 404
    assert (MagicLink.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("given", "said"),
    [({"email": "pas une adresse"}, "n’est pas une adresse"), ({"email": BUYER, "days": "7"}, "durée")],
)
def test_what_is_wrong_is_said(given, said, calibration, facilitator, client_of):
    answer = client_of(facilitator).post(f"/calibrages/{calibration.pk}/destinataires", given, follow=True)
    assert said in text(answer)
    assert not MagicLink.objects.exists()
