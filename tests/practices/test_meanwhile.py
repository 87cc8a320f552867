"""Two people write one draft, in turn or at once: neither silently replaces what the other wrote."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from dentelle.network.practices import actions
from dentelle.network.practices.models import PracticeVersion
from dentelle.network.practices.refusals import PracticeRefused
from tests.factories import NOW, MembershipFactory
from tests.forms import said_of, sent_back, text
from tests.practices import making

pytestmark = pytest.mark.django_db
# what browsers send otherwise than it is kept: figures, days, lists, lines, line ends
FORMATTED = {
    "started_on": "2025-03-01",
    "fte": 50,
    "budget_cents": 1_250_000,
    "setup_months": 6,
    "milestones": ["Tour de table", "Premier trajet"],
    "themes": ["childcare", "mobility"],
    "description": "Deux\r\nlignes.",
    "results": [
        {"what": "Contrats tenus", "value": "9 sur 11", "source": "suivi", "period": ""},
        {"what": "Places", "value": "12", "source": "", "period": ""},
    ],
}


@pytest.fixture
def draft(facilitator):
    return making.draft(facilitator, **FORMATTED)


@pytest.fixture
def page(draft):
    return reverse("practices:edit", kwargs={"pk": draft.pk})


@pytest.fixture
def mine(facilitator, client_of):
    return client_of(facilitator)


@pytest.fixture
def hers(facilitator, client_of):
    """Somebody else of the same structure."""
    return client_of(MembershipFactory(facilitator=True, structure=facilitator.structure))


def sent(response, **typed):
    """What a browser sends of the page: a box ticked that bears no value says « on »."""
    values = sent_back(response, "title")
    ticked = {"consent": ["on"]} if "consent" in values else {}
    return {**values, **ticked, **typed}


def kept():
    return PracticeVersion.objects.get().content


def test_a_field_left_alone_keeps_what_another_saved_meanwhile(mine, hers, page):
    opened = mine.get(page)
    assert hers.post(page, sent(hers.get(page), diagnosis="Son diagnostic")).status_code == 302
    saved = mine.post(page, sent(opened, summary="Mon résumé"), follow=True)
    assert (kept()["diagnosis"], kept()["summary"]) == ("Son diagnostic", "Mon résumé")
    assert "avec ce que quelqu’un d’autre a écrit entre-temps\u00a0: Diagnostic." in text(saved)


def test_the_head_and_a_structure_that_write_in_turn_keep_each_other_s_words(facilitator, client_of):
    seat = making.head_of(facilitator)
    sheet = actions.begin(seat, making.CONTENT, at=NOW, structure=facilitator.structure)
    address = reverse("practices:edit", kwargs={"pk": sheet.pk})
    at_head = reverse("practices:head-edit", kwargs={"pk": sheet.pk})
    network, structure = client_of(seat), client_of(facilitator)
    opened = network.get(at_head)
    structure.post(address, sent(structure.get(address), diagnosis="De la structure"))
    assert network.post(at_head, sent(opened, summary="De la tête")).status_code == 302
    assert (kept()["diagnosis"], kept()["summary"]) == ("De la structure", "De la tête")


def test_a_form_sent_back_as_it_was_opened_changes_nothing_and_disputes_nothing(draft, mine, hers, page):
    before = kept()
    opened = mine.get(page)
    assert mine.post(page, sent(opened)).status_code == 302
    assert {**kept(), "description": "Deux\r\nlignes."} == before
    other = {
        "started_on": "2025-04-02",
        "fte": "1,5",
        "budget_cents": "900",
        "setup_months": "3",
        "milestones": "Autre",
        "themes": ["mobility"],
        "consent": [],
        "description": "Autre",
    }
    assert hers.post(page, sent(hers.get(page), **other)).status_code == 302
    theirs = kept()
    assert mine.post(page, sent(opened, diagnosis="Le mien")).status_code == 302
    assert kept() == {**theirs, "diagnosis": "Le mien"}
    assert (theirs["fte"], theirs["budget_cents"], theirs["themes"]) == (150, 90_000, ["mobility"])
    assert "consent" not in theirs


def test_a_field_both_wrote_is_shown_both_ways_and_nothing_typed_is_lost(mine, hers, page):
    opened = mine.get(page)
    hers.post(page, sent(hers.get(page), started_on="2025-04-02", fte="1", diagnosis="Son diagnostic"))
    conflict = mine.post(page, sent(opened, started_on="2025-05-03", fte="2", summary="Mon résumé"))
    assert conflict.status_code == 409
    assert "vous avez écrit les mêmes champs" in text(conflict)
    assert said_of(conflict, "Début") == ["02/04/2025", "03/05/2025"]
    assert said_of(conflict, "Temps de travail") == ["1", "2"]
    assert said_of(conflict, "Diagnostic") == ["Son diagnostic"]
    assert (kept()["started_on"], kept()["fte"]) == ("2025-04-02", 100)
    assert mine.post(page, sent(conflict)).status_code == 302
    assert (kept()["started_on"], kept()["fte"], kept()["summary"]) == ("2025-05-03", 200, "Mon résumé")
    assert kept()["diagnosis"] == "Son diagnostic"


def test_a_third_save_after_that_page_is_shown_again(mine, hers, page):
    opened = mine.get(page)
    hers.post(page, sent(hers.get(page), summary="Le sien"))
    conflict = mine.post(page, sent(opened, summary="Le mien"))
    hers.post(page, sent(hers.get(page), summary="Le sien, mieux"))
    again = mine.post(page, sent(conflict))
    assert again.status_code == 409
    assert said_of(again, "Résumé") == ["Le sien, mieux", "Le mien"]


def test_results_both_wrote_are_compared_whole_and_no_row_takes_a_part_of_another(mine, hers, page):
    opened = mine.get(page)
    without_first = {"result_1_what": "", "result_1_value": "", "result_1_source": ""}
    assert hers.post(page, sent(hers.get(page), **without_first)).status_code == 302
    assert [row["what"] for row in kept()["results"]] == ["Places"]
    conflict = mine.post(page, sent(opened, result_1_period="2025"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Résultats") == [
        "Places · 12",
        "Contrats tenus · 9 sur 11 · suivi · 2025<br>Places · 12",
    ]
    assert "<h3>Valeur, résultat 1</h3>" not in text(conflict)
    assert mine.post(page, sent(conflict)).status_code == 302
    assert [(row["what"], row["period"]) for row in kept()["results"]] == [("Contrats tenus", "2025"), ("Places", "")]


def test_results_one_left_alone_are_those_the_other_saved(mine, hers, page):
    opened = mine.get(page)
    hers.post(page, sent(hers.get(page), result_3_what="Essais", result_3_value="4"))
    saved = mine.post(page, sent(opened, summary="Mon résumé"), follow=True)
    assert "entre-temps\u00a0: Résultats." in text(saved)
    assert [row["what"] for row in kept()["results"]] == ["Contrats tenus", "Places", "Essais"]


def test_what_a_wrong_field_keeps_from_being_saved_stays_together(mine, hers, page):
    opened = mine.get(page)
    hers.post(page, sent(hers.get(page), diagnosis="Son diagnostic"))
    wrong = mine.post(page, sent(opened, title="", summary="Mon résumé"))
    assert wrong.status_code == 422
    assert mine.post(page, sent(wrong, title="Un titre")).status_code == 302
    assert (kept()["diagnosis"], kept()["summary"]) == ("Son diagnostic", "Mon résumé")


def test_the_version_another_began_of_a_published_sheet_is_brought_together_too(facilitator, mine, hers):
    sheet = making.published(facilitator)
    address = reverse("practices:edit", kwargs={"pk": sheet.pk})
    opened = mine.get(address)
    hers.post(address, sent(hers.get(address), diagnosis="Son diagnostic"))
    assert mine.post(address, sent(opened, summary="Mon résumé")).status_code == 302
    begun = sheet.versions.first()
    assert (begun.number, begun.content["diagnosis"], begun.content["summary"]) == (2, "Son diagnostic", "Mon résumé")


def test_what_is_saved_between_the_reading_and_the_writing_is_not_written_over(facilitator, draft):
    read = kept()
    actions.write(facilitator, draft.pk, {**read, "diagnosis": "Entre les deux"}, at=NOW)
    with pytest.raises(PracticeRefused, match="vient d’enregistrer"):
        actions.write(facilitator, draft.pk, read, at=NOW, over=read)
    assert kept()["diagnosis"] == "Entre les deux"


def test_a_new_sheet_says_nothing_of_what_was_opened(mine, page):
    assert "initial-title" not in text(mine.get(reverse("practices:new")))
    assert "initial-title" in text(mine.get(page))


def test_what_the_browser_keeps_of_a_sheet_goes_with_what_was_opened(mine, page):
    script = (Path(__file__).parents[2] / "dentelle/web/static/dentelle/keep.js").read_text()
    left_out = re.search(r"LEFT_OUT = new Set\(\[(.*?)\]\)", script)
    assert left_out
    hidden = set(re.findall(r'<input type="hidden"\s+name="([\w-]+)"', text(mine.get(page))))
    assert {"initial-title", "initial-themes", "initial-result_1_what"} <= hidden
    assert hidden & set(re.findall(r'"(\w+)"', left_out[1])) <= {"csrfmiddlewaretoken", "form_key"}
