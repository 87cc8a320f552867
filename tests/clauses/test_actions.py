from datetime import timedelta

import pytest

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.journal.queries import timeline
from dentelle.thread.clauses import actions, queries
from dentelle.thread.clauses.models import Calibration, CalibrationStatus
from dentelle.thread.clauses.workbench import content_of, read_form
from tests.clauses.making import OVERRIDDEN, TODAY, draft, saved, typed
from tests.factories import NOW, MembershipFactory

pytestmark = pytest.mark.django_db


def content(membership, editing=None, **changes):
    return content_of(read_form(typed(**changes), membership, today=TODAY, editing=editing, named=True))


def test_saving_keeps_the_parameters_of_the_day(facilitator):
    calibration = saved(facilitator)
    assert calibration.hours == 833
    paths = {row["path"] for row in calibration.parameters}
    assert {"trades.masonry", "clause.effort_rate", "clause.hourly_cost"} <= paths
    assert len(calibration.digest) == 64


def test_one_act_leaves_one_line_in_the_journal_without_anybody_s_words(facilitator):
    calibration = saved(facilitator, **OVERRIDDEN)
    entry = Entry.objects.get()
    assert (entry.act, entry.object_id, entry.facts["hours"]) == ("calibration.saved", str(calibration.pk), 595)
    assert "Devis" not in str(entry.facts)
    assert "scolaire" not in str(entry.facts)


def test_the_reason_of_a_coefficient_is_kept_beside_the_calibration(facilitator):
    kept = saved(facilitator, **OVERRIDDEN).overrides.get()
    assert (kept.path, kept.value, kept.replaced_value, kept.author) == ("clause.hourly_cost", 42, 30, facilitator.user)
    assert kept.reason.startswith("Devis de trois entreprises")


def test_saving_again_does_not_change_who_signed_a_coefficient(facilitator, manager):
    calibration = saved(facilitator, **OVERRIDDEN)
    again = content(manager, editing=calibration, title="Autre intitulé", **OVERRIDDEN)
    actions.update_calibration(manager, calibration.pk, again, expected_revision=1, at=NOW)
    calibration.refresh_from_db()
    assert calibration.overrides.get().author == facilitator.user
    assert facilitator.user.full_name in str(calibration.result["sheet"]["factors"])


def test_the_second_of_two_people_saving_loses_nothing_and_overwrites_nothing(facilitator, manager):
    calibration = saved(facilitator)
    actions.update_calibration(
        manager, calibration.pk, content(manager, amount="2 000 000"), expected_revision=1, at=NOW
    )
    lines = Entry.objects.count()
    with pytest.raises(actions.EditedMeanwhile) as conflict:
        actions.update_calibration(
            facilitator, calibration.pk, content(facilitator, amount="3 000 000"), expected_revision=1, at=NOW
        )
    assert conflict.value.current.updated_by == manager.user
    calibration.refresh_from_db()
    assert (calibration.hours, calibration.revision, Entry.objects.count()) == (1_667, 2, lines)


def test_a_saved_calibration_never_becomes_a_draft_again(facilitator):
    calibration = saved(facilitator)
    bench = read_form(typed(), facilitator, today=TODAY, named=True)
    bench.computed = None
    with pytest.raises(actions.CalibrationRefused):
        actions.update_calibration(facilitator, calibration.pk, content_of(bench), expected_revision=1, at=NOW)
    calibration.refresh_from_db()
    assert (calibration.status, calibration.revision) == (CalibrationStatus.SAVED, 1)


def test_a_reader_cannot_save(reader):
    with pytest.raises(actions.CalibrationRefused):
        actions.create_calibration(reader, content(reader), at=NOW)
    assert not Calibration.objects.exists()


def test_copies_are_the_next_versions_of_one_family(facilitator):
    first = saved(facilitator, **OVERRIDDEN)
    second = actions.duplicate_calibration(facilitator, first.pk, at=NOW)
    third = actions.duplicate_calibration(facilitator, second.pk, at=NOW)
    assert [row.edition for row in queries.editions(first, facilitator)] == [1, 2, 3]
    assert third.digest == first.digest
    assert third.overrides.get().reason == first.overrides.get().reason


