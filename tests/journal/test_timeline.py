"""What was done to an object, told in plain French to whoever may know it."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dentelle.foundations.directory.models import NameSource, Organisation
from dentelle.foundations.journal import sentences
from dentelle.foundations.journal.actions import record
from dentelle.foundations.journal.queries import timeline
from dentelle.network.governance.models import Body
from tests.clauses.making import saved
from tests.factories import NOW, MembershipFactory, NetworkFactory, NetworkSeatFactory

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 12, 9, 4, tzinfo=UTC)  # 10 h 04 in Paris


@pytest.fixture
def shared(db):
    """An object of nobody in particular."""
    return Organisation.objects.create(
        siren="000000000", name="Partagée", sort_name="partagee", name_source=NameSource.TYPED,
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def said(page):
    return [event.sentence for event in page.events]


def test_an_act_is_one_french_sentence_with_its_moment_and_its_author(structure):
    durand = MembershipFactory(structure=structure, user__full_name="Mme Durand", manager=True)
    record("account.created", durand.user, at=MORNING, actor=durand.user, structure=structure)
    assert said(timeline(durand.user, viewer=durand)) == [
        "Le 12\u202fmars\u202f2026 à 10\u202fh\u202f04, Mme Durand a ouvert le compte."
    ]


def test_what_the_programme_does_by_itself_is_said_so(structure, manager):
    record("structure.created", structure, at=MORNING, actor=None, structure=structure)
    assert timeline(structure, viewer=manager).events[0].who == "Dentelle"


def test_the_latest_comes_first_and_pages_lose_and_repeat_nothing(structure, manager):
    for share in range(7):
        record("calibration.share_revoked", structure, at=NOW, actor=None, structure=structure, share=share)
    seen, before = [], None
    while True:
        page = timeline(structure, viewer=manager, before=before, size=3)
        seen += [event.what[-1] for event in page.events]
        before = page.older
        if before is None:
            break
    assert seen == list("6543210")


def test_an_owned_object_never_tells_what_another_structure_did(structure, manager, outsider):
    record("structure.created", structure, at=NOW, actor=manager.user, structure=structure)
    assert timeline(structure, viewer=outsider).events == ()
    assert timeline(structure, viewer=None).events == ()


def test_a_shared_object_tells_the_acts_of_others_without_naming_them(shared, manager, outsider):
    record("account.created", shared, at=NOW, actor=outsider.user, structure=outsider.structure)
    (event,) = timeline(shared, viewer=manager).events
    assert event.who == "une autre structure"
    assert outsider.user.full_name not in event.sentence
    assert outsider.structure.name not in event.sentence
    assert timeline(shared, viewer=outsider).events[0].who == outsider.user.full_name


def test_what_the_head_of_a_network_does_is_told_by_name_to_the_heads_and_by_office_to_members(manager):
    head = NetworkSeatFactory(user__full_name="Mme Tête")
    body = Body.objects.create(network=head.network, kind="bureau", name="Bureau")
    record("body.opened", body, at=NOW, actor=head.user, structure=None)
    assert [timeline(body, viewer=who).events[0].who for who in (head, manager)] == ["Mme Tête", "la tête de réseau"]
    elsewhere = NetworkSeatFactory(network=NetworkFactory(name="Autre réseau"))
    assert timeline(body, viewer=elsewhere).events[0].who == "la tête de réseau"


def test_what_no_network_nor_structure_did_is_the_administration_of_the_site(shared, manager):
    record("account.created", shared, at=NOW, actor=manager.user, structure=None)
    assert timeline(shared, viewer=manager).events[0].who == "l’administration du site"


def test_a_page_of_acts_costs_the_same_whatever_the_number_of_acts(structure, manager):
    counts = []
    for many in (10, 1000):
        for _ in range(many):
            record("structure.created", structure, at=NOW, actor=manager.user, structure=structure)
        with CaptureQueriesContext(connection) as queries:
            timeline(structure, viewer=manager)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 2


def test_the_page_of_a_calibration_tells_its_history_and_turns_its_pages(facilitator, client_of):
    calibration = saved(facilitator)
    for share in range(30):
        record("calibration.share_revoked", calibration, at=NOW, actor=facilitator.user,
               structure=facilitator.structure, share=share)  # fmt: skip
    client = client_of(facilitator)
    first = client.get(f"/calibrages/{calibration.pk}/").content.decode()
    assert first.count("a fermé le lien") == 20
    address = first.split('href="?journal=')[1].split("#")[0]
    second = client.get(f"/calibrages/{calibration.pk}/?journal={address}").content.decode()
    assert second.count("a fermé le lien") == 10
    assert "a enregistré le calibrage" in second


@pytest.mark.parametrize("written", ["", "abc", "-1", "9" * 40, "²"])
def test_a_page_number_nobody_wrote_gives_the_first_page(written, facilitator, client_of):
    calibration = saved(facilitator)
    answer = client_of(facilitator).get(f"/calibrages/{calibration.pk}/", {"journal": written})
    assert "a enregistré le calibrage" in answer.content.decode()


@pytest.mark.parametrize(
    ("template", "facts", "told"),
    [
        ("{siret:siret}", {"siret": "00010000500012"}, "000\u202f100\u202f005\u202f00012"),
        ("{siret:siret}", {"siret": "000100005"}, "000\u202f100\u202f005"),
        ("{minutes:duration}", {"minutes": 75_030}, "1\u202f250\u202fh\u202f30"),
        ("{hours:h}", {"hours": 1250}, "1\u202f250\u202fh"),
        ("{on:day}", {"on": "2026-03-01"}, "1er\u202fmars\u202f2026"),
        ("{count}", {"count": 12_000}, "12\u202f000"),
        ("{gone}", {}, "non renseigné"),
        ("{gone:h}", {"gone": None}, "non renseigné"),
    ],
)
def test_facts_are_written_the_french_way(template, facts, told, monkeypatch):
    monkeypatch.setattr(sentences, "_sentences", {"sample": template})
    assert sentences.told("sample", facts) == told


def test_two_sentences_for_one_act_are_refused(monkeypatch):
    monkeypatch.setattr(sentences, "_sentences", {})
    sentences.register({"sample": "a essayé"})
    sentences.register({"sample": "a essayé"})
    with pytest.raises(sentences.SentenceTaken, match="sample"):
        sentences.register({"sample": "a tenté"})
