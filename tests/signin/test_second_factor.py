"""Authenticator apps, passkeys and recovery codes: added after proof, asked when signing in, recorded, removable."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import SESSION_KEY

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages.models import Message
from dentelle.foundations.signin import secrets
from tests.factories import PASSWORD, UserFactory
from tests.signin.browsers import Browser
from tests.signin.soft_key import SoftKey


def text(answer):
    return answer.content.decode()


def recorded():
    return [(entry.act, entry.facts.get("method")) for entry in Entry.objects.order_by("pk")]


def code_for(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def options_in(answer, attribute):
    found = re.search(rf'{attribute}="([^"]*)"', text(answer))
    return json.loads(found[1].replace("&quot;", '"'))


def activate_app(browser):
    secret = browser.get("/compte/application/").context["form"].secret
    return secret, browser.post("/compte/application/", {"code": code_for(secret)}, follow=True)


def add_key(browser, key, **given):
    options = options_in(browser.get("/compte/cles/ajouter/"), "data-key-new")
    body = {"name": "Ordinateur du bureau", "credential": key.register(options)} | given
    return browser.post("/compte/cles/ajouter/", body, follow=True)


def give_password(person):
    browser = Browser()
    return browser, browser.post("/connexion/", {"username": person.email, "password": PASSWORD}, follow=True)


@pytest.fixture
def with_app(confirmed):
    browser = confirmed()
    secret, _ = activate_app(browser)
    return secret


@pytest.mark.parametrize(
    "address",
    ["/compte/application/", "/compte/cles/ajouter/", "/compte/codes/nouveaux/"],
)
def test_ways_of_signing_in_change_only_after_a_fresh_proof(address, person):
    browser = Browser()
    browser.force_login(person)
    for method in (browser.get, browser.post):
        assert method(address)["Location"].startswith("/compte/confirmer/")


def test_an_app_is_asked_after_the_password_from_then_on(person, with_app):
    browser, page = give_password(person)
    assert "Une vérification de plus" in text(page)
    assert SESSION_KEY not in browser.session
    assert browser.get("/compte/").status_code == 302
    assert "n’est pas le bon" in text(browser.post("/connexion/verification/", {"code": "000000"}))
    browser.post("/connexion/verification/", {"code": code_for(with_app)})
    assert browser.session[SESSION_KEY] == str(person.pk)


def test_a_code_serves_once(person, with_app):
    code = code_for(with_app)
    first, _ = give_password(person)
    first.post("/connexion/verification/", {"code": code})
    second, _ = give_password(person)
    second.post("/connexion/verification/", {"code": code})
    assert SESSION_KEY in first.session
    assert SESSION_KEY not in second.session


def test_activating_an_app_gives_recovery_codes_tells_by_mail_and_is_recorded(
    person, confirmed, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        _, page = activate_app(confirmed())
    assert len(re.findall(r"<code>\d{8}</code>", text(page))) == 10
    assert {("account.method_added", "totp"), ("account.method_added", "recovery_codes")} <= set(recorded())
    assert "Application d’authentification activée" in Message.objects.values_list("subject", flat=True)


def test_the_secret_of_an_app_is_unreadable_in_the_database(person, with_app, settings):
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert with_app not in stored
    assert secrets.decrypt(stored) == with_app
    settings.SECRET_KEY = "another"
    with pytest.raises(secrets.SecretUnreadable):
        secrets.decrypt(stored)
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests"]
    assert secrets.decrypt(stored) == with_app


def test_a_recovery_code_serves_once_in_place_of_the_app(person, with_app):
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    opened = []
    for _ in range(2):
        browser, _ = give_password(person)
        browser.post("/connexion/verification/", {"code": code})
        opened.append(SESSION_KEY in browser.session)
    assert opened == [True, False]


def test_removing_the_app_is_recorded_and_the_password_is_enough_again(person, confirmed):
    browser = confirmed()
    activate_app(browser)
    browser.post("/compte/application/retirer/")
    assert ("account.method_removed", "totp") in recorded()
    again, _ = give_password(person)
    assert SESSION_KEY in again.session


def test_losing_the_password_does_not_go_round_the_second_factor(person, with_app):
    browser = Browser()
    browser.post("/mot-de-passe/", {"email": person.email})
    link = re.search(r"https://testserver(/mot-de-passe/nouveau/\S+)", Message.objects.first().text)[1]
    there = browser.get(link, follow=True).redirect_chain[-1][0]
    browser.post(there, {"password1": "quatre mots sans rapport", "password2": "quatre mots sans rapport"}, follow=True)
    assert SESSION_KEY not in browser.session
    page = browser.post("/connexion/", {"username": person.email, "password": "quatre mots sans rapport"}, follow=True)
    assert "Une vérification de plus" in text(page)


def test_a_passkey_signs_in_without_password(person, confirmed):
    key = SoftKey()
    page = add_key(confirmed(), key, passwordless="on")
    assert "codes de secours" in text(page)
    assert ("account.method_added", "webauthn") in recorded()
    browser = Browser()
    options = browser.get("/connexion/cle/", headers={"accept": "application/json"}).json()["request_options"]
    browser.post("/connexion/cle/", {"credential": key.sign(options)})
    assert browser.session[SESSION_KEY] == str(person.pk)


def test_a_passkey_answers_as_second_factor(person, confirmed):
    key = SoftKey()
    add_key(confirmed(), key)
    browser, page = give_password(person)
    options = options_in(page, "data-key-options")
    browser.post("/connexion/verification/", {"credential": key.sign(options)})
    assert SESSION_KEY in browser.session


@pytest.mark.parametrize("case", ["replayed", "elsewhere", "stranger", "nonsense"])
def test_a_key_that_does_not_answer_this_question_opens_nothing(case, person, confirmed):
    key = SoftKey()
    add_key(confirmed(), key, passwordless="on")
    browser = Browser()
    asked = {"headers": {"accept": "application/json"}}
    options = browser.get("/connexion/cle/", **asked).json()["request_options"]
    credential = key.sign(options)
    if case == "replayed":
        browser.get("/connexion/cle/", **asked)  # another question has been asked since
    elif case == "elsewhere":
        credential = key.sign(options, origin="https://testserver.ailleurs.example")
    elif case == "stranger":
        other = SoftKey()
        other.user_handle, other.identifier = key.user_handle, key.identifier
        credential = other.sign(options)
    else:
        credential = json.dumps({"id": "x", "response": {"userHandle": "!"}})
    answer = browser.post("/connexion/cle/", {"credential": credential}, follow=True)
    assert answer.status_code == 200
    assert SESSION_KEY not in browser.session


def test_a_closed_account_is_not_opened_by_its_key(person, confirmed):
    key = SoftKey()
    add_key(confirmed(), key, passwordless="on")
    person.is_active = False
    person.save()
    browser = Browser()
    options = browser.get("/connexion/cle/", headers={"accept": "application/json"}).json()["request_options"]
    answer = browser.post("/connexion/cle/", {"credential": key.sign(options)}, follow=True)
    assert SESSION_KEY not in browser.session
    assert "non reconnus" in text(answer)


def test_a_key_is_renamed_and_removed_by_its_holder_alone(person, confirmed):
    browser = confirmed()
    add_key(browser, SoftKey())
    key = Authenticator.objects.get(type="webauthn")
    thief = Browser()
    other = UserFactory()
    thief.post("/connexion/", {"username": other.email, "password": PASSWORD})
    thief.post("/compte/confirmer/", {"password": PASSWORD, "next": "/compte/"})
    assert thief.post(f"/compte/cles/{key.pk}/retirer/").status_code == 404
    browser.post(f"/compte/cles/{key.pk}/nom/", {"name": "Téléphone"})
    assert "Téléphone" in text(browser.get("/compte/cles/"))
    browser.post(f"/compte/cles/{key.pk}/retirer/")
    assert ("account.method_removed", "webauthn") in recorded()


def test_passkeys_work_on_localhost_without_https(person, client):
    client.defaults["SERVER_NAME"] = "localhost"
    client.force_login(person)
    client.post("/compte/confirmer/", {"password": PASSWORD, "next": "/compte/"})
    answer = add_key(client, SoftKey("http://localhost:8000"))
    assert "codes de secours" in text(answer)


def test_pages_of_sign_in_hold_no_script_and_no_style_of_their_own(person, confirmed):
    browser = confirmed()
    pages = ["/compte/", "/compte/application/", "/compte/cles/ajouter/", "/compte/cles/", "/compte/adresse/"]
    for address in pages:
        page = text(browser.get(address))
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), address
        assert " style=" not in page, address


@pytest.mark.parametrize(
    "nonsense", ["", "{", "[]", "{}", '"x"', '{"id": 1, "response": []}', '{"rawId": "AA", "id": "AA"}']
)
def test_a_key_s_answer_that_cannot_be_read_is_refused_on_every_page(nonsense, person, confirmed):
    browser = confirmed()
    add_key(browser, SoftKey())
    browser.get("/compte/cles/ajouter/")
    assert browser.post("/compte/cles/ajouter/", {"name": "x", "credential": nonsense}).status_code == 200
    browser.get("/compte/confirmer/cle/")
    assert browser.post("/compte/confirmer/cle/", {"credential": nonsense}).status_code in {200, 302}
    half, _ = give_password(person)
    assert half.post("/connexion/verification/", {"credential": nonsense}).status_code == 200
    stranger = Browser()
    stranger.get("/connexion/cle/", headers={"accept": "application/json"})
    assert stranger.post("/connexion/cle/", {"credential": nonsense}).status_code == 302
    assert Authenticator.objects.filter(type="webauthn").count() == 1
