"""What is said on a contract: who reads it, its files, the one answer to all, and who was told."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.thread.contracts.actions.exchange import (
    ATTACHMENT_BYTES,
    add_exchange,
    answer_question,
    share_exchange,
    tell_of_exchange,
)
from dentelle.thread.contracts.answers import answers_text, questions_of
from dentelle.thread.contracts.models import Contract, Exchange, Sharing
from dentelle.thread.contracts.refusals import ContractRefused, EditedMeanwhile
from tests.contracts import making
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 3)


@pytest.fixture
def contract(facilitator) -> Contract:
    return making.running(facilitator)


def text(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def lock(contract: Contract) -> dict:
    contract.refresh_from_db()
    return {"expected_revision": contract.revision, "at": NOW}


def asked(facilitator, contract: Contract, words: str = "Un apprenti compte-t-il ?") -> Exchange:
    return add_exchange(facilitator, contract.pk, kind="question", happened_on=ON, text=words, **lock(contract))


def test_an_exchange_is_read_by_the_structure_alone_unless_somebody_chose(facilitator, contract, client_of) -> None:
    form = client_of(facilitator).get(f"/contrats/{contract.pk}/echange").context["form"]
    assert form["sharing"].value() == Sharing.INNER
    add_exchange(facilitator, contract.pk, kind="note", happened_on=ON, text="Entre nous", **lock(contract))
    assert contract.exchanges.get().sharing == Sharing.INNER


def test_readers_are_changed_and_the_history_says_what_was_open(facilitator, contract, client_of) -> None:
    note = add_exchange(facilitator, contract.pk, kind="note", happened_on=ON, text="Note", **lock(contract))
    share_exchange(facilitator, contract.pk, note.pk, sharing="buyer", **lock(contract))
    note.refresh_from_db()
    assert note.sharing == Sharing.BUYER
    assert "a choisi qui lit un échange : la structure et l’acheteur" in text(
        client_of(facilitator).get(f"/contrats/{contract.pk}")
    )


def test_readers_nobody_knows_are_refused(facilitator, contract) -> None:
    with pytest.raises(ContractRefused, match="qui lira"):
        add_exchange(
            facilitator, contract.pk, kind="note", happened_on=ON, text="Note", sharing="all", **lock(contract)
        )


def test_a_file_is_kept_and_served_to_the_structure_only(facilitator, outsider, contract, client_of) -> None:
    upload = SimpleUploadedFile("feuille.txt", b"signatures")
    typed = {
        "revision": contract.revision,
        "kind": "meeting",
        "happened_on": "2026-11-03",
        "text": "Réunion",
        "sharing": "inner",
    }
    client_of(facilitator).post(f"/contrats/{contract.pk}/echange", {**typed, "attachment": upload})
    stored = contract.exchanges.get().attachment
    assert (stored.name, stored.structure_id) == ("feuille.txt", contract.structure_id)
    page = text(client_of(facilitator).get(f"/contrats/{contract.pk}"))
    assert f"/fichiers/{stored.pk}/" in page
    assert client_of(outsider).get(f"/fichiers/{stored.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("outil.exe", b"MZ\x00\x01\x02", "type inconnu"),
        ("vide.pdf", b"", "est vide"),
        ("gros.txt", b"a" * (ATTACHMENT_BYTES + 1), "10 Mo"),
    ],
)
def test_a_file_that_cannot_be_taken_is_said_at_its_field_and_nothing_is_written(
    facilitator, contract, client_of, name: str, content: bytes, said: str
) -> None:
    typed = {
        "revision": contract.revision,
        "kind": "meeting",
        "happened_on": "2026-11-03",
        "text": "Réunion",
        "sharing": "inner",
    }
    upload = SimpleUploadedFile(name, content)
    response = client_of(facilitator).post(f"/contrats/{contract.pk}/echange", {**typed, "attachment": upload})
    assert response.status_code == 422
    # an empty file never reaches the act: the form itself says so
    assert said in text(response) or "vide" in text(response)
    assert "Réunion" in text(response)
    assert not Exchange.objects.exists()
    assert not StoredFile.objects.exists()
    contract.refresh_from_db()
    assert contract.revision == typed["revision"]


def test_a_file_in_quarantine_is_named_and_not_offered(facilitator, contract, client_of, settings, tmp_path) -> None:
    settings.CLAMD_SOCKET = str(tmp_path / "nobody-answers")
    add_exchange(
        facilitator,
        contract.pk,
        kind="note",
        happened_on=ON,
        text="Note",
        attachment=SimpleUploadedFile("piece.txt", b"piece"),
        **lock(contract),
    )
    stored = StoredFile.objects.get()
    assert stored.state == FileState.QUARANTINED
    page = text(client_of(facilitator).get(f"/contrats/{contract.pk}"))
    assert "piece.txt (en quarantaine)" in page
    assert str(stored.pk) not in page


def test_a_file_sent_from_an_older_page_leaves_nothing_behind(facilitator, contract) -> None:
    with pytest.raises(EditedMeanwhile):
        add_exchange(
            facilitator,
            contract.pk,
            kind="note",
            happened_on=ON,
            text="Note",
            attachment=SimpleUploadedFile("piece.txt", b"piece"),
            expected_revision=contract.revision - 1,
            at=NOW,
        )
    assert not StoredFile.objects.exists()


def test_the_answers_are_one_text_in_the_order_of_the_questions_without_who_asked(facilitator, contract) -> None:
    first, second = asked(facilitator, contract, "Première ?"), asked(facilitator, contract, "Seconde ?")
    asked(facilitator, contract, "Sans réponse ?")
    for question, answer in ((second, "Non."), (first, "Oui.")):
        answer_question(facilitator, contract.pk, question.pk, answer=answer, on=ON, **lock(contract))
    said = answers_text(contract, questions_of(contract))
    assert said.index("Question 1, reçue le 03/11/2026\nPremière ?") < said.index("Question 2")
    assert "Réponse donnée à tous le 03/11/2026\nOui." in said
    assert "Sans réponse ?" not in said


def test_who_was_told_is_noted_once_each_and_shown_beside_the_answer(facilitator, contract, client_of) -> None:
    question = asked(facilitator, contract)
    answer_question(facilitator, contract.pk, question.pk, answer="Oui.", on=ON, **lock(contract))
    lines = ["Bâtisseurs 1, par courriel", "  Bâtisseurs 2,  profil d’acheteur ", "", "Bâtisseurs 1, par courriel"]
    assert tell_of_exchange(facilitator, contract.pk, question.pk, recipients=lines, on=ON, **lock(contract)) == 2
    again = ["Bâtisseurs 1, par courriel", "Bâtisseurs 3"]
    assert tell_of_exchange(facilitator, contract.pk, question.pk, recipients=again, on=ON, **lock(contract)) == 1
    page = text(client_of(facilitator).get(f"/contrats/{contract.pk}/reponses"))
    assert "Bâtisseurs 2, profil d’acheteur, le 03/11/2026" in page


def test_nobody_is_told_of_a_question_before_its_answer(facilitator, contract) -> None:
    question = asked(facilitator, contract)
    with pytest.raises(ContractRefused, match="réponse"):
        tell_of_exchange(facilitator, contract.pk, question.pk, recipients=["A"], on=ON, **lock(contract))


def test_an_associated_structure_reads_no_question_of_the_consultation(facilitator, contract, client_of) -> None:
    from dentelle.thread.contracts.models import Association
    from tests.factories import MembershipFactory

    asked(facilitator, contract)
    associated = MembershipFactory(outsider=True)
    Association.objects.create(structure=associated.structure, contract=contract, due_minutes=60, since=ON)
    page = text(client_of(associated).get(f"/contrats/{contract.pk}/reponses"))
    assert "apprenti" not in page
