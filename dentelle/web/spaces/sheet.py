"""Everything one contract shows to somebody outside, side by side of what it hides: inner notes, reasons, other companies' plans."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, prefetch_related_objects

from dentelle.foundations.journal.models import Entry
from dentelle.foundations.journal.queries import TimelineEvent, chosen_acts
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.thread.contracts.access import exchanges_seen_by
from dentelle.thread.contracts.dues import Due, dues_of, stated_of
from dentelle.thread.contracts.models import (
    Contract,
    Exchange,
    ExchangeKind,
    Holder,
    InsertionPlan,
    Obligation,
    PenaltyDecision,
    Subcontract,
)
from dentelle.thread.contracts.party import Party, Side
from dentelle.thread.contracts.penalties import ProposedPenalty, penalties_of
from dentelle.thread.contracts.queries import HolderLine, tree_of
from dentelle.web.spaces.equivalents import Equivalents, equivalents
from dentelle.web.spaces.queries import own_minutes
from dentelle.web.spaces.standing import Standing, nature_of, standing_of

# what a side may know of the history; free text stays where it was written
_COMMON = (
    "contract.moved",
    "contract.amended",
    "contract.tranche_affirmed",
    "contract.order_added",
    "contract.order_sized",
    "contract.total_stated",
)
KNOWN_ACTS = {
    Side.BUYER: (*_COMMON, "contract.plan_set", "contract.plan_confirmed", "contract.penalty_decided"),
    Side.HOLDER: _COMMON,
    Side.SUBCONTRACTOR: (),
}


@dataclass(frozen=True, slots=True)
class WorkHanded:
    """What a subcontractor was handed: by whom, what, how many minutes."""

    above: str
    subcontract: Subcontract


@dataclass(frozen=True, slots=True)
class SpaceSheet:
    """One contract, as the party reads it. ``same`` says weeks and jobs of ``minutes``: its own part, or the insertion hours owed."""

    contract: Contract
    party: Party
    standing: Standing
    dues: tuple[Due, ...]
    obligations: tuple[Obligation, ...]
    minutes: int | None
    nature: str
    same: Equivalents | None
    holders: tuple[HolderLine, ...]
    handed: tuple[WorkHanded, ...]
    plans: tuple[InsertionPlan, ...]
    stated: tuple[tuple[LeverCounts, int], ...]
    penalties: tuple[ProposedPenalty, ...]
    decisions: tuple[PenaltyDecision, ...]
    exchanges: tuple[Exchange, ...]
    history: tuple[TimelineEvent, ...]

    @property
    def expected(self) -> str:
        return self.standing.expected(self.party.side)

    @property
    def waits(self) -> bool:
        return self.standing.waits_for(self.party.side)

    @property
    def own_holders(self) -> tuple[Holder, ...]:
        """The lines of the party among the holders: one, or one by lot."""
        mine = self.party.organisation.pk
        return tuple(line.holder for line in self.holders if line.holder.organisation_id == mine)


def space_sheet(contract: Contract, party: Party, *, today: date) -> SpaceSheet:
    """Return what a party reads of a contract; both come from ``contracts.access``."""
    prefetch_related_objects(
        [contract],
        Prefetch("obligations", Obligation.objects.select_related("lot")),
        "obligations__orders",
        "obligations__amendments",
        Prefetch("holders", Holder.objects.select_related("organisation", "lot")),
        Prefetch("holders__subcontracts", Subcontract.objects.select_related("organisation", "parent__organisation")),
        Prefetch(
            "plans", InsertionPlan.objects.select_related("holder__organisation").prefetch_related("months", "actions")
        ),
        Prefetch("penalty_decisions", PenaltyDecision.objects.select_related("decided_by")),
        "amendments",
    )
    side = party.side
    holders = list(contract.holders.all())
    mine = [each for each in holders if each.organisation_id == party.organisation.pk]
    dues = dues_of(contract)
    minutes = next((due.owed for due in dues if due.counts is LeverCounts.INSERTION_HOURS), None)
    if side is not Side.BUYER:
        minutes = own_minutes(contract, holders, party.organisation.pk)
    plans = [each for each in contract.plans.all() if side is Side.BUYER or each.holder in mine]
    return SpaceSheet(
        contract=contract,
        party=party,
        standing=standing_of(
            contract,
            today=today,
            open_questions=contract.exchanges.filter(kind=ExchangeKind.QUESTION, answered_on=None).count(),
            holders=None if side is Side.BUYER else mine,
        ),
        dues=dues,
        obligations=tuple(contract.obligations.all()),
        minutes=minutes,
        nature=nature_of(contract),
        same=equivalents(minutes, on=today) if minutes else None,
        holders=tuple(HolderLine(each, tree_of(each) if side is Side.BUYER or each in mine else ()) for each in holders)
        if side is not Side.SUBCONTRACTOR
        else (),
        handed=_handed(holders, party) if side is Side.SUBCONTRACTOR else (),
        plans=tuple(plans),
        stated=tuple(stated_of(contract).items()) if side is not Side.SUBCONTRACTOR else (),
        penalties=penalties_of(contract, on=today) if side is Side.BUYER else (),
        decisions=tuple(contract.penalty_decisions.all()) if side is Side.BUYER else (),
        exchanges=tuple(exchanges_seen_by(party, contract).select_related("attachment", "asked_by")),
        history=_history(contract, party),
    )


def _handed(holders: list[Holder], party: Party) -> tuple[WorkHanded, ...]:
    return tuple(
        WorkHanded(str(each.parent or holder), each)
        for holder in holders
        for each in holder.subcontracts.all()
        if each.organisation_id == party.organisation.pk
    )


def _history(contract: Contract, party: Party) -> tuple[TimelineEvent, ...]:
    acts = KNOWN_ACTS[party.side]
    if not acts:
        return ()

    def who(entry: Entry) -> str:
        # a colleague of the same organisation is named; people of the structure appear as the structure
        if entry.actor and entry.facts.get("organisation") == party.organisation.pk:
            return entry.actor.full_name
        if entry.actor and entry.facts.get("organisation"):
            return "l’acheteur" if party.side is not Side.BUYER else "une entreprise du contrat"
        return contract.structure.name

    return chosen_acts(contract, acts, who=who)
