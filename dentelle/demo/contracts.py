"""The register of the demonstration: two hundred contracts at every stage, made through the acts people make."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from dentelle.demo.contract_words import KICKOFF_ACTIONS, PLACES, QUESTIONS, WORKS, Work
from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.models import Kind, Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.rules.levers_catalogue import LeverCode
from dentelle.thread.clauses.models import Calibration
from dentelle.thread.contracts import actions
from dentelle.thread.contracts.actions.chain import SubcontractContent
from dentelle.thread.contracts.actions.contract import ContractContent, Origin
from dentelle.thread.contracts.actions.entry import enter_contract
from dentelle.thread.contracts.actions.exchange import add_exchange, answer_question, tell_of_exchange
from dentelle.thread.contracts.actions.moves import state_total
from dentelle.thread.contracts.actions.obligation import ObligationContent
from dentelle.thread.contracts.actions.plan import PlanContent, add_planned_action, proposed_months, set_plan
from dentelle.thread.contracts.actions.pooling import create_pooling, pool_contract, record_consent
from dentelle.thread.contracts.dues import STATED, dues_of
from dentelle.thread.contracts.models import (
    Contract,
    ExchangeKind,
    FrameworkOrder,
    Operation,
    PenaltyForm,
    Programme,
    Sharing,
)
from dentelle.thread.contracts.states import WRITER_ROLES, ContractState

SEED = 29
HOUR = 60
RECENT = 45  # days since the execution began
MONTH = timedelta(days=30)
# of a hundred contracts, how many stand where
STAGES = (
    (ContractState.DRAFT, 6),
    (ContractState.CALIBRATED, 9),
    (ContractState.BUYER_APPROVED, 6),
    (ContractState.IN_TENDER, 9),
    (ContractState.NOTIFIED, 9),
    (ContractState.RUNNING, 36),
    (ContractState.CLOSED_MET, 14),
    (ContractState.CLOSED_PARTIAL, 5),
    (ContractState.ABANDONED, 5),
    (ContractState.SUSPENDED, 1),
)
BEFORE_AWARD = (ContractState.DRAFT, ContractState.CALIBRATED, ContractState.BUYER_APPROVED, ContractState.IN_TENDER)
OVER = (ContractState.CLOSED_MET, ContractState.CLOSED_PARTIAL)


@dataclass(slots=True)
class Register:
    """One structure's register being written, in a reproducible order."""

    actor: Membership
    followers: Sequence[User]
    buyers: Sequence[Organisation]
    companies: Sequence[Organisation]
    at: datetime
    random: Random

    def on(self, contract: Contract, act: Callable[..., object], *args: object, days: int = 0, **known: object) -> None:
        """Run one act on a contract ``days`` ago and read it again."""
        act(
            self.actor,
            contract.pk,
            *args,
            expected_revision=contract.revision,
            at=self.at - timedelta(days=days),
            **known,
        )
        contract.refresh_from_db()

    @property
    def today(self) -> date:
        return self.at.date()


@transaction.atomic
def load_contracts(
    actor: Membership,
    buyers: Sequence[Organisation],
    companies: Sequence[Organisation],
    count: int,
    *,
    calibrations: Sequence[Calibration] = (),
    place: int,
    at: datetime,
) -> int:
    """Write ``count`` contracts in the actor's register, at all stages, dates relative to ``at``; return how many.

    ``place`` is that of the structure in the story, from 1.
    """
    random = Random(SEED + place)  # noqa: S311 (a story)
    register = Register(actor, followers(actor), buyers, companies, at, random)
    states = [state for state, share in STAGES for _ in range(share)]
    register.random.shuffle(states)
    for rank in range(count):
        origin = Origin(calibrations[rank]) if rank < len(calibrations) else None
        state = ContractState.CALIBRATED if origin else states[rank % len(states)]
        write_contract(register, rank, state, WORKS[rank % len(WORKS)], origin=origin)
    return count


def followers(actor: Membership) -> list[User]:
    """Return who follows contracts in the actor's structure, the actor first."""
    team = Membership.objects.filter(structure_id=actor.structure_id, role__in=WRITER_ROLES).exclude(pk=actor.pk)
    return [actor.user, *(each.user for each in team.select_related("user").order_by("pk"))]


