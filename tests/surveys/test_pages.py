"""Answering on screen, in one's space and behind a link; following a campaign."""

import pytest
from django.urls import reverse

from dentelle.network.practices.models import Practice
from dentelle.network.surveys import actions
from dentelle.network.surveys.models import Answer, Campaign, CampaignState, Invitee, Response, ResponseState
from dentelle.web.formatting import spaced
from tests.factories import NOW, MembershipFactory
from tests.practices.making import head_of
from tests.surveys import making

pytestmark = pytest.mark.django_db


def typed(values):
    return {f"q-{code}": value for code, value in values.items()}


@pytest.mark.usefixtures("at_now")
def test_somebody_behind_a_link_answers_part_by_part_and_sends(facilitator, client):
    invitee = making.linked(facilitator)
    making.bearer(invitee, client)
    here = reverse("surveys:by-link")
    assert "Vous et votre territoire" in client.get(here).content.decode()
    moved = client.post(f"{here}?partie=you", {**typed(making.YOU), "aller": "suite"})
    assert moved["Location"] == f"{here}?partie=experience"
    again = client.post(f"{here}?partie=experience", {**typed(making.EXPERIENCE), "aller": "ajouter"})
    assert again["Location"] == f"{here}?partie=experience&fois=2"
    assert (
        client.post(f"{here}?partie=experience&fois=2", {"aller": "retirer"})["Location"] == f"{here}?partie=experience"
    )
    assert "Tout y est" in client.get(f"{here}?partie=fin").content.decode()
    sent = client.post(f"{here}?partie=fin", {"comment": ""})
    assert sent["Location"] == reverse("surveys:thanks")
    assert Response.objects.get().state == ResponseState.SUBMITTED
    assert "Merci" in client.get(reverse("surveys:thanks")).content.decode()


@pytest.mark.usefixtures("at_now")
def test_what_is_typed_is_kept_before_anything_is_sent(facilitator, client):
    invitee = making.linked(facilitator)
    making.bearer(invitee, client)
    kept = client.post(f"{reverse('surveys:draft-by-link')}?partie=you", typed({"place": "Niort"})).content.decode()
    assert "Enregistré à" in kept
    assert Answer.objects.get().value == "Niort"
    unread = client.post(
        f"{reverse('surveys:draft-by-link')}?partie=experience", typed({"people": "-3"})
    ).content.decode()
    assert "Pas enregistré" in unread
    assert "Enregistré à" not in unread
    refused = client.post(
        f"{reverse('surveys:draft-by-link')}?partie=needs", typed({"need": "2 85 05 78 006 084 36"})
    ).content.decode()
    assert "sécurité sociale" in refused
    assert 'value="Niort"' in client.get(reverse("surveys:by-link")).content.decode()


@pytest.mark.usefixtures("at_now")
def test_figures_that_do_not_hold_come_first_lead_to_their_part_and_are_not_sent_unexplained(facilitator, client_of):
    invitee = making.asked(facilitator, "plie", year=2025)
    actions.save_part(invitee, "people", 1, {"stock_start": 100, "entries": 40, "exits": 30, "stock_end": 150}, at=NOW)
    client = client_of(facilitator)
    end = f"{reverse('surveys:answer', kwargs={'pk': invitee.campaign_id})}?partie=fin"
    shown = client.get(end).content.decode()
    assert shown.index("?partie=people") < shown.index('class="survey-recap"')
    assert "Pourquoi ces chiffres sont justes" in shown
    assert "(facultatif)" not in shown
    refused = client.post(end, {"comment": ""})
    assert (refused.status_code, "expliquez-les en un mot" in refused.content.decode()) == (422, True)
    assert client.post(end, {"comment": "Fusion de deux plans en juin."}).status_code == 302


@pytest.mark.usefixtures("at_now")
def test_the_end_tells_what_is_missing_and_leads_to_it(facilitator, client_of):
    invitee = making.asked(facilitator)
    client = client_of(facilitator)
    end = f"{reverse('surveys:answer', kwargs={'pk': invitee.campaign_id})}?partie=fin"
    client.post(end.replace("fin", "you"), {**typed({"has_experience": "no"}), "aller": "suite"})
    shown = client.get(end).content.decode()
    assert "3 questions attendent encore" in shown.replace("\u202f", " ").replace("\xa0", " ")
    assert client.post(end, {"comment": ""}).status_code == 422


@pytest.mark.usefixtures("at_now")
def test_a_number_that_is_none_is_told_and_the_rest_is_kept(facilitator, client_of):
    invitee = making.asked(facilitator, "plie")
    here = f"{reverse('surveys:answer', kwargs={'pk': invitee.campaign_id})}?partie=people"
    answer = client_of(facilitator).post(here, {**typed({"entries": "beaucoup", "exits": "12"}), "aller": "suite"})
    assert answer.status_code == 422
    assert 'value="beaucoup"' in answer.content.decode()


