"""Mandates, bodies, offices; sessions that are settled once; what a handover does and does not touch."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.messages.models import Message
from dentelle.network.governance import access, awaited, letters
from dentelle.network.governance.actions import axes, offices, sessions
from dentelle.network.governance.actions.axes import Draft
from dentelle.network.governance.actions.offices import Handover, Place
from dentelle.network.governance.models import Attendance, Office, OfficeRole
from dentelle.network.governance.queries import bodies
from dentelle.network.governance.queries.axes import axis_sheet
from dentelle.network.governance.queries.sessions import session_sheet
from dentelle.network.governance.refusals import GovernanceRefused
from dentelle.rules.wording import day
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


def test_who_has_a_function_in_a_body_is_not_registered_there_as_a_member_too(seat, board):
    henri = MembershipFactory(elected_official=True, structure__network=seat.network).user
    held = making.office(seat, board, "Henri Sorin", OfficeRole.VICE_PRESIDENT, user=henri)
    for named in ({"name": "henri sorin"}, {"name": "M. Sorin", "user": henri}):
        with pytest.raises(
            GovernanceRefused, match=r"siège déjà dans « Conseil d’administration » \(vice-présidence\)"
        ):
            making.office(seat, board, **named)
    making.office(seat, board, "Henri Sorin", OfficeRole.TREASURER, user=henri)
    making.office(seat, making.body(seat, "bureau", "Bureau"), "Henri Sorin", user=henri)
    asked = Place("Henri Sorin", OfficeRole.MEMBER, board, None, henri)
    with pytest.raises(GovernanceRefused, match="une personne y compte une fois"):
        offices.correct_office(seat, held.pk, asked, starts_on=making.STARTED, at=NOW)
    namesake = MembershipFactory(structure__network=seat.network).user
    assert making.office(seat, board, "Henri Sorin", user=namesake).pk  # another account is somebody else


def test_a_member_takes_another_function_once_the_first_is_ended_even_the_same_day(seat, board):
    member = making.office(seat, board, "Ana Ruiz")
    with pytest.raises(GovernanceRefused, match="terminez d’abord"):
        making.office(seat, board, "Ana Ruiz", OfficeRole.PRESIDENT)
    offices.end_office(seat, member.pk, ends_on=making.today(), at=NOW)
    place = Place("Ana Ruiz", OfficeRole.PRESIDENT, board, None)
    assert offices.open_office(seat, place, starts_on=making.today(), at=NOW).pk


def test_one_person_is_one_line_of_the_minutes_whatever_their_functions_settled_or_not(seat, board):
    henri = MembershipFactory().user
    vice = making.office(seat, board, "Henri Sorin", OfficeRole.VICE_PRESIDENT, user=henri)
    twin = making.office(seat, board, "Henri Sorin", OfficeRole.TREASURER)
    making.office(seat, board, "Ana Ruiz")
    meeting = making.session(seat, board)
    Attendance.objects.create(session=meeting, office=twin, presence="present")
    Attendance.objects.create(session=meeting, office=vice, presence="absent")

    def lines():
        sheet = session_sheet(seat, meeting.pk, at=NOW)
        return sheet.present, [(each.office.full_name, each.roles, each.presence) for each in sheet.seats]

    both = "vice-présidence et trésorerie"
    assert lines() == (1, [("Ana Ruiz", "", ""), ("Henri Sorin", both, "present")])
    sessions.note_attendance(seat, meeting.pk, {twin.pk: "excused"}, at=NOW)
    assert [(each.office, each.presence) for each in meeting.attendance.all()] == [(vice, "excused")]
    sessions.note_attendance(seat, meeting.pk, {vice.pk: "present", twin.pk: ""}, at=NOW)
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    sessions.hold(seat, meeting.pk, at=NOW)
    assert lines() == (1, [("Ana Ruiz", "", ""), ("Henri Sorin", both, "present")])
    [row] = bodies.body_list(seat, today=making.today())
    assert row.people == bodies.body_sheet(seat, board.pk, today=making.today()).people == 2


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


def prepared(seat, *continued, arrivals=(), on=date(2026, 12, 15)):
    change = Handover("Mandat suivant", on, on - timedelta(days=1), [one.pk for one in continued], arrivals)
    return offices.hand_over(seat, change, at=NOW)


def test_until_the_first_day_of_a_mandate_prepared_ahead_the_former_one_and_its_people_hold(seat, board):
    former = making.office(seat, board, name="Ancienne").mandate
    following = prepared(seat, arrivals=[Place("Nouvelle", OfficeRole.PRESIDENT, board, None)])
    assert bodies.running_mandate(seat, making.today()) == former
    assert bodies.next_mandate(seat, making.today()) == following
    assert bodies.running_mandate(seat, date(2026, 12, 15)) == following

    def seated(day):
        sheet = bodies.body_sheet(seat, board.pk, today=day)
        return [one.full_name for one in sheet.offices], [one.full_name for one in sheet.arriving]

    assert seated(making.today()) == (["Ancienne"], ["Nouvelle"])
    assert seated(date(2026, 12, 15)) == (["Nouvelle"], [])
    assert making.session(seat, board, ago=0).mandate == former
    assert making.session(seat, board, ago=-60).mandate == following
    assert making.axis(seat).mandate == former
    with pytest.raises(GovernanceRefused, match="déjà préparée"):
        prepared(seat, on=date(2027, 1, 1))


def test_sessions_planned_beyond_a_handover_take_the_people_of_their_day(seat, board):
    here = making.office(seat, board, name="Reste")
    making.office(seat, board, name="Part")
    before, beyond = making.session(seat, board, ago=-3), making.session(seat, board, ago=-60)
    following = prepared(seat, here, arrivals=[Place("Arrive", OfficeRole.MEMBER, board, None)])
    for meeting in (before, beyond):
        meeting.refresh_from_db()
    assert (before.mandate, beyond.mandate) == (here.mandate, following)
    assert [office.full_name for office in sessions.seated_at(before)] == ["Part", "Reste"]
    seated = {office.full_name: office.pk for office in sessions.seated_at(beyond)}
    assert sorted(seated) == ["Arrive", "Reste"]
    then = beyond.starts_at + timedelta(hours=1)
    sessions.note_attendance(seat, beyond.pk, {seated["Arrive"]: "present"}, at=then)
    assert session_sheet(seat, beyond.pk, at=then).present == 1


def test_who_was_noted_in_a_session_the_new_mandate_takes_stays_noted(seat, board):
    here = making.office(seat, board, name="Reste")
    meeting = making.session(seat, board)
    sessions.note_attendance(seat, meeting.pk, {here.pk: "present"}, at=NOW)
    prepared(seat, here, on=making.today() - timedelta(days=2))
    sheet = session_sheet(seat, meeting.pk, at=NOW)
    assert [(one.office.full_name, one.presence) for one in sheet.seats] == [("Reste", "present")]
    sessions.note_attendance(seat, meeting.pk, {sheet.seats[0].office.pk: "excused"}, at=NOW)


def test_a_session_is_not_announced_nor_moved_years_ahead(seat, board):
    far = NOW + timedelta(days=732)
    with pytest.raises(GovernanceRefused, match="dans plus de deux ans"):
        sessions.plan_session(seat, board, starts_at=far, place="", at=NOW)
    meeting = making.session(seat, board, ago=-3)
    with pytest.raises(GovernanceRefused, match="dans plus de deux ans"):
        sessions.move_session(seat, meeting.pk, starts_at=far, place="", at=NOW)


def test_a_session_moves_only_to_a_day_of_a_mandate(seat, board):
    meeting = making.session(seat, board, ago=-3)
    with pytest.raises(GovernanceRefused, match="Aucun mandat n’a cours le 01/03/2015"):
        sessions.move_session(seat, meeting.pk, starts_at=datetime(2015, 3, 1, 9, tzinfo=UTC), place="", at=NOW)
    following = prepared(seat)
    moved = sessions.move_session(
        seat, meeting.pk, starts_at=datetime(2026, 12, 20, 9, tzinfo=UTC), place="Mairie", at=NOW
    )
    assert (moved.mandate, moved.place) == (following, "Mairie")


def test_those_who_sit_are_written_to_once_when_a_session_to_come_is_cancelled(seat, board):
    ana, gone = MembershipFactory(elected_official=True).user, MembershipFactory(user__is_active=False).user
    for name, user in (("Ana Ruiz", ana), ("Bo Sorin", None), ("Cy Morel", gone)):
        making.office(seat, board, name, user=user)
    making.office(seat, making.body(seat, "bureau", "Bureau"), "Dan Faure", user=MembershipFactory().user)
    meeting = making.session(seat, board, ago=-10)
    sessions.add_item(seat, meeting.pk, title="Budget 2027", concerns=[], at=NOW)
    sessions.cancel_session(seat, meeting.pk, reason="Grève des trains", at=NOW)
    [letter] = Message.objects.all()
    assert (letter.user, letter.structure) == (ana, None)
    begins = timezone.localtime(meeting.starts_at)
    assert letter.subject == f"Séance annulée : Conseil d’administration, {begins:%d/%m/%Y}"
    for said in ("Bonjour", "Conseil d’administration", "Salle du conseil", "Grève des trains", "Budget 2027"):
        assert said in letter.text, said
    assert f"/gouvernance/seances/{meeting.pk}/" in letter.text
    with pytest.raises(GovernanceRefused):
        sessions.cancel_session(seat, meeting.pk, reason="Grève", at=NOW)
    assert Message.objects.count() == 1


def test_somebody_with_two_places_in_a_body_is_written_to_once(seat, board):
    ana = MembershipFactory().user
    for name, role in (("Ana Ruiz", OfficeRole.SECRETARY), ("Ana Ruiz, suppléante", OfficeRole.TREASURER)):
        making.office(seat, board, name, role, user=ana)
    sessions.cancel_session(seat, making.session(seat, board, ago=-10).pk, reason="Grève", at=NOW)
    assert Message.objects.count() == 1


def test_who_manages_a_member_is_written_to_when_an_assembly_is_cancelled_and_members_without_are_named(seat):
    making.mandate(seat)
    assembly = making.body(seat, "general_assembly", "Assemblée générale")
    managing = MembershipFactory(manager=True, structure__network=seat.network)
    MembershipFactory(structure=managing.structure)
    alone = MembershipFactory(structure__network=seat.network)
    MembershipFactory(manager=True, structure__network=NetworkFactory(name="Autre réseau"))
    meeting = making.session(seat, assembly, ago=-10)
    assert letters.called(meeting, []).others == (alone.structure.name,)
    sessions.cancel_session(seat, meeting.pk, reason="Salle indisponible", at=NOW)
    assert [letter.user for letter in Message.objects.all()] == [managing.user]


def test_those_who_sit_learn_when_and_where_a_session_to_come_now_is(seat, board):
    ana, luc = MembershipFactory(elected_official=True).user, MembershipFactory().user
    making.office(seat, board, "Ana Ruiz", user=ana)
    leaving = making.office(seat, board, "Luc Bel", user=luc)
    offices.end_office(seat, leaving.pk, ends_on=making.today() + timedelta(days=15), at=NOW)
    making.office(seat, making.body(seat, "bureau", "Bureau"), "Dan Faure", user=MembershipFactory().user)
    meeting = making.session(seat, board, ago=-10)
    sessions.add_item(seat, meeting.pk, title="Budget 2027", concerns=[], at=NOW)
    later = NOW + timedelta(days=20)
    sessions.move_session(seat, meeting.pk, starts_at=later, place="Mairie de Thouars", at=NOW)
    letters_of = {letter.user: letter for letter in Message.objects.all()}
    assert set(letters_of) == {ana, luc}  # who was awaited on the former day would have come
    was, now = timezone.localtime(meeting.starts_at), timezone.localtime(later)
    letter = letters_of[ana]
    assert letter.subject == f"Séance déplacée : Conseil d’administration, {now:%d/%m/%Y à %H:%M}"
    for said in (day(now.date()), "Mairie de Thouars", day(was.date()), "Salle du conseil", "Budget 2027"):
        assert said in letter.text, said


def test_nobody_is_written_to_of_a_session_moved_to_where_it_was_or_wholly_past(seat, board):
    making.office(seat, board, user=MembershipFactory().user)
    coming, past = making.session(seat, board, ago=-10), making.session(seat, board, ago=10)
    sessions.move_session(seat, coming.pk, starts_at=coming.starts_at, place=coming.place, at=NOW)
    sessions.move_session(seat, past.pk, starts_at=past.starts_at - timedelta(days=1), place="Mairie", at=NOW)
    assert not Message.objects.exists()
    sessions.move_session(seat, coming.pk, starts_at=coming.starts_at, place="Mairie", at=NOW)
    assert Message.objects.count() == 1


def lines_of(member, at=NOW):
    return [(line.in_charge, line.subject, line.sentence) for line in awaited.member_awaits(member, at)]


def test_a_meeting_awaits_each_of_those_who_sit_with_its_day_its_place_and_its_agenda(seat, board):
    ana = MembershipFactory(elected_official=True, structure__network=seat.network)
    colleague = MembershipFactory(elected_official=True, structure=ana.structure)
    reader = MembershipFactory(reader=True, structure=ana.structure)
    making.office(seat, board, "Ana Ruiz", role=OfficeRole.PRESIDENT, user=ana.user)
    making.office(seat, board, "Ana Ruiz", role=OfficeRole.SECRETARY, user=ana.user)
    meeting = making.session(seat, board, ago=-10)
    begins = f"Le {day(making.today() + timedelta(days=10))} à {timezone.localtime(meeting.starts_at):%H:%M}"
    [(who, body, said)] = lines_of(ana)
    assert (who, body) == (ana.user_id, board.name)
    assert said == f"{begins}, Salle du conseil. Son ordre du jour n’est pas encore écrit."
    for title in ("Budget 2027", "Navette", "Adhésions", "Divers"):
        sessions.add_item(seat, meeting.pk, title=title, concerns=[], at=NOW)
    [(_, _, said)] = lines_of(colleague)  # a source answers for all the officials of the structure
    assert said.endswith("Budget 2027\u202f; Navette\u202f; Adhésions\u202f; et 1\u00a0autre point.")
    assert lines_of(reader) == lines_of(MembershipFactory(elected_official=True)) == []


def test_a_meeting_awaits_a_team_apart_from_its_officials_in_its_month_for_who_sits_that_day(seat, board):
    claire = MembershipFactory(manager=True, structure__network=seat.network)
    official = MembershipFactory(elected_official=True, structure=claire.structure)
    office = making.office(seat, board, "Claire Morel", user=claire.user)
    making.session(seat, board, ago=-45)
    meeting = making.session(seat, board, ago=-10)
    assert [who for who, _, _ in lines_of(claire)] == [claire.user_id]
    assert lines_of(official) == []
    assert lines_of(claire, meeting.starts_at) == []
    offices.end_office(seat, office.pk, ends_on=making.today() + timedelta(days=1), at=NOW)
    assert lines_of(claire) == []


def test_an_assembly_awaits_those_who_manage_a_member(seat):
    making.mandate(seat)
    managing = MembershipFactory(manager=True, structure__network=seat.network)
    MembershipFactory(structure=managing.structure)
    making.session(seat, making.body(seat, "general_assembly", "Assemblée générale"), ago=-10)
    assert [who for who, _, _ in lines_of(managing)] == [managing.user_id]


def test_nobody_is_written_to_of_a_session_whose_hour_is_past_or_refused(seat, board):
    making.office(seat, board, user=MembershipFactory().user)
    with pytest.raises(GovernanceRefused):
        sessions.cancel_session(seat, making.session(seat, board, ago=-10).pk, reason=" ", at=NOW)
    sessions.cancel_session(seat, making.session(seat, board, ago=3).pk, reason="Grève", at=NOW)
    assert not Message.objects.exists()


def test_who_sits_no_more_on_the_day_of_the_session_is_not_written_to(seat, board):
    left = making.office(seat, board, user=MembershipFactory().user)
    offices.end_office(seat, left.pk, ends_on=making.today() + timedelta(days=1), at=NOW)
    sessions.cancel_session(seat, making.session(seat, board, ago=-10).pk, reason="Grève", at=NOW)
    assert not Message.objects.exists()


def test_a_session_past_without_minutes_or_cancelled_is_not_the_next_one(seat, board):
    past, cancelled = making.session(seat, board, ago=30), making.session(seat, board, ago=-2)
    coming = making.session(seat, board, ago=-9)
    sessions.cancel_session(seat, cancelled.pk, reason="Grève", at=NOW)
    [row] = bodies.body_list(seat, today=making.today())
    assert row.following == coming
    sheet = bodies.body_sheet(seat, board.pk, today=making.today())
    assert (sheet.coming, sheet.unsettled, sheet.cancelled) == ((coming,), (past,), (cancelled,))
    assert bodies.coming_sessions(seat, today=making.today()) == (coming,)
    with pytest.raises(GovernanceRefused, match="annulée"):
        sessions.add_item(seat, cancelled.pk, title="Budget", concerns=[], at=NOW)


def test_a_session_is_settled_once_its_hour_has_come(seat, board):
    meeting = making.session(seat, board, at=NOW + timedelta(hours=7), ago=0)
    sessions.add_item(seat, meeting.pk, title="Budget", concerns=[], at=NOW)
    assert not session_sheet(seat, meeting.pk, at=NOW).has_come
    with pytest.raises(GovernanceRefused, match="pas encore eu lieu"):
        sessions.hold(seat, meeting.pk, at=NOW)
    assert sessions.hold(seat, meeting.pk, at=meeting.starts_at).held_at


def test_an_office_with_a_last_day_to_come_is_held_until_then(seat, board):
    office = making.office(seat, board, name="Part bientôt")
    offices.end_office(seat, office.pk, ends_on=date(2026, 12, 31), at=NOW)
    assert [one.full_name for one in bodies.body_sheet(seat, board.pk, today=making.today()).offices] == [
        "Part bientôt"
    ]
    assert list(bodies.offices_to_hand_over(seat, office.mandate, today=making.today())) == [office]
    offices.end_office(seat, office.pk, ends_on=date(2027, 1, 31), at=NOW)  # a day to come may change
    following = prepared(seat, office)
    assert following.offices.get().ends_on == date(2027, 1, 31)


def test_an_office_to_come_is_not_counted_yet(seat, board):
    offices.open_office(seat, Place("Plus tard", "member", board, None), starts_on=date(2030, 1, 1), at=NOW)
    [row] = bodies.body_list(seat, today=making.today())
    sheet = bodies.body_sheet(seat, board.pk, today=making.today())
    assert (row.people, sheet.people, len(sheet.arriving)) == (0, 0, 1)


def test_an_office_begins_in_the_mandate_of_its_first_day(seat, board):
    following = prepared(seat)
    place = Place("Ana Ruiz", "member", board, None)
    later = offices.open_office(seat, place, starts_on=date(2027, 1, 4), at=NOW)
    now = offices.open_office(seat, place, starts_on=making.today(), at=NOW)
    assert (later.mandate, now.ends_on) == (following, date(2026, 12, 14))
    with pytest.raises(GovernanceRefused, match="Aucun mandat"):
        offices.open_office(seat, place, starts_on=date(2020, 1, 1), at=NOW)


def test_an_axis_decision_comes_from_a_session_that_took_place_on_its_day(seat, board):
    axis = making.axis(seat, on=date(2026, 11, 2))
    coming, past = making.session(seat, board, ago=-3), making.session(seat, board, ago=2)
    decided = {"validated": True, "body": board, "decision": "Adopté", "at": NOW}
    with pytest.raises(GovernanceRefused, match="n’a pas eu lieu"):
        axes.decide(seat, axis.pk, decided_on=making.today() - timedelta(days=1), session=coming, **decided)
    with pytest.raises(GovernanceRefused, match="porte sa date"):
        axes.decide(seat, axis.pk, decided_on=making.today(), session=past, **decided)
    axes.decide(seat, axis.pk, decided_on=making.today() - timedelta(days=2), session=past, **decided)


def test_an_axis_proposed_in_a_mandate_since_closed_is_decided_in_it_or_closed_without_decision(seat, board):
    axis = making.axis(seat)
    prepared(seat)
    after = datetime(2026, 12, 20, 9, tzinfo=UTC)
    [line] = [each for each in awaited.awaits(seat, after) if each.kind == "axis.to_decide"]
    assert axis.mandate.name in line.sentence
    with pytest.raises(GovernanceRefused, match="un jour de « Mandat 2026-2032 »"):
        axes.decide(
            seat,
            axis.pk,
            validated=True,
            body=board,
            decided_on=date(2026, 12, 16),
            decision="Adopté",
            session=None,
            at=after,
        )
    axes.close_axis(seat, axis.pk, closed_on=date(2026, 12, 20), at=after)
    assert [row.state for row in axis_sheet(seat, axis.pk, today=date(2026, 12, 20)).versions] == [
        "close sans décision"
    ]
    assert not [each for each in awaited.awaits(seat, after) if each.kind == "axis.to_decide"]


def test_two_axes_of_a_mandate_do_not_bear_the_same_name(seat):
    making.axis(seat, name="Insertion")
    with pytest.raises(GovernanceRefused, match="déjà un axe « Insertion »"):
        making.axis(seat, name="insertion")


def test_a_body_that_still_has_to_meet_is_not_closed(seat, board):
    meeting = making.session(seat, board, ago=-3)
    with pytest.raises(GovernanceRefused, match="annulez-la"):
        offices.close_body(seat, board.pk, closed_on=making.today(), at=NOW)
    sessions.cancel_session(seat, meeting.pk, reason="Instance fermée", at=NOW)
    assert offices.close_body(seat, board.pk, closed_on=making.today(), at=NOW).closed_on


def test_an_office_noted_in_a_session_is_ended_rather_than_taken_out(seat, board):
    here = making.office(seat, board)
    meeting = making.session(seat, board)
    sessions.note_attendance(seat, meeting.pk, {here.pk: "present"}, at=NOW)
    with pytest.raises(GovernanceRefused, match="terminez plutôt"):
        offices.remove_office(seat, here.pk, at=NOW)


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
    assert [row.state for row in axis_sheet(seat, axis.pk, today=making.today()).versions] == [
        "en vigueur",
        "remplacée",
    ]


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
    assert session_sheet(seat, meeting.pk, at=NOW).documents[0].readable


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
    sheet = session_sheet(seat, meeting.pk, at=NOW)
    assert (sheet.present, len(sheet.seats)) == (1, 1)


def test_a_session_says_which_follows(seat, board):
    first, then = making.session(seat, board, ago=9), making.session(seat, board, ago=-9)
    assert session_sheet(seat, first.pk, at=NOW).following == then


def test_a_document_in_quarantine_is_told_and_not_handed_over(seat, board):
    meeting = making.session(seat, board)
    document = sessions.add_document(seat, meeting.pk, SimpleUploadedFile("cr.pdf", PAPER), title="", at=NOW)
    StoredFile.objects.update(state=FileState.QUARANTINED)
    assert not access.documents_visible_to(seat).exists()
    [row] = session_sheet(seat, meeting.pk, at=NOW).documents
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
        session_sheet(seat, meeting.pk, at=NOW)
