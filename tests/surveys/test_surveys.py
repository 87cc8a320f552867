"""Asked, answered, added up: what is missing is told, what is anonymous stays so, what is small is kept quiet."""

from datetime import timedelta

import pytest
from django.http import Http404

from dentelle.foundations.invitations.links import open_link
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages.models import Message
from dentelle.network.practices.from_answers import begin_from_answer
from dentelle.network.practices.models import Origin
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.network.surveys import actions, closing, inviting, writing
from dentelle.network.surveys.ending import close_ended, forget_addresses
from dentelle.network.surveys.models import Answer, Campaign, CampaignState, Invitee, Response, ResponseState
from dentelle.network.surveys.reading import given, lacks, read
from dentelle.network.surveys.refusals import SurveyRefused
from dentelle.network.surveys.results import results_of
from dentelle.network.surveys.shipped import CODES, shipped
from tests.factories import NOW, NetworkFactory, NetworkSeatFactory
from tests.practices.making import head_of
from tests.surveys import making

pytestmark = pytest.mark.django_db


def outcome(campaign, label, *, head=True):
    parts = results_of(campaign, head=head).parts
    return next(each for part in parts for each in part.outcomes if each.label.startswith(label))


@pytest.mark.parametrize("code", CODES)
def test_a_shipped_questionnaire_says_its_source_and_every_question_is_one_the_engine_knows(code, facilitator):
    made = actions.take_shipped(head_of(facilitator), code, at=NOW)
    assert made.source
    whole = read(made)
    codes = {question.code for block in whole.blocks for question in block.questions}
    asks = list(shipped(code).asks())
    assert len(codes) == len(asks)
    assert len({ask.label for ask in asks}) == len(asks), (
        "a column of the spreadsheet is told from another by its words"
    )
    for check in whole.checks:
        assert {check.value, *check.plus, *check.minus, *filter(None, [check.of])} <= codes
    for block in whole.blocks:
        for question in block.questions:
            assert not question.only_if or question.only_if["question"] in codes


def test_the_survey_of_the_tour_asks_about_its_nine_subjects():
    subject = shipped("tour").ask("subject")
    assert len(subject.options) == 9


def test_the_consolidations_hold_what_the_dictionary_of_the_network_asks():
    plie, mde, clause = (shipped(code) for code in ("plie", "mde", "clause"))
    codes = {ask.code for ask in plie.asks()}
    assert {f"exits_{code}" for code in ("p1", "p8", "n1", "n3", "a1", "a3", "r1", "r4", "z")} <= codes
    assert {
        "entries_under_26",
        "entries_60",
        "exits_duration_median",
        "jobs_company",
        "jobs_250",
        "jobs_naf_u",
    } <= codes
    assert {"funding_europe", "funding_state", "funding_region", "funding_department", "funding_local"} <= codes
    for document, code in ((plie, "advisors_fte"), (mde, "staff_fte"), (clause, "facilitators_fte")):
        assert (document.ask(code).kind, document.ask(code).unit) == ("decimal", "ETP")
    assert any(control.value == "exits" and control.kind == "parts" for control in plie.controls)
    assert "À confirmer" in plie.ask("entries_no_diploma").help


def test_a_branch_left_behind_is_neither_missing_nor_sent(facilitator):
    invitee = making.asked(facilitator)
    making.fill(invitee)
    actions.save_part(invitee, "you", 1, {"has_experience": "no"}, at=NOW)
    response = Response.objects.get()
    assert lacks(read(invitee.campaign.questionnaire), given(response)) == []
    actions.submit(invitee, "", at=NOW)
    assert not Answer.objects.filter(question__block="experience").exists()


def test_what_is_missing_is_told_before_sending(facilitator):
    invitee = making.asked(facilitator)
    making.fill(invitee, outcome=None)
    with pytest.raises(SurveyRefused) as refused:
        actions.submit(invitee, "", at=NOW)
    assert "Est-ce que cela a marché" in str(refused.value)


def test_an_experience_told_twice_is_two_and_one_may_be_taken_out(facilitator):
    invitee = making.asked(facilitator)
    making.fill(invitee)
    actions.save_part(invitee, "experience", 2, {**making.EXPERIENCE, "title": "Une navette"}, at=NOW)
    actions.save_part(invitee, "experience", 3, {**making.EXPERIENCE, "title": "Un vélo"}, at=NOW)
    actions.remove_time(invitee, "experience", 2, at=NOW)
    titles = Answer.objects.filter(question__code="title").order_by("occurrence").values_list("occurrence", "value")
    assert list(titles) == [(1, "Un club d’entreprises"), (2, "Un vélo")]