def test_links_do_not_travel_to_copies(facilitator):
    first = saved(facilitator)
    actions.share_calibration(facilitator, first.pk, at=NOW)
    assert not actions.duplicate_calibration(facilitator, first.pk, at=NOW).shares.exists()


def test_a_link_is_kept_as_a_hash_only(facilitator):
    share, token = actions.share_calibration(facilitator, saved(facilitator).pk, at=NOW)
    assert len(token) >= 43
    assert token not in str(vars(share))
    assert share.expires_at == NOW + timedelta(days=90)
    assert Entry.objects.filter(act="calibration.shared").count() == 1
    assert token not in str(Entry.objects.first().facts)


def test_a_draft_is_not_shared(facilitator):
    with pytest.raises(actions.CalibrationRefused):
        actions.share_calibration(facilitator, draft(facilitator).pk, at=NOW)


def test_closing_a_link_twice_is_recorded_once(facilitator):
    share, _ = actions.share_calibration(facilitator, saved(facilitator).pk, at=NOW)
    for _ in range(2):
        actions.revoke_share(facilitator, share.calibration_id, share.pk, at=NOW)
    assert Entry.objects.filter(act="calibration.share_revoked").count() == 1


def test_the_journal_tells_in_french_what_happened(facilitator):
    calibration = saved(facilitator)
    actions.update_calibration(
        facilitator, calibration.pk, content(facilitator, amount="2 000 000"), expected_revision=1, at=NOW
    )
    share, _ = actions.share_calibration(facilitator, calibration.pk, at=NOW)
    actions.revoke_share(facilitator, calibration.pk, share.pk, at=NOW)
    calibration.refresh_from_db()
    told = [event.what for event in timeline(calibration, viewer=facilitator).events]
    assert told == [
        f"a fermé le lien de partage n°\u00a0{share.pk}",
        f"a créé le lien de partage n°\u00a0{share.pk}, ouvert jusqu’au 19\u202ffévrier\u202f2027",
        "a modifié le calibrage\u00a0: 1\u202f667\u202fh (auparavant 833\u202fh)",
        "a enregistré le calibrage\u00a0: 833\u202fh",
    ]


def test_another_structure_sees_nothing(facilitator, outsider):
    saved(facilitator)
    assert queries.list_calibrations(outsider, queries.CalibrationFilters()).total == 0


def test_the_list_is_paged_without_losing_or_repeating_a_line(facilitator):
    # equal times: the key decides
    made = {
        saved(facilitator, title=f"Calibrage {rank}", at=NOW + timedelta(minutes=rank // 3)).pk for rank in range(7)
    }
    seen, after = [], None
    while True:
        page = queries.list_calibrations(facilitator, queries.CalibrationFilters(), after=after, size=2)
        seen += [row.pk for row in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == 7
    assert set(seen) == made


@pytest.mark.parametrize("after", ["%%%", "bm9u", "WyIyMDI2LTExLTIxVDA5OjMwOjAwIiwgMV0", "é"])
def test_an_unreadable_page_mark_starts_from_the_beginning(facilitator, after):
    saved(facilitator)
    assert len(queries.list_calibrations(facilitator, queries.CalibrationFilters(), after=after).rows) == 1


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"text": "saint elan"}, 1),
        ({"text": "FAÇADES scolaire"}, 1),
        ({"text": "piscine"}, 0),
        ({"status": "draft"}, 0),
        ({"method": "amount"}, 1),
        ({"mine": True}, 1),
    ],
)
def test_the_list_is_filtered(facilitator, filters, found):
    saved(facilitator)
    other = MembershipFactory(structure=facilitator.structure)
    assert queries.list_calibrations(facilitator, queries.CalibrationFilters(**filters)).total == found
    if filters == {"mine": True}:
        assert queries.list_calibrations(other, queries.CalibrationFilters(mine=True)).total == 0
