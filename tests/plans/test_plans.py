"""A plan written: who sees it, what changes it, how it comes back."""

import io
from datetime import date

import pypdf
import pytest
from django.http import Http404
from python_calamine import CalamineWorkbook

from dentelle.foundations.directory.models import SeatRole
from dentelle.foundations.intake import actions as intake
from dentelle.foundations.intake.droppers import Dropper, structures_for
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Coverage
from dentelle.thread.clauses.engine import compute
from dentelle.thread.clauses.forms import CalibrationForm
from dentelle.thread.plans import access, actions, queries
from dentelle.thread.plans.models import PlanLine, calling_on
from dentelle.thread.plans.paper.page import page_content, page_pdf
from dentelle.thread.plans.prefill import typed_of
from dentelle.thread.plans.pricing import price
from dentelle.thread.plans.refusals import PlanRefused
from dentelle.thread.plans.rows import Needs, facts_of
from dentelle.thread.plans.sheet import line_sheet
from dentelle.thread.plans.target import is_total
from dentelle.thread.plans.wording import Facilitator, wording_of
from dentelle.thread.plans.workbook import OURS, plan_workbook
from tests.factories import NOW, MembershipFactory, StructureFactory
from tests.plans import making
from tests.plans.making import LINES, TARGET, TITLES

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def test_each_line_says_what_it_carries_or_why_not(facilitator):
    plan = making.plan(facilitator)
    told = {
        line.reference: (line.required, line.trade, line.hours_central, line.no_hours, line.act_month)
        for line in plan.lines.all()
    }
    assert told["27-01"][:2] == ("yes", "green_space_maintenance")
    assert told["27-01"][2] > 100
    assert told["27-02"][:2] == ("no", "roofing_waterproofing")
    assert told["27-03"] == ("to_check", "cleaning", None, "no_amount", "2026-12")
    assert told["27-04"] == ("no", "", None, "no_share", "9999-99")


def test_the_list_and_the_calibration_of_a_line_give_the_same_answer(facilitator):
    plan = making.plan(facilitator)
    lines = list(plan.lines.exclude(hours_central=None))
    assert len(lines) == 2
    for line in lines:
        facts = facts_of(line, plan, Needs([line]))
        form = CalibrationForm(typed_of(line, facts, price(facts, today=TODAY), today=TODAY))
        assert form.is_valid(), form.errors
        found = compute(form.cleaned_data, author="")
        assert (found.sheet["low_hours"], found.hours, found.sheet["high_hours"]) == (
            line.hours_low,
            line.hours_central,
            line.hours_high,
        )
        assert found.sheet["obligation"]["code"] == line.required
        advised = next((each["code"] for each in found.sheet["levers"] if each["recommended"]), "")
        assert advised == line.lever


def test_lots_of_one_reference_are_judged_together(facilitator):
    titles = ("Référence", "Lot", "Objet", "Nature", "Montant estimé HT", "Date de lancement")
    lots = [("A", lot, f"Nettoyage, lot {lot}", "Services", 120_000, "01/03/2027") for lot in ("1", "2")]
    plan = making.plan(facilitator, lots, titles)
    assert {line.required for line in plan.lines.all()} == {"yes"}
    assert {line.reference: line.hours_central for line in plan.lines.all()}["A"] == line_sheet(
        plan.lines.first(), today=TODAY
    ).sheet["hours"]


def test_the_total_is_that_of_the_exact_hours_rounded_once(facilitator):
    lines = [(f"R{n}", "Nettoyage des locaux", "Services", 1_000 + n, 12, "01/03/2027", "", "") for n in range(30)]
    plan = making.plan(facilitator, lines)
    total = queries.totals_of(plan, today=TODAY)
    each = [line.hours_central for line in plan.lines.all()]
    together = price(
        facts_of(
            PlanLine(
                subject="Nettoyage des locaux",
                launched_on=date(2027, 3, 1),
                amount_cents=sum(line.amount_cents for line in plan.lines.all()),
            ),
            plan,
            Needs([]),
        ),
        today=TODAY,
    )
    assert total.hours == together.hours
    assert total.hours.central != sum(each)


def test_a_buyer_and_the_structure_see_the_plan_and_nobody_else(facilitator, outsider):
    plan = making.plan(facilitator)
    seat, other = making.seat_at(plan.buyer), making.seat_at(making.buyer("21440109300015", "Ville de Nantes"))
    assert access.plan_visible_to(seat, plan.pk) == access.plan_visible_to(facilitator, plan.pk)
    for stranger in (outsider, other):
        with pytest.raises(Http404):
            access.plan_visible_to(stranger, plan.pk)
        with pytest.raises(Http404):
            access.line_visible_to(stranger, plan.lines.first().pk)
    seat.role = SeatRole.COMPANY
    assert not access.plans_visible_to(seat).exists()


