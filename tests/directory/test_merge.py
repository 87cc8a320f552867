"""Two records of the same organisation become one, and nothing points to the other any more."""

import pytest
from django.db import IntegrityError, models, transaction

from dentelle.foundations.directory import access, actions, merge
from dentelle.foundations.directory.candidates import candidates
from dentelle.foundations.directory.models import Contact, Organisation, OrganisationKind, Seat
from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.foundations.journal.models import Entry
from dentelle.foundations.journal.queries import timeline
from tests.directory.making import TODAY, contact, organisation, siren_of, siret_of
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(facilitator):
    return organisation(facilitator, 1, "Ville de Saint-Élan", kinds=["buyer"])


@pytest.fixture
def duplicate(facilitator):
    return organisation(facilitator, 1, "Commune de Saint Elan", establishment=2, kinds=["buyer", "company"])


def refused(*arguments, **more):
    with pytest.raises(DirectoryRefused) as refusal:
        merge.merge(*arguments, at=NOW, **more)
    return refusal.value.code


def test_every_foreign_key_to_an_organisation_is_known():
    """Whatever app is added later, its keys are found by Django itself, hidden ones included."""
    from django.apps import apps

    declared = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is Organisation
    }
    found = {f"{field.model._meta.label_lower}.{field.name}" for field in merge.references()}
    assert found == declared
    assert "directory.contact.organisation" in found


def test_contacts_of_every_structure_follow(facilitator, outsider, kept, duplicate):
    mine, theirs = contact(facilitator, duplicate), contact(outsider, duplicate)
    done = merge.merge(facilitator, kept.pk, duplicate.pk, at=NOW)
    assert done.moved["directory.contact.organisation"] == 2
    assert set(Contact.objects.filter(organisation=kept)) == {mine, theirs}
    assert not Contact.objects.filter(organisation=duplicate).exists()


def test_kinds_both_have_become_one_and_others_follow(facilitator, kept, duplicate):
    kept.kinds.update(valid_from=TODAY)
    merge.merge(facilitator, kept.pk, duplicate.pk, at=NOW)
    rows = OrganisationKind.objects.filter(organisation=kept).order_by("kind")
    assert [(row.kind, row.valid_from) for row in rows] == [("buyer", None), ("company", None)]
    assert not duplicate.kinds.exists()


def test_a_person_seated_in_both_keeps_one_open_seat(facilitator, kept, duplicate):
    user = UserFactory()
    for one in (kept, duplicate):
        actions.open_seat(user, one, "buyer", by=facilitator.user, structure=facilitator.structure, at=NOW)
    merge.merge(facilitator, kept.pk, duplicate.pk, at=NOW)
    assert Seat.objects.filter(organisation=kept).count() == 2
    assert Seat.objects.open().get().organisation == kept


def test_a_clash_nobody_knows_how_to_settle_refuses_the_whole_merge(facilitator, kept, duplicate, monkeypatch):
    contact(facilitator, duplicate)
    monkeypatch.setattr(merge, "_settlements", {})
    assert refused(facilitator, kept.pk, duplicate.pk) == "clash"
    assert Contact.objects.get().organisation == duplicate
    duplicate.refresh_from_db()
    assert duplicate.merged_into is None


def test_the_duplicate_leads_to_the_record_kept_whatever_asks_for_it(facilitator, kept, duplicate):
    merge.merge(facilitator, kept.pk, duplicate.pk, at=NOW)
    assert access.organisation_visible_to(facilitator, duplicate.pk) == kept
    assert actions.find_by_siret(siret_of(1, 2)) == kept
    assert organisation(facilitator, 1, "Encore", establishment=2) == kept
    assert list(access.organisations_visible_to(facilitator)) == [kept]


def test_merging_what_received_merges_keeps_every_signpost_one_step_long(facilitator, kept, duplicate):
    third = organisation(facilitator, 1, "Mairie de Saint-Élan", establishment=3)
    merge.merge(facilitator, duplicate.pk, third.pk, at=NOW)
    merge.merge(facilitator, kept.pk, duplicate.pk, at=NOW)
    assert set(Organisation.objects.filter(merged_into=kept)) == {duplicate, third}


def test_circles_are_refused(facilitator, kept, duplicate):
    assert refused(facilitator, kept.pk, kept.pk) == "same"
    merge.merge(facilitator, kept.pk, duplicate.pk, at=NOW)
    assert refused(facilitator, duplicate.pk, kept.pk) == "already_merged"
    assert refused(facilitator, kept.pk, duplicate.pk) == "already_merged"
    assert refused(facilitator, kept.pk, 10**9) == "unknown"
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=kept.pk).update(merged_into=kept.pk)


def test_two_legal_units_are_merged_only_when_said_on_purpose(facilitator, kept):
    other = organisation(facilitator, 2, "Ville de Saint-Élan")
    assert refused(facilitator, kept.pk, other.pk) == "other_siren"
    merge.merge(facilitator, kept.pk, other.pk, other_siren=True, at=NOW)
    kept.refresh_from_db()
    assert kept.siret == siret_of(1)


def test_the_record_kept_takes_the_siret_and_the_place_it_lacked(facilitator):
    bare = organisation(facilitator, 3, "Sans établissement", identifier=siren_of(3))
    full = organisation(facilitator, 3, "Avec établissement", address="1 rue du Lavoir")
    merge.merge(facilitator, bare.pk, full.pk, at=NOW)
    bare.refresh_from_db()
    assert (bare.siret, bare.address, bare.name) == (siret_of(3), "1 rue du Lavoir", "Sans établissement")
    assert actions.find_by_siret(siret_of(3)) == bare


def test_the_history_says_it_on_both_records_with_figures_only(facilitator, kept, duplicate):
    contact(facilitator, duplicate)
    merge.merge(facilitator, kept.pk, duplicate.pk, at=NOW)
    entry = Entry.objects.get(act="organisation.merged")
    assert entry.facts == {"duplicate": duplicate.pk, "siret": siret_of(1, 2), "moved": 2, "settled": 1}
    told = [event.what for event in timeline(kept, viewer=facilitator, also=[duplicate]).events]
    assert any(what.startswith("a fusionné dans cette fiche") for what in told)
    assert any(what.startswith("a fusionné cette fiche dans") for what in told)


def test_a_reader_merges_nothing(reader, kept, duplicate):
    assert refused(reader, kept.pk, duplicate.pk) == "reader"


def test_likely_duplicates_are_proposed_with_their_reason(facilitator):
    here = organisation(facilitator, 11, "Menuiserie Kerautou", commune_code="79049")
    alike = organisation(facilitator, 12, "MENUISERIES KERAUTOU SARL")
    unknown_place = organisation(facilitator, 11, "Tout autre nom", identifier=siren_of(11))
    organisation(facilitator, 13, "Boulangerie Marault")
    found = {one.organisation: one.because for one in candidates(facilitator, here)}
    assert found == {
        unknown_place: "même SIREN, établissement inconnu sur une des fiches",
        alike: "nom proche",
    }


def test_another_establishment_of_the_same_company_is_not_a_duplicate(facilitator):
    here = organisation(facilitator, 21, "Propreté Genac", commune_code="79049")
    organisation(facilitator, 21, "Agence du littoral", establishment=2, commune_code="85047")
    assert candidates(facilitator, here) == ()
