"""Stages from draft to report; what calendars are told."""

from datetime import UTC, datetime, time, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.http import Http404
from icalendar import Calendar

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.journal.sentences import told
from dentelle.foundations.messages.models import Message
from dentelle.network.tour.actions import learning, registrations, stages
from dentelle.network.tour.actions.stages import Item, StageWords, TourWords
from dentelle.network.tour.awaited import awaits_head
from dentelle.network.tour.calendars import calendar_of
from dentelle.network.tour.known import take_known
from dentelle.network.tour.models import Stage, Tour
from dentelle.network.tour.refusals import TourRefused
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.network.tour import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return NetworkSeatFactory()


def event(stage, *, public=True):
    [found] = Calendar.from_ical(calendar_of([stage], name="Tour", public=public)).walk("VEVENT")
    return found


def test_a_stage_is_announced_once_it_says_where_and_when(seat):
    draft = stages.plan_stage(seat, making.tour(seat).pk, StageWords("32", "Étape"), at=NOW)
    with pytest.raises(TourRefused, match="le jour, l’heure de début, le lieu"):
        stages.announce(seat, draft.pk, at=NOW)
    stages.change_stage(seat, draft.pk, making.words(), at=NOW)
    stages.announce(seat, draft.pk, at=NOW)
    assert Stage.objects.get().state == "announced"


def test_a_day_gone_is_not_announced(seat):
    draft = making.stage(seat, state="draft", days=-1)
    with pytest.raises(TourRefused, match="passé"):
        stages.announce(seat, draft.pk, at=NOW)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"finishes": time(9, 0)}, "finishes"),
        ({"begins": None, "finishes": time(12)}, "begins"),
        ({"last_day": making.TODAY + timedelta(days=11)}, "last_day"),
    ],
)
def test_hours_and_days_that_contradict_each_other_are_refused_at_their_field(seat, wrong, field):
    with pytest.raises(TourRefused) as refused:
        stages.plan_stage(seat, making.tour(seat).pk, making.words(**wrong), at=NOW)
    assert refused.value.field == field


def test_a_host_is_of_the_network(seat):
    stranger = StructureFactory(network=NetworkFactory(name="Autre réseau"))
    with pytest.raises(TourRefused):
        stages.plan_stage(seat, making.tour(seat).pk, making.words(host=stranger), at=NOW)


def test_those_registered_are_told_when_the_day_moves_and_not_when_a_word_does(seat):
    draft = stages.plan_stage(seat, making.tour(seat).pk, making.words(), at=NOW)
    stages.announce(seat, draft.pk, at=NOW)
    making.guest(draft)
    Message.objects.all().delete()
    stages.change_stage(seat, draft.pk, making.words(summary="Venez."), at=NOW)
    assert not Message.objects.exists()
    moved = making.words(summary="Venez.", day=making.TODAY + timedelta(days=20))
    stages.change_stage(seat, draft.pk, moved, at=NOW)
    [told] = Message.objects.all()
    assert "11 décembre 2026" in told.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert Stage.objects.get().sequence == 2


def test_a_cancelled_stage_says_why_to_those_registered_and_to_calendars(seat):
    stage = making.stage(seat)
    making.guest(stage)
    uid = event(stage)["uid"]
    stages.cancel(seat, stage.pk, "La salle a pris l’eau.", at=NOW)
    stage.refresh_from_db()
    told = event(stage)
    assert (told["uid"], told["status"], int(told["sequence"])) == (uid, "CANCELLED", 1)
    assert "La salle a pris l’eau." in Message.objects.get(subject__startswith="Étape annulée").text
    with pytest.raises(TourRefused):
        registrations.note_attendance(seat, stage.pk, [], at=NOW + timedelta(days=30))


def test_a_stage_held_is_no_longer_cancelled_nor_changed(seat):
    stage = making.stage(seat, state="held", days=-1)
    with pytest.raises(TourRefused):
        stages.cancel(seat, stage.pk, "Trop tard", at=NOW)
    with pytest.raises(TourRefused):
        stages.change_stage(seat, stage.pk, making.words(), at=NOW)


def held_as_typed(stage, **more):
    """The stage as its correction form proposes it."""
    same = ("title", "summary", "day", "begins", "finishes", "place", "address", "host")
    return StageWords("", **({name: getattr(stage, name) for name in same} | more))


