"""Nobody is recognised: what names is not asked of who answers anonymously, nor read by the network; figures of few are quiet."""

import pytest
from django.urls import reverse

from dentelle.network.surveys import actions, closing, inviting
from dentelle.network.surveys.export import exported
from dentelle.network.surveys.models import Answer, Invitee, Question, Response
from dentelle.network.surveys.queries import responses_of
from dentelle.network.surveys.results import results_of
from tests.factories import NOW, MembershipFactory, StructureFactory
from tests.practices.making import head_of
from tests.surveys import making

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def labels(campaign, *, head):
    return {each.label: each for part in results_of(campaign, head=head).parts for each in part.outcomes}


def consolidated(facilitator, figures):
    """Last year's figures of PLIE, one structure a line."""
    members = [facilitator] + [
        MembershipFactory(facilitator=True, structure=StructureFactory(network=facilitator.structure.network))
        for _ in figures[1:]
    ]
    seat = head_of(facilitator)
    campaign = making.campaign(facilitator, "plie", seat=seat, year=2025)
    inviting.invite_structures(seat, campaign.pk, at=NOW)
    for member, said in zip(members, figures, strict=True):
        invitee = Invitee.objects.select_related("campaign__questionnaire", "structure").get(
            campaign=campaign, structure=member.structure
        )
        actions.save_part(invitee, "people", 1, said, at=NOW)
        actions.submit(invitee, "", at=NOW)
    return campaign


def test_what_names_somebody_is_neither_asked_nor_kept_of_an_anonymous_answer(facilitator, client_of):
    invitee = making.asked(facilitator, anonymous=True)
    page = client_of(facilitator).get(reverse("surveys:answer", kwargs={"pk": invitee.campaign_id})).content.decode()
    assert "Votre structure" not in page
    assert "Votre territoire" not in page
    asked = Question.objects.get(code="structure")
    making.answered(invitee)
    assert not Answer.objects.filter(question__identifies=True).exists()
    assert asked.identifies


def test_the_network_never_reads_who_answered_in_an_attributed_survey(facilitator):
    campaign = making.several(facilitator, 5)
    assert {"Votre structure", "Votre territoire", "Qui contacter pour la compléter ?"} <= set(
        labels(campaign, head=True)
    )
    shown = labels(campaign, head=False)
    assert not {"Votre structure", "Votre territoire", "Qui contacter pour la compléter ?"} & set(shown)
    assert "Racontez" in shown


def test_anonymous_answers_are_read_together_from_five_and_by_five(facilitator, client):
    campaign = making.several(facilitator, 4, anonymous=True)
    seat = head_of(facilitator)
    client.force_login(seat.user)
    one = reverse("surveys:response", kwargs={"pk": Response.objects.first().pk})
    assert client.get(one).status_code == 404
    assert responses_of(campaign) == []
    assert len(exported(campaign, "csv").decode("utf-8-sig").splitlines()) == 1
    shown = client.get(reverse("surveys:campaign", kwargs={"pk": campaign.pk})).content.decode()
    assert "Anonymes, les réponses se lisent ensemble" in shown
    assert all(
        each.total is None and not each.words and not each.counts for each in labels(campaign, head=True).values()
    )
    for rank in range(2):
        making.answered(making.linked(facilitator, f"{rank}@essai.example", of=campaign), what="Appelez 06 12 34 56 78")
    found = results_of(campaign, head=True)
    assert (found.answered, found.read, found.waiting) == (6, 5, 1)
    closing.close_campaign(seat, campaign.pk, at=NOW)
    campaign.refresh_from_db()
    assert results_of(campaign, head=True).read == 6
    last = Response.objects.last()
    page = client.get(reverse("surveys:response", kwargs={"pk": last.pk})).content.decode()
    assert "[téléphone masqué]" in page
    assert "Acheteur" not in page  # only two of this type


def test_the_total_and_the_middle_of_few_structures_are_not_told(facilitator):
    said = [{"stock_start": 100, "entries": 40 + each, "exits": 40 + each, "stock_end": 100} for each in range(5)]
    few = labels(consolidated(facilitator, said[:3]), head=False)["Entrées dans l’année"]
    assert (few.total, few.middle) == (None, None)
    assert few.quiet
    enough = labels(consolidated(facilitator, said), head=False)["Entrées dans l’année"]
    assert (enough.total, enough.middle) == (210, 42)


def test_a_total_kept_quiet_is_not_given_back_by_an_addition(facilitator):
    heavy = [
        {"stock_start": 100, "entries": 1_000 if not each else 1, "exits": 10, "stock_end": 100} for each in range(5)
    ]
    heavy = [{**each, "stock_end": each["stock_start"] + each["entries"] - each["exits"]} for each in heavy]
    shown = labels(consolidated(facilitator, heavy), head=False)
    quiet = [label for label, each in shown.items() if each.answered and each.total is None]
    assert "Entrées dans l’année" in quiet
    assert len(quiet) >= 2


def test_somebody_who_tells_five_times_is_one(facilitator):
    campaign = making.several(facilitator, 2)
    invitee = Invitee.objects.select_related("campaign__questionnaire", "structure").first()
    for time in (2, 3, 4, 5):
        actions.save_part(invitee, "experience", time, {**making.EXPERIENCE, "people": 10}, at=NOW)
    actions.submit(invitee, "", at=NOW)
    shown = labels(campaign, head=False)
    assert dict(shown["Sur quel sujet ?"].counts)["Partenariats"] is None
    assert shown["Combien de personnes en ont profité ?"].total is None


def test_a_question_nobody_answered_is_not_said_to_be_kept_quiet(facilitator):
    campaign = making.several(facilitator, 5)
    outcome = labels(campaign, head=False)[
        "De quoi avez-vous besoin pour que la clause soit choisie plutôt que subie ?"
    ]
    assert (outcome.answered, outcome.quiet) == (0, "")


def test_an_export_says_regions_as_people_do(facilitator, monkeypatch):
    campaign = making.several(facilitator, 1)
    Response.objects.update(region_code="75")
    monkeypatch.setattr("dentelle.network.surveys.export.region_label", {"75": "Nouvelle-Aquitaine"}.get)
    assert ";Nouvelle-Aquitaine;" in exported(campaign, "csv").decode("utf-8-sig")