def test_a_reader_reads_and_changes_nothing(facilitator, reader):
    plan = making.plan(facilitator)
    assert access.plan_visible_to(reader, plan.pk) == plan
    with pytest.raises(Http404):
        actions.price_again(reader, plan.pk, at=NOW)
    with pytest.raises(Http404):
        actions.choose_trade(reader, plan.lines.first().pk, "cleaning", at=NOW)


def test_what_a_buyer_drops_goes_to_the_structure_that_covers_it(facilitator, with_ground):
    Coverage.objects.create(
        structure=facilitator.structure,
        version=1,
        valid_from=date(2026, 1, 1),
        places=["commune:35238"],
        created_at=NOW,
    )
    Coverage.objects.create(
        structure=StructureFactory(), version=1, valid_from=date(2026, 1, 1), places=["commune:35047"], created_at=NOW
    )
    seat = making.seat_at(making.buyer())
    assert structures_for(seat, on=TODAY) == [facilitator.structure]
    dropper = Dropper(seat.user, seat=seat)
    drop = intake.receive(
        dropper,
        TARGET,
        making.uploaded(making.workbook_bytes()),
        structure=facilitator.structure,
        organisation=seat.organisation,
        options={"year": 2027},
        at=NOW,
    )
    done = intake.ask_write(dropper, drop, TARGET, at=NOW)
    plan = access.plan_visible_to(facilitator, int(done.leads_to))
    assert (plan.buyer, plan.structure, plan.lines.count()) == (seat.organisation, facilitator.structure, 4)
    assert Entry.objects.get(act="plan.written").facts["by_buyer"] is True


def test_a_seat_cannot_write_the_plan_of_another_buyer(facilitator):
    seat = making.seat_at(making.buyer("21440109300015", "Ville de Nantes"))
    drop = making.dropped(facilitator)
    where = intake.where_of(drop, Dropper(seat.user, seat=seat))
    assert not access.may_drop(where)


def test_choosing_a_trade_gives_hours_and_coming_back_takes_them_away(facilitator):
    titles = ("Objet", "Nature", "Montant estimé HT")
    plan = making.plan(facilitator, [("Peinture et carrelage", "Travaux", 300_000)], titles)
    line = plan.lines.get()
    assert line.no_hours == "several_trades"
    actions.choose_trade(facilitator, line.pk, "interior_painting", at=NOW)
    line.refresh_from_db()
    assert (line.trade_basis, line.no_hours) == ("chosen", "")
    written = making.plan(facilitator, [("Peinture et carrelage", "Travaux", 310_000)], titles)
    assert written.lines.get().trade == "interior_painting"  # a new file does not undo what a person chose
    actions.choose_trade(facilitator, line.pk, "", at=NOW)
    line.refresh_from_db()
    assert line.hours_central is None
    with pytest.raises(PlanRefused):
        actions.choose_trade(facilitator, line.pk, "sorcery", at=NOW)


def test_saying_what_the_buyer_is_judges_the_plan_again(facilitator):
    organisation = making.organisation_without_kind()
    titles = ("Objet", "Nature", "Montant estimé HT", "Date de lancement")
    lines = [("Nettoyage", "Services", 180_000, "01/03/2027")]
    plan = making.plan(facilitator, lines, titles, of=organisation)
    assert (plan.buyer_kind, plan.lines.get().required) == ("", "to_check")
    actions.say_buyer_kind(facilitator, plan.pk, "central", at=NOW)
    assert plan.lines.get().required == "yes"
    actions.say_buyer_kind(facilitator, plan.pk, "local", at=NOW)
    assert plan.lines.get().required == "no"


def test_pricing_again_another_day_moves_what_has_gone_by(facilitator):
    plan = making.plan(facilitator)
    actions.price_again(facilitator, plan.pk, at=NOW.replace(year=2027, month=6))
    plan.refresh_from_db()
    line = making.line(plan, "27-01")
    assert (plan.priced_on.year, line.judged_on) == (2027, plan.priced_on)


def test_lines_the_last_file_no_longer_has_stay_and_say_so(facilitator):
    making.plan(facilitator)
    plan = making.plan(facilitator, LINES[:2])
    assert plan.lines.count() == 4
    assert plan.lines.filter(drop=plan.last_drop).count() == 2


