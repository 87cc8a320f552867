"""The report of a stage on one page, the synthesis of a Tour; counts of people that tell of nobody."""

import re
from fractions import Fraction
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from dentelle.network.tour.actions import stages as actions
from dentelle.network.tour.paper.report import ROOMS, attendance_words, fitted, report_content, report_pdf
from dentelle.network.tour.paper.setting import pages_of, pdf_of
from dentelle.network.tour.paper.synthesis import synthesis_content, synthesis_pdf, well_filled
from dentelle.network.tour.queries.stages import attendance_of, public_stage, stage_sheet
from dentelle.network.tour.queries.synthesis import public_synthesis, synthesis_of
from dentelle.network.tour.vocabulary import THEMES, Stakeholder
from dentelle.rules.disclosure import shown_counts, shown_totals
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


def test_a_public_synthesis_adds_up_told_public_stages_and_says_no_more_than_they_show(seat):
    told, again = (making.stage(seat, state="reported", days=-days, title=f"Dite {days}") for days in (9, 8))
    held = making.stage(seat, state="held", days=-3, title="Pas encore dite")
    between = making.stage(seat, state="reported", days=-5, audience="members", title="Entre nous", region_code="53")
    for stage in (told, again, held, between):
        making.need(stage, f"Besoin {stage.title}")
        making.finding(stage, f"Constat {stage.title}")
    making.came(told, buyer=12, siae=3, official=7)
    making.came(again, buyer=20, siae=9, official=8)
    making.came(held, buyer=40)
    making.came(between, buyer=50)
    actions.open_synthesis(seat, told.tour_id, at=NOW)
    found = public_synthesis(told.tour_id, at=NOW)
    assert [row.stage.title for row, _ in found.held] == ["Dite 9", "Dite 8"]
    assert (found.needs.total, [fate.finding.text for fate in found.fates]) == (2, ["Constat Dite 9", "Constat Dite 8"])
    pages = [attendance_of(stage) for stage in (told, again)]
    for label, count in found.attendance.rows:
        shown = [dict(each.rows)[label] for each in pages]
        assert count == sum(each for each in shown if each is not None)
        assert (label in found.attendance.floors) == (None in shown)
    assert (found.attendance.total, found.attendance.is_floor) == (59, False)
    content = synthesis_content(found, at=NOW)
    assert content["answer"] == "2\u202fétapes racontées dans 1\u202frégion sur 18"
    assert ["Structure d’insertion", "au moins 9"] in content["attendance"]
    assert not re.search("Entre nous|Pas encore dite", str(content))
    assert synthesis_pdf(found, at=NOW).startswith(b"%PDF")


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
    assert attendance_words(came)[1] == "Structure d’insertion\u00a0: compte masqué"


def test_the_sums_of_a_tour_do_not_tell_what_its_stages_kept_quiet(seat):
    first, second = (making.stage(seat, state="held", days=-days) for days in (3, 1))
    making.came(first, buyer=12, siae=3, official=7)
    making.came(second, buyer=20, siae=9, official=8)
    rows = dict(synthesis_of(seat, first.tour_id, at=NOW).attendance.rows)
    # 12 insertion structures in all, 9 of them shown at the second stage: the three would be told
    assert rows["structure d’insertion"] is None
    assert rows["acheteur, donneur d’ordre"] == 32
    assert sum(count is None for count in rows.values()) == 2


def test_sums_of_tables_are_shown_when_nothing_quiet_can_be_worked_out_of_them():
    tables = [{"a": 3, "b": 30, "c": 4}, {"a": 4, "b": 30, "c": 4}]
    assert shown_totals(tables, 5).counts == {"a": 7, "b": 60, "c": 8}
    # 5 of b was hidden only to hide 2 of a: its sum would tell them both
    assert shown_totals([{"a": 2, "b": 5, "c": 9}, {"c": 8}], 5).counts == {"a": None, "b": None, "c": 17}
    assert shown_totals([{"a": 3, "b": 30}, {"b": 30}], 5).counts == {"a": None, "b": None}
    # two stages, a small count in each: only what shields them is hidden
    two = [{"a": 2, "b": 5, "c": 6, "d": 14, "e": 7}, {"a": 0, "c": 0, "d": 3, "e": 9, "f": 5, "g": 8}]
    assert {name for name, count in shown_totals(two, 5).counts.items() if count is None} == {"a", "b", "d", "f"}
    assert shown_totals([], 5).total == 0


