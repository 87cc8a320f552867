"""What the head wrote of somebody is published with their agreement: in their space, by a link, or in writing."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.invitations.access import SESSION_KEY
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.messages.models import Message
from dentelle.network.practices import actions, agreeing
from dentelle.network.practices.access import open_versions
from dentelle.network.practices.awaited import head_awaits, member_awaits
from dentelle.network.practices.models import Origin, Practice, SheetAgreement, VersionState
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.network.practices.sheet import sheet_of
from dentelle.network.practices.vocabulary import LICENCES
from dentelle.network.surveys.models import Invitee, Response
from tests.factories import NOW
from tests.practices import making
from tests.surveys.making import campaign

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


@pytest.fixture
def seat(facilitator):
    return making.head_of(facilitator)


def written_of(member, seat) -> Practice:
    """A sheet of the member's structure the head wrote and submitted, ticking their agreement itself."""
    sheet = actions.begin(seat, making.CONTENT, at=NOW, structure=member.structure)
    actions.submit(seat, sheet.pk, at=NOW)
    return sheet


def reviewed(member, practice) -> None:
    actions.review(making.neighbour_of(member), practice.pk, making.PROFILE, "", at=NOW)


def kinds(lines):
    return [line.kind for line in lines]


def version(practice):
    return practice.versions.first()


def test_what_the_head_wrote_of_a_structure_is_not_published_without_its_agreement(facilitator, seat):
    practice = written_of(facilitator, seat)
    assert "consent" not in version(practice).content
    reviewed(facilitator, practice)
    with pytest.raises(PracticeRefused, match="attend l’accord de"):
        actions.publish(seat, practice.pk, at=NOW)
    assert kinds(head_awaits(seat, NOW)) == []
    assert kinds(member_awaits(facilitator, NOW)) == ["practice.agree"]
    agreeing.agree(facilitator, practice.pk, at=NOW)
    assert kinds(member_awaits(facilitator, NOW)) == []
    assert kinds(head_awaits(seat, NOW)) == ["practice.publish"]
    actions.publish(seat, practice.pk, at=NOW)
    practice.refresh_from_db()
    [given] = sheet_of(making.neighbour_of(facilitator), practice, today=TODAY).agreements
    assert (given.answered_on, given.structure, given.answered_by) == (TODAY, facilitator.structure, facilitator.user)
    assert Entry.objects.filter(act="practice.agreed", actor=facilitator.user).exists()


def test_nobody_else_agrees_for_a_structure(facilitator, reader, seat):
    practice = written_of(facilitator, seat)
    for other in (making.neighbour_of(facilitator), seat, reader):
        with pytest.raises(Http404):
            agreeing.agree(other, practice.pk, at=NOW)
    with pytest.raises(Http404):
        agreeing.note_written(seat, practice.pk, nature="email", on=TODAY, at=NOW)


def test_a_correction_gives_the_sheet_back_to_the_head_with_its_words(facilitator, seat):
    practice = written_of(facilitator, seat)
    reviewed(facilitator, practice)
    with pytest.raises(PracticeRefused):
        agreeing.ask_for_correction(facilitator, practice.pk, " ", at=NOW)
    agreeing.ask_for_correction(facilitator, practice.pk, "Huit contrats, pas neuf.", at=NOW)
    found = version(practice)
    assert (found.state, found.returned, found.reviewer) == (VersionState.DRAFT, "Huit contrats, pas neuf.", None)
    assert kinds(head_awaits(seat, NOW)) == ["practice.mend"]
    actions.write(seat, practice.pk, {**making.CONTENT, "summary": "Huit contrats."}, at=NOW)
    actions.submit(seat, practice.pk, at=NOW)
    assert kinds(member_awaits(facilitator, NOW)) == ["practice.agree"]


def test_a_text_that_changes_is_agreed_to_again(facilitator, seat):
    practice = written_of(facilitator, seat)
    agreeing.agree(facilitator, practice.pk, at=NOW)
    actions.take_back(seat, practice.pk, at=NOW)
    actions.write(seat, practice.pk, {**making.CONTENT, "summary": "Autre chose."}, at=NOW)
    actions.submit(seat, practice.pk, at=NOW)
    reviewed(facilitator, practice)
    with pytest.raises(PracticeRefused, match="accord"):
        actions.publish(seat, practice.pk, at=NOW)


def test_what_a_structure_writes_itself_needs_no_other_agreement(facilitator, seat):
    practice = written_of(facilitator, seat)
    actions.take_back(facilitator, practice.pk, at=NOW)
    actions.write(facilitator, practice.pk, making.CONTENT, at=NOW)
    actions.submit(facilitator, practice.pk, at=NOW)
    reviewed(facilitator, practice)
    actions.publish(seat, practice.pk, at=NOW)
    assert not SheetAgreement.objects.exclude(state="void").exists()


