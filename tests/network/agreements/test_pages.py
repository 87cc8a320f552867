"""Agreements in the browser: framework → local agreement → review, as the head, a facilitator and the partner."""

from datetime import date
from decimal import Decimal
from html import unescape
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from docx import Document

from dentelle.network.agreements.actions.commitments import state_outcome
from dentelle.network.agreements.actions.meetings import MeetingContent, hold_meeting
from dentelle.network.agreements.actions.readings import give_reading
from dentelle.network.agreements.models import Agreement, Reading
from dentelle.network.agreements.queries import sheet_of
from dentelle.network.agreements.review.writing import review_content
from dentelle.network.agreements.seen import Seen
from tests.factories import NOW, MembershipFactory, NetworkFactory, StructureFactory
from tests.network.agreements import making
from tests.network.agreements.awaited import measured, read

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def member():
    return MembershipFactory(facilitator=True)


def post(client, name, agreement, code, /, **given):
    agreement.refresh_from_db()
    address = reverse(f"agreements:{name}", kwargs={"pk": agreement.pk, "code": code})
    return client.post(address, {"revision": agreement.revision, **given})


def words(document: bytes) -> str:
    read = Document(BytesIO(document))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in read.paragraphs), *cells])


def test_from_a_framework_to_a_local_agreement_its_reading_and_its_review(member, client_of):
    head, seat = making.head_of(member), making.partner_seat()
    at_head, at_desk, outside = client_of(head), client_of(member), client_of(seat)
    assert "Aucune convention-cadre" in at_desk.get("/conventions/").content.decode()
    given = {
        "title": "Convention-cadre 2026",
        "themes": ["mobility"],
        "starts_on": "2026-01-01",
        "ends_on": "2028-12-31",
    }
    assert at_head.post("/conventions/nouvelle", given).status_code == 302
    frame = Agreement.objects.get()
    sirets = {"author": making.organisation(making.AUTHOR_SIREN).siret, "partner": making.partner().siret}
    for side, siret in sirets.items():
        kept = {"siret": siret, "side": side, "is_public": "yes" if side == "partner" else "no"}
        assert post(at_head, "act", frame, "partie", **kept).status_code == 302, side
    for party in frame.parties.all():
        for rank in range(party.signatories_needed):
            known = {"party": party.pk, "full_name": f"Personne {rank}", "function": "direction"}
            assert post(at_head, "act", frame, "signataire", **known).status_code == 302
    assert post(at_head, "act", frame, "article", title="Coopérer", text="Ensemble.").status_code == 302
    assert post(at_head, "act", frame, "etape", move="propose").status_code == 302
    assert "signatures à donner" in outside.get("/mes-conventions/").content.decode()
    for party in frame.parties.all():
        for each in party.signatories.all():
            assert post(at_head, "act", frame, "signature", signatory=each.pk, on="2026-01-05").status_code == 302
    assert post(at_head, "act", frame, "etape", move="sign").status_code == 302
    frame.refresh_from_db()
    assert (frame.state, frame.signed_on) == ("signed", date(2026, 1, 5))

    local = making.local(member, under=frame)
    indicator = making.indicator(member, local.commitments.get())
    given = {"indicator": indicator.pk, "day": "2026-09-30", "value": "48", "source": "tableau de suivi"}
    assert post(at_desk, "act", local, "releve", **given).status_code == 302
    assert "1 relevé à confirmer" in outside.get("/mes-conventions/").content.decode()
    reading = Reading.objects.get()
    answer = {"readings": str(Seen.of(reading)), "answer": "disputed", "words": "Deux personnes en double"}
    assert post(outside, "seat-act", local, "reponse", **answer).status_code == 302
    page = at_desk.get(reverse("agreements:detail", args=[local.pk])).content.decode()
    assert "Corriger le relevé contesté" in page
    assert "Deux personnes en double" in page
    document = at_desk.get(reverse("agreements:review", args=[local.pk, 2026]))
    said = words(document.content)
    for each in ("Bilan 2026", "Orienter ensemble", "48", "contesté", "Deux personnes en double", "[à compléter"):
        assert each in said, each