def test_figures_that_do_not_hold_are_explained_or_mended(facilitator):
    invitee = making.asked(facilitator, "plie", year=2025)
    actions.save_part(invitee, "people", 1, {"stock_start": 100, "entries": 40, "exits": 30, "stock_end": 150}, at=NOW)
    with pytest.raises(SurveyRefused) as refused:
        actions.submit(invitee, "", at=NOW)
    assert refused.value.code == "doubts"
    assert actions.submit(invitee, "Fusion de deux plans en juin.", at=NOW).state == ResponseState.SUBMITTED


def test_a_jump_from_the_year_before_is_asked_about(facilitator):
    figures = {"stock_start": 100, "entries": 40, "exits": 40, "stock_end": 100}
    first = making.asked(facilitator, "plie", year=2024)
    actions.save_part(first, "people", 1, figures, at=NOW)
    actions.submit(first, "", at=NOW)
    second = making.asked(facilitator, "plie", year=2025)
    actions.save_part(second, "people", 1, {**figures, "entries": 80, "exits": 80}, at=NOW)
    with pytest.raises(SurveyRefused):
        actions.submit(second, "", at=NOW)


def test_a_social_security_number_is_never_kept(facilitator):
    invitee = making.asked(facilitator)
    with pytest.raises(SurveyRefused) as refused:
        actions.save_part(invitee, "needs", 1, {"need": "Voir Mme X, 2 85 05 78 006 084 36"}, at=NOW)
    assert refused.value.code == "nir"
    assert not Answer.objects.exists()


def test_an_anonymous_answer_loses_its_name_the_moment_it_is_sent(facilitator):
    invitee = making.asked(facilitator, anonymous=True)
    response = making.answered(invitee)
    response.refresh_from_db()
    assert (response.invitee, response.structure, response.saved_at, response.submitted_on) == (None,) * 4
    assert not Answer.objects.exclude(structure=None).exists()
    entry = Entry.objects.get(act="campaign.answered")
    assert (entry.actor, entry.structure) == (None, None)
    invitee.refresh_from_db()
    assert invitee.answered_on is not None
    with pytest.raises(Http404):
        actions.send_back(head_of(facilitator), response.pk, "Précisez", at=NOW)


def test_an_attributed_answer_is_sent_back_with_a_reason_and_sent_again(facilitator):
    invitee = making.asked(facilitator)
    response = making.answered(invitee)
    actions.send_back(head_of(facilitator), response.pk, "En quelle année ?", at=NOW)
    assert Response.objects.get().state == ResponseState.RETURNED
    assert actions.submit(invitee, "", at=NOW).returned == ""
    assert Response.objects.get().state == ResponseState.SUBMITTED


def test_results_say_who_answered_among_those_invited(facilitator):
    campaign = making.several(facilitator, 3)
    making.linked(facilitator, of=campaign)
    found = results_of(campaign, head=True)
    assert (found.answered, found.invited) == (3, 4)
    assert {each.label: (each.answered, each.invited) for each in found.by_kind}["acheteur, donneur d’ordre"] == (0, 1)


def test_the_head_reads_attributed_counts_as_they_are_and_the_network_never_the_small_ones(facilitator):
    campaign = making.several(facilitator, 7)
    assert dict(outcome(campaign, "Est-ce que").counts) == {"oui": 6, "en partie": 0, "non": 1}
    assert dict(outcome(campaign, "Est-ce que", head=False).counts) == {"oui": None, "en partie": 0, "non": None}
    assert outcome(campaign, "Combien", head=False).total == 70


def test_even_the_head_sees_small_counts_of_an_anonymous_campaign_kept_quiet(facilitator):
    campaign = making.several(facilitator, 7, anonymous=True)
    closing.close_campaign(head_of(facilitator), campaign.pk, at=NOW)
    campaign.refresh_from_db()
    assert dict(outcome(campaign, "Est-ce que").counts) == {"oui": None, "en partie": 0, "non": None}


def test_words_of_few_people_are_not_read_and_those_of_many_name_nobody(facilitator):
    few = making.several(facilitator, 4)
    assert outcome(few, "Racontez", head=False).words == ()
    assert "5" in outcome(few, "Racontez", head=False).quiet
    many = making.several(facilitator, 5, anonymous=True)
    assert len(outcome(many, "Racontez").words) == 5
    assert {each.response for each in outcome(many, "Racontez").words} == {None}


def test_addresses_and_telephones_in_words_are_masked(facilitator):
    invitee = making.asked(facilitator)
    making.answered(invitee, what="Écrivez à jeanne@essai.example ou 06 12 34 56 78.")
    [words] = outcome(invitee.campaign, "Racontez").words
    assert words.text == "Écrivez à [adresse masquée] ou [téléphone masqué]."


