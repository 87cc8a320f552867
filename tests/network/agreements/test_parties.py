"""The parties of an agreement: the name they sign under, whatever becomes of their record, and which one is the structure itself."""

from html import unescape
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.urls import reverse

from dentelle.foundations.directory.actions import Identity, update_organisation
from dentelle.foundations.directory.identifiers import shown
from dentelle.foundations.organisations.models import Structure
from dentelle.foundations.search.actions import index
from dentelle.network.agreements.actions import writing
from dentelle.network.agreements.actions.amending import AddedParty, Additions, amend_agreement
from dentelle.network.agreements.actions.renewal import renew_agreement
from dentelle.network.agreements.models import Agreement, Party
from dentelle.network.agreements.queries import sheet_of
from tests.factories import NOW, MembershipFactory
from tests.network.agreements import making
from tests.network.agreements.test_pages import post, words

pytestmark = pytest.mark.django_db
SIGNED_NAME = "Service public de l’emploi d’essai"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def member():
    return MembershipFactory(facilitator=True)


def rename(organisation, name):
    """Somebody of another structure renames the shared record."""
    organisation.refresh_from_db()
    stranger = MembershipFactory(facilitator=True)
    update_organisation(stranger, organisation.pk, Identity(name), expected_revision=organisation.revision, at=NOW)


def names(agreement):
    return {party.side: str(party) for party in agreement.parties.select_related("organisation")}


def page_of(browser, agreement):
    page = browser.get(reverse("agreements:detail", args=[agreement.pk])).content.decode()
    return " ".join(unescape(page).replace("\u202f", " ").replace("\xa0", " ").split())


def test_a_record_renamed_elsewhere_leaves_a_signed_agreement_as_it_was_signed(member, client_of):
    agreement = making.local(member)
    rename(making.partner(), "Nom changé par un tiers")
    assert names(agreement)["partner"] == SIGNED_NAME
    browser = client_of(member)
    assert "« Nom changé par un tiers » aujourd’hui dans l’annuaire" in page_of(browser, agreement)
    for address in (
        reverse("agreements:document", args=[agreement.pk]),
        reverse("agreements:review", args=[agreement.pk, 2026]),
    ):
        said = words(browser.get(address).content)
        assert SIGNED_NAME in said
        assert "Nom changé" not in said


def test_what_is_proposed_keeps_its_names_and_a_draft_follows_the_records(member):
    agreement = making.proposed(member, making.draft(member))
    rename(making.partner(), "Nouveau nom")
    assert names(agreement)["partner"] == SIGNED_NAME
    making.move(member, agreement, "take_back", reason="Une faute dans un nom")
    assert names(agreement)["partner"] == "Nouveau nom"
    making.move(member, agreement, "propose")
    rename(making.partner(), "Encore un autre")
    assert names(agreement)["partner"] == "Nouveau nom"


def test_a_renewal_is_written_under_the_names_of_today(member):
    agreement = making.local(member)
    rename(making.partner(), "Nouveau nom")
    until = agreement.ends_on.replace(year=agreement.ends_on.year + 2)
    renewal = renew_agreement(member, agreement.pk, ends_on=until, **making.lock(agreement))
    assert names(renewal)["partner"] == "Nouveau nom"


def test_a_party_that_joins_keeps_the_name_it_joined_under(member):
    agreement = making.local(member)
    joining = making.organisation("00000042", "Mission locale d’essai")
    party = AddedParty(joining, "other", False, {"Camille Durand": "présidence"})
    known = {"signed_on": NOW.date(), "reason": "Elle rejoint la convention", "new_end": None, "article_pk": None}
    amend_agreement(
        member, agreement.pk, **known, new_text="", additions=Additions(party=party), **making.lock(agreement)
    )
    rename(joining, "Autre nom")
    assert names(agreement)["other"] == "Mission locale d’essai"


