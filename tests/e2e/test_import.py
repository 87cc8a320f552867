"""Public data dropped in the browser: the report says what was refused and why, and bad files never break the page."""

import csv
import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.e2e.browser import reached

pytestmark = pytest.mark.e2e

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE marches [<!ENTITY a "rire"><!ENTITY b "&a;&a;&a;">]>
<marches><marche><id>1</id><objet>&b;</objet></marche></marches>"""
FILE_READER = b"""<?xml version="1.0"?><!DOCTYPE marches [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<marches><marche><id>1</id><objet>&x;</objet></marche></marches>"""


def bomb() -> bytes:
    """A small archive of one file a thousand times larger."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive, archive.open("grand.json", "w", force_zip64=True) as inside:
        inside.write(b'{"marches":[')
        for _ in range(64):
            inside.write(b" " * 1024 * 1024)
    return packed.getvalue()


def records(folder: Path, count: int) -> list[dict[str, Any]]:
    """Records as buyers publish them, with numbers of their own."""
    lines = (folder / "demo" / "demonstration-2022.json").read_text(encoding="utf-8").splitlines()[1:400]
    found: list[dict[str, Any]] = []
    for line in lines:
        try:
            record = json.loads(line.rstrip(","))
        except json.JSONDecodeError:
            continue
        record["id"] = f"NAVIGATEUR{len(found):04}"
        record["objet"] = f"Entretien envoyé depuis le navigateur {len(found)}"
        found.append(record)
        if len(found) == count:
            break
    return found


def send(page: Any, name: str, content: bytes) -> None:
    page.goto("/donnees/")
    page.get_by_label("Fichiers de données essentielles").set_input_files(
        [{"name": name, "mimeType": "application/json", "buffer": content}]
    )
    page.get_by_role("button", name="Importer").click()


def test_a_file_with_a_broken_record_gives_the_others_and_says_which(
    page: Any, demo: Callable[..., None], demo_folder: Path, own_data: None, finish_jobs: Callable[[Any], None]
) -> None:
    texts = [json.dumps(record, ensure_ascii=False) for record in records(demo_folder, 6)]
    texts[2] = texts[2].replace('"objet": "', '"objet": ', 1)
    demo(page, "paul")
    send(page, "envoi.json", ('{"marches":{"marche":[\n' + ",\n".join(texts) + "\n]}}").encode())
    page.get_by_role("heading", level=1, name="Importer des données d’achat").wait_for()
    reached(page, "import-waiting")
    finish_jobs(page)
    assert page.locator(".job-state").get_attribute("data-state") == "done"
    page.get_by_role("heading", name="Compte rendu").wait_for()
    figures = dict(
        zip(
            page.locator(".job-figures dt").all_inner_texts(),
            page.locator(".job-figures dd").all_inner_texts(),
            strict=True,
        )
    )
    assert figures["Enregistrements lus dans vos fichiers"] == "6"
    assert figures["Rejetés dans vos fichiers"] == "1"
    reached(page, "import-report")
    page.get_by_role("link", name="Voir le jeu de données et les rejets").click()
    page.get_by_text("envoi.json").first.wait_for()
    reached(page, "import-data")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Télécharger les rejets").click()
    rows = list(csv.reader(io.StringIO(waited.value.path().read_text(encoding="utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows].count("envoi.json") == 1
    assert next(row for row in rows if row[0] == "envoi.json")[5]
    page.goto("/achats/?territoire=france&mois=0&remplaces=oui&q=navigateur")
    assert page.locator("[data-row]").count() == 5


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("photo.json", PNG, "image PNG"),
        ("vide.json", b"", "vide"),
        ("note.pdf", b"%PDF-1.7 " + bytes(50), "PDF"),
    ],
)
def test_a_file_that_is_not_one_is_refused_on_the_page(
    page: Any, demo: Callable[..., None], name: str, content: bytes, said: str
) -> None:
    demo(page, "paul")
    send(page, name, content)
    page.locator(".error-summary").wait_for()
    assert said in page.locator(".error-summary").inner_text()
    reached(page, f"import-refused-{Path(name).stem}")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rires.xml", BILLION_LAUGHS),
        ("curieux.xml", FILE_READER),
        ("bombe.zip", bomb()),
        ("bombe.json.gz", gzip.compress(b"[" * 40_000_000)),
        ("coupe.json", b'{"marches":{"marche":[{"id":"1","objet":"coup'),
        ("hasard.json", b'{"marches":' + os.urandom(4000)),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_hostile_file_ends_in_a_report_and_leaves_the_data_whole(
    page: Any, demo: Callable[..., None], own_data: None, finish_jobs: Callable[[Any], None], name: str, content: bytes
) -> None:
    demo(page, "paul")
    page.goto("/donnees/")
    before = page.get_by_role("heading", level=1).inner_text()
    send(page, name, content)
    page.wait_for_load_state("networkidle")
    if page.locator(".error-summary").count() == 0:
        finish_jobs(page)
        page.locator(".job-state").wait_for()
        told = page.locator("main").inner_text()
        assert "Traceback" not in told
        assert "root:" not in told
        assert name in told or "Rejetés" in told
    page.goto("/donnees/")
    assert page.get_by_role("heading", level=1).inner_text() == before
