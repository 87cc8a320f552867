"""Where a contract stands and who must do what, in one line: what people outside read first.

``standing_of`` reads one contract; ``waiting_for`` asks the database the same thing of a whole list. A test compares them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from dentelle.foundations.directory.models import Organisation
from dentelle.rules.levers import levers
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts.dues import STATED, dues_of, stated_of
from dentelle.thread.contracts.models import (
    Contract,
    Exchange,
    ExchangeKind,
    Holder,
    Obligation,
    PenaltyDecision,
    PenaltyForm,
)
from dentelle.thread.contracts.party import Side
from dentelle.thread.contracts.states import ContractState
from dentelle.web.formatting import duration, plural, prose_date

FACILITATOR, NOBODY = "facilitator", ""
BUYER, HOLDER, SUBCONTRACTOR = Side.BUYER.value, Side.HOLDER.value, Side.SUBCONTRACTOR.value
OF = {FACILITATOR: "du facilitateur", BUYER: "de l’acheteur", HOLDER: "du titulaire", SUBCONTRACTOR: "du sous-traitant"}
NATURES = {
    LeverCounts.INSERTION_HOURS: "d’insertion",
    LeverCounts.INTERNSHIP_HOURS: "de stage",
    LeverCounts.PROTECTED_SECTOR_HOURS: "du secteur protégé",
}
# clauses whose hours a total states: the only ones a penalty can be proposed for
COUNTING = [each.code.value for each in levers() if each.counts in STATED]
_S = ContractState


@dataclass(frozen=True, slots=True)
class Standing:
    """``now`` is what stands; ``whose`` must do ``what``. ``steady``: it goes on by itself, nobody is waited for today."""

    now: str
    whose: str = NOBODY
    what: str = ""
    steady: bool = False

    def expected(self, side: Side) -> str:
        """Return who must do what, said to somebody of ``side``: « Attendu de vous : valider ces heures »."""
        if not self.whose:
            return self.what or "Rien n’est attendu."
        whom = "de vous" if self.whose == side.value else OF[self.whose]
        return f"Attendu {whom}\u00a0: {self.what}"

    def waits_for(self, side: Side) -> bool:
        """Say whether something is waited for from ``side`` now."""
        return self.whose == side.value and not self.steady


def standing_of(
    contract: Contract, *, today: date, open_questions: int, holders: Sequence[Holder] | None = None
) -> Standing:
    """Return where a contract stands, for its buyer; for a company, ``holders`` are the lines it answers for, none for a
    subcontractor, who is told of its own part only.

    Prefetch the obligations with their orders and amendments, ``holders``, ``plans`` and ``penalty_decisions`` in lists.
    """
    if holders is not None and not holders:
        return _handed_down(contract, today)
    match ContractState(contract.state):
        case _S.DRAFT:
            return Standing("Les heures sont à l’étude.", FACILITATOR, "calibrer les heures")
        case _S.CALIBRATED:
            return Standing(
                f"Le facilitateur propose {hours_of(contract)}.",
                BUYER,
                "valider ces heures, ou en parler au facilitateur",
            )
        case _S.BUYER_APPROVED:
            return Standing(
                f"{hours_of(contract)}, validées par l’acheteur.", BUYER, "lancer la consultation, et le dire ici"
            )
        case _S.IN_TENDER:
            return _in_tender(contract, open_questions)
        case _S.NOTIFIED | _S.RUNNING:
            return _signed(contract, today, list(contract.holders.all()) if holders is None else list(holders))
        case _S.SUSPENDED:
            return Standing(
                f"Clause suspendue depuis le {prose_date(contract.state_since)}.",
                BUYER,
                "dire au facilitateur quand l’exécution reprend",
            )
        case _S.CLOSED_MET | _S.CLOSED_PARTIAL:
            return _closed(contract, told_of_penalties=holders is None)
        case _S.ABANDONED:
            return Standing(f"Abandonné le {prose_date(contract.state_since)}.")


def _handed_down(contract: Contract, today: date) -> Standing:
    state = contract.get_state_display().capitalize()
    if contract.closed_on:
        return Standing(f"Clos le {prose_date(contract.closed_on)}.")
    if contract.state == _S.SUSPENDED:
        return Standing(f"{state} depuis le {prose_date(contract.state_since)}.")
    if contract.starts_on and contract.starts_on > today:
        return Standing(f"{state}.", what=f"L’exécution commence le {prose_date(contract.starts_on)}.")
    until = f", jusqu’au {prose_date(contract.ends_on)}" if contract.ends_on else ""
    return Standing(f"{state}{until}.", SUBCONTRACTOR, "faire les heures qui vous sont transmises", steady=True)


def hours_of(contract: Contract) -> str:
    """Return what the contract owes today, nature by nature: « 833 h d’insertion et 35 h de stage »."""
    told = [
        f"{'au moins ' if due.unsized_orders else ''}{duration(due.owed)} {NATURES[due.counts]}"
        for due in dues_of(contract)
    ]
    return " et ".join(told) or "aucune heure"


def nature_of(contract: Contract) -> str:
    """Return the nature of the hours a company is told of: insertion when the contract owes some, else its first counter."""
    owed = [due.counts for due in dues_of(contract) if due.owed]
    counts = LeverCounts.INSERTION_HOURS if not owed or LeverCounts.INSERTION_HOURS in owed else owed[0]
    return NATURES[counts]


def _in_tender(contract: Contract, open_questions: int) -> Standing:
    since = f" depuis le {prose_date(contract.launched_on)}" if contract.launched_on else ""
    now = f"Consultation en cours{since}\u00a0: {hours_of(contract)}."
    if open_questions:
        asked = plural(open_questions, "question de candidat", "questions de candidats")
        return Standing(now, FACILITATOR, f"répondre à {asked}")
    return Standing(
        now, BUYER, "à l’attribution, donner au facilitateur le titulaire et la date de notification", steady=True
    )


def _signed(contract: Contract, today: date, holders: Sequence[Holder]) -> Standing:
    running = contract.state == _S.RUNNING
    until = f", jusqu’au {prose_date(contract.ends_on)}" if contract.ends_on else ""
    now = f"{'En cours' if running else 'Notifié'}\u00a0: {hours_of(contract)}{until}."
    plans = {plan.holder_id: plan for plan in contract.plans.all()}
    if any(each.pk not in plans for each in holders):
        return Standing(now, HOLDER, "nommer un correspondant et confirmer le plan d’insertion")
    if any(plans[each.pk].confirmed_at is None for each in holders):
        return Standing(now, HOLDER, "confirmer le plan d’insertion")
    if unsized := sum(due.unsized_orders for due in dues_of(contract)):
        return Standing(now, FACILITATOR, f"chiffrer {plural(unsized, 'bon de commande', 'bons de commande')}")
    if not running:
        if contract.starts_on and contract.starts_on > today:
            return Standing(now, what=f"L’exécution commence le {prose_date(contract.starts_on)}.")
        return Standing(now, FACILITATOR, "noter le démarrage de l’exécution")
    if contract.ends_on and contract.ends_on <= today:
        return Standing(now, FACILITATOR, "établir le bilan et clore")
    return Standing(now, HOLDER, "faire les heures prévues", steady=True)


def _closed(contract: Contract, *, told_of_penalties: bool) -> Standing:
    done = " et ".join(f"{duration(minutes)} {NATURES[counts]}" for counts, minutes in stated_of(contract).items())
    now = f"Clos le {prose_date(contract.closed_on)}\u00a0: {done} sur {hours_of(contract)}."
    decided = {each.obligation_id for each in contract.penalty_decisions.all()}
    # a penalty is between Dentelle's arithmetic and the buyer until the buyer decides
    if (
        told_of_penalties
        and contract.state == _S.CLOSED_PARTIAL
        and any(
            each.penalty_mode != PenaltyForm.NONE and each.clause_type in COUNTING and each.pk not in decided
            for each in contract.obligations.all()
        )
    ):
        return Standing(now, BUYER, "appliquer la pénalité prévue au contrat, ou y renoncer")
    return Standing(now)


def open_questions() -> Coalesce:
    """Count, for each contract of a list, the questions of bidders nobody answered."""
    waiting = Exchange.objects.filter(contract=OuterRef("pk"), kind=ExchangeKind.QUESTION, answered_on=None)
    counted = waiting.order_by().values("contract").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def waiting_for(side: Side, organisation: Organisation) -> Q:
    """Select the contracts whose standing waits for ``organisation`` on ``side``; a subcontractor is never waited for."""
    if side is Side.BUYER:
        undecided = (
            Obligation.objects.filter(contract=OuterRef("pk"), clause_type__in=COUNTING)
            .exclude(penalty_mode=PenaltyForm.NONE)
            .exclude(Exists(PenaltyDecision.objects.filter(obligation=OuterRef("pk"))))
        )
        return Q(state__in=[_S.CALIBRATED, _S.BUYER_APPROVED, _S.SUSPENDED]) | (
            Q(state=_S.CLOSED_PARTIAL) & Q(Exists(undecided))
        )
    unconfirmed = Holder.objects.filter(contract=OuterRef("pk"), organisation=organisation, plans__confirmed_at=None)
    return Q(state__in=[_S.NOTIFIED, _S.RUNNING]) & Q(Exists(unconfirmed))
