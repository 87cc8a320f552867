"""Signing in by password, losing it, changing it; and what a stranger learns meanwhile: nothing."""

import re
from unittest.mock import patch

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages.models import Message
from dentelle.foundations.signin.browsers import browser_words
from tests.factories import PASSWORD, UserFactory
from tests.signin.browsers import Browser

NEW = "quatre mots sans aucun rapport"


def text(answer):
    return answer.content.decode()


def shown(answer):
    """The page without what changes at each request."""
    return re.sub(r'value="[^"]*"|X-CSRFToken": "\w+"', "", text(answer))


def acts():
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def test_the_right_password_opens_and_the_session_changes_its_key(person, browser):
    browser.get("/connexion/")
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    browser.cookies["sessionid"] = session.session_key
    browser.post("/connexion/", {"username": "Aline@Essai.example", "password": PASSWORD})
    assert browser.session[SESSION_KEY] == str(person.pk)
    assert browser.session.session_key != session.session_key


def test_people_go_back_where_they_were_and_nowhere_else(person, browser):
    body = {"username": person.email, "password": PASSWORD}
    assert browser.post("/connexion/", body | {"next": "/compte/"})["Location"] == "/compte/"
    browser.post("/deconnexion/")
    assert browser.post("/connexion/", body | {"next": "https://ailleurs.example/"})["Location"] == "/"


@pytest.mark.parametrize("case", ["unknown", "wrong", "closed"])
def test_a_refusal_says_the_same_whatever_is_wrong(case, person, browser):
    UserFactory(email="fermee@essai.example", is_active=False)
    given = {
        "unknown": ("personne@essai.example", PASSWORD),
        "wrong": (person.email, "pas le bon mot de passe"),
        "closed": ("fermee@essai.example", PASSWORD),
    }[case]
    answer = browser.post("/connexion/", {"username": given[0], "password": given[1]})
    assert answer.status_code == 200
    assert "Adresse ou mot de passe non reconnus" in text(answer)
    assert SESSION_KEY not in browser.session


def test_a_refusal_is_the_same_page_to_the_letter(person, browser):
    wrong = browser.post("/connexion/", {"username": person.email, "password": "pas le bon mot de passe"})
    unknown = browser.post("/connexion/", {"username": "inconnue@essai.example", "password": "pas le bon mot de passe"})
    assert shown(wrong) == shown(unknown)


def test_an_unknown_address_costs_one_hashing_like_a_known_one(person, browser):
    counts = []
    for address in (person.email, "inconnue@essai.example"):
        with patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as encode:
            browser.post("/connexion/", {"username": address, "password": "pas le bon mot de passe"})
        counts.append(encode.call_count)
    assert counts == [1, 1]


def test_six_failures_on_one_address_close_it_for_a_while_even_to_the_right_password(person, browser):
    for _ in range(5):
        browser.post("/connexion/", {"username": person.email, "password": "pas le bon mot de passe"})
    answer = browser.post("/connexion/", {"username": person.email, "password": PASSWORD})
    assert "Trop d’essais" in text(answer)
    assert SESSION_KEY not in browser.session


def test_too_many_attempts_from_one_place_meet_a_page_in_french(person, browser):
    answers = [browser.post("/connexion/", {"username": f"p{n}@essai.example", "password": "x"}) for n in range(31)]
    assert answers[-1].status_code == 429
    assert "Trop de demandes" in text(answers[-1])


def test_an_unknown_and_a_known_address_that_lost_its_password_read_the_same(person, browser):
    answers = [
        browser.post("/mot-de-passe/", {"email": address}, follow=True)
        for address in (person.email, "inconnue@essai.example")
    ]
    assert shown(answers[0]) == shown(answers[1])
    assert list(Message.objects.order_by("created_at").values_list("to", "subject")) == [
        (person.email, "Choisir un nouveau mot de passe"),
        ("inconnue@essai.example", "Aucun compte à cette adresse"),
    ]


def link_in(message):
    return re.search(r"https://testserver(/mot-de-passe/\S+)", message.text)[1]


def test_a_lost_password_is_chosen_again_by_the_link_received(person, browser):
    browser.post("/mot-de-passe/", {"email": person.email})
    link = link_in(Message.objects.get())
    scanner = Browser()
    for _ in range(3):  # mail scanners open everything
        assert scanner.get(link, follow=True).status_code == 200
        assert scanner.head(link, follow=True).status_code == 200
    page = browser.get(link, follow=True)
    assert link.rsplit("-", 1)[1].strip("/") not in text(page)
    there = page.redirect_chain[-1][0]
    answer = browser.post(there, {"password1": NEW, "password2": NEW}, follow=True)
    assert "Votre mot de passe est changé" in text(answer)
    assert User.objects.get().check_password(NEW)
    assert SESSION_KEY not in browser.session
    assert "Ce lien ne sert plus" in text(scanner.get(link, follow=True))
    assert acts() == ["account.password_reset"]