@pytest.mark.usefixtures("at_now")
def test_the_head_asks_invites_reads_and_makes_a_sheet(facilitator, client):
    seat = head_of(facilitator)
    client.force_login(seat.user)
    client.post(reverse("surveys:take", kwargs={"code": "tour"}))
    questionnaire = client.get(reverse("surveys:campaigns")).context["questionnaires"][0]
    client.post(
        reverse("surveys:questionnaire", kwargs={"pk": questionnaire.pk}),
        {"title": "Le Tour", "closes_on": "2026-12-20"},
    )
    campaign = Campaign.objects.get()
    known = {"pk": campaign.pk}
    client.post(reverse("surveys:act", kwargs={**known, "code": "ouvrir"}))
    client.post(reverse("surveys:act", kwargs={**known, "code": "structures"}), {"kind": ""})
    client.post(
        reverse("surveys:invite", kwargs=known),
        {"addresses": "a@essai.example\npas une adresse", "kind": "buyer", "region_code": ""},
    )
    assert sorted(Invitee.objects.values_list("email", flat=True)) == ["", "a@essai.example"]
    invitee = Invitee.objects.select_related("campaign__questionnaire", "structure").exclude(structure=None).get()
    response = making.answered(invitee)
    shown = client.get(reverse("surveys:campaign", kwargs=known)).content.decode()
    assert facilitator.structure.name in shown
    page = client.get(reverse("surveys:response", kwargs={"pk": response.pk})).content.decode()
    assert "En faire une fiche pratique" in page
    made = client.post(
        reverse("practices:head-from-answer", kwargs={"pk": response.pk, "code": "experience", "time": 1})
    )
    assert made["Location"] == reverse("practices:head-detail", kwargs={"pk": Practice.objects.get().pk})
    assert "tirée de <a" in client.get(made["Location"]).content.decode()
    client.post(reverse("surveys:close", kwargs=known))
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.CLOSED


@pytest.mark.usefixtures("at_now")
def test_the_spreadsheet_has_a_column_per_question_and_time_and_no_formula(facilitator, client):
    invitee = making.asked(facilitator)
    making.answered(invitee, title="=1+1")
    client.force_login(head_of(facilitator).user)
    known = {"pk": invitee.campaign_id}
    text = client.get(reverse("surveys:export", kwargs={**known, "form": "csv"})).content.decode("utf-8-sig")
    header, line = text.splitlines()[:2]
    assert "En une ligne, qu’avez-vous fait ? (5)" in header
    assert "'=1+1" in line
    assert client.get(reverse("surveys:export", kwargs={**known, "form": "xlsx"})).content[:2] == b"PK"
    assert client.get(reverse("surveys:export", kwargs={**known, "form": "ods"})).status_code == 404


@pytest.mark.usefixtures("at_now")
def test_a_structure_not_invited_and_a_reader_do_not_answer(facilitator, reader, client_of):
    invitee = making.asked(facilitator)
    here = reverse("surveys:answer", kwargs={"pk": invitee.campaign_id})
    assert client_of(reader).get(here).status_code == 404
    assert spaced(invitee.campaign.title) in client_of(reader).get(reverse("surveys:list")).content.decode()


@pytest.mark.usefixtures("at_now")
@pytest.mark.parametrize(("role", "named"), [("reader", True), ("elected_official", False)])
def test_who_does_not_answer_reads_who_does_and_where_it_stands(role, named, facilitator, client_of):
    making.fill(making.asked(facilitator))
    away = MembershipFactory(manager=True, structure=facilitator.structure, user__is_active=False)
    asking = client_of(MembershipFactory(structure=facilitator.structure, role=role)).get(reverse("surveys:list"))
    page = asking.content.decode().partition("<main")[2].replace("\xa0", " ")
    assert ("y répond pour elle" if named else "(1 personne peut le faire)") in page
    assert (facilitator.user.full_name in page) is named
    assert away.user.full_name not in page
    assert "en cours" in page
    assert "Votre réponse" not in page


@pytest.mark.usefixtures("at_now")
def test_a_structure_where_nobody_may_answer_says_so(facilitator, client_of):
    making.asked(facilitator)
    official = MembershipFactory(structure=facilitator.structure, elected_official=True)
    facilitator.delete()
    assert "Personne n’y répond encore" in client_of(official).get(reverse("surveys:list")).content.decode()


@pytest.mark.usefixtures("at_now")
def test_the_page_of_a_campaign_asks_as_many_queries_whatever_the_answers(facilitator, client, assert_max_queries):
    invitee = making.asked(facilitator)
    making.answered(invitee)
    client.force_login(head_of(facilitator).user)
    page = reverse("surveys:campaign", kwargs={"pk": invitee.campaign_id})
    client.get(page)
    with assert_max_queries(20):
        client.get(page)


@pytest.mark.usefixtures("at_now")
def test_an_answer_longer_than_its_box_is_refused_and_kept_whole(facilitator, client):
    invitee = making.linked(facilitator)
    making.bearer(invitee, client)
    long = "m" * 3_001
    here = f"{reverse('surveys:by-link')}?partie=experience"
    actions.save_part(invitee, "you", 1, making.YOU, at=NOW)
    refused = client.post(here, {**typed({**making.EXPERIENCE, "what": long}), "aller": "suite"})
    assert refused.status_code == 422
    assert long in refused.content.decode()
    assert "3\u202f000 caractères au plus" in refused.content.decode()