def test_an_address_receives_a_link_of_the_network_that_a_get_does_not_use_up(facilitator, client):
    invitee = making.linked(facilitator)
    assert (invitee.link.structure, invitee.link.network) == (None, facilitator.structure.network)
    message = Message.objects.get(to=invitee.email)
    assert "Avant le Tour de France" in message.subject
    address = next(word for word in message.text.split() if word.startswith(making.SITE))
    assert client.get("/" + address.removeprefix(making.SITE)).status_code == 200
    assert MagicLink.objects.get(pk=invitee.link_id).used_at is None
    assert open_link(address.rstrip("/").rpartition("/")[2], at=NOW) is not None


def test_who_has_not_answered_is_reminded_once_in_three_days_and_who_has_never(facilitator):
    campaign = making.campaign(facilitator)
    waiting = making.linked(facilitator, of=campaign)
    done = making.linked(facilitator, "autre@essai.example", of=campaign)
    making.answered(done)
    later = NOW + timedelta(days=24)
    assert inviting.remind_due(site=making.SITE, at=NOW) == 0
    assert inviting.remind_due(site=making.SITE, at=later) == 1
    assert inviting.remind_due(site=making.SITE, at=later + timedelta(days=1)) == 0
    assert Message.objects.filter(to=waiting.email).count() == 2
    assert Message.objects.filter(to=done.email).count() == 1


def test_a_campaign_closes_by_itself_and_what_was_never_sent_is_erased(facilitator):
    invitee = making.asked(facilitator)
    making.fill(invitee)
    after = NOW + timedelta(days=32)
    assert close_ended(after) == 1
    assert Campaign.objects.get().state == CampaignState.CLOSED
    assert closing.erase_unsent(after + timedelta(days=7)) == 0
    assert closing.erase_unsent(after + timedelta(days=8)) == 1
    assert not Response.objects.exists()
    invitee.campaign.refresh_from_db()
    with pytest.raises(SurveyRefused):
        actions.save_part(invitee, "you", 1, {"place": "ailleurs"}, at=after)


def test_addresses_are_forgotten_a_year_after_and_coverage_still_counts_them(facilitator):
    invitee = making.linked(facilitator)
    making.answered(invitee)
    close_ended(NOW + timedelta(days=32))
    assert forget_addresses(NOW + timedelta(days=200)) == 0
    assert forget_addresses(NOW + timedelta(days=400)) == 1
    found = results_of(Campaign.objects.get(), head=True)
    assert (found.answered, found.invited) == (1, 1)
    assert Invitee.objects.get().email == ""


def test_a_questionnaire_in_use_is_changed_by_its_next_version(facilitator):
    seat = head_of(facilitator)
    campaign = making.campaign(facilitator, seat=seat)
    made = writing.prepare_next(seat, campaign.questionnaire_id, at=NOW)
    assert (made.version, made.questions.count()) == (2, campaign.questionnaire.questions.count())


def test_an_answer_becomes_a_sheet_once_that_says_where_it_comes_from(facilitator):
    seat = head_of(facilitator)
    response = making.answered(making.asked(facilitator))
    practice = begin_from_answer(seat, response.pk, "experience", 1, at=NOW)
    assert begin_from_answer(seat, response.pk, "experience", 1, at=NOW) == practice
    assert (practice.origin, practice.structure) == (Origin.ANSWER, facilitator.structure)
    content = practice.versions.get().content
    assert content["title"] == "Un club d’entreprises"
    assert content["themes"] == ["partnerships"]
    assert content["results"][0]["what"] == "34 entreprises actives"
    assert content["contact_name"] == "Jeanne Essai"
    assert f":{response.pk}:" in practice.origin_key


def test_no_sheet_is_made_of_an_answer_whose_author_refused(facilitator):
    response = making.answered(making.asked(facilitator), sheet="no", contact=None)
    with pytest.raises(PracticeRefused):
        begin_from_answer(head_of(facilitator), response.pk, "experience", 1, at=NOW)


def test_a_sheet_of_an_anonymous_answer_names_nobody(facilitator):
    making.several(facilitator, 5, anonymous=True)
    response = Response.objects.first()
    practice = begin_from_answer(head_of(facilitator), response.pk, "experience", 1, at=NOW)
    assert practice.structure is None
    assert not {"contact_name", "host"} & set(practice.versions.get().content)


def test_the_head_of_another_network_reads_nothing(facilitator):
    response = making.answered(making.asked(facilitator))
    other = NetworkSeatFactory(network=NetworkFactory(name="Autre réseau"))
    with pytest.raises(Http404):
        begin_from_answer(other, response.pk, "experience", 1, at=NOW)
    with pytest.raises(Http404):
        actions.check(other, response.pk, at=NOW)