def test_a_password_of_one_s_own_asks_for_the_former_one_and_tells_by_mail(person, signed_in):
    body = {"oldpassword": "pas le bon", "password1": NEW, "password2": NEW}
    assert "Ce n’est pas votre mot de passe actuel" in text(signed_in.post("/compte/mot-de-passe/", body))
    signed_in.post("/compte/mot-de-passe/", body | {"oldpassword": PASSWORD})
    assert User.objects.get().check_password(NEW)
    assert acts() == ["account.password_changed"]
    assert Message.objects.get().subject == "Votre mot de passe a changé"
    assert signed_in.get("/compte/").status_code == 200


def test_changing_the_password_ends_the_sessions_of_other_browsers(person, signed_in):
    other = Browser()
    other.post("/connexion/", {"username": person.email, "password": PASSWORD})
    assert other.get("/compte/").status_code == 200
    signed_in.post("/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert other.get("/compte/").status_code == 302


def test_sessions_elsewhere_end_and_this_one_stays(person, signed_in):
    other, somebody = Browser(), Browser()
    other.force_login(person)
    somebody.force_login(UserFactory())
    answer = signed_in.post("/compte/sessions/fermer/", follow=True)
    assert "Sessions fermées ailleurs\u202f: 1." in text(answer)
    assert (other.get("/compte/").status_code, somebody.get("/compte/").status_code) == (302, 200)
    assert acts() == ["account.sessions_ended"]


def test_ones_open_sessions_are_listed_by_browser_this_one_first(person, signed_in):
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
    other = Browser(headers={"user-agent": firefox})
    other.post("/connexion/", {"username": person.email, "password": PASSWORD})
    Browser().force_login(UserFactory())
    page = text(signed_in.get("/compte/")).replace("\u202f", " ")
    assert "2 navigateurs connectés" in page
    assert page.index("celui-ci") < page.index("Firefox sur Windows")
    signed_in.post("/compte/sessions/fermer/")
    page = text(signed_in.get("/compte/")).replace("\u202f", " ")
    assert "1 navigateur connecté" in page
    assert "Fermer les autres" not in page


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0", "Edge sur Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36", "Chrome sur Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari sur iPhone"),
        ("curl/8.5", "navigateur non reconnu"),
        ("", "navigateur non reconnu"),
    ],
)
def test_a_browser_is_told_in_words_its_owner_recognises(agent, words):
    assert browser_words(agent) == words


@pytest.mark.parametrize("address", ["/inscription/", "/signup/", "/accounts/signup/", "/connexion/inscription/"])
def test_nobody_signs_up_alone(address, db, browser):
    assert browser.get(address).status_code in {302, 404}
    assert browser.post(address, {"email": "moi@essai.example", "password1": NEW}).status_code in {302, 404}
    assert not User.objects.exists()


def code_in(message):
    return re.search(r"^([0-9A-Z-]{6,})$", message.text, re.MULTILINE)[1]


def test_a_new_address_takes_over_once_its_code_is_given(person, confirmed):
    browser = confirmed()
    answer = browser.post("/compte/adresse/", {"email": "aline.roux@essai.example", "action_add": "1"}, follow=True)
    assert "Un code vient de partir" in text(answer)
    assert User.objects.get().email == "aline@essai.example"
    message = Message.objects.get(to="aline.roux@essai.example")
    browser.post("/compte/adresse/code/", {"code": code_in(message), "action": "verify"})
    assert User.objects.get().email == "aline.roux@essai.example"
    assert "account.address_changed" in acts()
    assert Message.objects.filter(to="aline@essai.example", subject="L’adresse de votre compte a changé").exists()


def test_the_address_of_somebody_else_is_not_told_apart(person, confirmed):
    UserFactory(email="prise@essai.example")
    browser = confirmed()
    pages = [
        shown(browser.post("/compte/adresse/", {"email": address, "action_add": "1"}, follow=True)).replace(address, "")
        for address in ("libre@essai.example", "prise@essai.example")
    ]
    assert pages[0] == pages[1]
    assert User.objects.get(full_name="Aline Roux").email == "aline@essai.example"


def test_nothing_is_sent_while_the_person_waits(person, browser):
    browser.post("/mot-de-passe/", {"email": person.email})
    assert mail.outbox == []
