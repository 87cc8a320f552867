"""What people meet when something gets in the way: an ended session, an old form, a request nobody can read."""

import pytest
from django.test import Client
from django.utils.html import escape

from dentelle.thread.clauses.models import Calibration

pytestmark = pytest.mark.usefixtures("db")
FORM = "http://testserver/calibrages/nouveau?achat=abc"


def test_a_form_sent_after_the_session_ended_leads_back_to_the_page_that_held_it(client: Client) -> None:
    answer = client.post("/calibrages/1/partages", headers={"Referer": FORM})
    assert answer.status_code == 302
    assert answer["Location"] == "/connexion/?next=/calibrages/nouveau%3Fachat%3Dabc"
    assert "Votre session était terminée" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("referer", ["", "https://ailleurs.example/page", "//ailleurs.example", "javascript:alert(1)"])
def test_a_form_sent_from_elsewhere_leads_home(client: Client, referer: str) -> None:
    answer = client.post("/calibrages/nouveau", headers={"Referer": referer})
    assert answer["Location"] == "/connexion/?next=/"


def test_a_page_asked_without_a_session_is_given_after_it(client: Client) -> None:
    assert client.get("/achats/?q=a").headers["Location"] == "/connexion/?next=/achats/%3Fq%3Da"


def test_a_part_of_a_page_asked_without_a_session_replaces_nothing(client: Client) -> None:
    answer = client.post("/calibrages/apercu", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert b"<html" not in answer.content


def test_an_old_form_says_what_to_do(facilitator) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(facilitator.user)
    answer = strict.post("/calibrages/nouveau", {"title": "a"})
    assert answer.status_code == 403
    assert escape("ouverte depuis trop longtemps") in answer.content.decode()


def test_a_form_too_large_is_refused_in_french(client_of, facilitator, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client_of(facilitator).post("/calibrages/nouveau", {"subject": "a" * 5000})
    assert answer.status_code == 400
    assert "trop longue" in answer.content.decode()


def test_five_megabytes_of_text_are_refused_at_the_field(client_of, facilitator) -> None:
    answer = client_of(facilitator).post(
        "/calibrages/nouveau", {"act": "save", "title": "a" * 5_000_000, "method": "amount", "amount": "1" * 1_000_000}
    )
    assert answer.status_code == 422


def test_digits_that_are_not_numbers_never_break_a_form(client_of, facilitator) -> None:
    client = client_of(facilitator)
    assert client.post("/calibrages/1/partages", {"days": "²"}).status_code == 404
    assert client.post("/calibrages/nouveau", {"act": "draft", "title": "a", "method": "amount"}).status_code == 302
    calibration = Calibration.objects.get()
    address = f"/calibrages/{calibration.pk}/modifier"
    answer = client.post(address, {"act": "draft", "title": "b", "method": "amount", "revision": "²"})
    assert answer.status_code == 409
