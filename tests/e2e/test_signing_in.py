"""One's own account in the browser: an app, a passkey made by the browser itself, an invitation, a link for a buyer."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.utils import timezone

from dentelle.foundations.messages.models import Message
from dentelle.foundations.organisations.models import Membership
from tests.clauses.making import saved
from tests.e2e.browser import reached
from tests.e2e.conftest import Visit, log_in
from tests.factories import PASSWORD

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("with_ground"),
]


@pytest.fixture(autouse=True)
def _attempts_of_this_test_only() -> None:
    cache.clear()


def confirm(page: Any) -> None:
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()


def accepted_counters() -> list[int]:
    """The moments whose code is taken now: a code serves once, so two acts in a row take two of them."""
    return sorted(yield_hotp_counters_from_time())


def half_way(page: Any, email: str) -> None:
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("heading", level=1, name="Une vérification de plus").wait_for()


def link_in(to: str) -> str:
    text = Message.objects.filter(to=to).order_by("-created_at").first().text
    return re.search(r"https?://[^/\s]+(/\S+)", text)[1]


def test_an_authenticator_app_from_its_drawing_to_the_next_sign_in(
    page: Any, visit: Visit, manager: Membership, sign_in: Callable[[Membership], None]
) -> None:
    sign_in(manager)
    page.goto("/compte/")
    reached(page, "account")
    page.get_by_role("link", name="Activer une application").click()
    reached(page, "account-confirm")
    confirm(page)
    page.get_by_role("heading", level=1, name="Activer une application").wait_for()
    reached(page, "account-app")
    secret = page.get_by_label("Clé à recopier").input_value()
    code = format_hotp_value(hotp_value(secret, accepted_counters()[0]))
    page.get_by_label("Code affiché par l’application").fill(code)
    page.get_by_role("button", name="Activer").click()
    page.get_by_role("heading", level=1, name="10 codes de secours").wait_for()
    reached(page, "account-codes")
    other = visit()
    half_way(other, manager.user.email)
    reached(other, "second-factor")
    code = format_hotp_value(hotp_value(secret, accepted_counters()[1]))
    other.get_by_label("Code").fill(code)
    other.get_by_role("button", name="Se connecter", exact=True).click()
    other.goto("/compte/")
    other.get_by_text("Activée").wait_for()


def test_a_passkey_made_by_the_browser_signs_in_without_password(
    page: Any, manager: Membership, sign_in: Callable[[Membership], None]
) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(manager)
    page.goto("/compte/cles/ajouter/")
    confirm(page)
    page.get_by_label("Nom de la clé").fill("Ordinateur du bureau")
    page.get_by_label("Se connecter avec cette clé seule").check()
    reached(page, "account-key")
    page.get_by_role("button", name="Créer la clé").click()
    page.get_by_role("heading", level=1, name="10 codes de secours").wait_for()
    page.goto("/compte/cles/")
    page.get_by_text("Ordinateur du bureau").first.wait_for()
    reached(page, "account-keys")
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    page.get_by_role("button", name="Se déconnecter").wait_for()


def test_an_invited_person_comes_in(page: Any, visit: Visit, manager: Membership, sign_in: Any) -> None:
    sign_in(manager)
    page.goto("/invitations/")
    page.get_by_label("Adresse électronique").fill("lea@essai.example")
    page.get_by_label("Rôle").select_option(label="lecture seule")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    page.get_by_text("Invitation envoyée à lea@essai.example").wait_for()
    reached(page, "invitations")
    lea = visit()
    lea.goto(link_in("lea@essai.example"))
    reached(lea, "invitation")
    lea.get_by_label("Prénom et nom").fill("Léa Martin")
    lea.get_by_label("Mot de passe").fill("quatre mots sans rapport")
    lea.get_by_label("Le même, encore").fill("quatre mots sans rapport")
    lea.get_by_role("button", name="Accepter et ouvrir mon compte").click()
    lea.get_by_text("Bienvenue").wait_for()


def test_a_buyer_opens_the_note_by_the_link_received(
    page: Any, visit: Visit, facilitator: Membership, sign_in: Any
) -> None:
    calibration = saved(facilitator, at=timezone.now())
    sign_in(facilitator)
    page.goto(f"/calibrages/{calibration.pk}/")
    page.get_by_label("Adresse électronique").fill("acheteuse@ville.example")
    page.get_by_role("button", name="Envoyer le lien").click()
    page.get_by_text("Envoyé à acheteuse@ville.example").wait_for()
    reached(page, "calibration-recipients")
    buyer = visit()
    address = link_in("acheteuse@ville.example")
    buyer.goto(address)
    reached(buyer, "link")
    buyer.get_by_role("button", name="Ouvrir").click()
    buyer.get_by_role("heading", level=1, name=calibration.title).wait_for()
    reached(buyer, "link-note")
    again = visit()
    again.goto(address)
    again.get_by_role("heading", level=1, name="Ce lien ne s’ouvre pas").wait_for()
    reached(again, "link-closed")
    again.get_by_role("button", name="Demander un nouveau lien").click()
    again.get_by_role("heading", level=1, name="C’est noté").wait_for()
    again.goto(link_in("acheteuse@ville.example"))
    again.get_by_role("button", name="Ouvrir").click()
    again.get_by_role("heading", level=1, name=calibration.title).wait_for()


def test_a_lost_password_is_chosen_again(page: Any, manager: Membership) -> None:
    page.goto("/connexion/")
    reached(page, "sign-in")
    page.get_by_role("link", name="Mot de passe oublié").click()
    page.get_by_label("Adresse électronique").fill(manager.user.email)
    reached(page, "password-lost")
    page.get_by_role("button", name="Envoyer le lien").click()
    page.get_by_role("heading", level=1, name="Regardez votre courrier").wait_for()
    page.goto(link_in(manager.user.email))
    page.get_by_label("Nouveau mot de passe").fill("quatre mots sans rapport")
    page.get_by_label("Le même, encore").fill("quatre mots sans rapport")
    reached(page, "password-choose")
    page.get_by_role("button", name="Enregistrer ce mot de passe").click()
    page.get_by_role("heading", level=1, name="Votre mot de passe est changé").wait_for()
    log_in(page, manager.user.email, "quatre mots sans rapport")
