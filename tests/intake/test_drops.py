"""From a file dropped to lines written: the dry run tells what will happen, corrections stay beside the file."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from dentelle.foundations.documents.actions import UploadRefused, purge_expired
from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.intake import actions
from dentelle.foundations.intake.droppers import Dropper, drop_of, structures_for
from dentelle.foundations.intake.models import Correction, Drop, DropLine, DropStatus, RememberedMapping
from dentelle.foundations.intake.reading import IntakeRefused
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.organisations.models import Membership
from tests.factories import NOW
from tests.plans import making
from tests.plans.making import LINES, TARGET, TITLES, dropped, written
from tests.workbooks import workbook, workbook_with_sheet_xml

pytestmark = pytest.mark.django_db


def by(member: Membership) -> Dropper:
    return Dropper(member.user, membership=member)


def acts(drop: Drop) -> dict[int, str]:
    return dict(drop.lines.values_list("number", "act"))


def column(drop: Drop, field: str) -> int:
    return int(drop.mapping[field]["column"])


def again(drop: Drop) -> Drop:
    drop.refresh_from_db()
    return drop


def test_a_file_is_read_into_a_grid_that_says_what_each_line_becomes(facilitator):
    drop = dropped(facilitator)
    assert (drop.status, drop.sheet, drop.header_number, drop.line_count) == (DropStatus.READY, "Programmation", 3, 4)
    assert acts(drop) == {4: "create", 5: "create", 6: "create", 7: "create"}
    assert {"subject", "reference", "kind", "amount_cents", "duration_months", "launched_on", "cpv"} <= set(
        drop.mapping
    )
    assert Entry.objects.filter(act="drop.received").count() == 1


def test_nothing_is_written_before_it_is_asked(facilitator):
    dropped(facilitator)
    assert not TARGET.known(actions.where_of(Drop.objects.get(), by(facilitator)))


def test_the_same_file_dropped_again_changes_nothing_and_a_changed_one_updates(facilitator):
    written(facilitator, dropped(facilitator))
    assert set(acts(dropped(facilitator)).values()) == {"unchanged"}
    dearer = [(*LINES[0][:3], 500_000, *LINES[0][4:]), *LINES[1:]]
    drop = dropped(facilitator, dearer)
    assert acts(drop) == {4: "update", 5: "unchanged", 6: "unchanged", 7: "unchanged"}
    assert drop.lines.get(number=4).changes == ["Montant estimé HT"]
    plan = written(facilitator, drop)
    assert (plan.lines.count(), making.line(plan, "27-01").amount_cents) == (4, 50_000_000)


def test_a_cell_emptied_later_does_not_erase_what_was_known(facilitator):
    written(facilitator, dropped(facilitator))
    silent = [(*LINES[0][:3], "", *LINES[0][4:]), *LINES[1:]]
    plan = written(facilitator, dropped(facilitator, silent))
    assert making.line(plan, "27-01").amount_cents == 48_000_000


def test_a_line_without_reference_is_found_again_by_its_object_in_order(facilitator):
    titles = ("Objet", "Montant HT")
    twice = [("Travaux divers", 10_000), ("Travaux divers", 20_000), ("Peinture", 30_000)]
    written(facilitator, dropped(facilitator, twice, titles))
    changed = [("Travaux divers", 10_000), ("Travaux  DIVERS", 25_000), ("Peinture", 30_000)]
    drop = dropped(facilitator, changed, titles)
    assert [line.act for line in drop.lines.order_by("number")] == ["unchanged", "update", "unchanged"]
    assert written(facilitator, drop).lines.count() == 3


def test_the_same_reference_twice_is_refused_with_the_line_that_has_it(facilitator):
    drop = dropped(facilitator, [LINES[0], (LINES[0][0], "Autre chose", *LINES[0][2:])])
    assert acts(drop) == {4: "create", 5: "refused"}
    assert "ligne 4" in drop.lines.get(number=5).problems[0][2]


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (0, "2,1E+13", "nombre arrondi"),
        (2, "Autre", "n’est pas dans la liste"),
        (3, "beaucoup", "n’est pas un nombre"),
        (4, "longtemps", "n’est pas une durée"),
        (5, "bientôt", "n’est pas une date"),
        (6, "jardin", "n’est pas un code CPV"),
        (1, "", "est vide"),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_its_line_and_no_other(facilitator, place, text, said):
    wrong = list(LINES[0])
    wrong[place] = text
    drop = dropped(facilitator, [tuple(wrong), *LINES[1:]])
    assert (drop.counts["refused"], drop.counts["create"]) == (1, 3)
    assert said in drop.lines.get(number=4).problems[0][2]


def test_a_correction_is_kept_beside_the_file_and_the_line_is_judged_again(facilitator):
    drop = dropped(facilitator, [(*LINES[0][:3], "beaucoup", *LINES[0][4:])])
    where = (4, column(drop, "amount_cents"))
    actions.correct(by(facilitator), drop, TARGET, {where: "480 000"}, at=NOW)
    assert (acts(drop), again(drop).counts["refused"]) == ({4: "create"}, 0)
    assert drop.lines.get(number=4).cells[where[1]] == "beaucoup"
    assert [(each.number, each.text) for each in Correction.objects.all()] == [(4, "480 000")]
    plan = written(facilitator, drop)
    assert plan.lines.get().amount_cents == 48_000_000


def test_a_cell_corrected_meanwhile_is_not_written_over_and_the_other_words_are_given_back(facilitator):
    drop = dropped(facilitator, [(*LINES[0][:3], "beaucoup", *LINES[0][4:])])
    where = (4, column(drop, "amount_cents"))
    opened = {where: "beaucoup"}
    assert actions.correct(by(facilitator), drop, TARGET, {where: "480 000"}, opened=opened, at=NOW) == []
    [disputed] = actions.correct(by(facilitator), drop, TARGET, {where: "450 000"}, opened=opened, at=NOW)
    assert (disputed.number, disputed.kept, disputed.typed) == (4, "480 000", "450 000")
    assert disputed.title == TITLES[where[1]]
    assert Correction.objects.get().text == "480 000"


def test_a_cell_of_two_lines_left_alone_is_nobody_s_correction(facilitator):
    drop = dropped(facilitator, [(LINES[0][0], "Entretien\ndes vitres", LINES[0][2], "beaucoup", *LINES[0][4:])])
    subject, amount = (4, column(drop, "subject")), (4, column(drop, "amount_cents"))
    opened = {subject: "Entretien\r\ndes vitres", amount: "beaucoup"}  # a hidden box keeps line ends
    sent = {subject: "Entretiendes vitres", amount: "480 000"}  # a box of one line takes them out
    assert actions.correct(by(facilitator), drop, TARGET, sent, opened=opened, at=NOW) == []
    assert [each.column for each in Correction.objects.all()] == [amount[1]]


def test_a_cell_left_as_it_was_opened_takes_nobody_s_correction_back(facilitator):
    drop = dropped(facilitator, [(*LINES[0][:3], "beaucoup", "longtemps", *LINES[0][5:])])
    amount, duration = (4, column(drop, "amount_cents")), (4, column(drop, "duration_months"))
    opened = {amount: "beaucoup", duration: "longtemps"}
    actions.correct(by(facilitator), drop, TARGET, {**opened, amount: "480 000"}, opened=opened, at=NOW)
    assert actions.correct(by(facilitator), drop, TARGET, {**opened, duration: "12"}, opened=opened, at=NOW) == []
    assert {each.column: each.text for each in Correction.objects.all()} == {amount[1]: "480 000", duration[1]: "12"}
    assert acts(drop) == {4: "create"}


def test_correcting_what_is_not_in_the_file_changes_nothing(facilitator):
    drop = dropped(facilitator)
    actions.correct(by(facilitator), drop, TARGET, {(99, 0): "x", (4, 99): "x", (4, 1): LINES[0][1]}, at=NOW)
    assert not Correction.objects.exists()


def test_unreadable_cells_of_one_column_are_held_for_unknown_at_once(facilitator):
    vague = [(number, f"Objet {number}", "", "entre 40 et 90 k€", 12, "", "", "") for number in range(1, 6)]
    drop = dropped(facilitator, vague)
    assert drop.counts["problems"] == {"amount_cents": 5}
    actions.make_unknown(by(facilitator), drop, TARGET, "amount_cents", at=NOW)
    assert (again(drop).counts["create"], Correction.objects.count()) == (5, 5)
    assert {line.amount_cents for line in written(facilitator, drop).lines.all()} == {None}


def test_a_necessary_column_cannot_be_held_for_unknown(facilitator):
    drop = dropped(facilitator)
    with pytest.raises(actions.DropRefused, match="nécessaire"):
        actions.make_unknown(by(facilitator), drop, TARGET, "subject", at=NOW)


def test_lines_ready_are_written_and_those_refused_wait_for_their_correction(facilitator):
    drop = dropped(facilitator, [(*LINES[0][:3], "beaucoup", *LINES[0][4:]), *LINES[1:]])
    plan = written(facilitator, drop)
    assert plan.lines.count() == 3
    assert acts(again(drop)) == {4: "refused", 5: "unchanged", 6: "unchanged", 7: "unchanged"}
    actions.correct(by(facilitator), drop, TARGET, {(4, column(drop, "amount_cents")): "480000"}, at=NOW)
    written(facilitator, again(drop))
    assert plan.lines.count() == 4


def test_columns_are_changed_by_hand_and_remembered_for_this_sender_only(facilitator):
    titles = ("Référence", "Libellé", "Commentaire libre", "Prix")
    lines = [("1", "Nettoyage", "Entretien des vitres", "12 000")]
    drop = dropped(facilitator, lines, titles)
    assert drop.mapping["subject"] == {"column": 1, "match": "named"}
    chosen = {"reference": 0, "subject": 2, "amount_cents": 3}
    actions.choose_columns(by(facilitator), drop, TARGET, chosen, at=NOW)
    assert again(drop).mapping["subject"] == {"column": 2, "match": "chosen"}
    assert written(facilitator, drop).lines.get().subject == "Entretien des vitres"
    following = dropped(facilitator, [("2", "Autre", "Peinture", "9 000")], titles)
    assert following.mapping["subject"] == {"column": 2, "match": "remembered"}
    assert "duration_months" not in following.mapping
    elsewhere = dropped(facilitator, lines, titles, of=making.buyer("21440109300015", "Ville de Nantes"))
    assert elsewhere.mapping["subject"]["match"] == "named"
    assert RememberedMapping.objects.count() == 1


def test_one_column_cannot_be_two_fields(facilitator):
    drop = dropped(facilitator)
    with pytest.raises(actions.DropRefused, match="qu’une information"):
        actions.choose_columns(by(facilitator), drop, TARGET, {"subject": 1, "place": 1}, at=NOW)


def test_a_file_that_is_not_a_table_leaves_nothing_behind(facilitator, settings):
    for content, expected in (
        (b"PK\x03\x04rien", UploadRefused),
        (b"\n \n", UploadRefused),
        (b"titre\n", IntakeRefused),
    ):
        with pytest.raises(expected):
            actions.receive(
                by(facilitator),
                TARGET,
                SimpleUploadedFile("plan.csv", content),
                structure=facilitator.structure,
                organisation=making.buyer(),
                options={"year": 2027},
                at=NOW,
            )
    assert (Drop.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_drop_abandoned_can_no_longer_be_written(facilitator):
    drop = dropped(facilitator)
    actions.abandon(by(facilitator), drop, at=NOW)
    with pytest.raises(actions.DropRefused, match="abandonné"):
        actions.ask_write(by(facilitator), again(drop), TARGET, at=NOW)


def test_a_file_in_quarantine_is_read_once_it_is_released(facilitator, settings):
    settings.CLAMD_SOCKET = "/nulle/part"
    drop = dropped(facilitator)
    assert (drop.status, drop.lines.count()) == (DropStatus.RECEIVED, 0)
    with pytest.raises(actions.DropRefused, match="antivirus"):
        actions.read_now(by(facilitator), drop, TARGET, at=NOW)
    StoredFile.objects.update(state=FileState.AVAILABLE)
    actions.read_now(by(facilitator), Drop.objects.get(), TARGET, at=NOW)
    assert Drop.objects.get().counts["create"] == 4


def test_a_long_file_is_read_and_written_in_the_background(facilitator, run_jobs, monkeypatch):
    monkeypatch.setattr(actions, "LONG_BYTES", 10)
    monkeypatch.setattr(type(TARGET), "long_from", 2)
    drop = dropped(facilitator)
    assert drop.status == DropStatus.RECEIVED
    assert run_jobs() == 1
    assert again(drop).counts["create"] == 4
    asked = actions.ask_write(by(facilitator), drop, TARGET, at=NOW)
    assert asked.status == DropStatus.WRITING
    run_jobs()
    assert again(drop).status == DropStatus.WRITTEN
    assert len(TARGET.known(actions.where_of(drop, by(facilitator)))) == 8


def test_a_hostile_file_is_refused_at_once_however_long(facilitator, tmp_path, monkeypatch):
    monkeypatch.setattr(actions, "LONG_BYTES", 10)
    honest = workbook(tmp_path / "honest.xlsx", Plan=[("Objet",)])
    bomb = workbook_with_sheet_xml(tmp_path / "bomb.xlsx", b"<worksheet>" + b" " * 310_000_000, honest)
    with pytest.raises(IntakeRefused) as refused:
        actions.receive(
            by(facilitator),
            TARGET,
            SimpleUploadedFile("plan.xlsx", bomb.read_bytes()),
            structure=facilitator.structure,
            organisation=making.buyer(),
            options={"year": 2027},
            at=NOW,
        )
    assert refused.value.code == "spreadsheet_bomb"
    assert "plan.xlsx" in str(refused.value)
    assert not Drop.objects.exists()


def test_a_long_file_that_cannot_be_read_says_so(facilitator, run_jobs, monkeypatch):
    monkeypatch.setattr(actions, "LONG_BYTES", 1)
    drop = actions.receive(
        by(facilitator),
        TARGET,
        SimpleUploadedFile("plan.csv", b"Objet\n"),
        structure=facilitator.structure,
        organisation=making.buyer(),
        options={"year": 2027},
        at=NOW,
    )
    run_jobs()
    assert (again(drop).status, "aucune ligne" in drop.failure) == (DropStatus.REFUSED, True)


def test_the_grid_goes_with_its_file_and_what_was_written_stays(facilitator):
    plan = written(facilitator, dropped(facilitator))
    later = NOW + timedelta(days=91)
    purge_expired(later)
    assert actions.forget_old(later) == 4
    assert (DropLine.objects.count(), Correction.objects.count(), plan.lines.count()) == (0, 0, 4)


def test_queries_do_not_grow_with_the_lines(facilitator):
    def queries(count: int, year: int) -> int:
        lines = [(f"{year}-{n}", f"Objet {n}", "Travaux", 10_000 + n, 12, "", "", "") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            written(facilitator, dropped(facilitator, lines, year=year))
        # one insertion holds as many rows as the database takes parameters: those alone grow, by the batch
        return len([each for each in captured if not each["sql"].startswith("INSERT")])

    queries(1, 2026)  # the sender's columns are remembered from the first file on
    assert queries(3, 2027) == queries(120, 2028)


def test_another_structure_does_not_open_the_drop(facilitator, outsider):
    drop = dropped(facilitator)
    with pytest.raises(Http404):
        drop_of(by(outsider), drop.pk)
    assert drop_of(by(facilitator), drop.pk)[0] == drop


def test_nothing_covers_a_buyer_where_no_ground_is_loaded_and_nobody_invited_it(facilitator):
    assert structures_for(making.seat_at(making.buyer()), on=NOW.date()) == []


def test_titles_of_the_file_are_all_recognised(facilitator):
    drop = dropped(facilitator)
    assert len(drop.mapping) == len(TITLES)
