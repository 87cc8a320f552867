"""Sheets kept in a spreadsheet become drafts; the same file again changes nothing, and erases nothing typed here."""

import pytest
from django.urls import reverse

from dentelle.foundations.intake import actions as intake
from dentelle.foundations.intake.droppers import Dropper
from dentelle.foundations.intake.models import LineAct
from dentelle.network.practices import actions
from dentelle.network.practices.head_import import take_sheets
from dentelle.network.practices.models import Origin, Practice, PracticeVersion
from dentelle.network.practices.target import PracticeTarget
from tests.factories import NOW
from tests.plans.making import uploaded, workbook_bytes
from tests.practices import making

pytestmark = pytest.mark.django_db
TITLES = ("N°", "Intitulé", "Thématiques", "Territoire", "Freins rencontrés", "Bilan")
LINES = (
    ("F1", "Une navette rurale", "Mobilité ; Partenariats", "commune:35238", "Le carburant", "mitigé"),
    ("F2", "Un club d’entreprises", "Entreprises et recrutement", "", "", "oui"),
    ("F3", "Thème inconnu", "Jardinage", "", "", ""),
)


def dropped(member, lines=LINES):
    dropper = Dropper(member.user, membership=member)
    drop = intake.receive(
        dropper, PracticeTarget(), uploaded(workbook_bytes(lines, TITLES), "fiches.xlsx"), structure=member.structure,
        organisation=None, options={}, at=NOW,
    )  # fmt: skip
    return dropper, drop


def test_each_line_becomes_a_draft_and_a_wrong_one_says_why(facilitator):
    dropper, drop = dropped(facilitator, LINES)
    assert drop.counts[LineAct.CREATE] == 2
    assert drop.counts[LineAct.REFUSED] == 1
    dropper, drop = dropped(facilitator, LINES[:2])
    intake.ask_write(dropper, drop, PracticeTarget(), at=NOW)
    assert Practice.objects.filter(origin=Origin.IMPORTED).count() == 2
    content = PracticeVersion.objects.get(title="Une navette rurale").content
    assert (content["themes"], content["outcome"], content["place"]) == (
        ["partnerships", "mobility"],
        "partly",
        "commune:35238",
    )
    _, again = dropped(facilitator, LINES[:2])
    assert again.counts[LineAct.UNCHANGED] == 2


def test_a_file_does_not_erase_what_was_typed_here_nor_touch_what_is_submitted(facilitator):
    dropper, drop = dropped(facilitator, LINES[:1])
    intake.ask_write(dropper, drop, PracticeTarget(), at=NOW)
    practice = Practice.objects.get()
    typed = {**making.CONTENT, **practice.versions.get().content, "summary": "Tapé ici."}
    actions.write(facilitator, practice.pk, typed, at=NOW)
    dropper, drop = dropped(
        facilitator, [("F1", "Une navette rurale", "Mobilité", "commune:35238", "Deux pannes", "oui")]
    )
    assert drop.counts[LineAct.UPDATE] == 1
    intake.ask_write(dropper, drop, PracticeTarget(), at=NOW)
    content = PracticeVersion.objects.get().content
    assert (content["summary"], content["difficulties"]) == ("Tapé ici.", "Deux pannes")
    actions.submit(facilitator, practice.pk, at=NOW)
    _, drop = dropped(facilitator, [("F1", "Une navette rurale", "Mobilité", "commune:35238", "Trois pannes", "oui")])
    assert drop.counts[LineAct.REFUSED] == 1


def test_the_head_takes_existing_sheets_and_those_of_a_member_are_its_own(facilitator):
    seat = making.head_of(facilitator)
    titles = (*TITLES, "Structure porteuse")
    rows = [(*LINES[0], facilitator.structure.name.upper()), (*LINES[1], "Une association d’ailleurs")]

    def take(lines, **more):
        file = uploaded(workbook_bytes(lines, titles), "fiches.xlsx")
        return take_sheets(seat, file, leave_wrong=more.get("leave_wrong", False), at=NOW)

    assert (take(rows).created, Practice.objects.count()) == (2, 2)
    own = Practice.objects.get(structure=facilitator.structure)
    assert (own.by_head, own.origin, own.versions.get().by_head) == (True, Origin.IMPORTED, True)
    assert take(rows).unchanged == 2
    wrong = take([*rows, (*LINES[2], ""), ("F4", "Une autre", "", "", "", "", "")])
    assert (wrong.is_written, wrong.created, Practice.objects.count()) == (False, 1, 2)
    [(number, field, reason)] = wrong.refused
    assert (number, field) == (6, "Thèmes")
    assert "Jardinage" in reason
    take([*rows, (*LINES[2], ""), ("F4", "Une autre", "", "", "", "", "")], leave_wrong=True)
    assert Practice.objects.count() == 3


