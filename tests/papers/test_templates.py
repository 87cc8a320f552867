"""A structure's own templates: sent, examined, tried, put in force, given up."""

import pytest
from django.http import Http404
from django.urls import reverse

from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.journal.models import Entry
from dentelle.thread.papers import actions, queries
from dentelle.thread.papers.catalogue import BY_CODE
from dentelle.thread.papers.models import PaperTemplate
from dentelle.thread.papers.reading import text_of
from tests.contracts import making
from tests.papers.making import AT, plain, sent, template, upload

pytestmark = pytest.mark.django_db
NOTICE = BY_CODE["notice"]
PAGE = "/pieces/modeles/avis/"


def test_a_version_serves_once_put_in_force_and_until_it_is_given_up(facilitator, client_of) -> None:
    contract, client = making.running(facilitator), client_of(facilitator)
    download = reverse("papers:download", kwargs={"pk": contract.pk, "slug": "avis"})
    response = client.post(PAGE, {"fichier": upload(template("Notre avis : {{ marche.intitule }}"))}, follow=True)
    assert "aucune variable inconnue" in response.content.decode()
    version = PaperTemplate.objects.get()
    assert "Notre avis" not in plain(text_of(client.get(download).content))
    client.post(reverse("papers:put-in-force", kwargs={"slug": "avis", "pk": version.pk}))
    assert plain(text_of(client.get(download).content)).strip() == "Notre avis : Réfection du groupe scolaire"
    client.post(reverse("papers:come-back", kwargs={"slug": "avis"}))
    assert "article L2112-2" in text_of(client.get(download).content)
    assert PaperTemplate.objects.count() == 1
    acts = Entry.objects.filter(act__startswith="paper_template").values_list("act", flat=True)
    assert list(acts.order_by("pk")) == [
        "paper_template.sent",
        "paper_template.put_in_force",
        "paper_template.given_up",
    ]


def test_versions_are_numbered_for_each_paper_and_kept(facilitator) -> None:
    made = [sent(facilitator), sent(facilitator), sent(facilitator, "care_letter")]
    assert [each.version for each in made] == [1, 2, 1]


def test_unknown_variables_are_shown_with_their_place_and_keep_the_version_out_of_service(
    facilitator, client_of
) -> None:
    contract, client = making.running(facilitator), client_of(facilitator)
    body = template("À {{ marche.acheteuse }}, bonjour.")
    shown = client.post(PAGE, {"fichier": upload(body)}, follow=True).content.decode()
    assert "1\u202fvariable inconnue" in shown
    assert "marche.acheteuse" in shown
    assert "À {{ marche.acheteuse }}, bonjour." in shown
    assert "n’existe pas" in shown  # tried at once on a contract
    assert contract.title in shown
    version = PaperTemplate.objects.get()
    with pytest.raises(actions.TemplateNotReady):
        actions.put_in_force(facilitator, NOTICE, version.pk, at=AT)
    client.post(reverse("papers:put-in-force", kwargs={"slug": "avis", "pk": version.pk}))
    assert queries.templates_in_force(facilitator.structure)["notice"].template is None


def test_a_version_is_tried_on_the_contract_chosen(facilitator, client_of) -> None:
    first, second = making.running(facilitator, title="Le premier"), making.running(facilitator, title="Le second")
    version, client = sent(facilitator, "notice", "Essai : {{ marche.intitule }}"), client_of(facilitator)
    address = reverse("papers:version", kwargs={"slug": "avis", "pk": version.pk})
    assert "Essai : Le premier" in plain(client.get(address, {"contrat": first.pk}).content.decode())
    given = reverse("papers:try", kwargs={"slug": "avis", "pk": version.pk, "contract_pk": second.pk})
    assert "Essai : Le second" in plain(text_of(client.get(given).content))


def test_the_contract_of_another_structure_is_not_a_place_to_try(facilitator, outsider, client_of) -> None:
    theirs, version = making.running(outsider), sent(facilitator)
    given = reverse("papers:try", kwargs={"slug": "avis", "pk": version.pk, "contract_pk": theirs.pk})
    assert client_of(facilitator).get(given).status_code == 404
    address = reverse("papers:version", kwargs={"slug": "avis", "pk": version.pk})
    assert theirs.title not in client_of(facilitator).get(address, {"contrat": theirs.pk}).content.decode()


def test_the_templates_of_another_structure_are_not_found(facilitator, outsider, client_of) -> None:
    version = sent(outsider)
    with pytest.raises(Http404):
        actions.put_in_force(facilitator, NOTICE, version.pk, at=AT)
    address = reverse("papers:version", kwargs={"slug": "avis", "pk": version.pk})
    assert client_of(facilitator).get(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"pas un document", "n’est pas un document Word"),
        (template("{{ range(9) }}"), "n’a droit qu’aux variables"),
        (b"PK" + b"0" * (6 * 1024 * 1024), "5\u00a0Mo"),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_nothing_is_kept(
    facilitator, client_of, content: bytes, said: str
) -> None:
    response = client_of(facilitator).post(PAGE, {"fichier": upload(content)})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not PaperTemplate.objects.exists()
    assert not StoredFile.objects.exists()


def test_nothing_chosen_asks_for_a_file(facilitator, client_of) -> None:
    response = client_of(facilitator).post(PAGE)
    assert response.status_code == 422
    assert "Choisissez un fichier." in response.content.decode()


def test_a_version_in_quarantine_does_not_serve_and_says_why(facilitator, client_of) -> None:
    version = sent(facilitator)
    StoredFile.objects.filter(pk=version.file_id).update(state=FileState.QUARANTINED)
    with pytest.raises(actions.TemplateNotReady, match="antivirus"):
        actions.put_in_force(facilitator, NOTICE, version.pk, at=AT)
    shown = client_of(facilitator).get(reverse("papers:version", kwargs={"slug": "avis", "pk": version.pk}))
    assert shown.status_code == 200


def test_a_version_put_in_quarantine_afterwards_gives_way_to_the_shipped_one(facilitator) -> None:
    version = sent(facilitator)
    actions.put_in_force(facilitator, NOTICE, version.pk, at=AT)
    StoredFile.objects.filter(pk=version.file_id).update(state=FileState.QUARANTINED)
    in_force = queries.templates_in_force(facilitator.structure)["notice"]
    assert (in_force.template, in_force.waiting) == (None, True)


def test_a_template_whose_file_is_gone_says_so_and_the_dossier_goes_on(facilitator, client_of) -> None:
    from dentelle.foundations.documents import storage

    contract, version = making.running(facilitator), sent(facilitator, "care_letter")
    actions.put_in_force(facilitator, BY_CODE["care_letter"], version.pk, at=AT)
    storage.remove(version.file.path)
    client = client_of(facilitator)
    shown = client.get(reverse("papers:read", kwargs={"pk": contract.pk, "slug": "lettre"})).content.decode()
    assert "n’est plus là" in shown
    assert client.get(reverse("papers:dossier", kwargs={"pk": contract.pk})).status_code == 200


def test_a_reader_may_not_send_a_template(reader) -> None:
    with pytest.raises(Http404):
        sent(reader)
