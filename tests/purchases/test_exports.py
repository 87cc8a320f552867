import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dentelle.foundations import sheets
from dentelle.foundations.documents import storage
from dentelle.foundations.jobs.models import Job
from dentelle.foundations.sheets import write_xlsx
from dentelle.thread.purchases import columns, wording
from tests.purchases.conftest import key
from tests.serving_frames import purchase

pytestmark = pytest.mark.django_db(transaction=True)
FORMULAS = ("=1+1", "+33", "-2+3", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0")


def content(job: Job) -> bytes:
    stored = job.files.get()
    return storage.full_path(stored.path).read_bytes()


def ask(client, run_jobs, **asked) -> Job:
    answer = client.post(reverse("purchases:export"), asked)
    assert answer.status_code == 302
    run_jobs()
    job = Job.objects.latest("created_at")
    assert job.state == "done", (job.state, job.error)
    return job


def test_a_csv_holds_the_chosen_columns_of_the_whole_list_and_no_formula(client_of, reader, data, run_jobs) -> None:
    data(
        *(purchase(key(n), object=text, amount_cents=150 + n) for n, text in enumerate(FORMULAS)),
        purchase(key(50), object="Élagage ; taille", amount_cents=None, amount_flag="missing", cpv="77000000"),
        purchase(key(60), object="hors filtre", required="yes"),
    )
    client = client_of(reader)
    job = ask(
        client, run_jobs, format="csv", query="obligation=non&mois=0", colonnes=["objet", "montant", "fin", "cpv"]
    )
    raw = content(job)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Fin estimée", "Objet", "Montant attribué (€ HT)", "Nature du montant", "CPV"]
    assert len(rows) == 1 + len(FORMULAS) + 1
    for row in rows[1:-1]:
        assert row[1].startswith("'"), row
    assert rows[1][0] == "2027-01-15"
    assert rows[1][2] == "1,50"
    assert rows[-1][1:] == ["Élagage ; taille", "", "prix ; non renseigné", "77000000"]

    download = client.get(reverse("documents:download", args=[job.files.get().pk]))
    assert b"".join(download.streaming_content) == raw


def test_an_export_says_where_a_name_comes_from_and_names_by_its_siret_who_has_none(
    client_of, reader, data, run_jobs
) -> None:
    siret = "30000000100011"
    data(
        purchase(key(1), holder_name_source="learnt"),
        purchase(key(2), holder_name=None, holder_id=siret, holder_name_source="unknown", buyer_name=None),
    )
    chosen = ["acheteur", "titulaire", "titulaire_source"]
    job = ask(client_of(reader), run_jobs, format="csv", query="mois=0", colonnes=chosen)
    rows = list(csv.reader(io.StringIO(content(job).decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["Acheteur", "Titulaire", "Origine du nom du titulaire"],
        ["Commune de Rennes", "Propre SARL", "nom lu dans un autre marché du même SIRET ou du même SIREN"],
        ["SIRET 21350238800019 (nom inconnu)", f"SIRET {siret} (nom inconnu)", "nom inconnu"],
    ]


def test_an_xlsx_keeps_texts_as_texts_and_goes_on_to_a_new_sheet(
    client_of, reader, data, run_jobs, monkeypatch
) -> None:
    monkeypatch.setattr(sheets, "SHEET_ROWS", 4)
    rows = [purchase(key(n), object=FORMULAS[n], estimated_end=date(2027, 1, 1) + timedelta(days=n)) for n in range(6)]
    data(*rows, purchase(key(9), object="https://example.org " + "x" * 40_000, estimated_end=date(2027, 6, 1)))
    job = ask(client_of(reader), run_jobs, format="xlsx", query="", colonnes=["objet", "fin", "montant"])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(job)))
    assert book.sheet_names == ["Achats 1", "Achats 2", "Achats 3"]
    pages = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert [len(sheet) for sheet in pages] == [4, 4, 2]
    assert all(sheet[0] == ["Fin estimée", "Objet", "Montant attribué (€ HT)", "Nature du montant"] for sheet in pages)
    assert [row[1] for sheet in pages for row in sheet[1:]][:6] == list(FORMULAS)
    assert pages[0][1][0] == date(2027, 1, 1)
    assert pages[0][1][2] == 120_000


def test_an_empty_list_gives_a_file_with_its_header(tmp_path: Path) -> None:
    assert write_xlsx(tmp_path / "a.xlsx", ["Objet"], [], on_batch=lambda _: None) == 0
    assert CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python() == [["Objet"]]


def test_an_export_belongs_to_its_structure(client_of, reader, outsider, data, run_jobs) -> None:
    data(purchase(key(1)))
    job = ask(client_of(reader), run_jobs, format="csv", query="", colonnes=["objet"])
    address = reverse("documents:download", args=[job.files.get().pk])
    assert client_of(outsider).get(address).status_code == 404
    assert client_of(outsider).get(reverse("jobs:detail", args=[job.uuid])).status_code == 404


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", ["m1", "m2", "m0"]),
        ("&tri=montant", ["m0", "m1", "m2"]),
        ("&tri=montant&sens=desc", ["m2", "m1", "m0"]),
        ("&tri=priorite", ["m2", "m1", "m0"]),
    ],
)
def test_a_file_has_the_order_and_the_columns_of_the_list_as_seen(
    client_of, reader, data, run_jobs, order: str, expected: list[str]
) -> None:
    ends = (date(2027, 9, 1), date(2027, 1, 1), date(2027, 5, 1))
    data(
        *(
            purchase(
                key(n), object=f"m{n}", amount_cents=100 * n, estimated_end=end, required="yes" if n == 2 else "no"
            )
            for n, end in enumerate(ends)
        )
    )
    client = client_of(reader)
    page = client.get(f"/achats/?mois=0{order}").content.decode()
    assert re.findall(r"<a data-open[^>]*>([^<]*)</a>", page) == expected
    form = page[page.index("Exporter") :]
    checked = re.findall(r'value="(\w+)"\s+checked', form[: form.index("</form>")])
    query = re.search(r'name="query" value="([^"]*)"', form)[1].replace("&amp;", "&")
    rows = list(
        csv.reader(
            io.StringIO(
                content(ask(client, run_jobs, format="csv", query=query, colonnes=checked)).decode("utf-8-sig")
            ),
            delimiter=";",
        )
    )
    assert [row[rows[0].index("Objet")] for row in rows[1:]] == expected
    seen = [columns.COLUMNS[code].label for code in columns.exported(columns.BY_DEFAULT)]
    assert rows[0] == seen


