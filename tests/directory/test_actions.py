"""What people do to organisations and contacts."""

from datetime import timedelta

import pytest
from django.http import Http404

from dentelle.foundations.directory import actions, contact_actions, learning
from dentelle.foundations.directory.addresses import is_generic
from dentelle.foundations.directory.identifiers import IdentifierRefused
from dentelle.foundations.directory.learning import Learnt
from dentelle.foundations.directory.models import Contact, Organisation, OrganisationKind
from dentelle.foundations.directory.queries import contacts_of
from dentelle.foundations.directory.refusals import DirectoryRefused, EditedMeanwhile
from dentelle.foundations.journal.models import Entry
from tests.directory.making import TODAY, contact, organisation, siren_of, siret_of
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


def test_one_siret_is_one_organisation_whoever_asks(facilitator, outsider):
    first = organisation(facilitator, 1, "Ville de Saint-Élan", kinds=["buyer"])
    again, made = actions.find_or_create_by_siret(outsider, f" {siret_of(1)} ", kinds=["company"], at=NOW)
    assert (again, made) == (first, False)
    assert sorted(first.kinds.values_list("kind", flat=True)) == ["buyer", "company"]
    assert Entry.objects.filter(act="organisation.created").count() == 1


def test_the_siret_completes_the_organisation_when_data_know_it(facilitator, monkeypatch):
    monkeypatch.setattr(learning, "learn", lambda identifier: Learnt("VILLE DE SAINT-ÉLAN", "sirene", "79049", "7210"))
    made, _ = actions.find_or_create_by_siret(facilitator, siret_of(1), at=NOW)
    assert (made.name, made.name_source, made.commune_code, made.legal_category) == (
        "VILLE DE SAINT-ÉLAN",
        "sirene",
        "79049",
        "7210",
    )


def test_without_data_the_name_is_asked_for(facilitator):
    with pytest.raises(DirectoryRefused) as refusal:
        actions.find_or_create_by_siret(facilitator, siret_of(1), at=NOW)
    assert (refusal.value.code, refusal.value.field) == ("name_needed", "name")
    assert not Organisation.objects.exists()


def test_a_reader_changes_nothing(reader, facilitator):
    with pytest.raises(DirectoryRefused, match="rôle"):
        organisation(reader, 1)
    here = organisation(facilitator, 1)
    for act in (
        lambda: contact(reader, here),
        lambda: actions.set_kinds(reader, here.pk, ["buyer"], on=TODAY, at=NOW),
        lambda: actions.update_organisation(reader, here.pk, actions.Identity("x"), expected_revision=1, at=NOW),
    ):
        with pytest.raises(Http404):
            act()


def test_a_change_made_from_an_older_reading_is_refused(facilitator):
    here = organisation(facilitator, 1, "Avant")
    actions.update_organisation(facilitator, here.pk, actions.Identity("Première"), expected_revision=1, at=NOW)
    with pytest.raises(EditedMeanwhile):
        actions.update_organisation(facilitator, here.pk, actions.Identity("Seconde"), expected_revision=1, at=NOW)
    here.refresh_from_db()
    assert here.name == "Première"


def test_a_siren_is_completed_by_one_of_its_own_sirets_only(facilitator):
    here = organisation(facilitator, 1, "Connue de loin", identifier=siren_of(1))
    taken = organisation(facilitator, 1, "Autre établissement", establishment=3)
    same = {"identity": actions.Identity("Connue de loin"), "expected_revision": 1, "at": NOW}
    with pytest.raises(IdentifierRefused) as other:
        actions.update_organisation(facilitator, here.pk, siret=siret_of(2), **same)
    assert other.value.code == "other_siren"
    with pytest.raises(DirectoryRefused) as both:
        actions.update_organisation(facilitator, here.pk, siret=taken.siret, **same)
    assert both.value.code == "siret_taken"
    actions.update_organisation(facilitator, here.pk, siret=siret_of(1), **same)
    here.refresh_from_db()
    assert here.siret == siret_of(1)


