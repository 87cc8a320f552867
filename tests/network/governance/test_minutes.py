"""Minutes: what is read before they are settled, and what they say once they are."""

import pytest
from django.test import Client
from django.urls import reverse

from dentelle.network.governance.actions import sessions
from dentelle.network.governance.queries.sessions import session_sheet
from tests.factories import NOW
from tests.network.governance import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return making.official()


@pytest.fixture
def seat(author):
    return making.head_of(author)


@pytest.fixture
def meeting(seat):
    board = making.body(seat)
    for name in ("Ana Ruiz", "Bo Sorin"):
        making.office(seat, board, name=name)
    return making.session(seat, board)


def browser(person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def main_of(answer) -> str:
    return " ".join(answer.content.decode().partition("<main")[2].partition("</main>")[0].split())


def read(person, name, *args) -> str:
    answer = browser(person).get(reverse(f"governance:{name}", args=args))
    assert answer.status_code == 200
    return main_of(answer)


def settle(seat, meeting, relu=None):
    typed = {} if relu is None else {"relu": relu}
    return browser(seat).post(reverse("governance:session-hold", args=[meeting.pk]), typed)


def test_minutes_are_read_back_before_they_are_settled(author, seat, meeting):
    written = making.concern(author)
    making.gathered(seat, written)
    point = sessions.add_item(seat, meeting.pk, title="Budget", concerns=[written.pk], at=NOW)
    sessions.note_item(seat, meeting.pk, point.pk, notes="Équilibré", at=NOW)
    sessions.decide_in_session(seat, meeting.pk, text="Adopté à l’unanimité", concerns=[], at=NOW)
    sessions.note_attendance(
        seat, meeting.pk, {session_sheet(seat, meeting.pk, at=NOW).seats[0].office.pk: "present"}, at=NOW
    )
    shown = main_of(settle(seat, meeting))
    for told in ("Budget", "Équilibré", "Adopté à l’unanimité", "présence non notée</strong>", "Bo Sorin"):
        assert told in shown, told
    meeting.refresh_from_db()
    assert meeting.held_at is None
    assert settle(seat, meeting, session_sheet(seat, meeting.pk, at=NOW).digest).status_code == 302
    meeting.refresh_from_db()
    assert meeting.held_at is not None


def test_minutes_changed_since_they_were_read_are_not_settled_but_read_again(seat, meeting):
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    before = session_sheet(seat, meeting.pk, at=NOW).digest
    sessions.decide_in_session(seat, meeting.pk, text="Adopté", concerns=[], at=NOW)
    answer = settle(seat, meeting, before)
    assert answer.status_code == 409
    assert "a changé depuis que vous l’avez relue" in main_of(answer)
    meeting.refresh_from_db()
    assert meeting.held_at is None


def test_an_empty_agenda_is_told_before_one_settles(seat, meeting):
    shown = main_of(settle(seat, meeting))
    assert "L’ordre du jour est vide" in shown
    assert "Arrêter le compte rendu</button>" not in shown


def test_what_may_not_be_settled_leads_back_to_the_session(seat, meeting):
    coming = making.session(seat, meeting.body, ago=-400)
    answer = browser(seat).get(reverse("governance:session-hold", args=[coming.pk]))
    assert answer["Location"] == reverse("governance:session", args=[coming.pk])
    settle(seat, coming)
    coming.refresh_from_db()
    assert coming.held_at is None


def test_every_form_of_a_session_keeps_what_is_typed_in_it(seat):
    assembly = making.body(seat, "general_assembly", "Assemblée générale")
    making.office(seat, assembly)
    meeting = making.session(seat, assembly)
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    shown = read(seat, "session", meeting.pk)
    typed = [form for form in shown.split("<form")[1:] if "<select" in form or "form-control" in form]
    assert len(typed) == 7
    for form in typed:
        assert f'data-keep="seance:{meeting.pk}:' in form.partition(">")[0]
    assert f'data-unsent="seance:{meeting.pk}:"' in shown


def test_settled_minutes_say_that_nobody_was_noted(author, seat, meeting):
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    sessions.hold(seat, meeting.pk, at=NOW)
    shown = read(author, "session", meeting.pk)
    assert "Les présences n’ont pas été notées. Siégeaient ce jour-là" in shown
    assert "Ana Ruiz" in shown


def test_minutes_say_beside_each_name_who_was_not_noted(author, seat, meeting):
    came = session_sheet(seat, meeting.pk, at=NOW).seats[0]
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    sessions.note_attendance(seat, meeting.pk, {came.office.pk: "present"}, at=NOW)
    sessions.hold(seat, meeting.pk, at=NOW)
    shown = read(author, "session", meeting.pk)
    assert "Ana Ruiz · présent ou présente" in shown
    assert "Bo Sorin · présence non notée" in shown
    assert "n’ont pas été notées" not in shown


def test_a_session_to_come_says_who_sits_not_who_came(author, seat, meeting):
    coming = making.session(seat, meeting.body, ago=-400)
    shown = read(author, "session", coming.pk)
    assert "Qui siège" in shown
    assert "Présences" not in shown
    assert "non notée" not in shown


def test_a_settled_assembly_says_that_no_structure_was_noted(author, seat):
    meeting = making.session(seat, making.body(seat, "general_assembly", "Assemblée générale"))
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    sessions.hold(seat, meeting.pk, at=NOW)
    shown = read(author, "session", meeting.pk)
    assert "Les structures présentes n’ont pas été notées." in shown
    assert "Personne ne siège" not in shown
