"""What the papers say, in words a lawyer can read."""

from datetime import date
from decimal import Decimal

import pytest

from dentelle.rules.levers import lever, levers
from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.pooling import create_pooling, pool_contract, record_consent
from dentelle.thread.contracts.models import HolderRole, PenaltyForm, Tranche
from dentelle.thread.papers import access
from dentelle.thread.papers.catalogue import PAPERS, why_not
from dentelle.thread.papers.facts import paper_context
from tests.contracts import making
from tests.factories import NOW
from tests.papers.making import NOTE, ON, body, plain, words

pytestmark = pytest.mark.django_db
HOUR = 60


def owing(facilitator, code: LeverCode, hours: int = 833, **known):
    contract = making.contract(facilitator, number="2026-31")
    counted = hours if lever(code.value).counts is not LeverCounts.NOTHING else 0
    making.obligation(facilitator, contract, counted, clause_type=code.value, **known)
    return contract


def test_a_condition_founds_its_hours_on_its_article(facilitator) -> None:
    said = body("notice", owing(facilitator, LeverCode.EXECUTION_CONDITION))
    assert "condition d’exécution, prise en application de l’article L2112-2 du code de la commande publique" in said
    assert "le titulaire réalise au moins 833 h d’insertion" in said
    assert "critère" not in said


def test_a_criterion_asks_for_its_weight_and_promises_no_hours(facilitator) -> None:
    contract = owing(facilitator, LeverCode.AWARD_CRITERION)
    said = body("notice", contract)
    assert "article R2152-7" in said
    assert "[à compléter : la pondération du critère social]" in said
    assert "833 h" not in said
    assert "Cette clause ne fixe pas de volume d’heures." in body("special_clauses", contract)


def test_a_condition_with_a_criterion_makes_the_offered_hours_contractual(facilitator) -> None:
    said = body("consultation_rules", owing(facilitator, LeverCode.CONDITION_AND_CRITERION))
    assert "article R2152-7" in said
    assert "Les heures proposées au-delà du minimum deviennent contractuelles pour le titulaire." in said


@pytest.mark.parametrize(
    ("code", "article", "share"),
    [
        (LeverCode.RESERVED_SIAE, "article L2113-13", "au moins 50 % de travailleurs défavorisés (article R2113-7)"),
        (
            LeverCode.RESERVED_DISABILITY,
            "article L2113-12",
            "au moins 50 % de travailleurs handicapés (article R2113-7)",
        ),
        (LeverCode.RESERVED_ESS, "article L2113-15", "ne dépasse pas trois ans"),
    ],
)
def test_a_reservation_cites_its_article_in_the_notice(facilitator, code, article: str, share: str) -> None:
    said = body("notice", owing(facilitator, code))
    assert article in said
    assert share in said


@pytest.mark.parametrize("code", [LeverCode.RESERVED_PRISON, LeverCode.INSERTION_SERVICE])
def test_an_article_nobody_read_is_a_blank(facilitator, code) -> None:
    contract = owing(facilitator, code)
    assert "[à compléter : l’article" in body("notice", contract)
    assert paper_context(contract, on=ON).obligations[0].article.startswith("[à compléter")
    assert "L2113-13-1" not in body("notice", contract)
    assert "R2123-1" not in body("notice", contract)


@pytest.mark.parametrize("code", [LeverCode.INTERNSHIP_CLAUSE, LeverCode.TRAINING_CLAUSE])
@pytest.mark.parametrize("paper", ["notice", "special_clauses", "commitment_annex"])
def test_internship_hours_are_never_called_insertion_hours(facilitator, code, paper: str) -> None:
    said = body(paper, owing(facilitator, code, 150))
    assert "150 h de stage" in said
    assert "150 h d’insertion" not in said
    assert "heures d’insertion" in said  # said to be something else
    assert "Sont éligibles" not in said


def test_protected_sector_hours_stand_apart(facilitator) -> None:
    said = body("special_clauses", owing(facilitator, LeverCode.RESERVED_DISABILITY, 400))
    assert "au moins 400 h du secteur protégé et adapté ; elles sont comptées à part des heures d’insertion" in said


def test_hours_of_two_natures_are_told_apart_and_never_added(facilitator) -> None:
    contract = owing(facilitator, LeverCode.EXECUTION_CONDITION, 800)
    making.obligation(facilitator, contract, 150, clause_type=LeverCode.INTERNSHIP_CLAUSE.value)
    said = body("special_clauses", contract)
    assert "800 h d’insertion" in said
    assert "150 h de stage" in said
    assert "950 h" not in said
    assert "ne s’additionnent pas et ne se compensent pas" in said
    assert "ne s’additionnent pas" not in body("special_clauses", owing(facilitator, LeverCode.EXECUTION_CONDITION))