def test_kinds_open_and_end_with_their_dates(facilitator):
    here = organisation(facilitator, 1, kinds=["company"])
    actions.set_kinds(facilitator, here.pk, ["siae_ei"], on=TODAY, at=NOW)
    rows = {row.kind: (row.valid_from, row.valid_to) for row in OrganisationKind.objects.all()}
    assert rows == {"company": (None, TODAY), "siae_ei": (TODAY, None)}
    before = Entry.objects.count()
    actions.set_kinds(facilitator, here.pk, ["siae_ei"], on=TODAY, at=NOW)
    assert Entry.objects.count() == before


def test_a_seat_is_opened_once_and_closed_once(facilitator):
    here, user = organisation(facilitator, 1), UserFactory()
    given = {"by": facilitator.user, "structure": facilitator.structure, "at": NOW}
    seat = actions.open_seat(user, here, "buyer", **given)
    assert actions.open_seat(user, here, "buyer", **given) == seat
    for _ in range(2):
        actions.close_seat(seat, **given)
    assert [entry.act for entry in Entry.objects.filter(act__startswith="seat").order_by("pk")] == [
        "seat.opened",
        "seat.closed",
    ]


def test_a_contact_has_several_addresses_and_the_last_good_one_is_written_to(facilitator):
    person = contact(facilitator, organisation(facilitator, 1), emails=["Ancienne@Essai.example"])
    contact_actions.add_email(facilitator, person.pk, "nouvelle@essai.example", on=TODAY, at=NOW)
    assert person.email == "nouvelle@essai.example"
    contact_actions.close_email(facilitator, person.emails.last().pk, on=TODAY + timedelta(days=1), at=NOW)
    assert person.email == "ancienne@essai.example"
    with pytest.raises(DirectoryRefused, match="déjà"):
        contact_actions.add_email(facilitator, person.pk, "ANCIENNE@essai.example", on=TODAY, at=NOW)


def test_closing_a_contact_ends_its_addresses_and_keeps_it_in_history(facilitator):
    here = organisation(facilitator, 1)
    person = contact(facilitator, here)
    for _ in range(2):
        contact_actions.close_contact(facilitator, person.pk, on=TODAY, at=NOW)
    book = contacts_of(facilitator, here)
    assert (book.current, [row.name for row in book.former]) == ((), ["Jeanne Marchand"])
    assert person.emails.get().valid_to == TODAY
    assert Entry.objects.filter(act="contact.closed").count() == 1


def test_the_journal_never_holds_the_words_of_a_contact(facilitator):
    contact(facilitator, organisation(facilitator, 1), "Jeanne Marchand", phone="05 49 00 00 00")
    facts = str(list(Entry.objects.values_list("facts", flat=True)))
    assert "Jeanne" not in facts
    assert "@" not in facts


def test_contacts_of_another_structure_do_not_exist(facilitator, outsider):
    here = organisation(facilitator, 1)
    person = contact(facilitator, here)
    assert contacts_of(outsider, here).current == ()
    with pytest.raises(Http404):
        contact_actions.close_contact(outsider, person.pk, on=TODAY, at=NOW)
    assert Contact.objects.get().valid_to is None


def advice(membership, here):
    return " ".join(contacts_of(membership, here).advice)


def test_three_contacts_one_of_them_responsible_and_named_addresses_are_advised(facilitator):
    here = organisation(facilitator, 1)
    assert "au moins trois contacts (0" in advice(facilitator, here)
    contact(facilitator, here, "Accueil", emails=["mairie@essai.example"])
    assert "génériques" in advice(facilitator, here)
    assert "responsable" in advice(facilitator, here)
    contact(facilitator, here, "Paul", is_manager=True, emails=["paul@essai.example"])
    contact(facilitator, here, "Anne", emails=[])
    assert advice(facilitator, here) == ""


@pytest.mark.parametrize(
    ("address", "generic"),
    [
        ("contact@essai.example", True),
        ("mairie-saint-elan@essai.example", True),
        ("accueil2@essai.example", True),
        ("marches.publics@essai.example", True),
        ("secrétariat@essai.example", True),
        ("jeanne.marchand@essai.example", False),
        ("j.mairie@essai.example", False),
        ("mairiel@essai.example", False),
    ],
)
def test_addresses_read_by_nobody_in_particular_are_recognised(address, generic):
    assert is_generic(address) is generic
