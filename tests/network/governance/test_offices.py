"""Mandates, bodies, offices; sessions that are settled once; what a handover does and does not touch."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.network.governance import access
from dentelle.network.governance.actions import axes, offices, sessions
from dentelle.network.governance.actions.axes import Draft
from dentelle.network.governance.actions.offices import Handover, Place
from dentelle.network.governance.models import Office, OfficeRole
from dentelle.network.governance.queries.axes import axis_sheet
from dentelle.network.governance.queries.sessions import session_sheet
from dentelle.network.governance.refusals import GovernanceRefused
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory
from tests.network.governance import making

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.7 compte rendu"


@pytest.fixture
def seat():
    return NetworkSeatFactory()


@pytest.fixture
def board(seat):
    making.mandate(seat)
    return making.body(seat)


def test_closing_a_mandate_ends_every_office_the_same_day(seat, board):
    kept = making.office(seat, board)
    offices.close_mandate(seat, kept.mandate_id, ends_on=date(2026, 12, 31), at=NOW)
    kept.refresh_from_db()
    assert kept.ends_on == date(2026, 12, 31)
    assert kept.mandate.ends_on == date(2026, 12, 31)


def test_somebody_sits_once_in_the_same_place(seat, board):
    making.office(seat, board)
    with pytest.raises(GovernanceRefused, match="déjà cette fonction"):
        making.office(seat, board)


def test_outside_of_a_body_one_is_lead_official_or_nothing(seat, board):
    making.office(seat, role=OfficeRole.LEAD_OFFICIAL)
    with pytest.raises(GovernanceRefused, match="dans quelle instance"):
        making.office(seat, name="Luc Bel")
    with pytest.raises(IntegrityError), transaction.atomic():
        Office.objects.filter(role=OfficeRole.LEAD_OFFICIAL).update(role=OfficeRole.MEMBER)


def test_a_body_of_another_network_is_no_place_to_sit(seat, board):
    other = NetworkSeatFactory(network=NetworkFactory(name="Autre réseau"))
    making.mandate(other)
    with pytest.raises(GovernanceRefused, match="pas ouverte"):
        offices.open_office(other, Place("Ana Ruiz", OfficeRole.MEMBER, board, None), starts_on=making.STARTED, at=NOW)


def test_a_handover_ends_all_and_opens_those_who_stay_and_those_who_come(seat, board):
    stays, leaves = making.office(seat, board, name="Reste"), making.office(seat, board, name="Part")
    arrival = Place("Arrive", OfficeRole.PRESIDENT, board, None)
    change = Handover("Mandat suivant", date(2026, 11, 2), date(2026, 11, 1), [stays.pk], [arrival])
    mandate = offices.hand_over(seat, change, at=NOW)
    assert set(Office.objects.filter(mandate=mandate).values_list("full_name", "role")) == {
        ("Reste", "member"),
        ("Arrive", "president"),
    }
    assert set(Office.objects.filter(ends_on=date(2026, 11, 1)).values_list("full_name", flat=True)) == {
        "Reste",
        "Part",
    }
    leaves.refresh_from_db()
    assert leaves.mandate != mandate


def test_a_handover_refused_changes_nothing(seat, board):
    kept = making.office(seat, board)
    wrong = Place("Arrive", OfficeRole.MEMBER, None, None)
    with pytest.raises(GovernanceRefused):
        offices.hand_over(seat, Handover("Suivant", date(2026, 11, 2), date(2026, 11, 1), [], [wrong]), at=NOW)
    kept.refresh_from_db()
    assert (kept.ends_on, kept.mandate.ends_on) == (None, None)


def test_an_axis_is_decided_by_a_board_with_a_date_and_words(seat, board):
    axis = making.axis(seat)
    group = making.body(seat, "working_group", "Groupe")
    decided = {"validated": True, "decided_on": making.today(), "decision": "Adopté", "session": None, "at": NOW}
    with pytest.raises(GovernanceRefused, match="conseil d’administration"):
        axes.decide(seat, axis.pk, body=group, **decided)
    with pytest.raises(GovernanceRefused, match="mots de la décision"):
        axes.decide(seat, axis.pk, body=board, **{**decided, "decision": " "})
    with pytest.raises(GovernanceRefused, match="aujourd’hui au plus tard"):
        axes.decide(seat, axis.pk, body=board, **{**decided, "decided_on": making.today() + timedelta(days=1)})
    axes.decide(seat, axis.pk, body=board, **decided)
    axis.refresh_from_db()
    assert (axis.version, axis.validated_on) == (1, making.today())


def test_a_version_in_force_holds_until_the_next_one_is_validated(seat, board):
    axis = making.validated(seat, making.axis(seat, name="Mobilité"), board)
    axes.propose_version(seat, axis.pk, Draft("Mobilités", "Autrement.", [], reason="Deux ans ont passé"), at=NOW)
    axis.refresh_from_db()
    assert (axis.name, axis.version) == ("Mobilité", 1)
    with pytest.raises(GovernanceRefused, match="attend déjà"):
        axes.propose_version(seat, axis.pk, Draft("Encore", "Encore.", [], reason="Encore"), at=NOW)
    making.validated(seat, axis, board)
    axis.refresh_from_db()
    assert (axis.name, axis.version) == ("Mobilités", 2)
    assert [row.state for row in axis_sheet(seat, axis.pk).versions] == ["en vigueur", "remplacée"]


def test_a_held_session_is_not_rewritten_but_takes_its_minutes(seat, board):
    meeting = making.session(seat, board)
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    sessions.hold(seat, meeting.pk, at=NOW)
    for act in (
        lambda: sessions.add_item(seat, meeting.pk, title="Trop tard", concerns=[], at=NOW),
        lambda: sessions.decide_in_session(seat, meeting.pk, text="Trop tard", concerns=[], at=NOW),
        lambda: sessions.note_attendance(seat, meeting.pk, {}, at=NOW),
        lambda: sessions.hold(seat, meeting.pk, at=NOW),
    ):
        with pytest.raises(GovernanceRefused, match="ne change plus"):
            act()
    sessions.add_document(seat, meeting.pk, SimpleUploadedFile("cr.pdf", PAPER), title="Compte rendu", at=NOW)
    assert session_sheet(seat, meeting.pk, today=making.today()).documents[0].readable


def test_a_session_to_come_is_not_settled(seat, board):
    meeting = making.session(seat, board, ago=-3)
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    with pytest.raises(GovernanceRefused, match="pas encore eu lieu"):
        sessions.hold(seat, meeting.pk, at=NOW)


def test_attendance_is_noted_for_those_who_sit_that_day(seat, board):
    here, gone = making.office(seat, board, name="Ici"), making.office(seat, board, name="Parti")
    offices.end_office(seat, gone.pk, ends_on=making.STARTED, at=NOW)
    meeting = making.session(seat, board)
    sessions.note_attendance(seat, meeting.pk, {here.pk: "present"}, at=NOW)
    with pytest.raises(GovernanceRefused, match="ne siège plus"):
        sessions.note_attendance(seat, meeting.pk, {gone.pk: "present"}, at=NOW)
    sheet = session_sheet(seat, meeting.pk, today=making.today())
    assert (sheet.present, len(sheet.seats)) == (1, 1)


def test_a_session_says_which_follows(seat, board):
    first, then = making.session(seat, board, ago=9), making.session(seat, board, ago=-9)
    assert session_sheet(seat, first.pk, today=making.today()).following == then


def test_a_document_in_quarantine_is_told_and_not_handed_over(seat, board):
    meeting = making.session(seat, board)
    document = sessions.add_document(seat, meeting.pk, SimpleUploadedFile("cr.pdf", PAPER), title="", at=NOW)
    StoredFile.objects.update(state=FileState.QUARANTINED)
    assert not access.documents_visible_to(seat).exists()
    [row] = session_sheet(seat, meeting.pk, today=making.today()).documents
    assert (row.document, row.readable) == (document, False)


def test_a_document_of_another_network_is_nobody_elses(seat, board):
    meeting = making.session(seat, board)
    sessions.add_document(seat, meeting.pk, SimpleUploadedFile("cr.pdf", PAPER), title="", at=NOW)
    assert access.documents_visible_to(MembershipFactory()).exists()
    assert not access.documents_visible_to(NetworkSeatFactory(network=NetworkFactory(name="Autre réseau"))).exists()


def test_a_session_page_costs_the_same_at_any_length(seat, board, assert_max_queries):
    meeting = making.session(seat, board)
    author = making.official()
    written = [making.concern(author, f"Préoccupation {rank}") for rank in range(12)]
    making.gathered(seat, *written)
    for rank in range(8):
        making.office(seat, board, name=f"Élue {rank}")
        sessions.add_item(seat, meeting.pk, title=f"Point {rank}", concerns=[one.pk for one in written[:rank]], at=NOW)
    with assert_max_queries(14):
        session_sheet(seat, meeting.pk, today=making.today())
