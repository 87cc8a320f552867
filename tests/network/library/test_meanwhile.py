"""Two people keep one library: neither replaces unread what the other wrote."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dentelle.network.library import actions
from dentelle.network.library.actions import Step
from dentelle.network.library.models import LibraryItem, PathStep
from tests.factories import NOW, NetworkSeatFactory
from tests.forms import said_of, sent_back, text
from tests.network.library import making

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def seat():
    return NetworkSeatFactory()


@pytest.fixture
def mine(seat, client_of):
    return client_of(seat)


@pytest.fixture
def hers(seat, client_of):
    """Another person who runs the network."""
    return client_of(NetworkSeatFactory(network=seat.network))


def test_a_resource_both_wrote_is_shown_to_the_second_and_saved_knowingly(seat, mine, hers):
    address = reverse("library:change", args=[making.item(seat).pk])
    opened = mine.get(address)
    theirs = sent_back(hers.get(address), "title", title="Le sien", up_to_date_on="2026-11-10", review_months="6")
    assert hers.post(address, theirs).status_code == 302
    conflict = mine.post(address, sent_back(opened, "title", title="Le mien", summary="En bref"))
    assert conflict.status_code == 409
    assert said_of(conflict, "Titre") == ["Le sien", "Le mien"]
    assert said_of(conflict, "À jour au") == ["10/11/2026"]
    assert LibraryItem.objects.get().title == "Le sien"
    assert mine.post(address, sent_back(conflict, "title")).status_code == 302
    kept = LibraryItem.objects.get()
    assert (kept.title, kept.summary, kept.review_months, f"{kept.up_to_date_on}") == (
        "Le mien",
        "En bref",
        6,
        "2026-11-10",
    )


def test_a_file_left_alone_stays(seat, mine, hers):
    address = reverse("library:change", args=[making.item(seat).pk])
    opened = mine.get(address)
    answer = hers.post(address, sent_back(hers.get(address), "title", file=SimpleUploadedFile("guide.txt", b"Le sien")))
    assert answer.status_code == 302, text(answer)[-6000:]
    kept = LibraryItem.objects.get().file
    assert kept is not None
    assert mine.post(address, sent_back(opened, "title", title="Le mien")).status_code == 302
    assert (LibraryItem.objects.get().title, LibraryItem.objects.get().file) == ("Le mien", kept)


def test_a_file_sent_over_that_of_another_is_asked_for_again(seat, mine, hers):
    address = reverse("library:change", args=[making.item(seat).pk])
    opened = mine.get(address)
    theirs = sent_back(hers.get(address), "title", file=SimpleUploadedFile("guide.txt", b"Le sien"))
    assert hers.post(address, theirs).status_code == 302
    conflict = mine.post(address, sent_back(opened, "title", file=SimpleUploadedFile("autre.txt", b"Le mien")))
    assert conflict.status_code == 409
    assert "Choisissez de nouveau ce fichier" in text(conflict)
    assert LibraryItem.objects.get().file.name == "guide.txt"
    again = sent_back(conflict, "title", file=SimpleUploadedFile("autre.txt", b"Le mien"))
    assert mine.post(address, again).status_code == 302
    assert LibraryItem.objects.get().file.name == "autre.txt"


def test_a_path_written_meanwhile_is_shown_and_replaced_knowingly(seat, mine, hers):
    actions.write_path(seat, [Step("Lire un contrat", "Le premier venu.", None)], at=NOW)
    address = reverse("library:path-write")
    opened = mine.get(address)
    theirs = sent_back(hers.get(address), "titre", titre=["Lire un contrat", "Appeler une SIAE", "", ""])
    assert hers.post(address, theirs).status_code == 302
    conflict = mine.post(address, sent_back(opened, "titre", titre=["Lire un contrat", "Voir un chantier", "", ""]))
    assert conflict.status_code == 409
    assert "<strong>Appeler une SIAE</strong>" in text(conflict)
    again = sent_back(conflict, "titre")
    assert again["titre"] == ["Lire un contrat", "Voir un chantier", "", ""]
    assert PathStep.objects.filter(title="Appeler une SIAE").exists()
    assert mine.post(address, again).status_code == 302
    assert list(PathStep.objects.order_by("rank").values_list("title", flat=True)) == [
        "Lire un contrat",
        "Voir un chantier",
    ]
