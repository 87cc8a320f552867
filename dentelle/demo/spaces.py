"""The people outside structures: whom they act for, and a story for each to find on the first page."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from dentelle.demo.contract_words import WORKS
from dentelle.demo.contracts import SEED, Register, companies_and_buyers, write_contract
from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS, SEAT_ROLES
from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.actions import open_seat
from dentelle.foundations.directory.models import Kind, Organisation, Seat
from dentelle.foundations.invitations.actions import invite
from dentelle.foundations.organisations.models import Membership
from dentelle.rules.levers_catalogue import LeverCode
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.access import contract_seen_by, party_of
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.actions.exchange import add_exchange, answer_question
from dentelle.thread.contracts.actions.links import send_to_company
from dentelle.thread.contracts.actions.outside import ask_from_outside
from dentelle.thread.contracts.models import Contract, ExchangeKind, PenaltyForm, Sharing
from dentelle.thread.contracts.states import ContractState

# where « make run » answers: the links of the fictional mail open there
SITE = "http://localhost:8000/"
HOUR = 60
PENALTY = Decimal(45)  # euros for an hour not done
MINUTES_TEMPLATE = Path(__file__).with_name("minutes.typ")


@transaction.atomic
def load_spaces(lead: Membership, neighbour: Membership, *, at: datetime, site: str = SITE) -> bool:
    """Seat the fictional buyer, company and SIAE, once; ``lead`` and ``neighbour`` follow contracts of two structures."""
    people = {
        person.role: User.objects.filter(email=person.email).first()
        for person in DEMO_ACCOUNTS
        if person.role in SEAT_ROLES
    }
    troubled = (
        Contract.objects.filter(structure=lead.structure, state=ContractState.SUSPENDED)
        .exclude(obligations__penalty_mode=PenaltyForm.NONE)
        .first()
    )
    integration = Organisation.objects.filter(kinds__kind=Kind.SIAE_EI, merged_into=None).order_by("pk").first()
    if not all(people.values()) or troubled is None or integration is None or Seat.objects.exists():
        return False
    holder = Organisation.objects.get(pk=companies_and_buyers()[1][0].pk)
    acts_for = {"buyer": troubled.buyer, "company": holder, "siae": integration}
    seats = {
        role: open_seat(people[role], organisation, role, by=lead.user, structure=lead.structure, at=at)  # type: ignore[arg-type]
        for role, organisation in acts_for.items()
    }
    _neighbours_contract(neighbour, seats["buyer"].organisation, at)
    _integration_works(lead, seats, at)
    _said_and_shared(lead, seats, at)
    _on_their_way(lead, seats, at, site)
    return True


def _register(actor: Membership, buyer: Organisation, companies: list[Organisation], at: datetime) -> Register:
    return Register(actor, [buyer], companies, at, Random(SEED + 1))  # noqa: S311 (a story)


def _neighbours_contract(actor: Membership, buyer: Organisation, at: datetime) -> None:
    """A second structure follows the same buyer."""
    register = _register(actor, buyer, companies_and_buyers()[1], at)
    write_contract(register, 971, ContractState.RUNNING, WORKS[3])
    write_contract(register, 972, ContractState.CALIBRATED, WORKS[5])


def _integration_works(lead: Membership, seats: dict[str, Seat], at: datetime) -> None:
    """The SIAE holds one contract, and works under the company on another; one contract ended short of its hours."""
    integration, buyer = seats["siae"].organisation, seats["buyer"].organisation
    register = _register(lead, buyer, [integration], at)
    write_contract(register, 963, ContractState.RUNNING, WORKS[4], holder=integration)
    company = seats["company"].organisation
    under = write_contract(register, 962, ContractState.RUNNING, WORKS[0], holder=company)
    content = SubcontractContent(integration, subject="nettoyage de chantier", due_minutes=120 * HOUR)
    register.on(under, actions.add_subcontract, under.holders.get().pk, content, days=4)
    write_contract(register, 967, ContractState.CLOSED_PARTIAL, WORKS[2], holder=company, penalty=PENALTY)


def _said_and_shared(lead: Membership, seats: dict[str, Seat], at: datetime) -> None:
    """Minutes of a meeting with a file, and a question of the company that has its answer."""
    contract = _shared_contract(lead, seats)
    register = _register(lead, seats["buyer"].organisation, [seats["company"].organisation], at)
    register.on(
        contract,
        add_exchange,
        kind=ExchangeKind.MEETING,
        happened_on=at.date() - timedelta(days=12),
        text="Réunion de démarrage : le calendrier d’embauche est calé sur le second œuvre.",
        sharing=Sharing.BOTH.value,
        attachment=SimpleUploadedFile("compte-rendu-demarrage.pdf", _minutes(contract, at)),
        days=12,
    )
    party = party_of(seats["company"], contract_seen_by(seats["company"], contract.pk))
    text = "Un apprenti déjà présent peut-il compter ?"
    asked = ask_from_outside(party, contract.pk, text=text, at=at - timedelta(days=6))
    answer = "Oui, s’il est éligible à la notification, pour les heures faites sur ce marché."
    on = at.date() - timedelta(days=5)
    register.on(contract, answer_question, asked.pk, answer=answer, on=on, days=5)
    other = contract_seen_by(seats["siae"], contract.pk)
    ask_from_outside(
        party_of(seats["siae"], other),
        contract.pk,
        text="Quand le nettoyage de chantier doit-il commencer ?",
        attachment=SimpleUploadedFile("planning-propose.txt", "Semaine 2 : base vie ; semaine 4 : étages.".encode()),
        at=at - timedelta(days=1),
    )


def _on_their_way(lead: Membership, seats: dict[str, Seat], at: datetime, site: str) -> None:
    """A second person of the buyer is invited; a holder without account receives a link."""
    invite(
        lead,
        email="achats@acheteur-fictif.example",
        role="buyer",
        organisation=seats["buyer"].organisation,
        site=site,
        at=at,
    )
    awaiting = Contract.objects.filter(
        structure=lead.structure,
        state=ContractState.RUNNING,
        plans__confirmed_at=None,
        obligations__clause_type=LeverCode.EXECUTION_CONDITION.value,
    ).exclude(holders__organisation=seats["company"].organisation)
    contract = awaiting.order_by("pk").first()
    if contract is None:
        return
    send_to_company(
        lead,
        contract.pk,
        contract.holders.order_by("pk")[0].organisation_id,
        email="chantiers@entreprise-fictive.example",
        days=60,
        site=site,
        expected_revision=contract.revision,
        at=at,
    )


def _shared_contract(lead: Membership, seats: dict[str, Seat]) -> Contract:
    """The one contract all three know: bought by one, held by another, worked under by the third."""
    return Contract.objects.get(
        structure=lead.structure,
        buyer=seats["buyer"].organisation,
        holders__organisation=seats["company"].organisation,
        holders__subcontracts__organisation=seats["siae"].organisation,
    )


def _minutes(contract: Contract, at: datetime) -> bytes:
    content = {"title": contract.title, "date": f"{at - timedelta(days=12):%d/%m/%Y}"}
    document = typst.compile(
        MINUTES_TEMPLATE,
        format="pdf",
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    if not isinstance(document, bytes):
        raise TypeError("typst returned no document")
    return document