def test_a_name_signed_wrongly_is_corrected_and_the_one_noted_first_stays_said(member, client_of):
    agreement = making.local(member)
    party = agreement.parties.get(side="partner")
    browser = client_of(member)
    assert post(browser, "act", agreement, "corriger-partie", party=party.pk, name=SIGNED_NAME).status_code == 422
    given = {"party": party.pk, "name": "Service public de l’emploi du Bocage"}
    assert post(browser, "act", agreement, "corriger-partie", **given).status_code == 302
    page = page_of(browser, agreement)
    assert f"nom corrigé le 21 novembre 2026 ; noté d’abord « {SIGNED_NAME} »" in page
    assert "a corrigé le nom sous lequel une partie a signé" in page
    said = words(browser.get(reverse("agreements:document", args=[agreement.pk])).content)
    assert "Service public de l’emploi du Bocage (nom corrigé" in said.replace("\xa0", " ")


def test_nobody_else_than_the_author_corrects_a_name(member, client_of):
    agreement = making.local(member)
    party = agreement.parties.get(side="partner")
    given = {"party": party.pk, "name": "Autre"}
    assert post(client_of(making.partner_seat()), "seat-act", agreement, "corriger-partie", **given).status_code == 404
    other = MembershipFactory(facilitator=True)
    assert post(client_of(other), "act", agreement, "corriger-partie", **given).status_code == 404
    assert names(Agreement.objects.get(pk=agreement.pk))["partner"] == SIGNED_NAME


def test_what_was_signed_before_names_were_kept_takes_those_of_today(member):
    agreement, unsigned = making.local(member), making.complete(member, making.draft(member))
    Party.objects.update(name="")
    import_module("dentelle.network.agreements.migrations.0003_names_as_signed").keep_names(apps, None)
    assert agreement.parties.get(side="partner").name == SIGNED_NAME
    assert set(unsigned.parties.values_list("name", flat=True)) == {""}


def misspelt(member):
    """A draft of a structure without SIRET; its only party of its side is at the directory under another spelling."""
    Structure.objects.filter(pk=member.structure_id).update(siret="", name="Maison de l’emploi du Bocage")
    return making.draft(member), making.organisation(making.AUTHOR_SIREN, "Maison de l’emploi du Bocaje")


def add(browser, agreement, organisation, **given):
    return post(
        browser, "act", agreement, "partie", siret=organisation.siret, **{"side": "author", "is_public": "no", **given}
    )


def test_ones_own_structure_is_proposed_with_its_number_and_its_name(member, client_of):
    Structure.objects.filter(pk=member.structure_id).update(siret=making.organisation(making.AUTHOR_SIREN).siret)
    agreement = making.draft(member)
    address = reverse("agreements:act", args=[agreement.pk, "partie"])
    page = unescape(client_of(member).get(f"{address}?side=author").content.decode())
    assert f'value="{making.organisation(making.AUTHOR_SIREN).siret}"' in page
    assert f'value="{Structure.objects.get(pk=member.structure_id).name}"' in page
    assert "C’est ma structure" not in page
    for asked in ("?side=partner", ""):
        page = client_of(member).get(f"{address}{asked}").content.decode()
        assert f'value="{making.organisation(making.AUTHOR_SIREN).siret}"' not in page
        assert reverse("directory:options") in page


def test_ones_own_structure_is_recognised_whatever_its_spelling_once_it_is_said(member, client_of):
    agreement, own = misspelt(member)
    browser = client_of(member)
    assert add(browser, agreement, own).status_code == 302
    assert add(browser, agreement, making.partner(), side="partner", is_public="yes").status_code == 302
    page = page_of(browser, agreement)
    assert "Aucune de ces parties n’est reconnue comme « Maison de l’emploi du Bocage »" in page
    assert "Dire quelle partie est votre structure" in page
    assert sheet_of(member, agreement.pk, NOW.date()).lacks_own
    # said of the party already there: it stays, nothing is typed twice
    assert add(browser, agreement, own, is_own="on").status_code == 302
    assert agreement.parties.count() == 2
    assert not sheet_of(member, agreement.pk, NOW.date()).lacks_own
    assert "n’est reconnue" not in page_of(browser, agreement)
    for party in agreement.parties.all():
        for rank in range(party.signatories_needed):
            writing.add_signatory(
                member, agreement.pk, party.pk, full_name=f"Personne {rank}", function="", **making.lock(agreement)
            )
    writing.add_article(member, agreement.pk, title="Coopérer", text="Ensemble.", **making.lock(agreement))
    assert making.move(member, agreement, "propose").state == "proposed"


