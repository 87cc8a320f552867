"""A sheet goes from its writer to somebody else's eyes, then to everybody; what was published stays."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.journal.models import Entry
from dentelle.network.practices import actions, queries
from dentelle.network.practices.access import practices_visible_to
from dentelle.network.practices.forms import SheetForm
from dentelle.network.practices.models import Practice, PracticeVersion, VersionState
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.network.practices.sheet import sheet_of
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.practices import making

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


def visible(viewer):
    return set(practices_visible_to(viewer).values_list("pk", flat=True))


def test_a_sheet_is_written_reviewed_by_another_then_published_by_the_head(facilitator):
    neighbour, head = making.neighbour_of(facilitator), making.head_of(facilitator)
    practice = making.draft(facilitator)
    assert visible(neighbour) == visible(head) == set()
    actions.submit(facilitator, practice.pk, at=NOW)
    assert visible(neighbour) == visible(head) == {practice.pk}
    with pytest.raises(PracticeRefused, match="Vous avez écrit"):
        actions.review(facilitator, practice.pk, making.PROFILE, "", at=NOW)
    actions.review(neighbour, practice.pk, making.PROFILE, "Claire.", at=NOW)
    with pytest.raises(Http404):
        actions.publish(neighbour, practice.pk, at=NOW)
    actions.publish(head, practice.pk, at=NOW)
    practice.refresh_from_db()
    assert practice.published.state == VersionState.PUBLISHED
    assert practice.published.reviewer == neighbour.user
    acts = Entry.objects.filter(object_type="practices.practice").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["practice.begun", "practice.submitted", "practice.reviewed", "practice.published"]


def test_a_sheet_that_says_no_difficulty_is_not_proposed(facilitator):
    practice = making.draft(facilitator, difficulties="  ", consent=False)
    with pytest.raises(PracticeRefused) as refused:
        actions.submit(facilitator, practice.pk, at=NOW)
    assert "difficulté" in str(refused.value)
    assert "accord" in str(refused.value)


def test_an_idea_without_proof_may_be_published(facilitator):
    assert making.published(facilitator, evidence="0").published is not None


def test_the_next_version_does_not_change_what_is_read_until_it_is_published(facilitator):
    practice = making.published(facilitator)
    actions.write(facilitator, practice.pk, {**making.CONTENT, "title": "Autre titre"}, at=NOW)
    neighbour, head = making.neighbour_of(facilitator), making.head_of(facilitator)
    practice.refresh_from_db()
    assert sheet_of(neighbour, practice, today=TODAY).version.title == making.CONTENT["title"]
    assert sheet_of(neighbour, practice, version=2, today=TODAY) is None
    actions.submit(facilitator, practice.pk, at=NOW)
    actions.review(neighbour, practice.pk, making.PROFILE, "", at=NOW)
    actions.publish(head, practice.pk, at=NOW)
    practice.refresh_from_db()
    assert sheet_of(neighbour, practice, today=TODAY).version.title == "Autre titre"
    assert sheet_of(neighbour, practice, version=1, today=TODAY).version.title == making.CONTENT["title"]


def test_a_reviewed_version_is_not_written_over(facilitator):
    practice = making.reviewed(facilitator)
    with pytest.raises(PracticeRefused):
        actions.write(facilitator, practice.pk, making.CONTENT, at=NOW)


def test_what_is_sent_back_goes_with_its_reason_and_is_its_writers_again(facilitator):
    practice = making.submitted(facilitator)
    neighbour = making.neighbour_of(facilitator)
    with pytest.raises(PracticeRefused):
        actions.send_back(neighbour, practice.pk, " ", at=NOW)
    actions.send_back(neighbour, practice.pk, "Dites la période.", at=NOW)
    assert PracticeVersion.objects.get().returned == "Dites la période."
    assert visible(neighbour) == set()


def test_a_profile_answers_every_criterion_and_is_never_a_mark(facilitator):
    practice = making.submitted(facilitator)
    neighbour = making.neighbour_of(facilitator)
    for wrong in ({}, {"context": 2}, {**making.PROFILE, "cost": 4}, {**making.PROFILE, "total": 3}):
        with pytest.raises(PracticeRefused):
            actions.review(neighbour, practice.pk, wrong, "", at=NOW)


def test_a_neighbour_says_what_it_gave_once_and_may_say_it_again(facilitator):
    practice = making.published(facilitator)
    neighbour = making.neighbour_of(facilitator)
    actions.say_tried(neighbour, practice.pk, outcome="failed", told="Personne n’est venu.", at=NOW)
    actions.say_tried(neighbour, practice.pk, outcome="partly", told="Dix personnes.", at=NOW + timedelta(days=90))
    tried = practice.replications.get()
    assert (tried.outcome, tried.told, tried.created_at) == ("partly", "Dix personnes.", NOW)
    assert [(each["outcome"], each["told"]) for each in tried.former] == [("failed", "Personne n’est venu.")]
    actions.say_tried(neighbour, practice.pk, outcome="partly", told="Dix personnes.", at=NOW + timedelta(days=91))
    assert len(practice.replications.get().former) == 1, "said twice in the same words, it changes nothing"
    with pytest.raises(PracticeRefused):
        actions.say_tried(facilitator, practice.pk, outcome="worked", told="C’est la nôtre.", at=NOW)


def test_a_sheet_grows_old_after_two_years_and_is_young_again_once_checked(facilitator):
    practice = making.published(facilitator)
    later = NOW + timedelta(days=735)
    day = timezone.localdate(later)
    assert [each.pk for each in queries.work_of(facilitator, today=day).old] == [practice.pk]
    actions.check(facilitator, practice.pk, at=later)
    assert queries.work_of(facilitator, today=day).old == ()


def test_the_person_to_contact_may_be_forgotten_in_every_version(facilitator):
    practice = making.published(facilitator)
    actions.forget_contact(facilitator, practice.pk, at=NOW)
    assert "contact_name" not in practice.versions.get().content


def test_another_network_sees_nothing(facilitator):
    practice = making.published(facilitator)
    other = NetworkFactory(name="Autre réseau")
    assert visible(MembershipFactory(structure=StructureFactory(network=other))) == set()
    with pytest.raises(Http404):
        actions.archive(NetworkSeatFactory(network=other), practice.pk, "Doublon", at=NOW)


def test_a_reader_reads_and_writes_nothing(facilitator, reader):
    practice = making.published(facilitator)
    making.submitted(facilitator)
    assert visible(reader) == {practice.pk}
    with pytest.raises(Http404):
        making.draft(reader)


def test_a_sheet_of_the_network_itself_is_reviewed_by_a_member(facilitator):
    head = making.head_of(facilitator)
    practice = making.submitted(head)
    actions.review(facilitator, practice.pk, making.PROFILE, "", at=NOW)
    actions.publish(head, practice.pk, at=NOW)
    assert Practice.objects.get().structure is None


def test_what_is_near_a_text_comes_with_the_same_trade_first(facilitator):
    cleaning = making.published(facilitator, title="Nettoyage de bureaux le jour", trades=["cleaning"])
    making.published(facilitator, title="Marché de nettoyage de vitres")
    from dentelle.network.practices.vocabulary import TRADES

    trade = next(iter(TRADES))
    actions.write(
        facilitator, cleaning.pk, {**making.CONTENT, "title": "Entretien des locaux", "trades": [trade]}, at=NOW
    )
    actions.submit(facilitator, cleaning.pk, at=NOW)
    actions.review(making.neighbour_of(facilitator), cleaning.pk, making.PROFILE, "", at=NOW)
    actions.publish(making.head_of(facilitator), cleaning.pk, at=NOW)
    rows = queries.related(facilitator, "marché de nettoyage", trade=trade, today=TODAY)
    assert [row.title for row in rows] == ["Entretien des locaux", "Marché de nettoyage de vitres"]


def near(viewer, practice):
    """The titles under « Pratiques proches » on the page of a sheet."""
    content = practice.published.content
    sorts = {"themes": content["themes"], "publics": content["publics"], "axis": [content["axis"]]}
    rows = queries.related(viewer, f"{content['title']} {content['summary']}", sorts=sorts, today=TODAY)
    return [row.title for row in rows if row.pk != practice.pk]


def test_near_sheets_share_a_theme_whatever_words_others_share(facilitator):
    bikes = making.published(facilitator, title="Des vélos prêtés", summary="Prêtés aux équipes du matin.", themes=["mobility"])  # fmt: skip
    making.published(facilitator, title="Des ordinateurs prêtés", summary="Prêtés aux équipes du soir.", themes=["digital"])  # fmt: skip
    making.published(facilitator, title="Une navette rurale", summary="Un minibus.", themes=["mobility"], publics=["young"])  # fmt: skip
    making.published(facilitator, title="Le permis", summary="Sur le chantier.", themes=["mobility"])
    assert near(facilitator, bikes) == ["Le permis", "Une navette rurale"]


def test_a_purchase_meets_its_trade_then_clauses_never_another_trade(facilitator):
    making.published(facilitator, title="Cuisiniers de l’école", trades=["catering"], themes=["clause"])
    making.published(facilitator, title="Peindre une école", trades=["interior_painting"], themes=["training"])
    making.published(facilitator, title="Des pénalités progressives", themes=["clause"])
    making.published(facilitator, title="Le téléphone à l’école", themes=["digital"])
    rows = queries.related(
        facilitator, "peinture de l’école", trade="interior_painting", sorts={"themes": ["clause"]}, today=TODAY
    )
    assert [row.title for row in rows] == ["Peindre une école", "Des pénalités progressives"]


def test_a_sheet_does_not_end_before_it_starts(facilitator):
    with pytest.raises(PracticeRefused, match="après avoir commencé"):
        making.draft(facilitator, started_on="2026-03-01", ended_on="2026-02-01")
    form = SheetForm({"title": "Une fiche", "started_on": "2026-03-01", "ended_on": "2026-02-01"})
    assert list(form.errors) == ["ended_on"]
