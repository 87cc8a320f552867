"""From a survey's answer to a sentence in print, and back to whoever said it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.advocacy.actions import contributions
from dentelle.network.advocacy.models import Contribution, Edition, Proposal, WhitePaper
from dentelle.network.governance.actions import sessions
from dentelle.network.governance.models import Session
from dentelle.network.practices import actions, agreeing
from dentelle.network.practices.models import Practice
from dentelle.network.surveys.models import Answer
from tests.e2e.browser import reached
from tests.e2e.conftest import log_in
from tests.factories import PASSWORD, NetworkSeatFactory
from tests.network.advocacy import making
from tests.network.governance import making as governance
from tests.practices.making import CONTENT, PROFILE

pytestmark = pytest.mark.e2e
TITLE = "Un atelier avec les gardiens d’immeuble avant d’écrire la clause"
WORDS = "Qu’un atelier d’habitants précède chaque marché de rénovation."


def test_an_answer_becomes_a_sheet_a_contribution_a_proposal_and_comes_back(
    visit: Callable[[], Any], demo: Callable[..., None]
) -> None:
    facilitator, official, head, anybody = visit(), visit(), visit(), visit()
    demo(head, "odile")
    response = Answer.objects.filter(value=TITLE).get().response

    # the answer to the survey becomes a sheet, published
    head.goto(f"/enquetes-du-reseau/reponse/{response.pk}")
    head.get_by_role("button", name="fiche").first.click()
    head.wait_for_url("**/pratiques-du-reseau/**")
    practice = Practice.objects.get(origin="answer")
    assert practice.versions.get().title == TITLE

    # completed, agreed to, reviewed and published as the journey of practices shows it
    seat = NetworkSeat.objects.get(user__full_name="Odile Marchand")
    nadia = Membership.objects.get(user__full_name="Nadia Lemaire")
    others = Membership.objects.filter(role=Role.FACILITATOR, structure__network=seat.network)
    reviewer = others.exclude(structure=nadia.structure).order_by("pk")[0]
    now = timezone.now()
    actions.write(seat, practice.pk, {**CONTENT, "title": TITLE, "place": "epci:200040244"}, at=now)
    actions.submit(seat, practice.pk, at=now)
    agreeing.agree(nadia, practice.pk, at=now)
    actions.review(reviewer, practice.pk, PROFILE, "", at=now)
    actions.publish(seat, practice.pk, at=now)

    # the facilitator contributes with that sheet
    demo(facilitator, "nadia")
    facilitator.goto(reverse("practices:detail", args=[practice.pk]))
    facilitator.get_by_role("link", name="Contribuer au livre blanc avec cette fiche").click()
    facilitator.get_by_label("Ce que vous constatez").fill("Les gardiens savent ce qui se répare mal.")
    facilitator.get_by_label("Ce que vous proposez").fill(WORDS)
    facilitator.get_by_label("Avec mon nom et ma structure").check()
    reached(facilitator, "white-paper-write")
    facilitator.get_by_role("button", name="Envoyer", exact=True).click()
    facilitator.get_by_text("Votre contribution est envoyée.").wait_for()
    sent = Contribution.objects.get(proposal=WORDS)
    assert sent.sources.get().practice.title == TITLE

    # an elected official, on a phone, keeps a draft, then sends it
    demo(official, "henri")
    official.set_viewport_size({"width": 390, "height": 844})
    official.goto(f"/livres-blancs/{sent.paper_id}/contribuer/")
    official.get_by_label("Ce que vous constatez").fill("On rénove sans demander à ceux qui habitent.")
    official.get_by_role("button", name="Garder en brouillon").click()
    official.get_by_text("vous seul le lisez").first.wait_for()
    official.get_by_role("link", name="Continuer").click()
    official.get_by_label("Ce que vous proposez").fill("Associer les habitants avant le marché.")
    official.get_by_label("Au nom de ma structure, sans mon nom").check()
    reached(official, "white-paper-phone")
    official.get_by_role("button", name="Envoyer", exact=True).click()
    official.get_by_text("Votre contribution est envoyée.").wait_for()

    # the head receives, gathers, notes the discussion, retains
    head.goto("/livres-blancs/")
    head.get_by_role("link", name="Les métiers de la transition").click()
    reached(head, "white-paper-head")
    head.get_by_role("link", name="Lecture").click()
    reached(head, "white-paper-moderation")
    while head.get_by_role("button", name="Recevoir").count():
        head.get_by_role("button", name="Recevoir").first.click()
        head.get_by_text("Reçue").first.wait_for()
    head.goto(f"/livres-blancs/{sent.paper_id}/idees/")
    for words in (WORDS, "Associer les habitants avant le marché."):
        head.get_by_label(words).check()
    head.get_by_label("Quelle idée portent-elles").select_option("nouvelle")
    head.get_by_label("Nom de la nouvelle idée").fill("Demander aux habitants")
    reached(head, "white-paper-ideas")
    head.get_by_role("button", name="Ranger").click()
    head.get_by_role("link", name="Demander aux habitants").click()
    head.get_by_text("Aucune séance n’a eu lieu depuis").wait_for()
    group = Session.objects.filter(network=seat.network, held_at__isnull=False).latest("starts_at").body
    sessions.plan_session(seat, group, starts_at=timezone.now(), place="Visioconférence", at=timezone.now())
    head.reload()
    head.get_by_label("Séance").select_option(index=1)
    head.get_by_role("button", name="Noter la discussion").click()
    head.get_by_label("Retenue").check()
    reached(head, "white-paper-idea")
    head.get_by_role("button", name="Le dire aux auteurs").click()
    head.get_by_text("C’est décidé").wait_for()

    # a chapter, a proposal tied to its sources, an edition
    head.get_by_role("link", name="En faire une proposition").click()
    head.get_by_label("Titre de la proposition").fill("Un atelier d’habitants avant chaque rénovation")
    head.get_by_role("button", name="Ouvrir").click()
    head.get_by_role("textbox", name="Mesure").fill(
        "Un atelier d’habitants précède chaque marché [1]. Il est payé [9]."
    )
    head.get_by_role("button", name="Enregistrer").click()
    head.get_by_text("[9] ne correspond à aucune citation").first.wait_for()
    head.get_by_role("textbox", name="Mesure").fill("Un atelier d’habitants précède chaque marché [1]. Il est payé.")
    reached(head, "white-paper-proposal-edit")
    head.get_by_role("button", name="Enregistrer").click()
    reached(head, "white-paper-proposal")
    head.goto(f"/livres-blancs/{sent.paper_id}/chapitre/")
    head.get_by_label("Titre du chapitre").fill("Avec les habitants")
    head.get_by_role("button", name="Enregistrer le chapitre").click()
    head.get_by_role("link", name="Un atelier d’habitants avant chaque rénovation").click()
    head.get_by_role("link", name="Écrire", exact=True).click()
    head.get_by_label("Chapitre").select_option(label="Avec les habitants")
    head.get_by_role("button", name="Enregistrer").click()

    # one opened by mistake goes; the other waits in its chapter, where its order is chosen
    head.goto(f"/livres-blancs/{sent.paper_id}/proposer/")
    head.get_by_label("Titre de la proposition").fill("Ouverte par erreur")
    head.get_by_role("button", name="Ouvrir").click()
    head.goto(f"/livres-blancs/{sent.paper_id}/ordre/")
    reached(head, "white-paper-order")
    head.get_by_role("link", name="Ouverte par erreur").click()
    head.get_by_role("link", name="Supprimer").click()
    head.get_by_role("button", name="Supprimer la proposition").click()
    head.get_by_text("La proposition est supprimée").wait_for()

    # the call is closed; what no source carries says why before anything is frozen
    head.goto(f"/livres-blancs/{sent.paper_id}/appel/")
    head.get_by_role("button", name="Clore l’appel").click()
    head.get_by_text("L’appel est clos").wait_for()
    head.goto(f"/livres-blancs/{sent.paper_id}/editions/")
    reached(head, "white-paper-gaps")
    head.get_by_role("link", name="1 phrase sans source").click()
    head.get_by_label("Dit sans source, parce que").fill("C’est une demande, pas un constat.")
    reached(head, "white-paper-unsourced")
    head.get_by_role("button", name="Garder cette raison").click()
    head.goto(f"/livres-blancs/{sent.paper_id}/editions/")
    head.get_by_role("button", name="Arrêter une édition").click()

    # before it is published: those it leaves out are given their reason
    head.get_by_role("link", name="Publier cette édition").click()
    reached(head, "white-paper-publish")
    head.get_by_label("Pourquoi elles ne sont pas reprises").fill("Gardée pour l’édition suivante.")
    head.get_by_role("button", name="Garder cette raison").click()
    head.get_by_role("button", name="Publier cette édition").click()
    head.get_by_text("L’édition est publiée").wait_for()
    reached(head, "white-paper-editions")
    assert Edition.objects.filter(paper=sent.paper_id, published_on__isnull=False).count() == 1

    # anybody follows a sentence to its origin; its author reads what became of it
    anybody.goto(f"/livre-blanc/{sent.paper_id}/")
    anybody.get_by_text("D’où viennent ces phrases").first.click()
    anybody.get_by_text(WORDS).first.wait_for()
    reached(anybody, "white-paper-public")
    with anybody.expect_download() as got:
        anybody.get_by_role("link", name="Télécharger en PDF").click()
    assert got.value.suggested_filename.endswith("edition-1.pdf")
    facilitator.reload()
    facilitator.get_by_text("La proposition 1 s’appuie sur elle.").wait_for()
    facilitator.get_by_role("button", name="C’est lu").click()
    reached(facilitator, "white-paper-told")


def test_a_published_white_paper_is_followed_by_anybody(page: Any, demo: Callable[..., None]) -> None:
    demo(page, "odile")
    paper = WhitePaper.objects.get(state="published", is_example=False)
    page.goto(f"/livres-blancs/{paper.pk}/suites/")
    reached(page, "white-paper-follow")
    page.goto(f"/livres-blancs/{paper.pk}/equilibre/")
    reached(page, "white-paper-balance")
    page.goto(f"/livres-blancs/{paper.pk}/chiffres/")
    reached(page, "white-paper-figures")
    page.goto(f"/livre-blanc/{paper.pk}/")
    reached(page, "white-paper-published")
    page.goto("/livres-blancs/")
    page.get_by_role("link", name="Agir ensemble").click()
    reached(page, "white-paper-example")


def test_two_people_on_one_proposal_each_keep_what_they_typed(visit: Callable[[], Any]) -> None:
    first, second = visit(), visit()
    member = governance.official(structure__name="PLIE de Gâtine")
    seat = governance.head_of(member)
    paper, _, ask = making.whole(seat, member)
    log_in(first, seat.user.email, PASSWORD)
    log_in(second, NetworkSeatFactory(network=seat.network).user.email, PASSWORD)
    address = reverse("advocacy:proposal-change", args=[ask.pk])
    for person in (first, second):
        person.goto(address)
    first.get_by_label("Titre", exact=True).fill("Un bus chaque soir")
    first.get_by_label("Constat").fill("Le dernier bus part à dix-huit heures, quand l’équipe du soir commence.")
    first.get_by_role("button", name="Enregistrer").click()
    first.get_by_text("La proposition est enregistrée.").wait_for()

    # the second one leaves the page, finds their typing again, and still replaces nothing unread
    second.get_by_label("Titre", exact=True).fill("Une navette la nuit")
    second.locator("[name=indicator]").fill("Salariés de nuit transportés")
    second.goto(reverse("advocacy:paper", args=[paper.pk]))
    second.goto(address)
    second.get_by_role("button", name="La reprendre").click()
    second.get_by_role("button", name="Enregistrer").click()
    second.get_by_text("Ce qui a changé pendant que vous écriviez").wait_for()
    reached(second, "white-paper-meanwhile")
    meanwhile = second.get_by_role("region", name="Ce qui a changé pendant que vous écriviez")
    assert "Un bus chaque soir" in meanwhile.inner_text()
    assert second.get_by_label("Titre", exact=True).input_value() == "Une navette la nuit"
    second.locator("[name=indicator_definition]").fill("Comptés par l’exploitant, chaque mois.")
    second.get_by_role("button", name="Enregistrer").click()
    second.get_by_text("La proposition est enregistrée.").wait_for()
    kept = Proposal.objects.get(pk=ask.pk)
    assert (kept.title, kept.indicator) == ("Une navette la nuit", "Salariés de nuit transportés")
    assert kept.finding.startswith("Le dernier bus")


def test_an_official_finds_what_was_sent_back_in_their_day(visit: Callable[[], Any]) -> None:
    page, head = visit(), visit()
    member = governance.official(structure__name="PLIE de Gâtine")
    seat = governance.head_of(member)
    now = timezone.now()
    paper = making.opened(seat, days=20, at=now)
    sent = contributions.write(member, paper.pk, making.words(), at=now, send=True)
    contributions.send_back(seat, sent.pk, words="Ne nommez personne.", at=now)
    log_in(page, member.user.email, PASSWORD)
    page.get_by_text("À reprendre, avant le").wait_for()
    reached(page, "white-paper-sent-back")
    log_in(head, seat.user.email, PASSWORD)
    head.goto(reverse("advocacy:moderation", args=[paper.pk]))
    head.get_by_text("1 contribution renvoyée à son auteur").wait_for()
    page.get_by_role("link", name="Reprendre mes mots").click()
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.get_by_text("Votre contribution est envoyée.").wait_for()
    head.reload()
    head.get_by_text("Revenue").wait_for()
    reached(head, "white-paper-came-back")
