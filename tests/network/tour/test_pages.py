"""The pages: what each person finds and does there, through the doors."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dentelle.foundations.messages.models import Message
from dentelle.foundations.search.queries import search
from dentelle.network.governance.models import Concern
from dentelle.network.members.models import PublicDirectory
from dentelle.network.practices.models import Practice
from dentelle.network.tour import letters
from dentelle.network.tour.actions import registrations
from dentelle.network.tour.actions import stages as actions
from dentelle.network.tour.known import take_known
from dentelle.network.tour.models import Finding, Need, Registration, Stage, StageDocument, Tour
from dentelle.network.tour.public_views import PER_MACHINE, PER_MAILBOX, PER_PERSON
from dentelle.network.tour.queries.stages import people_of
from tests.documents.test_images import exif, jpeg, segment
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory, StructureFactory
from tests.network.governance import making as governance
from tests.network.tour import making

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    cache.clear()
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def seat():
    return NetworkSeatFactory()


@pytest.fixture
def member(seat):
    return MembershipFactory(facilitator=True)


def browser(person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def page(client, name, *args, status=200, **query):
    answer = client.get(reverse(f"tour:{name}", args=args), query)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def post(client, name, /, *args, **typed):
    return client.post(reverse(f"tour:{name}", args=args), typed)


GUEST = {
    "full_name": "Ana Ruiz",
    "organisation": "Ville d’essai",
    "kind": "buyer",
    "email": "ana@achats.example",
    "agrees": "on",
}


def test_the_head_goes_from_a_tour_to_an_announced_stage_without_leaving_the_pages(seat):
    client = browser(seat)
    assert "Commencer un Tour" in page(client, "home")
    post(client, "tour-new", name="Tour", aim="Écouter", starts_on="2026-11-01", ends_on="2027-11-01")
    tour = Tour.objects.get()
    post(client, "stage-new", tour.pk, region_code="53", title="Étape de Bretagne", audience="public")
    stage = Stage.objects.get()
    refused = post(client, "act", stage.pk, "annoncer")
    assert "il manque" in client.get(refused["Location"]).content.decode()
    typed = {"day": "2026-12-08", "begins": "09:30", "finishes": "17:00", "place": "Rennes"}
    post(client, "stage-change", stage.pk, region_code="53", title="Étape de Bretagne", audience="public", **typed)
    rows = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-title": "Accueil", "form-0-hour": "09:30"}
    post(client, "programme", stage.pk, **rows, **{"form-1-title": "Ateliers", "form-1-speaker": "Ida Morel"})
    post(client, "act", stage.pk, "annoncer")
    stage.refresh_from_db()
    assert (stage.state, stage.programme.count()) == ("announced", 2)
    shown = page(Client(), "public", tour.pk)
    assert "Prochaine étape" in shown
    assert "Ida Morel" in page(Client(), "public-stage", stage.pk)


def test_anyone_registers_from_the_public_page_and_gives_the_place_back_from_the_letter(seat):
    stage, client = making.stage(seat), Client()
    shown = page(client, "public-stage", stage.pk)
    assert "six mois après l’étape" in shown
    answer = post(client, "public-stage", stage.pk, **GUEST)
    assert answer.status_code == 302
    registration = Registration.objects.get()
    [letter] = Message.objects.all()
    address = reverse("tour:leave", args=[letters.token_of(registration)])
    assert address in letter.text
    assert "pour Ana Ruiz" in client.get(address).content.decode()
    assert Registration.objects.get().state == "confirmed"
    client.post(address)
    assert Registration.objects.get().state == "cancelled"
    assert "annulée" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("field", "said"), [("agrees", "Sans votre accord"), ("email", "obligatoire"), ("kind", "Choisissez")]
)
def test_a_form_that_misses_something_says_so_and_keeps_what_was_typed(seat, field, said):
    stage = making.stage(seat)
    answer = post(Client(), "public-stage", stage.pk, **{**GUEST, field: ""})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Ana Ruiz" in answer.content.decode()
    assert not Registration.objects.exists()


def test_the_answer_does_not_tell_whether_an_address_was_registered(seat):
    stage = making.stage(seat)
    first = post(Client(), "public-stage", stage.pk, **GUEST)
    second = post(Client(), "public-stage", stage.pk, **GUEST)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Registration.objects.count() == 1


def test_several_people_of_one_mailbox_are_taken_and_answered_alike(seat):
    stage = making.stage(seat)
    names = ("Éloïse Petit", "Deuxième Collègue", "Troisième Collègue", "Quatrième Collègue")
    answers = {post(Client(), "public-stage", stage.pk, **{**GUEST, "full_name": name})["Location"] for name in names}
    assert len(answers) == 1
    assert set(stage.registrations.values_list("full_name", flat=True)) == set(names)


def test_a_mailbox_of_which_too_many_people_come_is_told_and_nobody_dropped_in_silence(seat):
    stage = making.stage(seat)
    for rank in range(PER_MAILBOX):
        post(Client(), "public-stage", stage.pk, **{**GUEST, "full_name": f"Personne {rank}"})
    for name in ("Personne de trop", "Personne 1"):
        answer = post(Client(), "public-stage", stage.pk, **{**GUEST, "full_name": name})
        assert (answer.status_code, "celle-ci n’est pas prise" in answer.content.decode()) == (422, True)
    assert Registration.objects.count() == PER_MAILBOX


def test_a_mailbox_is_not_flooded_nor_a_stage_by_one_machine(seat):
    stage = making.stage(seat)
    for _ in range(PER_PERSON + 2):
        post(Client(), "public-stage", stage.pk, **GUEST)
    assert Message.objects.count() == PER_PERSON
    for rank in range(PER_MACHINE):
        answer = post(Client(), "public-stage", stage.pk, **{**GUEST, "email": f"p{rank}@essai.example"})
    assert answer.status_code == 429
    assert Registration.objects.count() < PER_MACHINE


def test_a_stage_held_is_corrected_from_its_page_and_says_so_to_everybody(seat, member):
    stage = making.stage(seat, state="reported", days=-3, place="Lile")
    client = browser(seat)
    assert "Corriger l’étape" in page(client, "stage", stage.pk)
    assert "Pourquoi cette correction" in page(client, "stage-change", stage.pk)
    typed = {
        "title": stage.title,
        "day": stage.day.isoformat(),
        "begins": "09:30",
        "finishes": "17:00",
        "place": "Lille",
    }
    refused = post(client, "stage-change", stage.pk, **typed)
    assert (refused.status_code, "les lecteurs de l’étape le liront" in refused.content.decode()) == (422, True)
    assert post(client, "stage-change", stage.pk, **typed, reason="Faute de frappe.").status_code == 302
    for reader, name in ((Client(), "public-stage"), (browser(member), "stage")):
        shown = page(reader, name, stage.pk)
        assert ("Faute de frappe." in shown, "Lile" in shown, "Lille" in shown) == (True, False, True)
    assert "«\u202fLile\u202f»" in page(client, "stage", stage.pk).replace("&#8239;", "\u202f")


def test_the_form_of_a_cancelled_stage_does_not_open(seat):
    stage = making.stage(seat, state="cancelled", cancelled_at=NOW, cancel_reason="Salle fermée.")
    client = browser(seat)
    for answer in (client.get(reverse("tour:stage-change", args=[stage.pk])), post(client, "stage-change", stage.pk)):
        assert answer["Location"] == reverse("tour:stage", args=[stage.pk])
    assert "elle ne change plus" in page(client, "stage", stage.pk)


def test_a_programme_row_without_a_title_is_refused_at_its_field_with_all_that_was_typed(seat):
    stage, client = making.stage(seat), browser(seat)
    rows = {
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "0",
        "form-0-title": "Accueil",
        "form-1-speaker": "Ida Morel",
    }
    answer = post(client, "programme", stage.pk, **rows)
    shown = answer.content.decode()
    assert answer.status_code == 422
    for said in (
        "ligne est à corriger.",
        "Donnez un intitulé",
        'aria-describedby="id_form-1-title-error"',
        "Ida Morel",
    ):
        assert said in shown
    many = {f"form-{rank}-title": f"Point {rank}" for rank in range(actions.MOST_ITEMS + 1)}
    answer = post(
        client, "programme", stage.pk, **many, **{"form-TOTAL_FORMS": str(len(many)), "form-INITIAL_FORMS": "0"}
    )
    assert (answer.status_code, "rien n’est enregistré" in answer.content.decode()) == (422, True)
    assert f"Point {actions.MOST_ITEMS}" in answer.content.decode()
    assert not stage.programme.exists()


def test_who_waits_is_told_of_the_queue_they_leave_and_not_of_a_place(seat, member):
    stage, client = making.stage(seat, capacity=1), browser(member)
    making.guest(stage)
    waiting = making.guest(stage, email="deux@essai.example")
    letter = Message.objects.get(to="deux@essai.example").text
    assert ("Quittez la liste d’attente" in letter, "Laissez votre place" in letter) == (True, False)
    address = reverse("tour:leave", args=[letters.token_of(waiting)])
    assert "Quitter la liste d’attente" in Client().get(address).content.decode()
    Client().post(address)
    assert "Votre place" not in Client().get(address).content.decode()
    post(client, "register", stage.pk, kind="buyer")
    shown = page(client, "stage", stage.pk)
    assert ("Quitter la liste d’attente" in shown, "Rendre ma place" in shown) == (True, False)
    post(client, "register", stage.pk, acte="rendre")
    shown = page(client, "stage", stage.pk)
    assert ("Vous n’êtes plus sur la liste d’attente." in shown, "Votre place est rendue" in shown) == (True, False)


def test_the_attendance_list_is_in_the_order_french_readers_look_for(seat):
    stage = making.stage(seat)
    for rank, name in enumerate(("Zoé Blanc", "Troisième Personne", "Éloïse Petit", "Ana Ruiz")):
        making.guest(stage, name=name, email=f"p{rank}@essai.example")
    names = [each.full_name for each in people_of(stage)]
    assert names == ["Ana Ruiz", "Éloïse Petit", "Troisième Personne", "Zoé Blanc"]


def test_who_waits_is_listed_in_the_order_places_are_given(seat):
    stage = making.stage(seat, capacity=1)
    for rank, name in enumerate(("Ana Ruiz", "Zoé Blanc", "Éloïse Petit")):
        making.guest(stage, name=name, email=f"p{rank}@essai.example", at=NOW + timedelta(minutes=rank))
    assert [each.full_name for each in people_of(stage)] == ["Ana Ruiz", "Zoé Blanc", "Éloïse Petit"]
    told = page(browser(seat), "attendance", stage.pk)
    assert told.index("Zoé Blanc") < told.index("n°&nbsp;1)") < told.index("Éloïse Petit") < told.index("n°&nbsp;2)")
    registrations.leave_by_token(letters.token_of(Registration.objects.get(full_name="Ana Ruiz")), at=NOW)
    assert Registration.objects.get(full_name="Zoé Blanc").state == "confirmed"


def test_a_public_tour_is_found_from_the_public_pages_of_its_network_without_an_account(seat):
    PublicDirectory.objects.create(network=seat.network, words="Qui nous sommes.", opened_at=NOW, opened_by=seat.user)
    directory = reverse("members:public", args=[seat.network_id])
    draft = making.stage(seat, state="draft")
    assert "Tour des régions" not in Client().get(directory).content.decode()
    making.stage(seat, title="Étape annoncée")
    address = reverse("tour:public", args=[draft.tour_id])
    assert address in Client().get(directory).content.decode()


def test_a_stage_begun_between_the_page_and_its_form_refuses_in_words(seat):
    stage = making.stage(seat, days=0)
    answer = post(Client(), "public-stage", stage.pk, **GUEST)
    assert (answer.status_code, Registration.objects.count()) == (422, 0)


@pytest.mark.parametrize("more", [{"state": "draft"}, {"audience": "members"}])
def test_what_is_not_public_is_an_unknown_address_to_anyone(seat, more):
    stage = making.stage(seat, **more)
    for name in ("public-stage", "public-event", "public-report"):
        page(Client(), name, stage.pk, status=404)
    page(Client(), "public", stage.tour_id, status=404)


def test_a_member_takes_a_place_and_gives_it_back(seat, member):
    stage, client = making.stage(seat), browser(member)
    assert post(client, "register", stage.pk, kind="").status_code == 422
    post(client, "register", stage.pk, kind="facilitator")
    assert "Votre place est réservée" in page(client, "stage", stage.pk)
    post(client, "register", stage.pk, acte="rendre")
    assert Registration.objects.get().state == "cancelled"


def test_an_official_on_a_phone_comes_then_carries_a_finding(seat):
    governance.mandate(seat)
    official = governance.official(StructureFactory())
    client = browser(official)
    post(client, "register", making.stage(seat).pk, kind="official")
    finding = making.finding(making.stage(seat, state="held", days=-1))
    assert "En faire ma préoccupation" in page(client, "finding", finding.pk)
    assert finding.text in page(client, "carry", finding.pk)
    answer = post(client, "carry", finding.pk, text="Chez nous aussi, la clause arrive trop tard.")
    concern = Concern.objects.get()
    assert answer["Location"] == reverse("governance:concern", args=[concern.pk])
    assert list(finding.concerns.all()) == [concern]


def test_a_facilitator_notes_needs_one_after_the_other_and_makes_a_sheet(seat, member):
    stage, client = making.stage(seat, days=-1), browser(member)
    answer = post(client, "need", stage.pk, kind="buyer", words="Des exemples.", suivant="1")
    assert "dit=buyer" in answer["Location"]
    assert "Des exemples." in client.get(answer["Location"]).content.decode()
    post(client, "need-withdraw", Need.objects.get().pk)
    assert not Need.objects.exists()
    finding = making.finding(stage)
    answer = post(client, "sheet", finding.pk)
    sheet = Practice.objects.get()
    assert answer["Location"] == reverse("practices:detail", args=[sheet.pk])
    shown = client.get(answer["Location"]).content.decode()
    stage_link = f'<a href="{reverse("tour:finding", args=[finding.pk])}">l’étape Hauts-de-France du Tour</a>'
    assert f"tirée d’un constat de {stage_link}" in shown


def test_the_head_notes_who_came_and_tells_the_stage(seat):
    stage, client = making.stage(seat), browser(seat)
    came = making.guest(stage)
    with time_machine.travel(NOW + timedelta(days=11)):
        client = browser(seat)
        assert "Ana Ruiz" in page(client, "attendance", stage.pk)
        post(client, "attendance", stage.pk, present=str(came.pk))
        assert post(client, "came", stage.pk, kind="siae", number="0").status_code == 422
        post(client, "came", stage.pk, kind="siae", number="6")
        need = making.need(stage)
        post(client, "act", stage.pk, "constat", text="Il manque des exemples.", besoin=str(need.pk))
        assert list(Finding.objects.get().needs.all()) == [need]
        assert post(client, "act", stage.pk, "raconter", lessons="").status_code == 422
        post(client, "act", stage.pk, "raconter", lessons="Les acheteurs veulent des exemples.")
        assert page(Client(), "public-stage", stage.pk).count("Les acheteurs veulent des exemples.") == 1
        report = Client().get(reverse("tour:public-report", args=[stage.pk]))
        assert report.content.startswith(b"%PDF")
        assert browser(seat).get(reverse("tour:report", args=[stage.pk])).content.startswith(b"%PDF")


def test_what_was_said_stays_in_the_network_until_the_stage_is_told(seat):
    stage = making.stage(seat, state="held", days=-1)
    making.need(stage, "Un besoin dit entre nous.")
    making.finding(stage, "Un constat provisoire.")
    shown = page(Client(), "public-stage", stage.pk)
    assert "entre nous" not in shown
    assert "provisoire" not in shown
    page(Client(), "public-report", stage.pk, status=404)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_leaves_as_a_spreadsheet_without_formula(seat, form):
    stage = making.stage(seat)
    making.guest(stage, name="=1+1")
    answer = browser(seat).get(reverse("tour:export", args=[stage.pk, form]))
    assert answer.status_code == 200
    if form == "csv":
        assert "'=1+1" in answer.content.decode("utf-8-sig")
    assert browser(seat).get(reverse("tour:export", args=[stage.pk, "pdf"])).status_code == 404


def test_a_document_is_read_by_those_chosen_and_by_nobody_else(seat, member):
    stage, client = making.stage(seat), browser(seat)
    paper = SimpleUploadedFile("diapositives.txt", b"1. Accueil\n")
    post(client, "act", stage.pk, "document", title="Diapositives", audience="head", file=paper)
    document = StageDocument.objects.get()

    def read():
        told = []
        for who, name in ((client, "document"), (browser(member), "document"), (Client(), "public-document")):
            answer = who.get(reverse(f"tour:{name}", args=[document.pk]))
            if answer.streaming:
                assert b"".join(answer) == b"1. Accueil\n"
            told.append(answer.status_code)
        return told

    assert read() == [200, 404, 404]
    post(client, "act", stage.pk, "lecture", document=str(document.pk), lecture="members")
    assert read() == [200, 200, 404]
    post(client, "act", stage.pk, "lecture", document=str(document.pk), lecture="public")
    assert read() == [200, 200, 200]
    post(client, "act", stage.pk, "lecture", document="0", lecture="head")
    assert read() == [200, 200, 200]


def test_a_file_of_a_kind_nobody_opens_is_refused_at_its_field(seat):
    stage = making.stage(seat)
    paper = SimpleUploadedFile("programme.exe", b"MZ\x90\x00\x03")
    answer = post(browser(seat), "act", stage.pk, "document", audience="public", file=paper)
    assert answer.status_code == 422
    assert not StageDocument.objects.exists()


def presentation() -> bytes:
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        archive.writestr("ppt/presentation.xml", "<p/>")
    return held.getvalue()


def test_slides_and_photographs_are_taken_and_a_photograph_is_shown_with_its_words(seat):
    stage, client = making.stage(seat), browser(seat)
    slides = SimpleUploadedFile("support.pptx", presentation())
    post(client, "act", stage.pk, "document", title="Support", audience="public", file=slides)
    where = segment(0xE1, exif(1))

    def send(**typed):
        photo = SimpleUploadedFile("photo.jpg", jpeg(where))
        return post(client, "act", stage.pk, "document", title="La salle", audience="public", file=photo, **typed)

    assert send().status_code == 422
    assert StageDocument.objects.count() == 1
    assert send(alt="Vingt personnes autour de trois tables").status_code == 302
    photo = StageDocument.objects.get(title="La salle")
    address = reverse("tour:public-document", args=[photo.pk])
    shown = page(Client(), "public-stage", stage.pk)
    assert f'src="{address}"' in shown
    assert 'alt="Vingt personnes autour de trois tables"' in shown
    answer = Client().get(address)
    assert (b"".join(answer), answer["Content-Type"]) == (jpeg(), "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_words_that_name_somebody_are_erased_from_every_page_once_told(seat):
    stage = making.stage(seat, state="reported", days=-9)
    said = making.need(stage, "Éric du chantier veut être rappelé")
    found = making.finding(stage, "Éric du chantier avait raison")
    post(browser(seat), "need-withdraw", said.pk, designe="1")
    post(browser(seat), "finding-withdraw", found.pk, designe="1")
    for who, name in ((Client(), "public-stage"), (browser(seat), "stage")):
        told = page(who, name, stage.pk)
        assert "Éric du chantier" not in told
        assert "Mots retirés le" in told
        assert "Constat retiré le" in told
    assert "Constat retiré le" in page(browser(seat), "finding", found.pk)


def test_what_is_rewritten_of_a_told_stage_is_told_to_its_readers_and_kept_for_its_head(seat, member):
    stage, client = making.stage(seat, state="reported", days=-9, lessons="Première version."), browser(seat)
    making.need(stage)
    stage.programme.create(rank=1, title="Accueil")
    row = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-title": "Ouverture"}
    asked = (
        ("act", ["raconter"], {"lessons": "Version corrigée."}),
        ("act", ["constat"], {"text": "Constat tardif."}),
        ("programme", [], row),
    )
    for name, more, typed in asked:
        answer = post(client, name, stage.pk, *more, **typed)
        assert (answer.status_code, "les lecteurs de l’étape le liront" in answer.content.decode()) == (422, True)
    assert "Première version." in page(Client(), "public-stage", stage.pk)
    for rank, (name, more, typed) in enumerate(asked):
        assert post(client, name, stage.pk, *more, **typed, reason=f"Motif {rank}.").status_code == 302
    for who, name in ((Client(), "public-stage"), (browser(member), "stage"), (client, "stage")):
        told = page(who, name, stage.pk)
        assert "3 corrections" in told
        assert all(f"Motif {rank}." in told for rank in range(3))
        assert ("Première version." in told, "Accueil" in told) == (who is client, who is client)
    correction = stage.corrections.get(what="lessons")
    post(client, "act", stage.pk, "effacer", correction=str(correction.pk))
    assert "Première version." not in page(client, "stage", stage.pk)
    finding = Finding.objects.get()
    assert "Pourquoi cette correction" in page(client, "finding", finding.pk)
    post(client, "finding-withdraw", finding.pk)
    assert Finding.objects.exists()
    post(client, "finding-withdraw", finding.pk, reason="Dit ailleurs.")
    assert not Finding.objects.exists()


def test_members_read_the_tour_of_the_press_as_the_press_told_it_and_the_public_does_not(seat, member):
    tour = take_known(seat, at=NOW)
    client, [first, second] = browser(member), tour.stages.order_by("pk")
    told = page(client, "tour", tour.pk)
    for said in (
        "2\u202fétapes connues par la presse",
        "date inconnue",
        "2\u202frégions dont la presse a parlé",
        "16\u202frégions sans étape connue",
        "Localtis",
    ):
        assert said in told
    assert "à venir" not in told.lower()
    for stage in (first, second):
        told = page(client, "stage", stage.pk)
        assert "Connue par la presse" in told
        assert not [said for said in ("En préparation", "notez qui est venu", "Noter", "Aucun besoin") if said in told]
        page(Client(), "public-stage", stage.pk, status=404)
    assert "Noter qui est venu" in page(browser(seat), "stage", first.pk)
    assert "En préparation" not in page(browser(seat), "tour", tour.pk)


def test_the_synthesis_is_public_once_its_head_publishes_it_and_no_longer_once_taken_back(seat, member):
    tour, client = making.stage(seat).tour_id, browser(seat)
    public = ("public-synthesis", "public-synthesis-file")
    for name in public:
        page(Client(), name, tour, status=404)
    post(client, "synthesis-open", tour)
    assert "Racontez d’abord" in page(client, "synthesis", tour)
    told = making.stage(seat, state="reported", days=-9, title="Étape racontée")
    making.finding(told, "Il manque des exemples.")
    post(browser(member), "synthesis-open", tour)
    page(Client(), public[0], tour, status=404)
    assert "Publier la synthèse" in page(client, "synthesis", tour)
    assert reverse("tour:public-synthesis", args=[tour]) not in page(Client(), "public", tour)
    post(client, "synthesis-open", tour)
    assert reverse("tour:public-synthesis", args=[tour]) in page(Client(), "public", tour)
    shown = page(Client(), public[0], tour)
    for said in ("1\u202fétape racontée", "Il manque des exemples.", reverse("tour:public-stage", args=[told.pk])):
        assert said in shown
    assert not [said for said in ("/tour/", "Publier", "La retirer") if f'"{said}' in shown or f">{said}" in shown]
    assert Client().get(reverse("tour:public-synthesis-file", args=[tour])).content.startswith(b"%PDF")
    assert "Publier" not in page(browser(member), "synthesis", tour)
    post(client, "synthesis-open", tour, acte="retirer")
    for name in public:
        page(Client(), name, tour, status=404)


def test_a_stage_already_past_is_entered_with_who_was_there(seat):
    tour, client = making.tour(seat), browser(seat)
    typed = {
        "region_code": "32",
        "title": "Étape de septembre",
        "day": tour.starts_on,
        "place": "Lille",
        "audience": "public",
    }
    answer = post(client, "stage-new", tour.pk, **typed)
    stage = Stage.objects.get()
    assert answer.url == reverse("tour:attendance", args=[stage.pk])
    assert "Qui est venu" in page(client, "attendance", stage.pk)
    assert "Noter qui est venu" in page(client, "stage", stage.pk)
    post(client, "came", stage.pk, kind="buyer", number="6")
    stage.refresh_from_db()
    assert stage.state == "held"
    assert "Étape de septembre" in page(Client(), "public", tour.pk)


def test_somebody_of_the_network_subscribes_to_all_they_may_read(seat, member):
    stage = making.stage(seat, audience="members", title="Entre nous")
    client = browser(member)
    post(client, "feed", acte="ouvrir")
    told = page(client, "tour", stage.tour_id)
    address = told.partition("/tours/agenda/")[2].partition('"')[0]
    assert b"Entre nous" in Client().get(f"/tours/agenda/{address}").content
    post(client, "feed", acte="fermer")
    assert Client().get(f"/tours/agenda/{address}").status_code == 404


def test_the_page_of_a_stage_asks_as_much_whatever_it_holds(seat, member, django_assert_max_num_queries):
    stage = making.stage(seat, state="reported", days=-9)
    for rank in range(3):
        found = making.finding(stage, f"Constat {rank}")
        found.needs.add(making.need(stage, f"Besoin {rank}"))
    making.came(stage, buyer=8)
    for who in (member, seat):
        client = browser(who)
        page(client, "stage", stage.pk)
        with django_assert_max_num_queries(20):
            page(client, "stage", stage.pk)


def test_the_calendar_of_the_tour_is_public_and_holds_cancelled_stages(seat):
    stage = making.stage(seat)
    gone = making.stage(seat, region_code="53", title="Étape de Bretagne")
    actions.cancel(seat, gone.pk, "Reportée", at=NOW)
    making.stage(seat, audience="members", title="Entre nous")
    answer = Client().get(reverse("tour:public-calendar", args=[stage.tour_id]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.content.count(b"BEGIN:VEVENT") == 2
    assert answer.content.count(b"STATUS:CANCELLED") == 1
    assert b"Entre nous" not in answer.content


def test_a_stage_is_found_by_its_words_once_announced(seat, member):
    draft = actions.plan_stage(seat, making.tour(seat).pk, making.words(title="Étape du bocage"), at=NOW)
    assert "Étape du bocage" not in str(search("bocage", member))
    actions.announce(seat, draft.pk, at=NOW)
    assert "Étape du bocage" in str(search("bocage", member))


def test_another_network_finds_nothing(seat):
    stage = making.stage(seat)
    stranger = browser(MembershipFactory(structure=StructureFactory(network=NetworkFactory(name="Autre réseau"))))
    for name, pk in (("stage", stage.pk), ("tour", stage.tour_id), ("synthesis", stage.tour_id), ("need", stage.pk)):
        page(stranger, name, pk, status=404)


@pytest.mark.parametrize("many", [1, 8])
def test_pages_ask_as_much_of_one_as_of_many(seat, member, many, django_assert_max_num_queries):
    for rank in range(many):
        stage = making.stage(seat, state="held", days=-1 - rank)
    for rank in range(many):
        need = making.need(stage, f"Besoin {rank}")
        finding = making.finding(stage, f"Constat {rank}")
        finding.needs.add(need)
    client, head = browser(member), browser(seat)
    with django_assert_max_num_queries(20):
        page(client, "home")
    with django_assert_max_num_queries(22):
        page(client, "stage", stage.pk)
    with django_assert_max_num_queries(20):
        page(head, "synthesis", stage.tour_id)
    with django_assert_max_num_queries(12):
        page(Client(), "public", stage.tour_id)


@pytest.mark.parametrize(("act", "field", "most"), [("besoin", "words", 600), ("raconter", "lessons", 1_500)])
def test_what_is_told_longer_than_its_box_is_refused_and_kept_whole(act, field, most, seat, member):
    stage, long = making.stage(seat, state="held", days=-1), "m" * (most + 1)
    making.came(stage, buyer=1)
    making.need(stage)
    if act == "besoin":
        refused = post(browser(member), "need", stage.pk, kind="buyer", words=long)
    else:
        refused = post(browser(seat), "act", stage.pk, act, lessons=long)
    assert refused.status_code == 422
    assert long in refused.content.decode()
    stage.refresh_from_db()
    assert (stage.needs.count(), stage.lessons) == (1, "")


def test_a_correction_too_long_to_be_kept_is_refused_where_it_was_typed(seat):
    stage = making.stage(seat, state="reported", days=-1)
    finding, long = making.finding(stage), "m" * 301
    refused = post(browser(seat), "finding-withdraw", finding.pk, reason=long)
    assert refused.status_code == 422
    assert long in refused.content.decode()
    assert Finding.objects.filter(pk=finding.pk).exists()