def test_a_gap_shows_on_the_list_and_on_the_page_of_what_it_blocks(member, client_of):
    head = making.head_of(member)
    old = making.framework(head, date(2010, 1, 1), date(2013, 12, 31))
    making.framework(head, date(2020, 7, 16), date(2023, 7, 15))
    page = client_of(member).get("/conventions/").content.decode().replace("\xa0", " ")
    assert "Aucune convention-cadre du 1er janvier 2014 au 15 juillet 2020." in page
    assert "15 juillet 2023" in page
    agreement = making.proposed(member, making.draft(member, framework=old))
    page = client_of(member).get(reverse("agreements:detail", args=[agreement.pk])).content.decode()
    assert "une convention locale ne peut être signée" in page
    assert "Noter une signature</a>" not in page.split("Autres actes")[0]
    signatory = agreement.parties.get(side="author").signatories.get()
    answer = post(client_of(member), "act", agreement, "signature", signatory=signatory.pk, on="2026-11-01")
    assert answer.status_code == 422
    assert "15\u00a0juillet 2023" in answer.content.decode()


@pytest.mark.parametrize("role", ["reader", "auditor", "elected_official", "pathway_advisor"])
def test_who_only_reads_sees_no_act(role, member, client_of):
    agreement, _ = measured(member)
    browser = client_of(MembershipFactory(structure=member.structure, role=role))
    for address in ("/conventions/", reverse("agreements:detail", args=[agreement.pk]), "/qui-fait-quoi/"):
        page = browser.get(address).content.decode().partition("<main")[2]
        assert "btn-primary" not in page, address
        assert "Autres actes" not in page
    assert browser.get(reverse("agreements:act", args=[agreement.pk, "comite"])).status_code == 404


def test_a_draft_is_read_by_its_structure_alone_and_a_proposal_by_its_parties_too(member, client_of):
    making.framework(making.head_of(member))
    agreement = making.complete(member, making.draft(member, framework=Agreement.objects.get()))
    neighbour, head, seat = MembershipFactory(manager=True), making.head_of(member), making.partner_seat()
    inside, outside = (reverse(f"agreements:{name}", args=[agreement.pk]) for name in ("detail", "seat-detail"))

    def read_by():
        return [client_of(each).get(inside).status_code for each in (member, neighbour, head)] + [
            client_of(seat).get(outside).status_code
        ]

    assert read_by() == [200, 404, 404, 404]
    making.move(member, agreement, "propose")
    assert read_by() == [200, 404, 404, 200]
    making.sign(member, agreement)
    assert read_by() == [200, 200, 200, 200]


def test_another_network_reads_nothing(member, client_of):
    agreement = making.local(member)
    stranger = MembershipFactory(manager=True, structure=StructureFactory(network=NetworkFactory(name="Autre réseau")))
    browser = client_of(stranger)
    assert browser.get(reverse("agreements:detail", args=[agreement.pk])).status_code == 404
    for address in ("/conventions/", "/conventions/cote-a-cote"):
        assert agreement.title not in browser.get(address).content.decode()


def test_local_agreements_stand_side_by_side_with_what_works(member, client_of):
    agreement, indicator = measured(member)
    read(member, agreement, indicator)
    promised = agreement.commitments.get()
    state_outcome(
        member,
        agreement.pk,
        promised.pk,
        outcome="kept",
        lesson="Une permanence commune chaque mardi",
        **making.lock(agreement),
    )
    other = MembershipFactory(manager=True, structure__name="PLIE des Trois-Vallées")
    making.local(other, under=agreement.framework)
    for browser, name in ((client_of(other), "compare"), (client_of(making.partner_seat()), "seat-compare")):
        page = browser.get(reverse(f"agreements:{name}")).content.decode()
        assert "Une permanence commune chaque mardi" in page
        assert "Mobilité : 2 structures" in " ".join(unescape(page).split())
        kept = browser.get(reverse(f"agreements:{name}") + "?marche=oui").content.decode()
        assert other.structure.name not in kept.partition("<main")[2]