@pytest.mark.parametrize("state", ["held", "reported"])
def test_what_was_wrong_of_a_stage_that_took_place_is_corrected_with_a_reason_that_stays(seat, state):
    stage = making.stage(
        seat, state=state, days=-3, place="Lile", capacity=40, last_day=making.TODAY - timedelta(days=3)
    )
    moved = stage.day - timedelta(days=1)
    stages.correct_stage(seat, stage.pk, held_as_typed(stage, place="Lille", day=moved), "Faute de frappe.", at=NOW)
    stage.refresh_from_db()
    assert (stage.place, stage.day, stage.last_day, stage.state) == ("Lille", moved, moved, state)
    assert (stage.region_code, stage.capacity, stage.audience, stage.sequence) == ("32", 40, "public", 1)
    kept = stage.corrections.order_by("pk").values_list("what", "before", "after", "reason", "by")
    assert [each[0] for each in kept] == ["day", "place"]
    assert kept[1][1:] == ("Lile", "Lille", "Faute de frappe.", seat.user.pk)
    entry = Entry.objects.latest("pk")
    assert told(entry.act, entry.facts) == "a corrigé l’étape (jour, lieu)"


@pytest.mark.parametrize(
    ("wrong", "reason", "field"),
    [
        ({"place": "Lille"}, "  ", "reason"),
        ({"place": " "}, "Erreur", "place"),
        ({"day": making.TODAY + timedelta(days=2)}, "Erreur", "day"),
        ({"day": making.tour_starts() - timedelta(days=1)}, "Erreur", "day"),
        ({}, "Erreur", None),
    ],
)
def test_a_correction_says_why_changes_something_and_stays_in_the_past_of_its_tour(seat, wrong, reason, field):
    stage = making.stage(seat, state="held", days=-3)
    with pytest.raises(TourRefused) as refused:
        stages.correct_stage(seat, stage.pk, held_as_typed(stage, **wrong), reason, at=NOW)
    assert refused.value.field == field
    assert not stage.corrections.exists()


def test_what_has_not_taken_place_is_changed_and_not_corrected(seat):
    for state in ("draft", "announced"):
        stage = making.stage(seat, state=state, title=state)
        with pytest.raises(TourRefused, match="ne se corrige pas"):
            stages.correct_stage(seat, stage.pk, held_as_typed(stage, place="Lille"), "Erreur", at=NOW)


def test_a_programme_loses_no_line_in_silence(seat):
    stage = making.stage(seat)
    stages.write_programme(seat, stage.pk, [Item("Accueil")], at=NOW)
    many = [Item(f"Point {rank}") for rank in range(stages.MOST_ITEMS + 1)]
    for wrong, said in ((many, f"celui-ci en a {len(many)}"), ([Item("", speaker="Ida Morel")], "intitulé")):
        with pytest.raises(TourRefused, match=said):
            stages.write_programme(seat, stage.pk, wrong, at=NOW)
    assert list(stage.programme.values_list("title", flat=True)) == ["Accueil"]
    stages.write_programme(seat, stage.pk, many[:-1], at=NOW)
    assert stage.programme.count() == stages.MOST_ITEMS


def test_the_programme_follows_its_hours(seat):
    stage = making.stage(seat)
    items = [Item("Ateliers", time(14)), Item("  "), Item("Accueil", time(9)), Item("Café"), Item("Clôture", time(16))]
    stages.write_programme(seat, stage.pk, items, at=NOW)
    stages.write_programme(seat, stage.pk, items, at=NOW)
    assert list(stage.programme.values_list("title", flat=True)) == ["Accueil", "Café", "Ateliers", "Clôture"]


def test_hours_are_those_of_the_region_in_every_calendar(seat):
    here = making.stage(seat, region_code="04", begins=time(9), finishes=None)
    found = event(here)
    there = datetime.combine(here.day, time(5), tzinfo=UTC)  # nine o’clock in La Réunion
    assert (found["dtstart"].dt, found["dtend"].dt) == (there, there + timedelta(hours=3))


def test_a_day_without_hours_is_a_whole_day(seat):
    stage = making.stage(seat, begins=None, finishes=None)
    assert (event(stage)["dtstart"].dt, event(stage)["dtend"].dt) == (stage.day, stage.day + timedelta(days=1))


def test_a_calendar_holds_to_its_format_whatever_the_words(seat):
    title = "Clause, achats; et \\ retours : « dire » \n ce qu’il faut" + " très longuement" * 6
    stage = making.stage(seat, title=title[:160], summary="Ligne 1\nLigne 2; fin", place="Salle A, étage 2")
    written = calendar_of([stage], name="Tour", public=True)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert b"\n" not in written.replace(b"\r\n", b"")
    found = event(stage)
    assert found["location"] == "Salle A, étage 2"
    assert str(found["description"]).startswith("Ligne 1\nLigne 2; fin")
    assert "/tours/etapes/" in found["url"]
    assert "/tour/etapes/" in event(stage, public=False)["url"]


def test_a_stage_of_unknown_day_is_in_no_calendar(seat):
    draft = making.stage(seat, state="draft", day=None)
    assert Calendar.from_ical(calendar_of([draft], name="Tour", public=True)).walk("VEVENT") == []


