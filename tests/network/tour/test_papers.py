"""The report of a stage on one page, the synthesis of a Tour; counts of people that tell of nobody."""

import re

import pytest

from dentelle.network.tour.paper.report import ROOMS, attendance_words, fitted, report_content, report_pdf
from dentelle.network.tour.paper.setting import pages_of
from dentelle.network.tour.paper.synthesis import synthesis_content, synthesis_pdf
from dentelle.network.tour.queries.stages import attendance_of, public_stage, stage_sheet
from dentelle.network.tour.queries.synthesis import synthesis_of
from dentelle.network.tour.vocabulary import THEMES, Stakeholder
from dentelle.rules.disclosure import shown_totals
from tests.factories import NOW, NetworkSeatFactory
from tests.network.tour import making

pytestmark = pytest.mark.django_db
LONG = "Une phrase qui dit beaucoup de choses et qui continue encore longtemps, " * 9


@pytest.fixture
def seat():
    return NetworkSeatFactory()


def full(seat, **more):
    """A stage where more was said than a page holds."""
    stage = making.stage(
        seat, state="reported", days=-9, lessons=LONG[:600] + "\n\n" + LONG[:600], title="Étape " * 20, **more
    )
    for kind in Stakeholder.values:
        for rank in range(9):
            making.need(stage, f"{rank} {LONG}"[:600], kind=kind, theme=list(THEMES)[rank])
    for rank in range(25):
        making.finding(stage, f"{rank} {LONG}"[:600])
    for rank in range(30):
        stage.programme.create(rank=rank, title=LONG[:200], speaker=LONG[:150], organisation=LONG[:150])
    making.came(stage, **dict.fromkeys(Stakeholder.values, 12))
    return stage


def test_a_stage_where_everything_was_said_still_makes_one_page_and_says_where_the_rest_is(seat):
    stage = full(seat)
    content = fitted(stage_sheet(seat, stage.pk, at=NOW), public=False, at=NOW)
    assert pages_of("report.typ", content) == 1
    assert re.search(
        rf"constats, .*besoins, .*points du programme, à l’adresse https?://.*/tour/etapes/{stage.pk}/", content["left"]
    )
    assert content["findings"]
    assert content["needs"]


def test_the_least_room_holds_the_longest_words(seat):
    sheet = stage_sheet(seat, full(seat).pk, at=NOW)
    assert pages_of("report.typ", report_content(sheet, ROOMS[-1], public=False, at=NOW)) == 1


def test_a_quiet_stage_says_all_it_has(seat):
    stage = making.stage(seat, state="reported", days=-9)
    making.need(stage)
    making.finding(stage)
    content = fitted(stage_sheet(seat, stage.pk, at=NOW), public=False, at=NOW)
    assert (content["left"], len(content["findings"]), len(content["needs"])) == ("", 1, 1)
    assert report_pdf(public_stage(stage.pk, at=NOW), public=True, at=NOW).startswith(b"%PDF")


def test_no_kind_is_silenced_by_another_when_room_is_short(seat):
    content = fitted(stage_sheet(seat, full(seat).pk, at=NOW), public=False, at=NOW)
    counts = [len(group["words"]) for group in content["needs"]]
    assert max(counts) - min(counts) <= 1


def test_the_same_report_at_the_same_moment_is_the_same_file(seat):
    sheet = stage_sheet(seat, making.stage(seat, state="reported", days=-9).pk, at=NOW)
    first = report_pdf(sheet, public=False, at=NOW)
    assert first == report_pdf(sheet, public=False, at=NOW)
    assert b"pdfuaid" in first


def test_the_synthesis_says_regions_people_needs_findings_and_what_became_of_them(seat):
    stage = full(seat)
    making.stage(seat, region_code="53", title="Étape de Bretagne")
    content = synthesis_content(synthesis_of(seat, stage.tour_id, at=NOW), at=NOW)
    assert content["answer"] == "1\u202fétape tenue dans 1\u202frégion sur 18"
    assert content["regions"][0].endswith("Bretagne.")
    assert content["needs"]["rows"][-1][-1] == "90"
    assert len(content["needs"]["themes"]) == 6
    assert [row[2] for row in content["findings"]] == ["rien encore"] * 25
    assert synthesis_pdf(synthesis_of(seat, stage.tour_id, at=NOW), at=NOW).startswith(b"%PDF")


def test_a_tour_not_begun_has_a_synthesis_that_says_so(seat):
    tour = making.tour(seat)
    assert synthesis_pdf(synthesis_of(seat, tour.pk, at=NOW), at=NOW).startswith(b"%PDF")


def test_few_people_of_a_kind_are_not_counted_nor_found_by_subtraction(seat):
    stage = making.stage(seat, state="held", days=-1)
    making.came(stage, buyer=12, siae=3, official=7)
    came = attendance_of(stage)
    assert dict(came.rows) == {
        "acheteur, donneur d’ordre": 12,
        "structure d’insertion": None,
        "élu, élue": None,
    }
    assert came.total == 22
    assert attendance_words(came)[1] == "structure d’insertion\u00a0: moins de 5, ou tu"


def test_the_sums_of_a_tour_do_not_tell_what_its_stages_kept_quiet(seat):
    first, second = (making.stage(seat, state="held", days=-days) for days in (3, 1))
    making.came(first, buyer=12, siae=3, official=7)
    making.came(second, buyer=20, siae=9, official=8)
    rows = dict(synthesis_of(seat, first.tour_id, at=NOW).attendance.rows)
    # 12 insertion structures in all, 9 of them shown at the second stage: the three would be told
    assert rows["structure d’insertion"] is None
    assert rows["acheteur, donneur d’ordre"] == 32


def test_sums_of_tables_are_shown_when_enough_is_quiet_in_them():
    tables = [{"a": 3, "b": 30, "c": 4}, {"a": 4, "b": 30, "c": 4}]
    assert shown_totals(tables, 5).counts == {"a": 7, "b": 60, "c": 8}
    assert shown_totals([{"a": 3, "b": 30}, {"b": 30}], 5).counts == {"a": None, "b": None}
    assert shown_totals([], 5).total == 0


@pytest.mark.parametrize("stages", [1, 6])
def test_a_synthesis_asks_as_much_of_one_stage_as_of_many(seat, stages, django_assert_max_num_queries):
    for days in range(stages):
        held = making.stage(seat, state="held", days=-days - 1)
        making.finding(held)
        making.need(held)
    with django_assert_max_num_queries(9):
        synthesis_of(seat, making.tour(seat).pk, at=NOW)
