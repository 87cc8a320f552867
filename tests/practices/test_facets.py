"""What narrows the list of sheets: what they say of their means, their time, their transfer, where they come from."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from dentelle.demo.practices import told
from dentelle.network.practices import actions
from dentelle.network.practices.facets import CHOSEN, FACETS, tags_of
from dentelle.network.practices.models import PracticeTag
from dentelle.network.practices.queries import Filters, find
from dentelle.network.tour.actions import learning
from dentelle.rules.practices import TRANSFER
from tests.factories import NOW
from tests.network.tour import making as tour
from tests.practices import making

pytestmark = pytest.mark.django_db
MEANS = {
    "budget_cents": 50_000_00,
    "setup_months": 5,
    "tools": ["Modèle de convention"],
    "started_on": "2024-03-01",
    "funders": ["europe"],
}


def counted(viewer, **facets):
    found = find(viewer, Filters(facets=facets), today=NOW.date())
    return {facet.code: {each.value: each.count for each in values} for facet, values in found.facets}


@pytest.fixture
def two(facilitator):
    """A sheet that says its means, and one that says nothing of them."""
    return making.published(facilitator, **MEANS), making.published(facilitator, title="Une navette", outcome="failed")


def test_means_time_and_tools_narrow_the_list(facilitator, two):
    told, silent = two
    counts = counted(facilitator)
    assert {code: counts[code] for code in ("budget", "setup", "with_tools", "year")} == {
        "budget": {"from_50k": 1},
        "setup": {"from_3": 1},
        "with_tools": {"yes": 1},
        "year": {"2024": 1},
    }
    for code, value in (("budget", "from_50k"), ("setup", "from_3"), ("with_tools", "yes"), ("year", "2024")):
        found = find(facilitator, Filters(facets={code: value}), today=NOW.date())
        assert [row.pk for row in found.rows] == [told.pk]
    assert [row.pk for row in find(facilitator, Filters(facets={"outcome": "failed"}), today=NOW.date()).rows] == [silent.pk]  # fmt: skip


def test_a_budget_of_nothing_is_said_and_one_unknown_is_not(facilitator):
    making.published(facilitator, budget_cents=0)
    making.published(facilitator, title="Sans rien dire du budget")
    assert counted(facilitator)["budget"] == {"under_10k": 1}


def test_a_transfer_is_looked_at_side_by_side_never_added_up(facilitator, two):
    from dentelle.network.practices.facets import sort_out

    practice = two[0]
    practice.published.profile = {one.code: 0 for one in TRANSFER} | {"cost": 3, "launch": 2, "skills": 1}
    sort_out(practice, practice.published)
    assert set(practice.tags.filter(facet="transfer").values_list("value", flat=True)) == {"cost", "launch"}
    assert counted(facilitator)["transfer"]["cost"] == 2


def test_years_come_latest_first(facilitator):
    for year in (2019, 2025, 2022):
        making.published(facilitator, title=f"Depuis {year}", started_on=f"{year}-01-01")
    assert list(counted(facilitator)["year"]) == ["2025", "2022", "2019"]


@pytest.fixture
def from_a_stage(facilitator):
    """A sheet begun from what a stage of the Tour taught, published."""
    seat = making.head_of(facilitator)
    stage = tour.stage(seat, state="held", days=-1)
    sheet = learning.begin_sheet(facilitator, tour.finding(stage).pk, at=NOW)
    actions.write(facilitator, sheet.pk, making.CONTENT, at=NOW)
    actions.submit(facilitator, sheet.pk, at=NOW)
    actions.review(making.neighbour_of(facilitator), sheet.pk, making.PROFILE, "", at=NOW)
    return stage, actions.publish(seat, sheet.pk, at=NOW)


def test_sheets_are_found_by_the_stage_of_the_tour_they_come_from(facilitator, two, from_a_stage, client_of):
    stage, sheet = from_a_stage
    client = client_of(facilitator)
    page = client.get(reverse("practices:list"), {"etape": stage.pk})
    assert [row.pk for row, _ in page.context["rows"]] == [sheet.pk]
    assert f"Étape du Tour\u00a0: {stage.region}, " in page.content.decode()
    nothing = client.get(reverse("practices:list"), {"etape": stage.pk, "texte": "xqzxq"}).content.decode()
    assert f"Étape du Tour\u00a0: {stage.region}, " in nothing


def test_a_stage_nobody_may_read_yet_is_not_named(facilitator, from_a_stage):
    stage, _ = from_a_stage
    type(stage).objects.update(state="draft")
    assert "stage" not in counted(facilitator)


def test_sheets_published_before_are_sorted_as_those_published_now(facilitator, two, from_a_stage):
    def told():
        return set(PracticeTag.objects.values_list("network", "practice", "structure", "facet", "value"))

    now = told()
    added = PracticeTag.objects.filter(
        facet__in=["budget", "setup", "with_tools", "transfer", "year", "stage"]
    )  # fmt: skip
    assert added.count() == 23
    added.delete()
    for _ in range(2):  # a migration taken up again changes nothing
        import_module("dentelle.network.practices.migrations.0004_sheets_sorted_by_more").sort_more(apps, None)
        import_module("dentelle.network.tour.migrations.0003_sheets_sorted_by_stage").sort_by_stage(apps, None)
        assert told() == now


def test_a_facet_nothing_holds_is_not_shown(facilitator, client_of):
    making.published(facilitator)
    page = client_of(facilitator).get(reverse("practices:list")).content.decode()
    assert 'name="public"' in page
    assert not [name for name in ("budget", "duree", "outils", "annee", "etape", "metier") if f'name="{name}"' in page]


def test_every_facet_is_in_the_address_with_the_words_and_both_forms_keep_it(facilitator, client_of):
    making.published(facilitator, **MEANS, trades=["cleaning"], grounds=["rural"])
    client = client_of(facilitator)
    page = client.get(reverse("practices:list")).context
    shown = {box["name"]: box["counted"][0].value for _, boxes in page["groups"] for box in boxes}
    assert set(shown) >= {facet.name for facet in FACETS} - {"etape", "metier"}
    narrowed = client.get(reverse("practices:list"), {"texte": "creches", **shown})
    assert [row.title for row, _ in narrowed.context["rows"]] == [making.CONTENT["title"]]
    assert len(narrowed.context["chips"]) == len(shown) + 1
    text = narrowed.content.decode()
    for name, value in shown.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in text, name
        assert f'<option value="{value}" selected>' in " ".join(text.split()), name


def test_a_question_that_finds_nothing_keeps_what_was_chosen(facilitator, client_of):
    making.published(facilitator, **MEANS)
    text = client_of(facilitator).get(reverse("practices:list"), {"texte": "xqzxq", "annee": "2024"}).content.decode()
    assert '<input type="hidden" name="annee" value="2024">' in text


@pytest.mark.parametrize("typed", ["²", "20a4", "-1", "99999999999999999999", "2024'--", "٢٠٢٤"])
def test_a_value_nobody_can_mean_narrows_nothing(typed, facilitator, client_of):
    making.published(facilitator, **MEANS)
    page = client_of(facilitator).get(reverse("practices:list"), {"annee": typed, "etape": typed, "budget": typed})
    assert (page.context["chips"], len(page.context["rows"])) == ([], 1)


def test_as_many_questions_whatever_the_facets(facilitator, two, from_a_stage, client_of, assert_max_queries):
    client = client_of(facilitator)
    client.get(reverse("practices:list"))
    with assert_max_queries(20):
        client.get(reverse("practices:list"))
    asked = {"texte": "crèche", "issue": "worked", "etape": from_a_stage[0].pk, "transfert": "cost"}
    with assert_max_queries(20):
        client.get(reverse("practices:list"), asked)


def test_every_facet_a_writer_chooses_is_alive_in_the_demonstration():
    held = {facet.code: set() for facet in CHOSEN}
    for row in told():
        for facet, value in tags_of(row["content"], {}):
            if facet in held:
                held[facet].add(value)
    assert [code for code, values in held.items() if len(values) < 2] == []
    for facet in CHOSEN:
        assert held[facet.code] <= set(facet.choices)


def test_sheets_once_said_tried_elsewhere_are_sorted_by_the_trials_told(facilitator, two):
    tried, _ = two
    tag = {"network_id": tried.network_id, "facet": "transfer", "value": "replicated"}
    for practice in two:
        PracticeTag.objects.create(practice=practice, **tag)
    neighbour = making.neighbour_of(facilitator)
    actions.say_tried(neighbour, tried.pk, outcome="worked", told="Repris tel quel.", at=NOW)
    for _ in range(2):
        import_module("dentelle.network.practices.migrations.0005_trials_counted_and_kept").count_trials(apps, None)
        assert counted(facilitator)["transfer"]["replicated"] == 1


def test_sheets_once_found_by_a_trial_that_failed_are_no_longer(facilitator, two):
    neighbour = making.neighbour_of(facilitator)
    for practice, outcome in zip(two, ("partly", "failed"), strict=True):
        actions.say_tried(neighbour, practice.pk, outcome=outcome, told="Repris.", at=NOW)
        tag = {"network_id": practice.network_id, "practice": practice, "facet": "transfer", "value": "replicated"}
        PracticeTag.objects.get_or_create(**tag)
    for _ in range(2):
        import_module("dentelle.network.practices.migrations.0006_trials_that_worked").forget_failures(apps, None)
        assert [tag.practice for tag in PracticeTag.objects.filter(value="replicated")] == [two[0]]