def companies_and_buyers() -> tuple[list[Organisation], list[Organisation]]:
    """Return the buyers and the companies of the directory, in the order they were made."""
    known = Organisation.objects.filter(merged_into=None).order_by("pk")
    return (
        list(known.filter(kinds__kind=Kind.BUYER).distinct()),
        list(known.filter(kinds__kind=Kind.COMPANY).distinct()),
    )


def write_contract(
    register: Register,
    rank: int,
    state: ContractState,
    work: Work,
    *,
    origin: Origin | None = None,
    operation: Operation | None = None,
    holder: Organisation | None = None,
    penalty: Decimal | None = None,
) -> Contract:
    """Write one contract of a work and bring it to a state, through the acts people make."""
    random = register.random
    hours = random.randrange(work.hours[0], work.hours[1], 10)
    months = random.randint(*work.months)
    since = _starts_ago(random, state, months)
    starts_on = (register.today - MONTH * since).replace(day=1)
    awarded = state not in (*BEFORE_AWARD, ContractState.ABANDONED)
    notified_on = starts_on - timedelta(days=random.randint(20, 60)) if awarded else None
    if notified_on and notified_on > register.today:
        notified_on = register.today - timedelta(days=random.randint(3, 15))
    entered = max(5, (register.today - (notified_on or register.today)).days + random.randint(10, 80))
    content = actions.ContractContent(
        title=work.title.format(PLACES[(rank * 5 + rank // len(WORKS)) % len(PLACES)]),
        buyer=register.buyers[rank % len(register.buyers)],
        operation=operation,
        facilitator=register.followers[rank % 4 == 3 and len(register.followers) > 1],
        number=f"{starts_on:%Y}-{rank + 1:03d}",
        cpv=work.cpv,
        kind=work.kind,
        is_framework=work.is_framework,
        amount_cents=hours * random.randrange(900, 1_600, 50) * 100,
        launched_on=register.today - timedelta(days=20) if state is ContractState.IN_TENDER else None,
        notified_on=notified_on,
        starts_on=starts_on,
        ends_on=(starts_on + MONTH * months).replace(day=28),
    )
    owed = actions.ObligationContent(
        due_minutes=hours * HOUR,
        clause_type=_clause(rank),
        neighbourhood_share=Decimal("0.25") if operation else None,
        deadline_on=content.ends_on,
        penalty_mode=PenaltyForm.EUR_PER_HOUR.value if penalty else PenaltyForm.NONE.value,
        penalty_value=penalty,
        penalty_cap_share=Decimal("0.05") if penalty else None,
    )
    if origin and origin.calibration:
        content, owed = _as_calibrated(register, origin.calibration, content, owed)
    company = holder or register.companies[(rank * 7) % len(register.companies)]
    contract = enter_contract(
        register.actor,
        content,
        obligation=None if state is ContractState.DRAFT else owed,
        holder=company if awarded else None,
        origin=origin,
        at=register.at - timedelta(days=entered),
    )
    _bring_to(register, contract, state, rank, entered)
    return contract


def _as_calibrated(
    register: Register, calibration: Calibration, content: ContractContent, owed: ObligationContent
) -> tuple[ContractContent, ObligationContent]:
    """The same contract as the entry screen would have prefilled it from its calibration."""
    typed = calibration.inputs.get("typed", {})
    named = [buyer for buyer in register.buyers if buyer.name == calibration.buyer_label]
    known = {"title": calibration.title, "cpv": typed.get("cpv", ""), "kind": typed.get("contract_kind", "")}
    content = replace(content, **known, buyer=named[0] if named else content.buyer, amount_cents=None)
    return content, replace(owed, due_minutes=(calibration.hours or 0) * HOUR)


def _clause(rank: int) -> str:
    if rank % 17 == 5:
        return LeverCode.INTERNSHIP_CLAUSE.value
    return (LeverCode.CONDITION_AND_CRITERION if rank % 9 == 4 else LeverCode.EXECUTION_CONDITION).value


def _starts_ago(random: Random, state: ContractState, months: int) -> int:
    """How many months ago the execution began; negative when it is to come."""
    if state in BEFORE_AWARD:
        return -random.randint(2, 8)
    if state is ContractState.NOTIFIED:
        return -random.randint(0, 2)
    if state in OVER:
        return months + random.randint(1, 8)
    return random.randint(1, max(1, months - 1))


def _bring_to(register: Register, contract: Contract, state: ContractState, rank: int, entered: int) -> None:
    early = {
        ContractState.BUYER_APPROVED: ("approve",),
        ContractState.IN_TENDER: ("approve", "publish"),
    }
    for place, code in enumerate(early.get(state, ())):
        register.on(contract, actions.move_contract, code, days=max(1, entered // 2 - place))
    if state is ContractState.IN_TENDER and rank % 2:
        _questions(register, contract)
    if state is ContractState.ABANDONED:
        register.on(contract, actions.move_contract, "abandon", abandon_reason="no_valid_bid", days=entered // 2)
    if state in (ContractState.RUNNING, ContractState.SUSPENDED, *OVER):
        begun = max(0, (register.today - (contract.starts_on or register.today)).days)
        register.on(contract, actions.move_contract, "start", days=begun)
        _execution(register, contract, rank, begun)
    if state is ContractState.SUSPENDED:
        register.on(
            contract, actions.move_contract, "suspend", reason="Arrêt de chantier décidé par l’acheteur", days=10
        )
    if state in OVER:
        _close(register, contract, met=state is ContractState.CLOSED_MET)


def _questions(register: Register, contract: Contract) -> None:
    for text, answer in QUESTIONS:
        day = register.today - timedelta(days=8)
        known = {"kind": ExchangeKind.QUESTION, "happened_on": day, "text": text, "sharing": Sharing.BUYER.value}
        register.on(contract, add_exchange, days=8, **known)
        if answer:
            asked = contract.exchanges.get(text=text)
            on = day + timedelta(days=2)
            register.on(contract, answer_question, asked.pk, answer=answer, on=on, days=6)
            told = ("Tous les candidats, par le profil d’acheteur", "L’acheteur, par courriel")
            register.on(contract, tell_of_exchange, asked.pk, recipients=told, on=on, days=6)


def _execution(register: Register, contract: Contract, rank: int, begun: int) -> None:
    """What happens on a contract under way: its plan, orders, an amendment, work handed down."""
    holder = contract.holders.select_related("organisation").get()
    owed = contract.obligations.get()
    recent = begun < RECENT
    if rank % 5 or not recent:
        content = PlanContent(
            contract.starts_on,
            f"{('Agnès', 'Driss', 'Élodie', 'Hervé')[rank % 4]} {('Besson', 'Fabre', 'Lorin')[rank % 3]}",
            "conducteur ou conductrice de travaux",
            months=proposed_months(contract, holder),
            confirmed=bool(rank % 4 != 2),
        )
        register.on(contract, set_plan, holder.pk, content, days=begun)
        if not recent and rank % 7:
            _state(register, contract, begun)
        if rank % 3 == 0:
            for place, (who, what) in enumerate(KICKOFF_ACTIONS):
                due = register.today + timedelta(days=15 * place - 10)
                plan = contract.plans.get()
                register.on(contract, add_planned_action, plan.pk, who=who, what=what, due_on=due, days=begun)
    if contract.is_framework:
        for number in (1, 2):
            register.on(
                contract,
                actions.add_order,
                owed.pk,
                number=f"BC-{number}",
                ordered_on=register.today - timedelta(days=20 * number),
                amount_cents=4_800_000 * number,
                added_minutes=None if number == 1 else 60 * HOUR,
                days=5,
            )
    if rank % 11 == 3:
        reason = "Travaux supplémentaires demandés par l’acheteur"
        on = register.today - timedelta(days=min(begun, 30))
        known = {"obligation_pk": owed.pk, "minutes_change": 80 * HOUR, "decided_on": on, "reason": reason}
        register.on(contract, actions.add_amendment, days=min(begun, 30), **known)
    if rank % 4 == 1:
        _hand_down(register, contract, holder.pk, rank, owed.due_minutes)


def _state(register: Register, contract: Contract, begun: int) -> None:
    """The holder sent its hours at the end of last month: a little less than the time gone by would give."""
    on = register.today.replace(day=1) - timedelta(days=1)
    lasts = max(1, ((contract.ends_on or register.today) - (contract.starts_on or register.today)).days)
    percent = min(95, 88 * begun // lasts)
    total = _total(contract, percent, "Relevé d’heures transmis par le titulaire", on)
    register.on(contract, state_total, total, days=(register.today - on).days)


def _hand_down(register: Register, contract: Contract, holder: int, rank: int, minutes: int) -> None:
    parent: int | None = None
    share = minutes // 3 // HOUR * HOUR
    for depth in range(1 + rank % 3):
        company = register.companies[(rank * 7 + depth + 1) % len(register.companies)]
        content = SubcontractContent(company, subject=("second œuvre", "pose", "finitions")[depth], due_minutes=share)
        register.on(contract, actions.add_subcontract, holder, content, parent_pk=parent, days=5)
        parent = contract.holders.get(pk=holder).subcontracts.latest("pk").pk
        share = share // 2 // HOUR * HOUR


def _total(contract: Contract, percent: int, source: str, on: date) -> actions.ClosingTotal:
    owed = {due.counts: due.owed * percent // 100 for due in dues_of(contract) if due.counts in STATED}
    return actions.ClosingTotal(owed, source, on)


def _close(register: Register, contract: Contract, *, met: bool) -> None:
    on = min(register.today, contract.ends_on or register.today)
    for order in FrameworkOrder.objects.filter(obligation__contract=contract, added_minutes__isnull=True):
        register.on(contract, actions.size_order, order.pk, added_minutes=40 * HOUR, days=4)
    total = _total(
        contract,
        register.random.randint(100, 118) if met else register.random.randint(55, 90),
        "Bilan du titulaire",
        on,
    )
    days = (register.today - on).days
    if met:
        register.on(contract, actions.move_contract, "close_met", total=total, days=days)
        return
    reason = "Recrutements plus tardifs que prévu, prolongation refusée"
    register.on(contract, actions.move_contract, "close_partial", total=total, reason=reason, days=days)


def load_story(
    actor: Membership, buyers: Sequence[Organisation], companies: Sequence[Organisation], *, at: datetime
) -> None:
    """Add what a portfolio may hold beside the ordinary: a renewal operation, pooled hours, a contract in trouble."""
    with transaction.atomic():
        register = Register(actor, followers(actor), buyers, companies, at, Random(SEED))  # noqa: S311 (a story)
        operation = actions.create_operation(
            actor,
            name="Renouvellement urbain du quartier des Ormeaux",
            programme=Programme.NPNRU,
            neighbourhoods=("QN07901M",),
            site="Quartier des Ormeaux",
            at=at - timedelta(days=900),
        )
        stages = (
            ContractState.CLOSED_MET,
            ContractState.RUNNING,
            ContractState.RUNNING,
            ContractState.NOTIFIED,
            ContractState.IN_TENDER,
        )
        company = companies[0]
        gathered = [
            write_contract(register, 900 + rank, state, WORKS[rank % 3], operation=operation, holder=company)
            for rank, state in enumerate(stages)
        ]
        _pool(register, company, [each for each in gathered if each.state == ContractState.RUNNING])
        _trouble(register)


def _pool(register: Register, company: Organisation, contracts: Sequence[Contract]) -> None:
    signed = register.today - timedelta(days=40)
    agreement = create_pooling(
        register.actor,
        company,
        title="Chantiers du quartier des Ormeaux",
        signed_on=signed,
        ends_on=register.today + timedelta(days=400),
        at=register.at - timedelta(days=45),
    )
    for rank, contract in enumerate(contracts):
        at = register.at - timedelta(days=44 - rank)
        pool_contract(register.actor, agreement.pk, contract.pk, at=at)
        if rank == 0:
            reference = "Courrier de l’acheteur, signé par sa direction"
            consented = register.at - timedelta(days=39)
            record_consent(register.actor, agreement.pk, contract.pk, on=signed, reference=reference, at=consented)


def _trouble(register: Register) -> None:
    contract = write_contract(register, 950, ContractState.RUNNING, WORKS[1], penalty=Decimal(45))
    register.on(
        contract,
        actions.move_contract,
        "suspend",
        reason="Défaillance du titulaire, chantier arrêté par l’acheteur",
        days=25,
    )
    on = register.today - timedelta(days=20)
    total = _total(contract, 38, "Relevé d’heures transmis par le titulaire", on)
    register.on(contract, state_total, total, days=20)
    meeting = "Réunion avec l’acheteur et le titulaire : reprise demandée sous un mois, pénalité calculée et transmise."
    register.on(
        contract,
        add_exchange,
        kind=ExchangeKind.MEETING,
        happened_on=on,
        text=meeting,
        sharing=Sharing.BOTH.value,
        days=19,
    )