def test_the_tour_of_the_press_is_its_known_facts_and_is_taken_once(seat):
    tour = take_known(seat, at=NOW)
    assert take_known(seat, at=NOW) == tour
    told = list(tour.stages.order_by("pk").values_list("region_code", "day", "begins", "place", "state"))
    assert told == [("32", datetime(2021, 10, 12).date(), None, "", "known"), ("75", None, None, "", "known")]  # noqa: DTZ001
    assert "Localtis" in tour.source


def test_a_stage_of_the_press_is_nobody_s_chore_and_is_completed_by_who_knows_more(seat):
    tour = take_known(seat, at=NOW)
    first, second = tour.stages.order_by("pk")
    assert awaits_head(seat, NOW) == []
    for stage in (first, second):
        for act in (
            lambda of: stages.announce(seat, of.pk, at=NOW),
            lambda of: stages.cancel(seat, of.pk, "Non", at=NOW),
            lambda of: learning.note_need(seat, of.pk, kind="buyer", words="Un besoin", at=NOW),
            lambda of: registrations.add_came(seat, of.pk, kind="buyer", number=9, at=NOW),
        ):
            with pytest.raises(TourRefused):
                act(stage)
    stages.change_stage(seat, first.pk, StageWords("32", first.title, day=first.day, place="Lille"), at=NOW)
    registrations.add_came(seat, first.pk, kind="buyer", number=9, at=NOW)
    first.refresh_from_db()
    assert first.state == "held"


def test_stages_of_the_press_taken_as_drafts_become_known_and_others_stay_drafts(seat):
    tour = take_known(seat, at=NOW)
    tour.stages.update(state="draft")
    making.stage(seat, state="draft", tour=tour, title="Étape préparée")
    told = import_module("dentelle.network.tour.migrations.0005_tales_corrected_known_stages_open_synthesis")
    told.know_stages_of_the_press(apps, None)
    assert list(tour.stages.order_by("pk").values_list("state", flat=True)) == ["known", "known", "draft"]


def test_two_tours_of_a_network_have_two_names(seat):
    made = making.tour(seat)
    words = TourWords(made.name, "Autre but", making.TODAY, making.TODAY)
    with pytest.raises(TourRefused) as refused:
        stages.open_tour(seat, words, at=NOW)
    assert refused.value.field == "name"
    with pytest.raises(TourRefused):
        stages.open_tour(seat, TourWords("Bref", "", making.TODAY, making.TODAY - timedelta(days=1)), at=NOW)
    assert Tour.objects.count() == 1


def test_a_stage_is_told_once_attendance_is_noted_and_something_was_said(seat):
    stage = making.stage(seat, days=-1)
    with pytest.raises(TourRefused, match="qui est venu"):
        learning.report(seat, stage.pk, "Rien", at=NOW)
    registrations.note_attendance(seat, stage.pk, [], at=NOW)
    with pytest.raises(TourRefused, match="au moins un besoin"):
        learning.report(seat, stage.pk, "Rien", at=NOW)
    making.need(stage)
    learning.report(seat, stage.pk, "Les acheteurs veulent des exemples.", at=NOW)
    learning.report(seat, stage.pk, "Ils en veulent hors bâtiment.", reason="Oubli.", at=NOW + timedelta(days=1))
    stage.refresh_from_db()
    assert (stage.state, stage.lessons, stage.reported_at) == ("reported", "Ils en veulent hors bâtiment.", NOW)
    with pytest.raises(TourRefused):
        registrations.note_attendance(seat, stage.pk, [], at=NOW)


def test_only_the_head_reads_a_draft(seat):
    draft = making.stage(seat, state="draft")
    member = MembershipFactory(manager=True)
    with pytest.raises(Http404):
        registrations.register_member(member, draft.pk, kind="other", at=NOW)


def test_a_stage_that_already_took_place_is_held_as_soon_as_one_says_who_came(seat):
    tour = making.tour(seat)
    past = stages.plan_stage(seat, tour.pk, making.words(day=tour.starts_on), at=NOW)
    registrations.add_came(seat, past.pk, kind="buyer", number=4, at=NOW)
    past.refresh_from_db()
    assert (past.state, past.announced_at, past.attendance_at) == ("held", NOW, NOW)
    learning.note_need(seat, past.pk, kind="buyer", words="Des exemples.", at=NOW)
    assert learning.report(seat, past.pk, "Les acheteurs veulent des exemples.", at=NOW).state == "reported"


def test_a_stage_to_come_is_not_held_and_one_without_a_place_neither(seat):
    coming = making.stage(seat, state="draft")
    nowhere = making.stage(seat, state="draft", days=-3, place="")
    for stage in (coming, nowhere):
        with pytest.raises(TourRefused):
            registrations.note_attendance(seat, stage.pk, [], at=NOW)


