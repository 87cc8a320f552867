"""No social security number enters a sheet, by any of the ways words come in."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dentelle.network.practices import actions, agreeing
from dentelle.network.practices.forms import ReasonForm, ReviewForm, SheetForm, TriedForm
from dentelle.network.practices.head_import import take_sheets
from dentelle.network.practices.models import Practice, PracticeVersion, Replication
from dentelle.network.practices.refusals import PracticeRefused
from tests.factories import NOW
from tests.plans.making import uploaded, workbook_bytes
from tests.practices import making

pytestmark = pytest.mark.django_db
NIR = "285077900200154"
SPACED = "2 85 07 79 002 001"


@pytest.mark.parametrize(
    "changed",
    [
        {"title": f"Madame {NIR}"},
        {"summary": f"Suivie sous {SPACED}."},
        {"milestones": ["Tour de table", NIR]},
        {"results": [{"what": "Contrats", "value": "9", "source": NIR}]},
        {"contact_phone": NIR},
    ],
)
def test_a_sheet_that_holds_such_a_number_is_neither_begun_nor_written(facilitator, changed):
    [name] = changed
    with pytest.raises(PracticeRefused, match="sécurité sociale") as refused:
        making.draft(facilitator, **changed)
    assert refused.value.field == name
    practice = making.draft(facilitator)
    with pytest.raises(PracticeRefused):
        actions.write(facilitator, practice.pk, {**making.CONTENT, **changed}, at=NOW)
    assert PracticeVersion.objects.get().content["title"] == making.CONTENT["title"]


def test_a_number_kept_before_it_was_refused_goes_no_further(facilitator):
    practice = making.reviewed(facilitator)
    version = practice.versions.get()
    version.content = {**version.content, "summary": NIR}
    version.save()
    with pytest.raises(PracticeRefused):
        actions.publish(making.head_of(facilitator), practice.pk, at=NOW)


def test_it_is_refused_where_it_is_typed(facilitator, client_of):
    client = client_of(facilitator)
    practice = making.published(facilitator)
    typed = {"title": "Une fiche", "summary": NIR, "result_1_source": NIR}
    for address in (reverse("practices:new"), reverse("practices:edit", kwargs={"pk": practice.pk})):
        refused = client.post(address, typed)
        assert refused.status_code == 422
        assert 'id="id_summary-error"' in refused.content.decode()
        assert 'id="id_result_1_source-error"' in refused.content.decode()
    assert PracticeVersion.objects.count() == 1
    for form in (SheetForm, ReviewForm, ReasonForm, TriedForm):
        words = dict.fromkeys(form().fields, NIR)
        assert {"summary", "note", "reason", "told"} & set(form(words).errors)


def test_nobody_answers_a_sheet_with_one(facilitator, client_of):
    neighbour, head = making.neighbour_of(facilitator), making.head_of(facilitator)
    seen, waiting = making.published(facilitator), making.submitted(facilitator)
    with pytest.raises(PracticeRefused):
        actions.review(neighbour, waiting.pk, making.PROFILE, NIR, at=NOW)
    with pytest.raises(PracticeRefused):
        actions.send_back(neighbour, waiting.pk, NIR, at=NOW)
    with pytest.raises(PracticeRefused):
        actions.archive(head, seen.pk, NIR, at=NOW)
    for words in ({"told": NIR}, {"told": "Dix personnes.", "changed": NIR}):
        with pytest.raises(PracticeRefused):
            actions.say_tried(neighbour, seen.pk, outcome="worked", at=NOW, **words)
    theirs = actions.begin(head, making.CONTENT, at=NOW, structure=facilitator.structure)
    actions.submit(head, theirs.pk, at=NOW)
    with pytest.raises(PracticeRefused):
        agreeing.ask_for_correction(facilitator, theirs.pk, NIR, at=NOW)
    back = client_of(neighbour).post(
        reverse("practices:act", kwargs={"pk": waiting.pk, "code": "renvoyer"}), {"reason": f"Enlevez {NIR}"}
    )
    assert back.status_code == 422
    assert 'id="renvoyer_reason-error"' in back.content.decode()
    mend = client_of(facilitator).post(
        reverse("practices:act", kwargs={"pk": theirs.pk, "code": "correction"}), {"reason": NIR}
    )
    assert 'id="correction_reason-error"' in mend.content.decode()
    assert not Replication.objects.exists()


def test_a_line_of_a_spreadsheet_that_holds_one_is_refused(facilitator):
    file = uploaded(workbook_bytes([("Une navette", f"Suivi de {NIR}")], ("Titre", "Description")), "fiches.xlsx")
    taken = take_sheets(making.head_of(facilitator), file, leave_wrong=False, at=NOW)
    [(_, field, reason)] = taken.refused
    assert (field, "sécurité sociale" in reason) == ("Description", True)
    assert not Practice.objects.exists()


def test_a_try_has_begun_already(facilitator, client_of):
    practice, neighbour = making.published(facilitator), making.neighbour_of(facilitator)
    page = reverse("practices:tried", kwargs={"pk": practice.pk})
    typed = {"outcome": "worked", "told": "Dix personnes.", "started_on": "2099-01-01"}
    refused = client_of(neighbour).post(page, typed)
    assert refused.status_code == 422
    assert 'id="id_started_on-error"' in refused.content.decode()
    today = (NOW - timedelta(days=1)).date()
    actions.say_tried(neighbour, practice.pk, outcome="worked", told="Dix.", started_on=today, at=NOW)
