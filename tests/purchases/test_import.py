import csv
import io
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dentelle.foundations.jobs.models import Job
from dentelle.foundations.journal.models import Entry
from dentelle.thread.purchases import queries
from tests.opendata.decp.helpers import contract, text_2022
from tests.purchases.conftest import key
from tests.serving_frames import purchase
from tests.shared import shared_path

pytestmark = pytest.mark.django_db(transaction=True)


def text(response) -> str:
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(plain).replace("\u202f", " "))


def test_the_page_says_what_is_loaded_and_what_was_refused(client_of, reader, data) -> None:
    data(
        purchase(key(1)),
        purchase(key(2), social_status="none", buyer_name=None, amount_flag="too_large"),
        rejects=[
            {
                "source_sha256": "ab" * 32,
                "source_name": "a.json",
                "record_index": 1,
                "byte_offset": 7,
                "defect": "x",
                "reason": "Illisible.",
                "excerpt": "=1+1",
            },
        ],
        sources=[{"source_sha256": "ab" * 32, "source_name": "a.json", "format": "json", "read": 3, "rejected": 1}],
    )
    client = client_of(reader)
    page = text(client.get("/donnees/"))
    for words in (
        "2 marchés publics",
        "le même pour toutes les structures",
        "a.json",
        "Illisible.",
        "1 (50 %)",
        "1 enregistrement rejeté ",
    ):
        assert words in page, words
    assert 'type="file"' not in client.get("/donnees/").content.decode()
    raw = b"".join(client.get("/donnees/rejets.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw), delimiter=";"))
    assert rows[1] == ["a.json", "1", "7", "", "x", "Illisible.", "'=1+1"]


def test_without_data_the_page_names_the_next_step(client_of, reader, manager, data) -> None:
    assert "Déposez ci-dessous" in text(client_of(manager).get("/donnees/"))
    assert "Déposez ci-dessous" not in text(client_of(reader).get("/donnees/"))
    assert client_of(manager).get("/donnees/rejets.csv").status_code == 404


def test_a_reader_cannot_import(client_of, reader, data) -> None:
    file = SimpleUploadedFile("a.json", b'{"marches": []}')
    assert client_of(reader).post("/donnees/", {"fichiers": [file]}).status_code == 404
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7 ...", "PDF"),
        ("a.json", b"", "vide"),
        ("big.json", b'{"marches": [' + b" " * 2_000_000, "dépasse 1"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(
    client_of, facilitator, data, settings, name: str, content: bytes, words: str
) -> None:
    settings.DENTELLE_IMPORT_MAX_MB = 1
    response = client_of(facilitator).post("/donnees/", {"fichiers": [SimpleUploadedFile(name, content)]})
    assert response.status_code == 422
    assert words in text(response)
    assert not Job.objects.exists()


def test_nothing_chosen_says_so(client_of, facilitator, data) -> None:
    response = client_of(facilitator).post("/donnees/", {})
    assert "Choisissez au moins un fichier." in text(response)


def test_a_file_sent_becomes_a_list_a_contract_and_an_export(
    client_of, manager, data, run_jobs, settings, tmp_path, ground_directory
) -> None:
    names = ("data/decp/decp2019_small.json", "data/decp/pes_2019-04-05.json")
    sent = [SimpleUploadedFile(Path(name).name, shared_path(name).read_bytes()) for name in names]
    settings.DENTELLE_DECP, settings.DENTELLE_GROUND = tmp_path / "decp", ground_directory
    client = client_of(manager)
    answer = client.post("/donnees/", {"fichiers": sent})
    assert answer.status_code == 302
    run_jobs()
    job = Job.objects.latest("created_at")
    assert job.state == "done", job.error
    assert "contrats ou lots dans le jeu de données" in job.report["message"]
    assert "pes_2019-04-05.json" in text(client.get("/donnees/"))

    page = client.get("/achats/?mois=0&remplaces=oui&q=travaux")
    html = page.content.decode()
    assert "réponden" in text(page)
    address = unescape(re.search(r'<a data-open\s+href="([^"]*)"', html)[1])
    contract = client.get(address)
    assert contract.status_code == 200
    assert "pes_2019-04-05.json" in text(contract) or "decp2019_small.json" in text(contract)

    client.post(reverse("purchases:export"), {"format": "csv", "query": "mois=0&remplaces=oui", "colonnes": ["objet"]})
    run_jobs()
    export = Job.objects.latest("created_at")
    assert export.state == "done", export.error
    shutil.rmtree(settings.DENTELLE_DECP / "staging", ignore_errors=True)


@pytest.fixture
def two_files(client_of, manager, data, run_jobs, settings, tmp_path, ground_directory):
    """Two small files imported through the page; gives the client of the manager and the digests by name."""
    settings.DENTELLE_DECP, settings.DENTELLE_GROUND = tmp_path / "decp", ground_directory
    sent = [
        SimpleUploadedFile("bon.json", text_2022(contract(), contract(id="B")).encode()),
        SimpleUploadedFile("erreur.json", text_2022(contract(), contract(id="C")).encode()),
    ]
    client = client_of(manager)
    client.post("/donnees/", {"fichiers": sent})
    run_jobs()
    return client, {source["source_name"]: source["source_sha256"] for source in queries.data_set().sources}


def test_a_mistaken_file_is_taken_out_after_a_confirmation(two_files, run_jobs) -> None:
    client, digests = two_files
    address = f"/donnees/fichiers/{digests['erreur.json']}/retirer/"
    assert f'href="{address}"' in client.get("/donnees/").content.decode()
    asked = text(client.get(address))
    assert "Retirer « erreur.json » du jeu de données" in asked
    assert "1 contrat ou lot ne vient que de lui" in asked
    assert Job.objects.filter(kind="purchases.undo").count() == 0, "reading changes nothing"
    assert client.post(address).status_code == 302
    job = Job.objects.latest("created_at")
    assert Entry.objects.filter(act="job.started", facts__kind="purchases.undo").count() == 1
    run_jobs()
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert "« erreur.json » est retiré" in job.report["message"]
    left = queries.data_set()
    assert [source["source_name"] for source in left.sources] == ["bon.json"]
    assert left.coverage.contracts == 2
    assert client.get(address).status_code == 404
    last = f"/donnees/fichiers/{digests['bon.json']}/retirer/"
    assert "C’est le seul fichier du jeu" in text(client.get(last))
    client.post(last)
    run_jobs()
    assert Job.objects.latest("created_at").state == "done"
    assert queries.data_set() is None
    assert "Rien n’a encore été importé" in text(client.get("/donnees/"))


def test_a_removal_done_twice_only_brings_the_pages_up_to_date(two_files, run_jobs) -> None:
    client, digests = two_files
    address = f"/donnees/fichiers/{digests['erreur.json']}/retirer/"
    client.post(address)
    client.post(address)
    run_jobs()
    jobs = Job.objects.filter(kind="purchases.undo").order_by("created_at")
    assert [job.state for job in jobs] == ["done", "done"]
    assert "déjà retiré" in jobs[1].report["message"]


def test_a_reader_cannot_take_a_file_out(client_of, reader, data) -> None:
    digest = "ab" * 32
    data(
        purchase(key(1)),
        sources=[{"source_sha256": digest, "source_name": "a.json", "format": "json", "read": 3, "rejected": 1}],
    )
    client = client_of(reader)
    assert "Retirer ce fichier" not in text(client.get("/donnees/"))
    for ask in (client.get, client.post):
        assert ask(f"/donnees/fichiers/{digest}/retirer/").status_code == 404
    assert not Job.objects.exists()