def test_a_stage_keeps_within_the_days_of_its_tour(seat):
    tour = making.tour(seat)
    for day in (tour.starts_on - timedelta(days=1), tour.ends_on + timedelta(days=1)):
        with pytest.raises(TourRefused, match="Ce Tour va du") as refused:
            stages.plan_stage(seat, tour.pk, making.words(day=day), at=NOW)
        assert refused.value.field == "day"
    stages.plan_stage(seat, tour.pk, making.words(), at=NOW)
    with pytest.raises(TourRefused, match="Des étapes ont leur jour"):
        stages.change_tour(seat, tour.pk, TourWords(tour.name, tour.aim, tour.starts_on, tour.starts_on), at=NOW)


def corrections_of(stage):
    return list(stage.corrections.order_by("pk").values_list("what", "before", "after", "reason"))


def test_what_a_told_stage_taught_is_told_again_only_with_a_reason_and_the_former_words_kept(seat):
    stage = making.stage(seat, state="reported", days=-9, lessons="Ils veulent des exemples.")
    making.need(stage)
    again = "Ils veulent des exemples hors bâtiment."
    for wrong, said, why in (("", "reason", ""), ("Oubli.", "lessons", "nothing")):
        lessons = stage.lessons if why else again
        with pytest.raises(TourRefused) as refused:
            learning.report(seat, stage.pk, lessons, reason=wrong, at=NOW)
        assert refused.value.field == said
    assert not stage.corrections.exists()
    learning.report(seat, stage.pk, again, reason="Oubli.", at=NOW)
    assert corrections_of(stage) == [("lessons", "Ils veulent des exemples.", again, "Oubli.")]
    entry = Entry.objects.latest("pk")
    assert told(entry.act, entry.facts) == "a corrigé l’étape (ce que l’étape a appris)"


def test_the_programme_of_a_told_stage_keeps_the_lines_that_went(seat):
    stage = making.stage(seat, state="held", days=-9)
    items = [Item("Accueil", time(9)), Item("Ateliers", time(14), speaker="Ida Morel")]
    stages.write_programme(seat, stage.pk, items, at=NOW)
    making.need(stage)
    learning.report(seat, stage.pk, "On en retient ceci.", at=NOW)
    swapped = [items[0], Item("Ateliers", time(14), speaker="Ana Ruiz")]
    for wrong, reason in ((swapped, " "), (items, "Erreur.")):
        with pytest.raises(TourRefused):
            stages.write_programme(seat, stage.pk, wrong, reason=reason, at=NOW)
    assert stage.programme.get(rank=2).speaker == "Ida Morel"
    stages.write_programme(seat, stage.pk, swapped, reason="Remplacée.", at=NOW)
    hour = "14\u202fh\u00a0: "
    assert corrections_of(stage) == [
        ("programme", f"{hour}Ateliers (Ida Morel)", f"{hour}Ateliers (Ana Ruiz)", "Remplacée.")
    ]


def test_a_finding_comes_or_goes_late_only_with_a_reason_that_stays(seat):
    stage = making.stage(seat, state="reported", days=-9)
    with pytest.raises(TourRefused, match="Dites pourquoi"):
        learning.state_finding(seat, stage.pk, text="Il manque des relais.", at=NOW)
    assert not stage.findings.exists()
    late = learning.state_finding(seat, stage.pk, text="Il manque des relais.", reason="Oublié.", at=NOW)
    with pytest.raises(TourRefused, match="Dites pourquoi"):
        learning.withdraw_finding(seat, late.pk, at=NOW)
    learning.withdraw_finding(seat, late.pk, reason="Dit ailleurs.", at=NOW)
    assert corrections_of(stage) == [
        ("finding", "", "Il manque des relais.", "Oublié."),
        ("finding", "Il manque des relais.", "", "Dit ailleurs."),
    ]


def test_words_that_name_somebody_leave_corrections_too(seat):
    stage = making.stage(seat, state="reported", days=-9, lessons="Éric a tout dit.")
    making.need(stage)
    learning.report(seat, stage.pk, "Tout fut dit.", reason="Trop précis.", at=NOW)
    late = learning.state_finding(seat, stage.pk, text="Éric avait raison.", reason="Oublié.", at=NOW)
    learning.withdraw_finding(seat, late.pk, names_somebody=True, at=NOW)
    stages.erase_correction(seat, stage.corrections.get(what="lessons").pk, at=NOW)
    kept = stage.corrections.order_by("pk").values_list("before", "after", "reason", "withdrawn_on")
    assert list(kept) == [("", "", "Trop précis.", making.TODAY), ("", "", "Oublié.", making.TODAY)]