def test_people_are_named_to_their_own_side_only(member, client_of):
    agreement, indicator = measured(member)
    read(member, agreement, indicator)
    seat = making.partner_seat()
    seen = {
        "own": client_of(member).get(reverse("agreements:detail", args=[agreement.pk])),
        "partner": client_of(seat).get(reverse("agreements:seat-detail", args=[agreement.pk])),
        "other": client_of(MembershipFactory(manager=True)).get(reverse("agreements:detail", args=[agreement.pk])),
    }
    named = {
        who: member.user.full_name in answer.content.decode().partition("<main")[2] for who, answer in seen.items()
    }
    assert named == {"own": True, "partner": False, "other": False}


def test_pages_cost_the_same_at_any_length(member, client_of, assert_max_queries):
    agreement, indicator = measured(member)
    read(member, agreement, indicator)
    for rank in range(8):
        making.local(member, under=agreement.framework, title=f"Convention {rank}")
    extra = agreement.commitments.get()
    for rank in range(6):
        made = making.indicator(member, extra, name=f"Indicateur {rank}")
        give_reading(
            member,
            agreement.pk,
            made.pk,
            day=date(2026, 9, 1),
            value=Decimal(rank),
            source="suivi",
            **making.lock(agreement),
        )
    hold_meeting(member, agreement.pk, MeetingContent("steering", TODAY, agenda="Bilan"), **making.lock(agreement))
    browser, outside = client_of(member), client_of(making.partner_seat())
    for address in ("/conventions/", reverse("agreements:detail", args=[agreement.pk]), "/conventions/cote-a-cote"):
        with assert_max_queries(20):
            assert browser.get(address).status_code == 200
    for address in ("/mes-conventions/", reverse("agreements:seat-detail", args=[agreement.pk])):
        with assert_max_queries(20):
            assert outside.get(address).status_code == 200


def test_a_partner_lands_on_its_agreements(client_of):
    answer = client_of(making.partner_seat()).get("/", follow=True)
    assert answer.redirect_chain[-1][0] == "/mes-conventions/"


def test_the_review_counts_the_year_and_never_invents_a_zero(member):
    agreement, indicator = measured(member)
    read(member, agreement, indicator, 12)
    for year, expected in ((2026, "12"), (2027, "non relevé")):
        content = review_content(sheet_of(member, agreement.pk, TODAY), year, on=TODAY)
        (line,) = content["articles"][0]["engagements"][0]["indicateurs"]
        assert line["releves"][-1]["valeur"].startswith(expected)
        assert line["cible"] == "non renseigné"


def test_a_review_is_asked_only_for_years_the_agreement_lived(member, client_of):
    agreement = making.local(member)
    browser = client_of(member)
    got = [
        browser.get(reverse("agreements:review", args=[agreement.pk, year])).status_code for year in (2025, 2026, 2027)
    ]
    assert got == [404, 200, 404]


def test_an_agreement_is_found_by_its_words_once_signed_by_all_and_before_by_its_own(member, client_of):
    agreement = making.local(member, signed=False, title="Convention des Quatre-Vents")
    neighbour = client_of(MembershipFactory(manager=True))
    ask = reverse("search:results") + "?q=Quatre-Vents"
    assert agreement.title in client_of(member).get(ask).content.decode()
    assert reverse("agreements:detail", args=[agreement.pk]) not in neighbour.get(ask).content.decode()
    making.sign(member, agreement)
    assert reverse("agreements:detail", args=[agreement.pk]) in neighbour.get(ask).content.decode()


