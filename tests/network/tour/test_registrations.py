"""Who has a place, who waits, who came, and when they are forgotten."""

from datetime import timedelta

import pytest
from django.http import Http404

from dentelle.foundations.messages.models import Message
from dentelle.network.tour import letters
from dentelle.network.tour.actions import registrations as actions
from dentelle.network.tour.actions import stages
from dentelle.network.tour.models import Registration
from dentelle.network.tour.refusals import TourRefused
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.network.tour import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return NetworkSeatFactory()


@pytest.fixture
def member(seat):
    return MembershipFactory()


def states(stage):
    return list(stage.registrations.order_by("registered_at", "pk").values_list("email", "state"))


def test_past_the_last_place_people_wait_and_take_their_turn_when_one_leaves(seat):
    stage = making.stage(seat, capacity=1)
    first = making.guest(stage, email="un@essai.example")
    for rank, email in enumerate(("deux@essai.example", "trois@essai.example"), start=1):
        making.guest(stage, email=email, at=NOW + timedelta(minutes=rank))
    assert [state for _, state in states(stage)] == ["confirmed", "waiting", "waiting"]
    Message.objects.all().delete()
    actions.leave_by_token(letters.token_of(first), at=NOW)
    assert [state for _, state in states(stage)] == ["cancelled", "confirmed", "waiting"]
    [told] = Message.objects.all()
    assert (told.to, told.subject.startswith("Une place s’est libérée")) == ("deux@essai.example", True)


def test_who_comes_after_those_who_wait_does_not_pass_before_them(seat):
    stage = making.stage(seat, capacity=1)
    making.guest(stage, email="un@essai.example")
    making.guest(stage, email="deux@essai.example")
    Registration.objects.filter(email="un@essai.example").update(state="cancelled")
    late = making.guest(stage, email="trois@essai.example", at=NOW + timedelta(minutes=5))
    assert late.state == "waiting"


def test_more_places_are_given_to_those_who_wait(seat):
    stage = making.stage(seat, capacity=1, address="")
    for rank in range(3):
        making.guest(stage, email=f"p{rank}@essai.example", at=NOW + timedelta(minutes=rank))
    words = making.words(
        title=stage.title, day=stage.day, begins=stage.begins, finishes=stage.finishes, place=stage.place, capacity=2
    )
    stages.change_stage(seat, stage.pk, words, at=NOW)
    assert [state for _, state in states(stage)] == ["confirmed", "confirmed", "waiting"]


def test_a_person_registered_twice_keeps_one_place_and_is_written_to_again(seat):
    stage = making.stage(seat)
    making.guest(stage, name="Éloïse Saint-Ruiz")
    again = making.guest(stage, name="eloise  SAINT RUIZ", email="ANA@achats.example")
    assert (stage.registrations.count(), again.full_name) == (1, "Éloïse Saint-Ruiz")
    assert Message.objects.count() == 2


def test_two_people_of_one_mailbox_have_each_their_place_their_letter_and_their_link(seat):
    stage, mailbox = making.stage(seat), "mairie@exemple.example"
    first = making.guest(stage, name="Éloïse Petit", email=mailbox)
    second = making.guest(stage, name="Deuxième Collègue", email=mailbox)
    assert set(stage.registrations.values_list("full_name", "state")) == {
        ("Éloïse Petit", "confirmed"),
        ("Deuxième Collègue", "confirmed"),
    }
    told = {registration.pk: letter_of(registration) for registration in (first, second)}
    assert all(f"Bonjour {each.full_name}," in told[each.pk] for each in (first, second))
    actions.leave_by_token(letters.token_of(first), at=NOW)
    assert list(stage.registrations.exclude(state="cancelled").values_list("full_name")) == [("Deuxième Collègue",)]
    making.guest(stage, name="Éloïse Petit", email=mailbox)
    assert stage.registrations.count() == 2


def letter_of(registration):
    """The one letter that holds the link of a registration."""
    return Message.objects.get(text__contains=letters.token_of(registration)).text


def test_a_member_does_not_take_the_place_of_a_colleague_who_has_the_same_mailbox(seat, member):
    stage = making.stage(seat)
    colleague = making.guest(stage, name="Deuxième Collègue", email=member.user.email)
    own = actions.register_member(member, stage.pk, kind="facilitator", at=NOW)
    colleague.refresh_from_db()
    assert (own.pk != colleague.pk, own.user, colleague.user) == (True, member.user, None)


def test_who_left_may_come_back_at_the_end_of_the_queue(seat):
    stage = making.stage(seat, capacity=1)
    first = making.guest(stage, email="un@essai.example")
    making.guest(stage, email="deux@essai.example")
    actions.leave_by_token(letters.token_of(first), at=NOW)
    back = making.guest(stage, email="un@essai.example", at=NOW + timedelta(hours=1))
    assert (back.pk, back.state) == (first.pk, "waiting")


