"""Contracts followed elsewhere come in by a spreadsheet, through the acts people use; what is signed is not changed by a file."""

import pytest

from dentelle.foundations.intake import actions as intake
from dentelle.foundations.intake.droppers import Dropper
from dentelle.foundations.intake.models import Drop, DropStatus
from dentelle.foundations.intake.targets import WriteRefused
from dentelle.foundations.journal.models import Entry
from dentelle.thread.contracts.history import ContractHistoryTarget
from dentelle.thread.contracts.models import Contract, Operation
from dentelle.thread.contracts.states import ContractState
from tests.factories import NOW
from tests.plans.making import uploaded, workbook_bytes

pytestmark = pytest.mark.django_db
TARGET = ContractHistoryTarget()
BUYER, FIRST, SECOND = "21350238800019", "55208131766522", "73282932000074"
TITLES = (
    "Opération", "N° marché", "Objet", "Maître d'ouvrage", "SIRET maître d'ouvrage", "Lot", "Entreprise", "SIRET entreprise",
    "Type de clause", "Heures prévues", "Heures réalisées", "Source", "Date de notification", "Date de début", "Date de fin", "Statut",
)  # fmt: skip
LOTS = (
    ("Groupe scolaire", "2024-12", "Rénovation", "Ville d’essai", BUYER, "1", "Maçons", FIRST, "CEX", "800 h", "350", "Bilan 2025", "02/05/2024", "01/06/2024", "30/06/2027", "en cours"),
    ("Groupe scolaire", "2024-12", "Rénovation", "Ville d’essai", BUYER, "2", "Peintres", SECOND, "CEX", "200", "200", "", "02/05/2024", "01/06/2024", "30/06/2027", "en cours"),
)  # fmt: skip
CLOSED = ("", "2022-03", "Nettoyage", "", BUYER, "", "Propreté", FIRST, "clause d'insertion", "500", "520", "Attestation", "10/01/2022", "01/02/2022", "31/01/2025", "Terminé")  # fmt: skip
IDEA = ("", "", "Médiathèque", "", BUYER, "", "", "", "", "", "", "", "", "", "", "projet")


def dropped(actor, *lines, titles=TITLES):
    return intake.receive(
        Dropper(actor.user, membership=actor),
        TARGET,
        uploaded(workbook_bytes(lines, titles), "suivi.xlsx"),
        structure=actor.structure,
        organisation=None,
        options={},
        at=NOW,
    )


def written(actor, *lines):
    drop = dropped(actor, *lines)
    intake.ask_write(Dropper(actor.user, membership=actor), drop, TARGET, at=NOW)
    return drop


def refusals(drop):
    return [problem[2] for line in drop.lines.filter(act="refused") for problem in line.problems]


def test_every_column_of_a_follow_up_is_recognised(facilitator):
    drop = dropped(facilitator, *LOTS)
    assert len(drop.mapping) == len(TITLES)
    assert drop.counts["create"] == 2


def test_lines_of_one_contract_become_its_lots_with_what_each_owes(facilitator):
    written(facilitator, *LOTS)
    contract = Contract.objects.get()
    assert (contract.number, contract.buyer.identifier, contract.state) == ("2024-12", BUYER, ContractState.RUNNING)
    assert contract.operation == Operation.objects.get(name="Groupe scolaire")
    owed = {each.lot.number: each.due_minutes // 60 for each in contract.obligations.all()}
    held = {each.lot.number: each.organisation.identifier for each in contract.holders.all()}
    assert (owed, held) == ({"1": 800, "2": 200}, {"1": FIRST, "2": SECOND})
    assert (contract.stated_insertion_minutes // 60, contract.stated_source) == (550, "Bilan 2025")


def test_a_contract_that_is_over_enters_closed_on_its_stated_total(facilitator):
    written(facilitator, CLOSED)
    contract = Contract.objects.get()
    assert (contract.state, contract.stated_source) == (ContractState.CLOSED_MET, "Attestation")
    assert contract.closed_on is not None


def test_a_shortfall_closes_partially_and_the_file_is_the_source_when_it_names_none(facilitator):
    written(facilitator, (*CLOSED[:10], "300", "", *CLOSED[12:]))
    contract = Contract.objects.get()
    assert contract.state == ContractState.CLOSED_PARTIAL
    assert "suivi.xlsx" in contract.stated_source


def test_an_idea_enters_as_a_draft(facilitator):
    written(facilitator, IDEA)
    contract = Contract.objects.get()
    assert (contract.state, contract.title) == (ContractState.DRAFT, "Médiathèque")


def test_each_act_leaves_its_line_in_the_journal(facilitator):
    written(facilitator, CLOSED)
    acts = set(Entry.objects.values_list("act", flat=True))
    assert {"contract.created", "contract.obligation_added", "contract.holder_added", "contract.moved"} <= acts


def test_the_same_file_again_changes_nothing(facilitator):
    written(facilitator, LOTS[0], IDEA)
    assert dropped(facilitator, LOTS[0], IDEA).counts["unchanged"] == 2


def test_more_hours_done_update_the_stated_total(facilitator):
    written(facilitator, LOTS[0])
    drop = written(facilitator, (*LOTS[0][:10], "410", *LOTS[0][11:]))
    assert Contract.objects.get().stated_insertion_minutes == 410 * 60
    assert drop.lines.count() == 1


def test_what_a_signed_contract_owes_is_not_changed_by_a_file(facilitator):
    written(facilitator, LOTS[0])
    drop = dropped(facilitator, (*LOTS[0][:9], "900", *LOTS[0][10:]))
    assert "avenant" in refusals(drop)[0]


def test_a_closed_contract_is_not_changed_by_a_file(facilitator):
    written(facilitator, CLOSED)
    drop = dropped(facilitator, (*CLOSED[:14], "31/12/2025", CLOSED[15]))
    assert "clos" in refusals(drop)[0]


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (7, "55208131766523", "clé de contrôle"),
        (7, "5,5208E+13", "nombre arrondi"),
        (7, "", "n’a pas de SIRET"),
        (12, "", "date de notification"),
        (14, "01/01/2020", "précède son début"),
        (8, "critère", "ne compte pas d’heures"),
    ],
)
def test_what_the_register_would_refuse_is_told_before_writing(facilitator, place, text, said):
    line = list(LOTS[0])
    line[place] = text
    drop = dropped(facilitator, tuple(line))
    assert any(said in message for message in refusals(drop)), refusals(drop)


def test_a_refusal_while_writing_writes_nothing_at_all(facilitator):
    two_companies = (LOTS[0], (*LOTS[0][:7], SECOND, "RES_IAE", *LOTS[0][9:]))
    drop = dropped(facilitator, IDEA, *two_companies)
    with pytest.raises(WriteRefused, match="Rien n’a été écrit"):
        intake.ask_write(Dropper(facilitator.user, membership=facilitator), drop, TARGET, at=NOW)
    assert (Contract.objects.count(), Drop.objects.get().status) == (0, DropStatus.READY)


def test_a_register_of_another_structure_is_neither_seen_nor_changed(facilitator, outsider):
    written(facilitator, LOTS[0])
    assert dropped(outsider, LOTS[0]).counts["create"] == 1


def test_many_contracts_are_written_in_the_background(facilitator, run_jobs, monkeypatch):
    monkeypatch.setattr(type(TARGET), "long_from", 2)
    drop = written(facilitator, *LOTS)
    drop.refresh_from_db()
    assert drop.status == DropStatus.WRITING
    run_jobs()
    assert Contract.objects.count() == 1