def test_the_review_of_a_framework_lists_what_was_signed_under_it(member, client_of):
    agreement = making.local(member)
    frame = agreement.framework
    document = client_of(making.head_of(member)).get(reverse("agreements:review", args=[frame.pk, 2026]))
    said = words(document.content)
    for each in (agreement.title, member.structure.name, "0 sur 1"):
        assert each in said


def test_the_words_of_people_keep_their_lines_and_never_act_as_markup(member, client_of):
    agreement = making.local(member)
    decisions = "Première décision\nSeconde : {{ 7 * 7 }} <b>gras</b>"
    content = MeetingContent("steering", TODAY, decisions=decisions)
    hold_meeting(member, agreement.pk, content, **making.lock(agreement))
    document = client_of(member).get(reverse("agreements:review", args=[agreement.pk, 2026]))
    assert "Première décision\nSeconde : {{ 7 * 7 }} <b>gras</b>" in words(document.content)


def test_a_commitment_due_after_its_agreement_says_so_wherever_it_is_read(member, client_of):
    frame = making.framework(making.head_of(member))
    agreement = making.complete(member, making.draft(member, framework=frame, ends_on=date(2027, 11, 30)))
    making.commitment(member, agreement, text="Remettre le bilan final", due_on=date(2027, 12, 1))
    making.commitment(member, agreement, text="Ouvrir un guichet", due_on=date(2027, 11, 30))
    browser = client_of(member)
    told = "« Remettre le bilan final » (le 01/12/2027)"
    detail = reverse("agreements:detail", args=[agreement.pk])
    for address in (detail, reverse("agreements:act", args=[agreement.pk, "etape"])):
        page = unescape(browser.get(address).content.decode())
        assert "Un engagement est attendu après la fin de la convention, le 30\u00a0novembre 2027" in page
        assert told in page
        assert "« Ouvrir un guichet »" not in page
    making.sign(member, making.move(member, agreement, "propose"))
    page = unescape(browser.get(detail).content.decode())
    assert page.count("après la fin de la convention") == 1
    for name, known in (("document", {}), ("review", {"year": 2026})):
        said = words(browser.get(reverse(f"agreements:{name}", kwargs={"pk": agreement.pk, **known})).content)
        said = said.replace("\xa0", " ")
        assert "pour le 1er décembre 2027, après la fin de la convention." in said
        assert "pour le 30 novembre 2027." in said


def test_the_review_gives_the_definition_of_each_figure_and_all_a_committee_noted(member, client_of):
    agreement, _ = measured(member)
    held = {"kind": "steering", "attendance": "Les deux parties", "decisions": "Continuer"}
    first = MeetingContent(held_on=date(2026, 3, 2), agenda="Bilan du trimestre", next_on=date(2026, 6, 8), **held)
    hold_meeting(member, agreement.pk, first, **making.lock(agreement))
    second = MeetingContent(held_on=date(2026, 6, 8), **held)
    hold_meeting(member, agreement.pk, second, **making.lock(agreement))
    said = words(client_of(member).get(reverse("agreements:review", args=[agreement.pk, 2026])).content)
    said = said.replace("\xa0", " ")
    for each in (
        "Personnes orientées (tableau de suivi). Personnes orientées dans la période. Départ",
        "Ordre du jour : Bilan du trimestre",
        "Prochaine réunion : 8 juin 2026",
        "Ordre du jour : [à compléter : l’ordre du jour]",
        "Prochaine réunion : non fixée",
    ):
        assert each in said, each