def test_a_small_stage_is_not_told_by_the_grand_total():
    shown = shown_totals([{"a": 3}, {"a": 40}], 5)
    assert (shown.counts, shown.total) == ({"a": None}, None)


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9), max_size=4), max_size=4))
def test_no_count_kept_quiet_has_only_one_possible_value(tables):
    """Whoever knows everything shown cannot work a small count out: the equations leave it free."""
    shown = shown_totals(tables, 5)
    names = sorted(shown.counts)
    cells = [(place, name) for place, table in enumerate(tables) for name in table]
    per_table = [shown_counts(table, 5) for table in tables]
    rows = [[int(cell == one) for one in cells] for cell in cells if per_table[cell[0]].counts[cell[1]] is not None]
    rows += [[int(one[0] == place) for one in cells] for place, each in enumerate(per_table) if each.total is not None]
    rows += [[int(one[1] == name) for one in cells] for name in names if shown.counts[name] is not None]
    rows += [[1] * len(cells)] if shown.total is not None else []
    known = rank(rows)
    for cell in cells:
        if 0 < tables[cell[0]][cell[1]] < 5:
            assert rank([*rows, [int(cell == one) for one in cells]]) > known, cell


def rank(rows):
    """Rank of a matrix of fractions, by elimination."""
    left, found = [[Fraction(value) for value in row] for row in rows], 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left[found:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(found, pivot)
        for row in left[found + 1 :]:
            share = row[column] / pivot[column]
            row[:] = [one - share * two for one, two in zip(row, pivot, strict=True)]
        found += 1
    return found


@pytest.mark.parametrize("stages", [1, 6])
def test_a_synthesis_asks_as_much_of_one_stage_as_of_many(seat, stages, django_assert_max_num_queries):
    for days in range(stages):
        held = making.stage(seat, state="held", days=-days - 1)
        making.finding(held)
        making.need(held)
    with django_assert_max_num_queries(9):
        synthesis_of(seat, making.tour(seat).pk, at=NOW)


def test_the_last_page_of_a_synthesis_is_never_a_line_alone(seat):
    stage = making.stage(seat, state="reported", days=-9)
    content = synthesis_content(synthesis_of(seat, stage.tour_id, at=NOW), at=NOW)
    finding = [LONG[:150], stage.region, "rien encore"]
    spared = 0
    for many in range(8, 44, 2):
        asked = content | {"findings": [finding] * many}
        given = well_filled(asked)
        spared += pages_of("synthesis.typ", given) < pages_of("synthesis.typ", asked)
        last = PdfReader(BytesIO(pdf_of("synthesis.typ", given, at=NOW))).pages[-1].extract_text()
        assert "À savoir" in last  # with all it holds: the first of its lines and the last
        assert content["notes"][0][:20] in last
        assert content["notes"][-1][:20] in last
    assert spared


def test_a_report_says_its_figures_number_first_and_what_was_corrected(seat):
    stage = making.stage(seat, state="reported", days=-9, place="Lille")
    making.need(stage)
    stage.corrections.create(
        what="place", before="Lile", after="Lille", reason="Faute de frappe.", at=NOW, by=seat.user
    )
    text = report_text(stage)
    assert "1 besoin exprimé" in text
    assert "0 constat" in text
    assert "Corrigé depuis" in text
    assert "Lieu, le 21 novembre 2026" in text
    assert "Lile" not in text.replace("Lille", "")


def test_a_word_longer_than_a_line_stays_on_the_page(seat):
    word = "interminable" * 12
    stage = making.stage(seat, state="reported", days=-9, title=f"Étape {word}"[:160])
    making.need(stage, words=word)
    stage.programme.create(rank=1, title=word)
    page = PdfReader(BytesIO(report_pdf(public_stage(stage.pk, at=NOW), public=True, at=NOW))).pages[0]
    ends = []
    page.extract_text(visitor_text=lambda text, cm, tm, font, size: ends.append(tm[4] + len(text.strip()) * size * 0.3))
    assert max(ends) < float(page.mediabox.width)


def report_text(stage):
    reader = PdfReader(BytesIO(report_pdf(public_stage(stage.pk, at=NOW), public=True, at=NOW)))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())
