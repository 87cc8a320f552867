"""What a facilitator and a buyer see and do in a browser: from a file to hours and words."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from dentelle.foundations.intake.models import Correction, Drop
from dentelle.foundations.organisations.models import Coverage
from dentelle.thread.clauses.models import Calibration
from dentelle.thread.contracts.models import Contract
from dentelle.thread.plans.models import PurchasePlan
from tests.factories import NOW, StructureFactory
from tests.forms import sent_back
from tests.plans import making
from tests.plans.making import LINES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def seat(facilitator, with_ground):
    """A buyer of Rennes, whose commune the facilitator's structure covers."""
    Coverage.objects.create(
        structure=facilitator.structure,
        version=1,
        valid_from=date(2026, 1, 1),
        places=["commune:35238"],
        created_at=NOW,
    )
    return making.seat_at(making.buyer())


@pytest.fixture
def buyer_client(seat):
    client = Client()
    client.force_login(seat.user)
    return client


def dropping(**given):
    return {"year": "2027", "fichier": making.uploaded(making.workbook_bytes()), **given}


def test_a_facilitator_goes_from_a_file_to_a_plan(facilitator, client_of):
    client = client_of(facilitator)
    answer = client.post("/depots/nouveau/programmation", dropping(siret="21350238800019", name="Ville de Rennes"))
    drop = Drop.objects.get()
    assert answer["Location"] == f"/depots/{drop.pk}"
    page = client.get(answer["Location"]).content.decode()
    assert "4 lignes prêtes à écrire" in page.replace("\u202f", " ")
    assert "Écrire 4" in page.replace("\u202f", " ")
    answer = client.post(f"/depots/{drop.pk}/ecrire")
    plan = PurchasePlan.objects.get()
    assert answer["Location"] == f"/programmations/{plan.pk}"
    page = client.get(answer["Location"]).content.decode()
    assert "Entretien des espaces verts" in page
    assert "montant inconnu" in page


def test_a_buyer_without_choosing_anything_sends_its_plan_to_the_structure_that_covers_it(buyer_client, facilitator):
    page = buyer_client.get("/mes-depots/nouveau/programmation").content.decode()
    assert facilitator.structure.name in page
    assert "SIRET" not in page
    answer = buyer_client.post("/mes-depots/nouveau/programmation", dropping())
    drop = Drop.objects.get()
    assert answer["Location"] == f"/mes-depots/{drop.pk}"
    assert (drop.structure, drop.seat is not None) == (facilitator.structure, True)
    answer = buyer_client.post(f"/mes-depots/{drop.pk}/ecrire")
    plan = PurchasePlan.objects.get()
    assert answer["Location"] == f"/mes-programmations/{plan.pk}"
    line = buyer_client.get(f"/mes-programmations/achat/{plan.lines.get(reference='27-01').pk}").content.decode()
    assert "Texte à reprendre" in line
    assert "Calibrer</a>" not in line
    assert "Suivre comme marché" not in line


def test_a_buyer_nobody_covers_is_told_whom_to_ask(db):
    client = Client()
    client.force_login(making.seat_at(making.buyer()).user)
    page = client.get("/mes-depots/nouveau/programmation").content.decode()
    assert "Aucune structure agréée ne couvre votre commune" in page
    answer = client.post("/mes-depots/nouveau/programmation", dropping())
    assert (answer.status_code, Drop.objects.count()) == (422, 0)


def test_a_buyer_covered_twice_chooses_who_follows_its_plan(buyer_client, facilitator):
    other = StructureFactory(name="Association voisine")
    Coverage.objects.create(
        structure=other, version=1, valid_from=date(2026, 1, 1), places=["commune:35238"], created_at=NOW
    )
    page = buyer_client.get("/mes-programmations/").content.decode()
    assert "Association voisine" in page
    assert facilitator.structure.name in page
    refused = buyer_client.post("/mes-depots/nouveau/programmation", dropping())
    assert (refused.status_code, Drop.objects.count()) == (422, 0)
    stranger = StructureFactory(name="Structure d’ailleurs")
    refused = buyer_client.post("/mes-depots/nouveau/programmation", dropping(structure=str(stranger.pk)))
    assert (refused.status_code, Drop.objects.count()) == (422, 0)
    buyer_client.post("/mes-depots/nouveau/programmation", dropping(structure=str(other.pk)))
    assert Drop.objects.get().structure == other