def test_the_head_takes_a_file_from_its_list_and_reads_what_is_wrong(client, facilitator):
    client.force_login(making.head_of(facilitator).user)
    here = reverse("practices:head-import")
    assert here in client.get(reverse("practices:head-list")).content.decode()
    wrong = client.post(here, {"file": uploaded(workbook_bytes(LINES, TITLES), "fiches.xlsx")})
    assert wrong.status_code == 422
    assert "Ligne 6, Thèmes" in wrong.content.decode()
    assert client.post(here, {"file": uploaded(b"%PDF-1.7", "fiches.pdf")}).status_code == 422
    done = client.post(here, {"file": uploaded(workbook_bytes(LINES[:2], TITLES), "fiches.xlsx")})
    assert done.status_code == 302
    assert Practice.objects.filter(structure=None, by_head=True).count() == 2


WHOLE = {
    "Titre": "Une navette rurale",
    "Résumé": "Un minibus.",
    "Métiers": "",
    "Type de territoire": "Rural ; Montagne",
    "Début": "01/03/2025",
    "Date de fin": "31/12/2025",
    "Diagnostic": "Douze offres non pourvues.",
    "Étapes clés": "Tour de table ; Premier trajet",
    "Gouvernance": "Un comité.",
    "ETP": "0,5 ETP",
    "Budget": "12 500 €",
    "Financeurs": "Région ; État",
    "Durée de mise en place": "6 mois",
    "Outils": "Carte des trajets",
    "Effets inattendus": "Des lycéens la prennent.",
    "Adaptations possibles": "Un covoiturage.",
    "Coût d’entrée": "3 000 €",
    "Fonction du contact": "Chargée de mission",
    "Téléphone": "02 99 00 00 00",
    "Rédacteur": "Claire",
    "Licence": "Licence ouverte",
    "Couleur du minibus": "bleu",
}


def test_every_field_of_the_form_is_read_and_a_column_that_is_not_is_always_told(client, facilitator):
    seat = making.head_of(facilitator)
    client.force_login(seat.user)
    file = uploaded(workbook_bytes([tuple(WHOLE.values())], tuple(WHOLE)), "fiches.xlsx")
    done = client.post(reverse("practices:head-import"), {"file": file}, follow=True)
    assert "Couleur du minibus" in done.content.decode()
    content = PracticeVersion.objects.get().content
    assert (content["started_on"], content["ended_on"]) == ("2025-03-01", "2025-12-31")
    assert (content["fte"], content["budget_cents"], content["setup_months"]) == (50, 1_250_000, 6)
    assert (content["milestones"], content["tools"]) == (["Tour de table", "Premier trajet"], ["Carte des trajets"])
    assert (content["funders"], content["grounds"]) == (["state", "region"], ["rural", "mountain"])
    assert (content["licence"], content["author"], content["contact_role"]) == (
        "etalab-2.0",
        "Claire",
        "Chargée de mission",
    )
    for name in ("diagnosis", "governance", "side_effects", "adaptations", "entry_cost", "contact_phone"):
        assert content[name]
    again = uploaded(workbook_bytes([tuple(WHOLE.values())], tuple(WHOLE)), "fiches.xlsx")
    assert take_sheets(seat, again, leave_wrong=False, at=NOW).unchanged == 1


def test_the_titles_of_the_form_are_those_of_the_file():
    from dentelle.network.practices.content import FIELDS
    from dentelle.network.practices.target import FIELDS as READ

    read = {field.name: field.label for field in READ}
    assert {name: field.label for name, field in FIELDS.items() if name != "consent"} == {
        name: label for name, label in read.items() if name != "reference"
    }


def test_a_file_completes_what_a_sheet_does_not_say_and_cuts_nothing(facilitator):
    seat = making.head_of(facilitator)

    def take(**cells):
        file = uploaded(workbook_bytes([tuple(cells.values())], tuple(cells)), "fiches.xlsx")
        return take_sheets(seat, file, leave_wrong=False, at=NOW)

    take(Titre="Une navette", Gouvernance="Un comité.")
    assert take(Titre="Une navette", Budget="9 000").updated == 1
    assert PracticeVersion.objects.get().content["governance"] == "Un comité."
    for cells, field in (
        ({"Résumé": "x" * 2_000}, "Résumé"),
        ({"Étapes clés": "un;deux;trois;quatre;cinq;six"}, "Étapes clés"),
        ({"Outils": "x" * 400}, "Outils"),
        ({"ETP": "deux personnes"}, "Temps de travail"),
        ({"Début": "01/03/2026", "Fin": "01/02/2026"}, "Fin"),
    ):
        [(_, told, _reason)] = take(Titre="Une autre", **cells).refused
        assert told == field