def test_the_clauses_hold_the_four_items_of_the_general_clauses(facilitator) -> None:
    said = body("special_clauses", owing(facilitator, LeverCode.EXECUTION_CONDITION))
    for heading in ("Périmètre et volume", "Facilitateur", "Publics", "Modalités, au choix du titulaire"):
        assert f"\n{heading}\n" in said
    assert "Aucune n’est imposée, et rien n’oblige à recruter sur le territoire de l’acheteur" in said


def test_what_no_source_gives_is_a_blank_in_the_clauses(facilitator) -> None:
    said = words("special_clauses", owing(facilitator, LeverCode.EXECUTION_CONDITION))
    assert (
        "[à compléter : la rédaction du contrôle et des pénalités au regard du CCAG visé, dont le texte n’a pas pu être lu]"
        in said
    )
    assert "la durée pendant laquelle une personne reste éligible]" in said
    assert "24 mois" not in said


@pytest.mark.parametrize(
    ("ccag", "article"),
    [
        ("TIC", "l’article 16.1 du CCAG-TIC"),
        ("Travaux", "l’article 20.1 du CCAG-Travaux"),
        ("PI", "[à compléter : le numéro de l’article « insertion » du CCAG-PI]"),
    ],
)
def test_the_general_clauses_are_cited_by_the_numbers_that_were_read(facilitator, ccag: str, article: str) -> None:
    contract = making.contract(facilitator, ccag=ccag)
    making.obligation(facilitator, contract)
    assert f"Il s’articule avec {article}" in body("special_clauses", contract)


def test_the_neighbourhood_and_training_shares_follow_the_register(facilitator) -> None:
    contract = owing(
        facilitator,
        LeverCode.EXECUTION_CONDITION,
        neighbourhood_share=Decimal("0.25"),
        training_share=Decimal("0.125"),
    )
    said = body("special_clauses", contract)
    assert "Au moins 25 % de ce volume est réalisé par des habitants des quartiers prioritaires" in said
    assert "dans la limite de 12,5 % du volume" in said


def test_the_terms_of_the_register_are_the_penalty_of_the_clauses(facilitator) -> None:
    contract = owing(
        facilitator,
        LeverCode.EXECUTION_CONDITION,
        penalty_mode=PenaltyForm.EUR_PER_HOUR.value,
        penalty_value=Decimal(45),
        penalty_cap_share=Decimal("0.05"),
        formal_notice_days=15,
    )
    said = body("special_clauses", contract)
    assert "Chaque heure non réalisée est pénalisée de 45 €, dans la limite de 5 % du montant du marché." in said
    assert "mise en demeure restée sans effet pendant 15 jours" in said
    assert "L’acheteur seul applique une pénalité" in said


def test_an_optional_part_is_owed_once_affirmed(facilitator) -> None:
    contract = owing(facilitator, LeverCode.EXECUTION_CONDITION)
    making.obligation(facilitator, contract, 167, tranche=Tranche.OPTIONAL.value, tranche_number=1)
    for paper in ("notice", "commitment_annex"):
        assert "tranche optionnelle n° 1 : il n’est dû que si elle est affermie" in body(paper, contract)


def test_each_lot_has_its_own_words(facilitator) -> None:
    contract = making.contract(facilitator)
    lot = actions.add_lot(
        facilitator, contract.pk, number="2", title="Peinture", expected_revision=contract.revision, at=NOW
    )
    contract.refresh_from_db()
    making.obligation(facilitator, contract, 300, lot=lot)
    said = body("consultation_rules", contract)
    assert "Pour le lot 2 Peinture, le titulaire réalise au moins 300 h d’insertion" in said
    assert "l’ensemble du marché" not in said


def test_the_letter_is_written_to_each_company_that_answers_with_its_own_part(facilitator) -> None:
    contract = making.contract(facilitator, notified_on=date(2026, 9, 1))
    lots = []
    for number, title in (("1", "Gros œuvre"), ("2", "Peinture")):
        lots.append(
            actions.add_lot(
                facilitator, contract.pk, number=number, title=title, expected_revision=contract.revision, at=NOW
            )
        )
        contract.refresh_from_db()
    making.obligation(facilitator, contract, 500, lot=lots[0])
    making.obligation(facilitator, contract, 120, lot=lots[1])
    making.holder(facilitator, contract, 1, lot_pk=lots[0].pk, role=HolderRole.LEAD.value)
    making.holder(facilitator, contract, 2, lot_pk=lots[0].pk, role=HolderRole.JOINT.value)
    making.holder(facilitator, contract, 3, lot_pk=lots[1].pk)
    said = body("care_letter", contract)
    first, _, second = said.partition("À l’attention de Bâtisseurs 3")
    assert "À l’attention de Bâtisseurs 1" in first
    assert "Vous répondez pour le groupement formé avec Bâtisseurs 2." in first
    assert "500 h d’insertion" in first
    assert "120 h" not in first
    assert "120 h d’insertion" in second
    assert "500 h" not in second
    assert "À l’attention de Bâtisseurs 2" not in said