def test_a_structure_without_anybody_here_agrees_in_writing_and_the_sheet_says_so(facilitator, seat):
    practice = written_of(facilitator, seat)
    neighbour = making.neighbour_of(facilitator)
    facilitator.delete()
    later = NOW + timedelta(days=9)
    for nature, day in (
        ("", TODAY),
        ("email", None),
        ("email", TODAY - timedelta(days=1)),
        ("email", TODAY + timedelta(30)),
    ):
        with pytest.raises(PracticeRefused):
            agreeing.note_written(seat, practice.pk, nature=nature, on=day, at=later)
    agreeing.note_written(seat, practice.pk, nature="email", on=TODAY + timedelta(days=4), at=later)
    actions.review(neighbour, practice.pk, making.PROFILE, "", at=later)
    actions.publish(seat, practice.pk, at=later)
    [noted] = version(practice).agreements.exclude(state="void")
    assert (noted.means, noted.nature, noted.answered_by) == ("written", "email", seat.user)


def of_an_answer(seat, facilitator, changed=None, **more) -> Practice:
    """A sheet made of the answer of somebody who has no place here."""
    asked = campaign(facilitator, seat=seat, **more)
    invitee = Invitee.objects.create(campaign=asked, email="achats@essai.example", invited_at=NOW)
    told = Response.objects.create(
        campaign=asked, invitee=None if more.get("anonymous") else invitee, state="submitted", version=1
    )
    practice = actions.begin(
        seat,
        {**making.CONTENT, **(changed or {})},
        at=NOW,
        origin=Origin.ANSWER,
        origin_key=f"{agreeing.ANSWER_KEY}:{told.pk}:experience:1",
    )
    actions.submit(seat, practice.pk, at=NOW)
    return practice


def test_who_answered_a_survey_reads_the_sheet_again_by_a_link(client, facilitator, seat):
    practice = of_an_answer(seat, facilitator)
    reviewed(facilitator, practice)
    with pytest.raises(PracticeRefused, match="la personne qui a répondu"):
        actions.publish(seat, practice.pk, at=NOW)
    [mail] = Message.objects.filter(to="achats@essai.example")
    assert making.CONTENT["title"] in mail.text
    asked = SheetAgreement.objects.get()
    agreeing.answer_by_link(asked.link, agrees=True, at=NOW)
    actions.publish(seat, practice.pk, at=NOW)
    practice.refresh_from_db()
    shown = client_of(facilitator, client).get(reverse("practices:detail", args=[practice.pk])).content.decode()
    assert "la personne qui a répondu à l’enquête, par un lien" in shown


def client_of(person, client):
    client.force_login(person.user)
    return client


def behind_link(client, link):
    """The page a link opened for somebody without account."""
    MagicLink.objects.filter(pk=link.pk).update(used_at=NOW)
    session = client.session
    session[SESSION_KEY] = link.pk
    session.save()
    return reverse("practices:by-link")


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        ("etalab-2.0", "tout le monde pourra la lire, même sans compte"),
        ("cc-by-4.0", "Creative Commons, attribution 4.0"),
        ("network", "seules les personnes du réseau"),
    ],
)
def test_who_agrees_by_a_link_is_told_who_will_read_and_under_which_licence(
    licence, told, client, facilitator, seat, time_machine
):
    practice = of_an_answer(seat, facilitator, {"licence": licence})
    time_machine.move_to(NOW)
    asked = SheetAgreement.objects.get()
    here = behind_link(client, asked.link)
    page = client.get(here).content.decode()
    box = page[page.index('id="accord-titre"') : page.index('value="oui"')]
    assert told in box
    client.post(here, {"accord": "oui"})
    asked.refresh_from_db()
    assert (asked.state, asked.licence) == ("given", licence)
    assert (
        LICENCES[licence]
        in client_of(seat, client).get(reverse("practices:head-detail", args=[practice.pk])).content.decode()
    )


def test_a_structure_that_agrees_in_its_space_is_told_who_will_read(client, facilitator, seat):
    practice = written_of(facilitator, seat)
    page = client_of(facilitator, client).get(reverse("practices:detail", args=[practice.pk])).content.decode()
    assert "tout le monde pourra la lire, même sans compte" in page