def test_what_is_wrong_is_corrected_in_the_grid(facilitator, client_of):
    drop = making.dropped(facilitator, [(*LINES[0][:3], "beaucoup", *LINES[0][4:]), *LINES[1:]])
    client = client_of(facilitator)
    page = client.get(f"/depots/{drop.pk}").content.decode()
    field = re.search(r'name="(c-4-\d+)"', page)[1]
    assert "n’est pas un nombre" in page
    client.post(f"/depots/{drop.pk}/corriger", {field: "480 000", "lignes": "refused"})
    drop.refresh_from_db()
    assert (drop.counts["refused"], drop.counts["create"]) == (0, 4)
    page = client.get(f"/depots/{drop.pk}?lignes=all").content.decode()
    assert "«\u202fbeaucoup\u202f»" in unescape(page)


def test_two_windows_on_a_grid_keep_both_corrections_and_say_which_cell_both_wrote(facilitator, client_of):
    drop = making.dropped(facilitator, [(*LINES[0][:3], "beaucoup", *LINES[0][4:]), *LINES[1:]])
    client, address = client_of(facilitator), f"/depots/{drop.pk}/corriger"
    page = client.get(f"/depots/{drop.pk}")
    field = re.search(r'name="(c-4-\d+)"', page.content.decode())[1]
    opened = sent_back(page, field)
    client.post(address, {**opened, field: "480 000"})
    refused = unescape(client.post(address, {**opened, field: "450 000"}, follow=True).content.decode())
    assert "«\u00a0480 000\u00a0» a été écrit pendant que vous écriviez «\u00a0450 000\u00a0»" in refused
    corrected = client.get(f"/depots/{drop.pk}?lignes=create")
    client.post(address, {**sent_back(corrected, field), field: "450 000"})
    assert Correction.objects.get().text == "450 000"


def test_a_whole_page_of_lines_to_correct_is_taken(facilitator, client_of):
    drop = making.dropped(facilitator, [("", "", "", "beaucoup", "", "", "", "")] * 50)
    cells = {f"{kind}-{line}-{place}": "x" for kind in "co" for line in range(4, 54) for place in range(42)}
    assert client_of(facilitator).post(f"/depots/{drop.pk}/corriger", cells).status_code == 302


def test_a_grid_without_a_necessary_column_offers_to_choose_it_and_not_to_write(facilitator, client_of):
    drop = making.dropped(facilitator, [("Nettoyage", 1)], ("Prestation demandée ici", "Montant HT"))
    client = client_of(facilitator)
    page = client.get(f"/depots/{drop.pk}").content.decode()
    assert "Il manque une colonne" in page
    assert "/ecrire" not in page.partition('class="page-action"')[2].partition("</div>")[0]
    client.post(f"/depots/{drop.pk}/colonnes", {"m-subject": "0", "m-amount_cents": "1"})
    drop.refresh_from_db()
    assert drop.counts["create"] == 1


def test_long_files_are_read_page_by_page_without_gap(facilitator, client_of):
    lines = [(f"R{n}", f"Objet {n}", "", "", "", "", "", "") for n in range(120)]
    drop = making.dropped(facilitator, lines)
    client, address, seen = client_of(facilitator), f"/depots/{drop.pk}", []
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r'd-lg-none">Ligne</span> (\d+)', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert [int(number) for number in seen] == list(range(4, 124))


def test_a_refused_file_says_why_at_the_field(facilitator, client_of):
    given = dropping(siret="21350238800019", name="Ville", fichier=making.uploaded(b"%PDF-1.7", "plan.pdf"))
    answer = client_of(facilitator).post("/depots/nouveau/programmation", given)
    assert answer.status_code == 422
    assert "Formats acceptés" in answer.content.decode()


