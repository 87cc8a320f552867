"""Two people of the head of a network on one form of governance: neither replaces unread what the other wrote."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from dentelle.network.governance.actions import offices, sessions
from dentelle.network.governance.models import AgendaItem, Body, Decision, Mandate, Office, Session, Theme
from tests.factories import NOW, NetworkSeatFactory, StructureFactory
from tests.forms import said_of, sent_back, text
from tests.network.governance import making

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_ground")]


@pytest.fixture
def the_ground(settings, ground_directory):
    settings.DENTELLE_GROUND = ground_directory


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def author():
    return making.official()


@pytest.fixture
def seat(author):
    return making.head_of(author)


@pytest.fixture
def mine(seat, client_of):
    return client_of(seat)


@pytest.fixture
def hers(seat, client_of):
    """Another person who runs the network."""
    return client_of(NetworkSeatFactory(network=seat.network))


def at(name, *args):
    return reverse(f"governance:{name}", args=args)


@pytest.fixture
def meeting(seat):
    return making.session(seat, making.body(seat))


@pytest.fixture
def point(seat, meeting):
    return sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)


# -- a page that is one form


def test_a_theme_both_wrote_is_shown_to_the_second_and_saved_knowingly(seat, mine, hers):
    address = at("theme-change", making.theme(seat, "Mobilité").pk)
    opened = mine.get(address)
    assert hers.post(address, sent_back(hers.get(address), "name", name="Transports")).status_code == 302
    conflict = mine.post(address, sent_back(opened, "name", name="Se déplacer", summary="Les cars\r\ndu soir"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Nom du thème") == ["Transports", "Se déplacer"]
    assert "rien n’est remplacé pour l’instant" in text(conflict)
    assert Theme.objects.get().name == "Transports"
    assert mine.post(address, sent_back(conflict, "name")).status_code == 302
    kept = Theme.objects.get()
    assert (kept.name, kept.summary) == ("Se déplacer", "Les cars\r\ndu soir")


def test_what_each_wrote_in_another_field_is_kept(seat, mine, hers):
    address = at("theme-change", making.theme(seat, "Mobilité").pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), "name", name="Transports"))
    assert mine.post(address, sent_back(opened, "name", summary="Les cars du soir")).status_code == 302
    kept = Theme.objects.get()
    assert (kept.name, kept.summary) == ("Transports", "Les cars du soir")


def test_a_form_left_as_it_was_opened_undoes_nothing(seat, mine, hers):
    address = at("theme-change", making.theme(seat, "Mobilité").pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), "name", name="Transports", summary="Deux\r\nlignes"))
    assert mine.post(address, sent_back(opened, "name")).status_code == 302
    kept = Theme.objects.get()
    assert (kept.name, kept.summary) == ("Transports", "Deux\r\nlignes")


def test_a_third_saving_after_the_page_of_a_conflict_is_shown_too(seat, mine, hers):
    address = at("theme-change", making.theme(seat, "Mobilité").pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), "name", name="Transports"))
    conflict = mine.post(address, sent_back(opened, "name", name="Se déplacer"))
    hers.post(address, sent_back(hers.get(address), "name", name="Transports du soir"))
    assert mine.post(address, sent_back(conflict, "name")).status_code == 409
    assert Theme.objects.get().name == "Transports du soir"


def test_a_refused_form_does_not_take_what_others_saved_for_its_own(seat, mine, hers):
    address = at("theme-change", making.theme(seat, "Mobilité").pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), "name", summary="Les cars"))
    refused = mine.post(address, sent_back(opened, "name", name=""))
    assert refused.status_code == 422
    assert mine.post(address, sent_back(refused, "name", name="Se déplacer")).status_code == 302
    kept = Theme.objects.get()
    assert (kept.name, kept.summary) == ("Se déplacer", "Les cars")


def test_a_body_both_wrote_is_shown_to_the_second(seat, mine, hers):
    body = offices.open_body(
        seat, kind="local_committee", name="Comité", purpose="", axis=None, places=["departement:79"], at=NOW
    )
    address = at("body-change", body.pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), "name", name="Comité du Bocage", places="epci:200041333"))
    conflict = mine.post(address, sent_back(opened, "name", name="Comité local", purpose="Le Bocage"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Nom") == ["Comité du Bocage", "Comité local"]
    assert mine.post(address, sent_back(conflict, "name")).status_code == 302
    kept = Body.objects.get()
    assert (kept.name, kept.purpose, kept.places) == ("Comité local", "Le Bocage", ["epci:200041333"])


def test_a_session_moved_meanwhile_is_not_moved_back_by_who_changes_its_place(meeting, mine, hers):
    address = at("session-move", meeting.pk)
    opened = mine.get(address)
    later = f"{timezone.localtime(meeting.starts_at) + timedelta(days=9):%Y-%m-%dT%H:%M}"
    assert hers.post(address, sent_back(hers.get(address), "starts_at", starts_at=later)).status_code == 302
    assert mine.post(address, sent_back(opened, "starts_at", place="Parthenay")).status_code == 302
    kept = Session.objects.get()
    assert (kept.place, kept.starts_at) == ("Parthenay", meeting.starts_at + timedelta(days=9))
    conflict = mine.post(address, sent_back(opened, "starts_at", starts_at="2026-12-01T09:00"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Date et heure")[1] == "01/12/2026 à 09:00"


def test_an_axis_said_otherwise_meanwhile_is_read_before_another_version_is_proposed(seat, mine, hers):
    board = making.body(seat)
    axis = making.axis(seat, making.theme(seat))
    making.validated(seat, axis, board)
    address = at("axis-version", axis.pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), "name", statement="Ses mots", reason="Plus clair"))
    making.validated(seat, axis, board)
    conflict = mine.post(address, sent_back(opened, "name", statement="Mes mots", reason="Plus court"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Ce que le réseau veut") == ["Ses mots", "Mes mots"]


def test_what_is_corrected_twice_is_shown_to_the_second(seat, mine, hers):
    board = making.body(seat)
    axis = making.axis(seat, making.theme(seat))
    making.validated(seat, axis, board)
    office = making.office(seat, board)
    cases = [
        (at("office-correct", office.pk), "full_name", "Prénom et nom"),
        (at("mandate-correct", Mandate.objects.get().pk), "name", "Nom du mandat"),
        (at("axis-correct", axis.pk, 1), "decision", "Mots ou référence de la décision"),
    ]
    for address, name, label in cases:
        opened = mine.get(address)
        why = {"reason": "Faute"} if 'name="reason"' in text(opened) else {}
        assert hers.post(address, sent_back(hers.get(address), name, **{name: "Le sien"}, **why)).status_code == 302
        conflict = mine.post(address, sent_back(opened, name, **{name: "Le mien"}, **why))
        assert conflict.status_code == 409, address
        assert said_of(conflict, label) == ["Le sien", "Le mien"]
        assert mine.post(address, sent_back(conflict, name)).status_code == 302, address
    assert Office.objects.get().full_name == "Le mien"


# -- minutes


def test_what_was_said_on_a_point_written_by_two_keeps_both_before_the_eyes_of_the_second(point, mine, hers):
    page, address = at("session", point.session_id), at("session-act", point.session_id, "notes")
    opened = mine.get(page)
    assert hers.post(address, sent_back(hers.get(page), "notes", notes="Ce qu’elle a entendu")).status_code == 302
    conflict = mine.post(address, sent_back(opened, "notes", notes="Ce que j’ai entendu"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Ce qui a été dit") == ["Ce qu’elle a entendu", "Ce que j’ai entendu"]
    assert AgendaItem.objects.get().notes == "Ce qu’elle a entendu"
    both = "Ce qu’elle a entendu\r\nCe que j’ai entendu"
    assert mine.post(address, sent_back(conflict, "notes", notes=both)).status_code == 302
    assert AgendaItem.objects.get().notes == both


def test_a_saved_note_is_said_by_the_name_of_its_point_so_that_the_browser_forgets_it(point, mine):
    page, address = at("session", point.session_id), at("session-act", point.session_id, "notes")
    answer = mine.post(address, sent_back(mine.get(page), "notes", notes="Équilibré"), follow=True)
    assert "Ce qui a été dit sur «\u00a0Budget\u00a0» est enregistré." in text(answer)
    assert "alert-success" in text(answer)


def test_every_form_the_browser_keeps_on_the_page_of_a_session_says_what_it_saved(seat, author, mine):
    """keep.js forgets what was typed once the page that comes back says so."""
    body = making.body(seat, kind="general_assembly", name="Assemblée générale")
    making.office(seat, body)
    making.gathered(seat, making.concern(author))
    meeting = making.session(seat, body)
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    page = at("session", meeting.pk)
    typed = {
        "notes": ("notes", {"notes": "Équilibré"}),
        "point": ("title", {"title": "Mobilité"}),
        "presences": (f"presence-{Office.objects.get().pk}", {}),
        "membres": (f"structure-{author.structure_id}", {}),
        "invite": ("full_name", {"full_name": "Ana Ruiz"}),
        "decision": ("text", {"text": "Adopté"}),
    }
    for act, (having, words) in typed.items():
        address = at("session-act", meeting.pk, act)
        answer = mine.post(address, sent_back(mine.get(page), having, **words), follow=True)
        assert "alert-success" in text(answer), act


def test_concerns_each_tied_to_a_point_or_a_decision_are_all_kept(seat, author, meeting, point, mine, hers):
    first, second = making.concern(author), making.concern(author, "Les loyers montent.")
    making.gathered(seat, first, second)
    decision = sessions.decide_in_session(seat, meeting.pk, text="Adopté", concerns=[], at=NOW)
    for address, field, made in (
        (at("item-change", meeting.pk, point.pk), "title", point),  # a decision answers what its agenda has
        (at("decision-change", meeting.pk, decision.pk), "text", decision),
    ):
        opened = mine.get(address)
        hers.post(address, sent_back(hers.get(address), field, preoccupation=[first.pk]))
        assert mine.post(address, sent_back(opened, field, preoccupation=[second.pk])).status_code == 302
        assert set(made.concerns.all()) == {first, second}


def test_a_decision_both_corrected_is_shown_to_the_second(seat, meeting, mine, hers):
    made = sessions.decide_in_session(seat, meeting.pk, text="Adopté", concerns=[], at=NOW)
    address = at("decision-change", meeting.pk, made.pk)
    opened = mine.get(address)
    hers.post(address, sent_back(hers.get(address), "text", text="Adopté à l’unanimité"))
    conflict = mine.post(address, sent_back(opened, "text", text="Reporté"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Décision") == ["Adopté à l’unanimité", "Reporté"]
    assert Decision.objects.get().text == "Adopté à l’unanimité"


def test_words_of_several_lines_left_alone_are_not_told_as_corrected(seat, meeting, mine):
    made = sessions.decide_in_session(seat, meeting.pk, text="Adopté\r\nà l’unanimité", concerns=[], at=NOW)
    address = at("decision-change", meeting.pk, made.pk)
    assert mine.post(address, sent_back(mine.get(address), "text")).status_code == 302
    assert not meeting.corrections.exists()


def test_attendance_noted_by_two_keeps_what_each_noted_and_names_what_one_replaces(seat, meeting, mine, hers):
    ana, bo = (making.office(seat, meeting.body, name=name) for name in ("Ana Ruiz", "Bo Sorin"))
    page, address = at("session", meeting.pk), at("session-act", meeting.pk, "presences")
    one, other = f"presence-{ana.pk}", f"presence-{bo.pk}"
    opened = mine.get(page)
    hers.post(address, sent_back(hers.get(page), one, **{one: "present"}))
    answer = mine.post(address, sent_back(opened, one, **{other: "excused"}), follow=True)
    assert "remplacé" not in text(answer)
    assert dict(meeting.attendance.values_list("office", "presence")) == {ana.pk: "present", bo.pk: "excused"}
    answer = mine.post(address, sent_back(opened, one, **{one: "excused"}), follow=True)
    assert "remplacé par ce que vous avez choisi\u00a0: Ana Ruiz." in text(answer)


def test_structures_noted_by_two_at_an_assembly_keep_what_each_noted(seat, author, mine, hers):
    meeting = making.session(seat, making.body(seat, kind="general_assembly", name="Assemblée générale"))
    other = StructureFactory(network=seat.network)
    page, address = at("session", meeting.pk), at("session-act", meeting.pk, "membres")
    field, more = f"structure-{author.structure_id}", f"structure-{other.pk}"
    opened = mine.get(page)
    hers.post(
        address, sent_back(hers.get(page), field, **{field: "present", f"venu-{author.structure_id}": "Ana Ruiz"})
    )
    mine.post(address, sent_back(opened, field, **{more: "present"}))
    noted = {one.structure_id: (one.presence, one.full_name) for one in meeting.attendees.all()}
    assert noted == {author.structure_id: ("present", "Ana Ruiz"), other.pk: ("present", "")}
