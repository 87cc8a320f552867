"""What was imported reaches the pages: by a button, and every night at the new day."""

import fcntl
import json
import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
import time_machine

from dentelle.foundations.jobs import clock
from dentelle.foundations.jobs.models import Job
from dentelle.opendata.decp.importing import import_files
from dentelle.opendata.marts.serving import LOCK, BuildCancelled, build_serving
from dentelle.opendata.marts.serving_store import STORE_FILE, ServingStore
from dentelle.thread.purchases import tasks

pytestmark = pytest.mark.django_db(transaction=True)
EVENING = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
NEXT_NIGHT = datetime(2026, 11, 22, 2, 40, tzinfo=UTC)
LATE = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # already the 22nd in Paris


def record(number: str) -> dict[str, object]:
    return {
        "id": number,
        "uid": f"21350238800019{number}",
        "acheteur": {"id": "21350238800019", "nom": "Ville de Rennes"},
        "nature": "Marché",
        "objet": "Entretien des espaces verts",
        "codeCPV": "77310000",
        "procedure": "Procédure adaptée",
        "lieuExecution": {"code": "35238", "typeCode": "Code commune", "nom": "Rennes"},
        "dureeMois": 36,
        "dateNotification": "2024-03-01",
        "datePublicationDonnees": "2024-03-05",
        "montant": 120000,
        "formePrix": "Ferme",
        "titulaires": [{"typeIdentifiant": "SIRET", "id": "55208131766522", "denominationSociale": "VERT"}],
    }


@pytest.fixture
def imported(settings, tmp_path: Path, ground_directory: Path):
    """``imported("A", "B")``: these contracts enter the data set, as the command line does, without publishing."""
    settings.DENTELLE_DECP, settings.DENTELLE_GROUND = tmp_path / "decp", ground_directory

    def add(*numbers: str) -> Path:
        path = tmp_path / f"{'-'.join(numbers)}.json"
        path.write_text(json.dumps({"marches": [record(number) for number in numbers]}), encoding="utf-8")
        import_files([path], settings.DENTELLE_DECP, as_of=date(2026, 11, 21), workers=0)
        return settings.DENTELLE_DECP

    return add


def text(response) -> str:
    plain = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r"\s+", " ", plain)


def as_of(folder: Path) -> str:
    return ServingStore(folder / STORE_FILE).meta()["as_of"]


def test_what_is_imported_and_not_published_is_said_then_published_by_a_button(
    imported, facilitator, client_of, run_jobs
) -> None:
    imported("A", "B")
    client = client_of(facilitator)
    page = text(client.get("/donnees/"))
    assert "Importé, pas encore publié" in page
    assert "2 contrats ou lots dans le jeu importé le" in page
    assert "Rien n’a encore été importé" not in page
    answer = client.post("/donnees/publier/")
    # asked twice, done once
    assert client.post("/donnees/publier/")["Location"] == answer["Location"]
    run_jobs()
    job = Job.objects.get()
    assert job.state == "done", job.error
    page = text(client.get("/donnees/"))
    assert "2 marchés publics dans le jeu" in page
    assert "pas encore publié" not in page


def test_a_data_set_newer_than_the_pages_is_said(imported, manager, client_of) -> None:
    imported("A")
    tasks.publish_again(EVENING)
    assert "pas encore publié" not in text(client_of(manager).get("/donnees/"))
    imported("B")
    page = text(client_of(manager).get("/donnees/"))
    assert "1 marché public dans le jeu" in page
    assert "Les pages montrent encore le jeu précédent." in page


def test_a_reader_sees_what_waits_and_cannot_publish_it(imported, reader, client_of) -> None:
    imported("A")
    page = client_of(reader).get("/donnees/")
    assert "pas encore publié" in text(page)
    assert "publier/" not in page.content.decode()
    assert client_of(reader).post("/donnees/publier/").status_code == 404
    assert not Job.objects.exists()


def test_the_night_moves_the_forecast_to_the_new_day_and_does_nothing_twice(imported) -> None:
    folder = imported("A")
    tasks.publish_again(EVENING)
    assert as_of(folder) == "2026-11-21"
    before = (folder / STORE_FILE).stat().st_ino
    assert "rien n’a été refait" in tasks.publish_again(EVENING)
    assert (folder / STORE_FILE).stat().st_ino == before
    assert "22/11/2026" in tasks.publish_again(NEXT_NIGHT)
    assert as_of(folder) == "2026-11-22"


def test_the_day_is_that_of_the_people_not_of_the_machine(imported) -> None:
    folder = imported("A")
    tasks.publish_again(LATE)
    assert as_of(folder) == "2026-11-22"


def test_the_night_without_data_says_so(imported, settings) -> None:
    assert "Rien n’a été importé" in tasks.publish_again(EVENING)
    assert not (settings.DENTELLE_DECP / STORE_FILE).exists()


def test_what_the_night_did_is_told_on_the_page_of_background_work(imported, reader, client_of, monkeypatch) -> None:
    imported("A")
    name = f"{tasks.publish_again.__module__}.{tasks.publish_again.__qualname__}"
    monkeypatch.setattr(clock, "DUTIES", {name: clock.DUTIES[name]})
    assert "Refaire les prévisions à la date du jour chaque jour à 03:40 pas encore" in text(
        client_of(reader).get("/travaux/")
    )
    with time_machine.travel(NEXT_NIGHT, tick=False):
        clock.run_due(NEXT_NIGHT)
    assert "22/11/2026 03:40 1 contrat ou lot, prévus au 22/11/2026." in text(client_of(reader).get("/travaux/"))


def test_two_builds_never_write_at_once(imported, ground_directory: Path) -> None:
    folder = imported("A")
    with (folder / LOCK).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BuildCancelled):
            build_serving(
                folder, ground_directory, as_of=date(2026, 11, 21), into=folder / STORE_FILE, cancelled=lambda: True
            )
    assert not (folder / STORE_FILE).exists()
    build_serving(folder, ground_directory, as_of=date(2026, 11, 21), into=folder / STORE_FILE)
    assert as_of(folder) == "2026-11-21"