def test_a_member_registered_from_outside_finds_that_place_again(seat, member):
    stage = making.stage(seat)
    outside = making.guest(stage, name=member.user.full_name, email=member.user.email)
    inside = actions.register_member(member, stage.pk, kind="facilitator", at=NOW)
    assert (inside.pk, inside.user, inside.structure) == (outside.pk, member.user, member.structure)


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"state": "draft"}, NOW),
        ({"days": 0}, NOW),  # begun at 9 h 30 in Paris, an hour ago
        ({"last_day": making.TODAY - timedelta(days=1)}, NOW),
        ({"audience": "members"}, NOW),
    ],
)
def test_nobody_registers_from_outside_to_what_is_not_open_to_them(seat, more, at):
    stage = making.stage(seat, **more)
    with pytest.raises((TourRefused, Http404)):
        making.guest(stage, at=at)
    assert not stage.registrations.exists()


def test_the_last_day_counts_whole_at_the_clocks_of_the_region(seat):
    stage = making.stage(seat, region_code="04", last_day=making.TODAY)
    late = NOW.replace(hour=19, minute=30)  # 23 h 30 in La Réunion
    assert stage.takes_registrations(late)
    assert not stage.takes_registrations(late + timedelta(hours=1))


def test_a_member_of_another_network_finds_nothing(seat):
    stranger = MembershipFactory(structure=StructureFactory(network=NetworkFactory(name="Autre réseau")))
    with pytest.raises(Http404):
        actions.register_member(stranger, making.stage(seat).pk, kind="other", at=NOW)


@pytest.mark.parametrize("token", ["", "12", "12:abc", "a:b:c"])
def test_a_token_nobody_was_given_opens_nothing(seat, token):
    making.guest(making.stage(seat))
    with pytest.raises(Http404):
        actions.registration_behind(token)


def test_leaving_twice_changes_nothing_and_leaving_once_begun_is_refused(seat):
    stage = making.stage(seat)
    registration = making.guest(stage)
    token = letters.token_of(registration)
    with pytest.raises(TourRefused):
        actions.leave_by_token(token, at=NOW + timedelta(days=11))
    for _ in range(2):
        actions.leave_by_token(token, at=NOW)
    assert Registration.objects.get().state == "cancelled"


def test_attendance_is_noted_once_the_stage_has_begun_and_says_it_took_place(seat):
    stage = making.stage(seat, days=1)
    came, missed = making.guest(stage), making.guest(stage, email="deux@essai.example")
    with pytest.raises(TourRefused, match="pas encore commencé"):
        actions.note_attendance(seat, stage.pk, [came.pk], at=NOW)
    after = NOW + timedelta(days=1)
    assert actions.note_attendance(seat, stage.pk, [came.pk], at=after) == 1
    stage.refresh_from_db()
    assert (stage.state, stage.attendance_at) == ("held", after)
    assert dict(stage.registrations.values_list("pk", "attended")) == {came.pk: True, missed.pk: False}


def test_people_come_without_registering_by_name_or_counted(seat):
    stage = making.stage(seat, days=-1)
    actions.add_came(seat, stage.pk, kind="company", full_name="Ida Morel", at=NOW)
    actions.add_came(seat, stage.pk, kind="inhabitants", number=6, at=NOW)
    assert actions.note_attendance(seat, stage.pk, [], at=NOW) == 7
    with pytest.raises(TourRefused):
        actions.add_came(seat, stage.pk, kind="company", full_name="Ida Morel", number=2, at=NOW)
    actions.remove_came(seat, stage.pk, stage.registrations.get(full_name="Ida Morel").pk, at=NOW)
    assert stage.registrations.count() == 6


def test_who_registered_is_not_taken_away_with_those_who_did_not(seat):
    stage = making.stage(seat)
    guest = making.guest(stage)
    actions.remove_came(seat, stage.pk, guest.pk, at=NOW + timedelta(days=11))
    assert stage.registrations.exists()


def test_half_a_year_later_nobody_is_named_and_what_they_were_still_counts(seat, member):
    stage = making.stage(seat)
    guest = making.guest(stage)
    actions.register_member(member, stage.pk, kind="facilitator", at=NOW)
    gone = making.guest(stage, email="partie@essai.example")
    actions.leave_by_token(letters.token_of(gone), at=NOW)
    stage.registrations.update(attended=True)
    told = letters.token_of(guest)
    assert actions.forget_people(NOW + timedelta(days=193)) == 0
    assert actions.forget_people(NOW + timedelta(days=194)) == 3
    kept = list(stage.registrations.values_list("full_name", "email", "organisation", "user", "attended"))
    assert kept == [("", "", "", None, True)] * 2
    assert actions.forget_people(NOW + timedelta(days=400)) == 0
    with pytest.raises(Http404):
        actions.registration_behind(told)