def test_many_lines_changed_at_once_are_all_rewritten_and_none_is_doubled(facilitator):
    def lines(amount):
        return [(f"R{n}", f"Nettoyage {n}", "Services", amount + n, 12, "01/03/2027", "", "") for n in range(120)]

    making.plan(facilitator, lines(100_000))
    plan = making.plan(facilitator, lines(300_000))
    assert {line.reference: line.amount_cents for line in plan.lines.all()} == {
        f"R{n}": (300_000 + n) * 100 for n in range(120)
    }
    assert {line.required for line in plan.lines.all()} == {"yes"}


def test_the_workbook_gives_back_the_columns_of_the_buyer_then_ours(facilitator, tmp_path):
    plan = making.plan(facilitator)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(plan))
    book = CalamineWorkbook.from_path(path)
    rows = book.get_sheet_by_name("Programmation").to_python()
    assert rows[0] == [*TITLES, *OURS]
    assert rows[1][:8] == [
        "27-01",
        "Entretien des espaces verts",
        "Services",
        "480000",
        "48",
        "01/03/2027",
        "77310000",
        "Cadre de vie",
    ]
    line = making.line(plan, "27-01")
    ours = dict(zip(OURS, rows[1][8:], strict=True))
    assert (ours["Heures"], ours["Condition sociale"], ours["Montant retenu (€ HT)"]) == (
        line.hours_central,
        "obligatoire",
        480000,
    )
    third = dict(zip(OURS, rows[3][8:], strict=True))
    assert (third["Heures"], third["Pourquoi sans heures"]) == ("", "montant inconnu")


def test_the_workbook_dropped_again_is_read_as_the_same_plan(facilitator):
    plan = making.plan(facilitator)
    again = intake.receive(
        Dropper(facilitator.user, membership=facilitator),
        TARGET,
        making.uploaded(plan_workbook(plan)),
        structure=facilitator.structure,
        organisation=plan.buyer,
        options={"year": 2027},
        at=NOW,
    )
    assert (again.counts["unchanged"], again.counts["refused"], again.counts["create"]) == (4, 0, 0)


def test_no_cell_of_the_buyer_becomes_a_formula(facilitator, tmp_path):
    plan = making.plan(facilitator, [("=1+1", '=HYPERLINK("http://x")', "", "", "", "", "", "+33")])
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(plan))
    row = CalamineWorkbook.from_path(path).get_sheet_by_name("Programmation").to_python()[1]
    assert row[1] == '=HYPERLINK("http://x")'