def test_a_licence_opened_after_an_agreement_asks_it_again(facilitator, seat):
    practice = of_an_answer(seat, facilitator, {"licence": "network"})
    agreeing.answer_by_link(SheetAgreement.objects.get().link, agrees=True, at=NOW)
    actions.take_back(seat, practice.pk, at=NOW)
    actions.write(seat, practice.pk, making.CONTENT, at=NOW)
    actions.submit(seat, practice.pk, at=NOW)
    reviewed(facilitator, practice)
    with pytest.raises(PracticeRefused, match="accord"):
        actions.publish(seat, practice.pk, at=NOW)
    [again] = SheetAgreement.objects.filter(state="asked")
    agreeing.answer_by_link(again.link, agrees=True, at=NOW)
    assert actions.publish(seat, practice.pk, at=NOW).published is not None


def test_an_agreement_for_the_network_neither_publishes_nor_opens_what_is_under_an_open_licence(facilitator, seat):
    practice = of_an_answer(seat, facilitator)
    given = agreeing.answer_by_link(SheetAgreement.objects.get().link, agrees=True, at=NOW)
    reviewed(facilitator, practice)
    SheetAgreement.objects.filter(pk=given.pk).update(licence="network")
    with pytest.raises(PracticeRefused, match="accord"):
        actions.publish(seat, practice.pk, at=NOW)
    again = agreeing.ask_again(seat, practice.pk, at=NOW)
    agreeing.answer_by_link(again.link, agrees=True, at=NOW)
    actions.publish(seat, practice.pk, at=NOW)
    assert open_versions().filter(practice=practice).exists()
    SheetAgreement.objects.filter(pk=again.pk).update(licence="network")
    assert not open_versions().filter(practice=practice).exists()


def test_an_agreement_read_under_another_licence_is_not_kept(client, facilitator, seat):
    practice = written_of(facilitator, seat)
    client_of(facilitator, client).post(reverse("practices:act", args=[practice.pk, "accord"]), {"licence": "network"})
    assert SheetAgreement.objects.get().state == "asked"


def test_a_link_that_asked_closes_when_the_text_changes(facilitator, seat):
    practice = of_an_answer(seat, facilitator)
    link = SheetAgreement.objects.get().link
    agreeing.answer_by_link(link, agrees=False, words="Ce n’est pas moi.", at=NOW)
    actions.write(seat, practice.pk, {**making.CONTENT, "summary": "Autre."}, at=NOW)
    actions.submit(seat, practice.pk, at=NOW)
    former = SheetAgreement.objects.get(state="asked").link
    actions.take_back(seat, practice.pk, at=NOW)
    actions.write(seat, practice.pk, {**making.CONTENT, "summary": "Encore autre."}, at=NOW)
    with pytest.raises(Http404):
        agreeing.answer_by_link(former, agrees=True, at=NOW)
    assert Message.objects.filter(to="achats@essai.example").count() == 2


def test_an_address_that_is_forgotten_leaves_the_written_agreement(facilitator, seat):
    practice = of_an_answer(seat, facilitator)
    Invitee.objects.update(email="")
    SheetAgreement.objects.all().delete()
    with pytest.raises(PracticeRefused, match="Aucun lien"):
        agreeing.ask_again(seat, practice.pk, at=NOW)
    agreeing.note_written(seat, practice.pk, nature="letter", on=TODAY, at=NOW)
    reviewed(facilitator, practice)
    assert actions.publish(seat, practice.pk, at=NOW).published is not None


def test_nobody_is_asked_of_an_anonymous_answer(facilitator, seat):
    practice = of_an_answer(seat, facilitator, anonymous=True)
    reviewed(facilitator, practice)
    assert actions.publish(seat, practice.pk, at=NOW).published is not None


def test_the_pages_ask_show_and_keep_the_agreement(client, facilitator, seat):
    practice = written_of(facilitator, seat)
    here = reverse("practices:detail", args=[practice.pk]) + "?version=1"
    assert "Votre accord est demandé" in client_of(facilitator, client).get(here).content.decode()
    client.post(reverse("practices:act", args=[practice.pk, "accord"]))
    head = reverse("practices:head-detail", args=[practice.pk]) + "?version=1"
    assert "est donné" in client_of(seat, client).get(head).content.decode()
    edit = client.get(reverse("practices:head-edit", args=[practice.pk])).content.decode()
    assert "sont d’accord pour publier" not in edit


def test_the_page_behind_a_link_asks_for_a_correction(client, facilitator, seat, time_machine):
    of_an_answer(seat, facilitator)
    time_machine.move_to(NOW)
    here = behind_link(client, SheetAgreement.objects.get().link)
    assert making.CONTENT["difficulties"] in client.get(here).content.decode()
    assert client.post(here, {"reason": " "}).status_code == 422
    assert client.post(here, {"reason": "La date est fausse."}).status_code == 302
    assert "demande de correction est partie" in client.get(here).content.decode()
    assert version(Practice.objects.get()).returned == "La date est fausse."