def test_an_export_without_data_says_why_and_one_of_an_unreadable_filter_says_it_was_left_out(
    client_of, reader, data, run_jobs
) -> None:
    client = client_of(reader)
    client.post(reverse("purchases:export"), {"format": "csv", "query": "", "colonnes": ["objet"]})
    run_jobs()
    assert "rien à exporter" in Job.objects.latest("created_at").error
    data(purchase(key(1)))
    client.post(reverse("purchases:export"), {"format": "csv", "query": "cpv=abc", "colonnes": ["objet"]})
    run_jobs()
    job = Job.objects.latest("created_at")
    assert job.state == "done"
    assert "Le filtre « CPV » n’a pas pu être lu" in job.report["message"].replace("\u202f", " ")
    assert client.post(reverse("purchases:export"), {"format": "exe"}).status_code == 404


def test_an_amount_never_leaves_without_its_nature() -> None:
    assert columns.exported(["objet", "montant", "cpv"]) == ("objet", "montant", "montant_nature", "cpv")
    assert columns.exported(["objet"]) == ("objet",)
    assert "montant_nature" in columns.exported([])


def test_the_nature_of_an_amount_says_ceilings_and_what_sums_leave_out() -> None:
    assert wording.amount_nature("price", "ok") == "prix"
    assert wording.amount_nature("ceiling", "ok") == "plafond d’accord-cadre"
    assert wording.amount_nature("price", "too_large") == "prix ; invraisemblable : écarté des sommes"