def test_a_pooling_agreement_is_told_with_the_consent_it_lacks(facilitator) -> None:
    contract = making.running(facilitator)
    agreement = create_pooling(facilitator, making.company(1), title="Chantiers nord", signed_on=ON, at=NOW)
    pool_contract(facilitator, agreement.pk, contract.pk, at=NOW)
    said = body("special_clauses", contract)
    assert "convention « Chantiers nord »" in said
    assert "[à compléter : l’accord écrit de l’acheteur, qui manque au registre]" in said
    record_consent(facilitator, agreement.pk, contract.pk, on=ON, reference="Courrier 12", at=NOW)
    known = access.papered_contract(facilitator, contract.pk)
    assert "21 novembre 2026, Courrier 12" in body("special_clauses", known)


def test_an_amendment_says_before_and_after(facilitator) -> None:
    contract = making.running(facilitator, 833)
    owed = contract.obligations.get()
    actions.add_amendment(
        facilitator,
        contract.pk,
        obligation_pk=owed.pk,
        minutes_change=-33 * HOUR,
        new_end_on=date(2027, 12, 31),
        decided_on=ON,
        reason="Travaux réduits.",
        expected_revision=contract.revision,
        at=NOW,
    )
    contract.refresh_from_db()
    said = body("amendment", contract)
    assert "833 h d’insertion | − 33 h | 800 h d’insertion" in said
    assert "fixée au 30 septembre 2027, est portée au 31 décembre 2027" in said
    assert "Motif : Travaux réduits." in said
    assert "Travaux réduits.." not in said


def test_an_amendment_not_yet_recorded_leaves_its_blanks(facilitator) -> None:
    said = body("amendment", making.running(facilitator))
    assert "[à compléter : le volume avant et après, ou la nouvelle date" in said
    assert "en vigueur" not in said


def test_a_private_contract_has_an_agreement_and_no_notice(facilitator) -> None:
    contract = owing(facilitator, LeverCode.PRIVATE_CLAUSE)
    context = paper_context(contract, on=ON)
    refused = {kind.code for kind in PAPERS if why_not(kind, context)}
    assert {"notice", "consultation_rules"} <= refused
    assert body("special_clauses", contract).startswith("Clause sociale : article de la convention")
    assert "L2112-2" not in body("special_clauses", contract)


def test_a_draft_without_obligation_says_what_is_missing(facilitator) -> None:
    contract = making.contract(facilitator)
    for code in ("notice", "consultation_rules", "special_clauses", "commitment_annex", "response_frame"):
        assert "[à compléter : le type de clause et le volume d’heures" in body(code, contract)


@pytest.mark.parametrize("kind", PAPERS, ids=lambda kind: kind.code)
def test_each_paper_ends_with_what_is_left_to_decide_and_its_sources(facilitator, kind) -> None:
    said = words(kind.code, making.running(facilitator))
    assert said.count(NOTE) == 1
    note = said.partition(NOTE)[2]
    assert "Ce qu’il vous reste à décider" in note
    assert "Sources" in note


@pytest.mark.parametrize("kind", levers(), ids=lambda kind: kind.code.value)
def test_every_type_of_clause_has_its_words_in_every_paper_that_cites_it(facilitator, kind) -> None:
    contract = owing(facilitator, kind.code)
    context = paper_context(contract, on=ON)
    own = context.obligations[0]
    for code in ("notice", "consultation_rules", "special_clauses"):
        if any(paper.code == code and why_not(paper, context) for paper in PAPERS):
            continue
        said = body(code, contract)
        mark = "Obligation n° 1" if code == "special_clauses" else plain(own.scope)
        assert mark in said, code
    assert own.has_volume == (kind.counts is not LeverCounts.NOTHING)


def test_what_people_typed_is_text_and_never_markup(facilitator) -> None:
    typed = "Lycée <w:p> {{ 7*7 }} {% for %} & « Jules »\x07\x0b"
    contract = making.contract(facilitator, title=typed)
    making.obligation(facilitator, contract)
    said = words("notice", contract)
    assert "Lycée <w:p> {{ 7*7 }} {% for %} & « Jules »." in said