def test_a_wrong_siret_is_told_and_nothing_is_kept(facilitator, client_of):
    answer = client_of(facilitator).post("/depots/nouveau/programmation", dropping(siret="21350238800010"))
    assert (answer.status_code, Drop.objects.count()) == (422, 0)
    assert "clé de contrôle" in answer.content.decode()


def test_a_line_opens_the_calibration_with_its_facts_and_finds_it_again(facilitator, client_of):
    plan = making.plan(facilitator)
    line = plan.lines.get(reference="27-01")
    client = client_of(facilitator)
    page = client.get(f"/programmations/achat/{line.pk}").content.decode()
    address = re.search(r'href="(/calibrages/nouveau\?[^"]+)"', page)[1].replace("&amp;", "&")
    form = client.get(address)
    fields = form.context["form"]
    assert (fields["amount"].value(), fields["launched_on"].value()) == ("480000", "2027-03-01")
    assert form.context["sheet"]["hours"] == line.hours_central
    typed = {name: fields[name].value() or "" for name in fields.fields if isinstance(fields[name].value(), str)}
    client.post("/calibrages/nouveau", {**typed, "method": "amount", "act": "save"})
    calibration = Calibration.objects.get()
    assert calibration.hours == line.hours_central
    assert f"/calibrages/{calibration.pk}/" in client.get(f"/programmations/achat/{line.pk}").content.decode()
    assert f"/programmations/achat/{line.pk}" in client.get(f"/calibrages/{calibration.pk}/").content.decode()


def test_a_line_becomes_a_contract_without_asking_anything_twice(facilitator, client_of):
    plan = making.plan(facilitator)
    line = plan.lines.get(reference="27-01")
    client = client_of(facilitator)
    form = client.get(f"/contrats/nouveau?programmation={line.pk}").context["form"]
    assert form["title"].value() == "Entretien des espaces verts"
    assert form["buyer_siret"].value() == "21350238800019"
    assert (form["due_minutes"].value(), form["clause_type"].value()) == (str(line.hours_central), line.lever)
    typed = {name: form[name].value() or "" for name in form.fields}
    client.post("/contrats/nouveau", {**typed, "amount_cents": "480000"})
    contract = Contract.objects.get()
    assert (contract.plan_line, contract.buyer) == (line, plan.buyer)
    assert contract.obligations.get().due_minutes == line.hours_central * 60
    line.refresh_from_db()
    assert line.followed_at is not None
    page = client.get(f"/programmations/achat/{line.pk}").content.decode()
    assert "Suivre comme marché" not in page
    assert f"/programmations/achat/{line.pk}" in client.get(f"/contrats/{contract.pk}").content.decode()


def test_a_contract_cannot_start_from_the_line_of_another_structure(facilitator, outsider, client_of):
    line = making.plan(facilitator).lines.first()
    client = client_of(outsider)
    assert not client.get(f"/contrats/nouveau?programmation={line.pk}").context["form"]["title"].value()
    client.post(
        "/contrats/nouveau", {"title": "Essai", "plan_line": str(line.pk), "clause_type": "EXECUTION_CONDITION"}
    )
    assert Contract.objects.get().plan_line is None


def test_files_of_a_plan_download_under_a_name_that_says_what_they_are(facilitator, client_of):
    plan = making.plan(facilitator)
    for name, mime, extension in (("workbook", "spreadsheetml", "xlsx"), ("paper", "pdf", "pdf")):
        answer = client_of(facilitator).get(reverse(f"plans:{name}", kwargs={"pk": plan.pk}))
        assert mime in answer["Content-Type"]
        assert f"programmation-21350238800019-2027.{extension}" in answer["Content-Disposition"]


def test_progress_asks_for_the_page_again_once_the_work_has_ended(facilitator, client_of, run_jobs, monkeypatch):
    monkeypatch.setattr("dentelle.foundations.intake.actions.LONG_BYTES", 10)
    drop = making.dropped(facilitator)
    client = client_of(facilitator)
    assert "Lecture en cours" in client.get(f"/depots/{drop.pk}").content.decode()
    assert "HX-Refresh" not in client.get(f"/depots/{drop.pk}/avancement")
    run_jobs()
    assert client.get(f"/depots/{drop.pk}/avancement")["HX-Refresh"] == "true"