def test_a_structure_is_not_its_own_partner(member, client_of):
    agreement, own = misspelt(member)
    answer = add(client_of(member), agreement, own, side="partner", is_own="on")
    assert answer.status_code == 422
    assert "Votre structure est du côté" in answer.content.decode()
    assert not agreement.parties.exists()


def test_a_name_the_directory_does_not_have_is_told_with_where_to_correct_it(member, client_of):
    agreement, own = misspelt(member)
    browser = client_of(member)
    add(browser, agreement, own, name="Maison de l’emploi du Bocage", is_own="on")
    page = page_of(browser, agreement)
    assert "déjà à l’annuaire sous le nom « Maison de l’emploi du Bocaje »" in page
    assert "corrigez sa fiche" in page
    add(browser, agreement, making.partner(), name=SIGNED_NAME.upper(), side="partner", is_public="yes")
    assert "déjà à l’annuaire" not in page_of(browser, agreement)


def typed(browser, agreement, text, **given):
    known = {"siret": text, "side": "partner", "is_public": "yes", **given}
    return post(browser, "act", agreement, "partie", **known)


def said(answer):
    return " ".join(unescape(answer.content.decode()).replace("\u202f", " ").replace("\xa0", " ").split())


@pytest.mark.parametrize("author", ["member", "head"])
def test_a_party_is_taken_by_its_very_name_accents_and_case_forgiven(author, member, client_of):
    actor = member if author == "member" else making.head_of(member)
    agreement, known = making.draft(actor), making.organisation("00000042", "Comité de l’Emploi d’Été")
    answer = typed(client_of(actor), agreement, "comite de l'emploi d'ete")
    assert answer.status_code == 302, said(answer)
    assert agreement.parties.get().organisation == known


def test_a_name_that_several_have_says_which_with_their_siret(member, client_of):
    agreement = making.draft(member)
    several = [making.organisation(number, "Mission locale d’essai") for number in ("00000042", "00000043")]
    answer = typed(client_of(member), agreement, "Mission locale d’essai")
    assert answer.status_code == 422
    for each in several:
        assert shown(each.siret).replace("\u202f", " ") in said(answer)
    assert "Donnez le SIRET de la bonne." in said(answer)
    assert not agreement.parties.exists()


def test_a_name_nobody_has_asks_for_a_siret_and_a_spoilt_siret_is_still_said_to_be_one(member, client_of):
    agreement = making.draft(member)
    answer = typed(client_of(member), agreement, "Personne de ce nom")
    assert "« Personne de ce nom » n’est pas à l’annuaire : donnez son SIRET." in said(answer)
    assert "abîmé par un tableur" in said(typed(client_of(member), agreement, "1,23E+13"))
    assert not agreement.parties.exists()


def test_an_amendment_takes_the_party_that_joins_by_its_name(member, client_of):
    known = making.organisation("00000042", "Mission locale d’essai")
    browser, agreement = client_of(member), making.local(member)
    amended = {"signed_on": "2026-11-21", "reason": "Elle rejoint", "siret": known.name, "side": "other"}
    joined = {"is_public": "no", "signatories": "Camille Durand, présidence"}
    answer = post(browser, "act", agreement, "avenant", **amended, **joined)
    assert answer.status_code == 302, said(answer)
    assert agreement.parties.get(side="other").organisation == known


def test_the_head_is_proposed_organisations_while_it_types_and_nobody_outside_is(member, client_of):
    known, head = making.organisation("00000042", "Mission locale d’essai"), making.head_of(member)
    index(known)
    address = reverse("directory:options") + "?champ=siret&siret=mission loc"
    assert known.siret in client_of(head).get(address).content.decode()
    assert client_of(making.partner_seat()).get(address).status_code == 404
    page = client_of(head).get(reverse("agreements:act", args=[making.draft(head).pk, "partie"])).content.decode()
    assert reverse("directory:options") in page