@pytest.mark.parametrize("count", [1, 60])
def test_the_paper_is_one_accessible_page(facilitator, count):
    long = "Entretien des espaces verts et des abords des bâtiments communaux, tous secteurs confondus, "
    lines = [(f"R{n}", f"{long}{n}", "Services", 480_000 + n, 48, "01/03/2027", "77310000", "") for n in range(count)]
    plan = making.plan(facilitator, [*lines, *LINES[1:]])
    pdf = pypdf.PdfReader(io.BytesIO(page_pdf(plan, at=NOW)))
    assert len(pdf.pages) == 1
    root = pdf.trailer["/Root"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
    assert root["/Lang"].startswith("fr")
    text = " ".join(pdf.pages[0].extract_text().split())
    assert page_content(plan, at=NOW)["buyer"] in text
    assert "montant inconnu" in text


def test_the_same_plan_gives_the_same_page(facilitator):
    plan = making.plan(facilitator)
    assert page_pdf(plan, at=NOW) == page_pdf(plan, at=NOW)


def test_pages_of_a_plan_ask_as_many_queries_for_ten_lines_as_for_a_thousand(
    facilitator, client_of, assert_max_queries
):
    counts = []
    for year, lines in ((2027, 10), (2028, 1_000)):
        rows = [(f"R{n}", "Nettoyage", "Services", 100_000 + n, 12, "01/03/2027", "", "") for n in range(lines)]
        plan = making.plan(facilitator, rows, year=year)
        client = client_of(facilitator)
        for path in (
            f"/programmations/{plan.pk}",
            "/programmations/",
            f"/programmations/achat/{plan.lines.first().pk}",
        ):
            client.get(path)
            with assert_max_queries(20) as captured:
                assert client.get(path).status_code == 200
            counts.append(len(captured))
    assert counts[:3] == counts[3:]


@pytest.mark.parametrize(
    "lever", ["", "EXECUTION_CONDITION", "RESERVED_SIAE", "RESERVED_DISABILITY", "TRAINING_CLAUSE", "INTERNSHIP_CLAUSE"]
)
def test_words_to_paste_name_the_article_and_leave_decisions_open(lever):
    found = wording_of(lever, 833, Facilitator("Maison de l’emploi"), mandatory=True)
    text = " ".join(piece.text for piece in found.pieces)
    assert "L21" in text
    assert "[" in text
    assert found.to_decide
    assert ("833" in text) == (lever in ("", "EXECUTION_CONDITION"))


def test_a_line_tells_its_hours_its_words_and_what_is_missing(facilitator):
    plan = making.plan(facilitator)
    complete = line_sheet(making.line(plan, "27-01"), today=TODAY)
    assert complete.sheet["hours"] == making.line(plan, "27-01").hours_central
    assert not complete.changed_since
    bare = line_sheet(making.line(plan, "27-03"), today=TODAY)
    assert bare.sheet is None
    assert "montant inconnu" in bare.missing[0]
    assert bare.obligation["obligation"]["code"] == "to_check"


def test_filters_find_lines_whatever_accents_and_case(facilitator):
    plan = making.plan(facilitator)

    def found(**asked):
        page = queries.lines_of(plan, queries.LineFilters(**asked), today=TODAY)
        return {line.reference for line in page.lines}

    assert found(text="REFECTION ecole") == {"27-02"}
    assert found(required="yes") == {"27-01"}
    assert found(when="inconnu") == {"27-04"}
    assert found(without="no_amount") == {"27-03"}
    assert found(when="maintenant") == {"27-01"}


def test_pages_of_lines_follow_each_other_without_gap(facilitator):
    rows = [(f"R{n:03d}", "Nettoyage", "Services", 1_000, 12, f"01/{n % 12 + 1:02d}/2027", "", "") for n in range(130)]
    plan = making.plan(facilitator, rows)
    seen, after = [], ""
    while True:
        page = queries.lines_of(plan, queries.LineFilters(), today=TODAY, after=after)
        seen += [line.pk for line in page.lines]
        if not page.after:
            break
        after = page.after
    assert len(seen) == len(set(seen)) == 130


def test_a_member_of_another_role_sees_no_plan(facilitator):
    making.plan(facilitator)
    elected = MembershipFactory(structure=facilitator.structure, elected_official=True)
    assert not access.plans_visible_to(elected).exists()


def test_a_purchase_whose_launch_has_passed_calls_for_nobody(facilitator):
    plan = making.written(facilitator, making.dropped(facilitator))
    line = plan.lines.get(reference="27-01")  # launched on 1 March 2027
    for day, called in ((date(2027, 2, 28), True), (date(2027, 3, 1), True), (date(2027, 3, 2), False)):
        assert line.calls_on(day) is called
        assert plan.lines.filter(calling_on(day), pk=line.pk).exists() is called


def test_a_purchase_is_found_by_its_words_by_those_who_follow_the_plan(facilitator, outsider, client_of):
    making.written(facilitator, making.dropped(facilitator))
    found = client_of(facilitator).get("/recherche/?q=espaces verts rennes").content.decode()
    assert "Entretien des espaces verts" in found
    assert "Entretien des espaces verts" not in client_of(outsider).get("/recherche/?q=espaces verts").content.decode()


def test_the_words_of_a_long_plan_are_learnt_in_the_background(facilitator, client_of, run_jobs, monkeypatch):
    monkeypatch.setattr(actions, "FOUND_AT_ONCE", 2)
    plan = making.written(facilitator, making.dropped(facilitator))
    client = client_of(facilitator)
    run_jobs()
    assert "Entretien des espaces verts" in client.get("/recherche/?q=espaces verts").content.decode()
    assert plan.lines.count() == 4


@pytest.mark.parametrize(
    ("subject", "adds_up"),
    [
        ("TOTAL", True),
        ("Total général HT", True),
        ("Sous-total travaux", True),
        ("Sous total du pôle technique", True),
        ("Totaux", True),
        ("Montant total TTC", True),
        ("Total 2027", True),
        ("Total station pour géomètre", False),
        ("Réfection totale de la toiture", False),
        ("Totalisateurs de caisse", False),
    ],
)
def test_a_line_that_adds_up_others_is_not_a_purchase(subject, adds_up):
    assert is_total({"subject": subject, "reference": ""}) is adds_up
    assert not is_total({"subject": subject, "reference": "27-01"})


def test_a_total_under_the_lines_is_left_out_and_said(facilitator):
    total = ("", "Total général", "", 820000, "", "", "", "")
    drop = making.dropped(facilitator, (*LINES, total))
    told = drop.lines.get(act="refused")
    assert "comptée deux fois" in told.problems[0][2]
    assert making.written(facilitator, drop).lines.count() == len(LINES)
