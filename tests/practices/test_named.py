"""Words that tell who somebody is: masked for whoever reads a sheet from outside, shown to whoever may have them corrected."""

import pytest
from django.urls import reverse

from dentelle.network.practices import actions
from dentelle.network.practices.models import VersionState
from dentelle.network.practices.named import named_in, outside
from dentelle.network.practices.refusals import PracticeRefused
from tests.factories import NOW
from tests.practices import making

pytestmark = pytest.mark.django_db
NAMES = "Mme Hélène Le Gall"
TOLD = f"{NAMES} s’en charge, au +33 (0)6 12 34 56 78 ou à helene@essai.example."
EVERYWHERE = {
    "title": "La crèche de Mme Le Gall",
    "summary": TOLD,
    "host": "Association de M. Martin",
    "description": TOLD,
    "difficulties": TOLD,
    "milestones": ["Appeler le 02 99 12 34 56"],
    "partners": ["Région\u00a0: Mme Durand"],
    "entry_cost": "demander à cout@essai.example",
    "results": [
        {"what": "Suivi de Mme Petit", "value": "9", "source": "bilan@essai.example", "period": "M. Roy, 2025"}
    ],
}
SECRETS = ("Gall", "Martin", "6 12 34", "helene@", "02 99 12", "Durand", "cout@", "Petit", "bilan@", "Roy")


def knowing_published(author, **changed):
    practice = making.draft(author, **changed)
    actions.submit(author, practice.pk, at=NOW, knowing=True)
    actions.review(making.neighbour_of(author), practice.pk, making.PROFILE, "", at=NOW)
    return actions.publish(making.head_of(author), practice.pk, at=NOW, knowing=True)


def test_words_that_tell_who_somebody_is_are_masked_outside_in_every_free_text(facilitator, client, client_of):
    practice = knowing_published(facilitator, **EVERYWHERE)
    shown = client.get(reverse("practices:public", kwargs={"pk": practice.pk})).content.decode()
    for secret in SECRETS:
        assert secret not in shown, secret
    assert "La crèche de Mme [nom masqué]" in shown
    inside = client_of(making.neighbour_of(facilitator)).get(reverse("practices:detail", kwargs={"pk": practice.pk}))
    assert NAMES in inside.content.decode()


def test_every_field_somebody_writes_in_is_masked_outside_whatever_it_is(facilitator):
    practice = knowing_published(facilitator, **EVERYWHERE)
    read = str(outside(practice.published.content))
    assert not [secret for secret in SECRETS if secret in read]
    assert "contact_name" not in outside(practice.published.content)
    assert not named_in(outside(practice.published.content))


def test_a_sheet_is_proposed_with_words_that_tell_who_somebody_is_only_by_whoever_read_which(facilitator, client_of):
    practice = making.draft(facilitator, description=TOLD)
    with pytest.raises(PracticeRefused, match=r"Description .*Mme Hélène Le Gall"):
        actions.submit(facilitator, practice.pk, at=NOW)
    client = client_of(facilitator)
    page = client.get(reverse("practices:detail", kwargs={"pk": practice.pk})).content.decode()
    assert "Des mots désignent quelqu’un" in page
    assert "«&#8239;helene@essai.example&#8239;»" in page
    act = reverse("practices:act", kwargs={"pk": practice.pk, "code": "proposer"})
    client.post(act)
    assert practice.versions.get().state == VersionState.DRAFT
    client.post(act, {"sachant": "oui"})
    assert practice.versions.get().state == VersionState.SUBMITTED


def test_a_sheet_is_published_with_words_that_tell_who_somebody_is_only_by_whoever_read_which(facilitator, client_of):
    practice = making.draft(facilitator, summary=TOLD)
    actions.submit(facilitator, practice.pk, at=NOW, knowing=True)
    actions.review(making.neighbour_of(facilitator), practice.pk, making.PROFILE, "", at=NOW)
    seat = making.head_of(facilitator)
    with pytest.raises(PracticeRefused, match="Résumé"):
        actions.publish(seat, practice.pk, at=NOW)
    page = client_of(seat).get(reverse("practices:head-detail", kwargs={"pk": practice.pk})).content.decode()
    assert "Publier en le sachant" in page
    client_of(seat).post(
        reverse("practices:head-act", kwargs={"pk": practice.pk, "code": "publier"}), {"sachant": "oui"}
    )
    assert practice.versions.get().state == VersionState.PUBLISHED


def test_whoever_writes_or_reviews_a_sheet_is_told_its_words_that_tell_who_somebody_is(facilitator, client_of):
    practice = making.draft(facilitator, description=TOLD)
    write = client_of(facilitator).get(reverse("practices:edit", kwargs={"pk": practice.pk})).content.decode()
    actions.submit(facilitator, practice.pk, at=NOW, knowing=True)
    neighbour = client_of(making.neighbour_of(facilitator))
    for page in (write, neighbour.get(reverse("practices:review", kwargs={"pk": practice.pk})).content.decode()):
        assert "Des mots désignent quelqu’un" in page


def test_a_sheet_that_names_nobody_but_its_contact_is_proposed_without_a_word(facilitator, client_of):
    practice = making.draft(facilitator, contact_name="Mme Le Gall", contact_phone="02 99 12 34 56")
    page = client_of(facilitator).get(reverse("practices:detail", kwargs={"pk": practice.pk})).content.decode()
    assert "Des mots désignent quelqu’un" not in page
    assert actions.submit(facilitator, practice.pk, at=NOW).state == VersionState.SUBMITTED
