"""What Dentelle knows of a structure is proposed in an empty part, with its source; what it does not know stays empty."""

from datetime import date

import pytest
from django.urls import reverse

from dentelle.network.surveys.models import Answer
from dentelle.network.surveys.shipped import shipped
from dentelle.network.surveys.suggested import known_questions
from tests.contracts import making as contracts
from tests.surveys import making

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def box(page, code):
    return page.context["form"][code]


def test_everything_proposed_answers_a_question_that_comes_with_dentelle():
    asked = {
        (code, ask.code)
        for code in {questionnaire for questionnaire, _ in known_questions()}
        for ask in shipped(code).asks()
    }
    assert known_questions() <= asked


def test_the_name_of_the_structure_is_proposed_until_its_part_is_begun(facilitator, client_of):
    invitee = making.asked(facilitator)
    client = client_of(facilitator)
    here = reverse("surveys:answer", kwargs={"pk": invitee.campaign_id})
    shown = box(client.get(here), "structure")
    assert shown.value() == facilitator.structure.name
    assert "votre structure dans Dentelle" in shown.help_text
    assert not Answer.objects.exists()
    client.post(f"{here}?partie=you", {"q-place": "Niort", "q-structure": "", "aller": "suite"})
    assert not box(client.get(here), "structure").value()


def test_somebody_behind_a_link_begins_empty(facilitator, client):
    making.bearer(making.linked(facilitator), client)
    shown = box(client.get(reverse("surveys:by-link")), "structure")
    assert not shown.value()
    assert "Repris" not in shown.help_text


def test_the_register_of_the_year_begins_the_consolidation_of_the_clause(facilitator, client_of):
    contracts.running(facilitator, hours=100)  # notified on 1 September 2026
    contracts.running(facilitator, hours=50, notified_on=date(2025, 10, 1))
    invitee = making.asked(facilitator, "clause", year=2026)
    page = client_of(facilitator).get(reverse("surveys:answer", kwargs={"pk": invitee.campaign_id}))
    shown = box(page, "contracts")
    assert shown.value() == 1
    assert "votre registre des contrats (marchés notifiés avec une clause en 2026), à vérifier" in shown.help_text


def test_a_structure_without_register_begins_empty_not_at_zero(facilitator, client_of):
    invitee = making.asked(facilitator, "clause", year=2025)
    shown = box(client_of(facilitator).get(reverse("surveys:answer", kwargs={"pk": invitee.campaign_id})), "contracts")
    assert shown.value() is None
