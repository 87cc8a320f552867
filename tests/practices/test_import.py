"""Sheets kept in a spreadsheet become drafts; the same file again changes nothing, and erases nothing typed here."""

import pytest

from dentelle.foundations.intake import actions as intake
from dentelle.foundations.intake.droppers import Dropper
from dentelle.foundations.intake.models import LineAct
from dentelle.network.practices import actions
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