def test_what_became_of_a_commitment_is_asked_of_the_one_chosen_and_shows_what_was_said_of_it(member, client_of):
    frame = making.framework(making.head_of(member))
    agreement = making.complete(member, making.draft(member, framework=frame))
    first, second = (making.commitment(member, agreement, text=text) for text in ("Orienter ensemble", "Se former"))
    making.sign(member, making.move(member, agreement, "propose"))
    told = {"outcome": "kept", "lesson": "Une permanence commune chaque mardi"}
    state_outcome(member, agreement.pk, first.pk, **told, **making.lock(agreement))
    browser, act = client_of(member), reverse("agreements:act", args=[agreement.pk, "resultat"])
    form = browser.get(act).context["form"]
    assert [form.chooser.name, form.chooser.value()] == ["commitment", None]
    assert ["", str(first.pk), str(second.pk)] == [str(key) for key, _ in form.fields["commitment"].choices]
    assert (
        f"{act}?commitment={first.pk}"
        in browser.get(reverse("agreements:detail", args=[agreement.pk])).content.decode()
    )
    form = browser.get(f"{act}?commitment={first.pk}").context["form"]
    assert (form["outcome"].value(), form["lesson"].value()) == (told["outcome"], told["lesson"])
    shown = {each.name: each.value() for each in form if each.value() is not None}
    assert post(browser, "act", agreement, "resultat", **{**shown, "outcome": "partly"}).status_code == 302
    first.refresh_from_db()
    assert (first.outcome, first.lesson) == ("partly", told["lesson"])


@pytest.mark.parametrize(
    ("code", "field"), [("cible", "indicator"), ("corriger-comite", "meeting"), ("resultat", "commitment")]
)
def test_an_act_that_writes_again_opens_on_the_only_one_there_is(code, field, member, client_of):
    agreement, indicator = measured(member, target=Decimal(40), target_for="year")
    held = MeetingContent("steering", TODAY, decisions="Continuer")
    meeting = hold_meeting(member, agreement.pk, held, **making.lock(agreement))
    only = {"indicator": indicator, "meeting": meeting, "commitment": indicator.commitment}[field]
    form = client_of(member).get(reverse("agreements:act", args=[agreement.pk, code])).context["form"]
    assert form.chooser is None
    assert form[field].value() == str(only.pk)
    standing = {"indicator": ("target_for", "year"), "meeting": ("decisions", "Continuer")}
    name, value = standing.get(field, ("outcome", "under_way"))
    assert form[name].value() == value


def test_a_committee_without_agenda_attendance_nor_decision_is_refused_at_its_field(member, client_of):
    agreement = making.local(member)
    empty = {"kind": "steering", "held_on": "2026-06-08", "agenda": " "}
    answer = post(client_of(member), "act", agreement, "comite", **empty)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["agenda"])
    assert not agreement.meetings.exists()
    assert post(client_of(member), "act", agreement, "comite", **empty | {"attendance": "Tous"}).status_code == 302


def test_a_committee_noted_by_mistake_leaves_the_page_and_the_review_and_its_trace_stays(member, client_of):
    agreement = making.local(member)
    held = MeetingContent("steering", date(2026, 6, 8), decisions="Une permanence par mois")
    meeting = hold_meeting(member, agreement.pk, held, **making.lock(agreement))
    browser, detail = client_of(member), reverse("agreements:detail", args=[agreement.pk])
    act = reverse("agreements:act", args=[agreement.pk, "retirer-comite"])
    assert f"{act}?meeting={meeting.pk}" in browser.get(detail).content.decode()
    assert post(browser, "act", agreement, "retirer-comite", meeting=meeting.pk, reason=" ").status_code == 422
    given = {"meeting": meeting.pk, "reason": "Notée sur la mauvaise convention"}
    assert post(browser, "act", agreement, "retirer-comite", **given).status_code == 302
    for address in (detail, reverse("agreements:seat-detail", args=[agreement.pk])):
        reader = browser if address == detail else client_of(making.partner_seat())
        page = " ".join(unescape(reader.get(address).content.decode()).split())
        counted, _, folded = page.partition("Comités et bilan")[2].partition("1 réunion retirée")
        assert "Une permanence par mois" not in counted
        assert "Une permanence par mois" in folded
        assert given["reason"] in folded
        assert "a retiré une réunion de comité notée au 8 juin 2026" in folded
    content = review_content(sheet_of(member, agreement.pk, TODAY), 2026, on=TODAY)
    assert content["comites"] == []
    assert post(browser, "act", agreement, "retirer-comite", **given).status_code == 422
