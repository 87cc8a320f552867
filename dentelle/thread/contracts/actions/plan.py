"""The insertion plan agreed at kick-off: a correspondent, actions, hours month by month."""

from dataclasses import dataclass
from datetime import date, datetime

from dentelle.foundations.organisations.models import Membership
from dentelle.rules.levers_catalogue import LeverCounts
from dentelle.rules.spreading import MonthlyMinutes, allocate, spread_by_month
from dentelle.rules.wording import MONTHS, day
from dentelle.thread.contracts.actions.changing import Change, changing
from dentelle.thread.contracts.dues import owed_minutes
from dentelle.thread.contracts.models import Contract, Holder, InsertionPlan, PlannedAction, PlannedMonth
from dentelle.thread.contracts.refusals import ContractRefused


@dataclass(frozen=True, slots=True)
class PlanContent:
    """What the kick-off meeting decides; the months replace those of before, an empty tuple leaves the plan without pace."""

    kickoff_on: date | None = None
    correspondent_name: str = ""
    correspondent_role: str = ""
    correspondent_email: str = ""
    correspondent_phone: str = ""
    months: tuple[MonthlyMinutes, ...] = ()
    confirmed: bool = False  # the holder gave its word at the meeting


def proposed_months(contract: Contract, holder: Holder) -> tuple[MonthlyMinutes, ...]:
    """Return the holder's hours spread over the execution, days counted, in whole hours; empty without its dates."""
    if contract.starts_on is None or contract.ends_on is None:
        return ()
    minutes = minutes_to_plan(contract, holder)
    by_days = spread_by_month(minutes, contract.starts_on, contract.ends_on)
    if minutes < 60:
        return by_days
    # people agree on whole hours; what is left of an hour goes to the last month
    hours = allocate(minutes // 60, [line.minutes for line in by_days])
    left = [0] * (len(hours) - 1) + [minutes % 60]
    return tuple(
        MonthlyMinutes(line.month, 60 * part + rest) for line, part, rest in zip(by_days, hours, left, strict=True)
    )


def minutes_to_plan(contract: Contract, holder: Holder) -> int:
    """Return the minutes a holder answers for: its own share, else what its lot (or the contract) owes.

    Of one nature only: insertion hours when there are some, else the first counter that has hours.
    """
    if holder.due_minutes is not None:
        return holder.due_minutes
    owed: dict[LeverCounts, int] = {}
    for each in contract.obligations.all():
        if holder.lot_id is None or each.lot_id in (None, holder.lot_id):
            owed[each.counts] = owed.get(each.counts, 0) + owed_minutes(each)
    return next((owed[counts] for counts in LeverCounts if owed.get(counts)), 0)


def set_plan(
    actor: Membership, pk: int, holder_pk: int, content: PlanContent, *, expected_revision: int, at: datetime
) -> InsertionPlan:
    """Write what was agreed with a holder. Raises ContractRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        holder = change.contract.holders.filter(pk=holder_pk).first()
        if holder is None:
            raise ContractRefused("holder_unknown", "Ce titulaire n’est plus sur le contrat.")
        plan = InsertionPlan.objects.filter(holder=holder).first()
        if plan is None:
            plan = InsertionPlan(structure=actor.structure, contract=change.contract, holder=holder)
        plan.kickoff_on = content.kickoff_on
        plan.correspondent_name = content.correspondent_name.strip()
        plan.correspondent_role = content.correspondent_role.strip()
        plan.correspondent_email = content.correspondent_email.strip()
        plan.correspondent_phone = content.correspondent_phone.strip()
        plan.agreed_at = at
        # what changed is no longer what the holder confirmed, unless it did again
        plan.confirmed_at = at if content.confirmed else None
        plan.confirmed_by = (plan.correspondent_name or holder.organisation.name)[:150] if content.confirmed else ""
        plan.save()
        replace_months(plan, content.months)
        total = sum(line.minutes for line in content.months)
        change.record("contract.plan_set", plan, months=len(content.months), minutes=total)
    return plan


def add_planned_action(
    actor: Membership,
    pk: int,
    plan_pk: int,
    *,
    who: str,
    what: str,
    due_on: date | None,
    expected_revision: int,
    at: datetime,
) -> PlannedAction:
    """Add who does what, by when."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        plan = _plan(change, plan_pk)
        if not who.strip() or not what.strip():
            raise ContractRefused("action_incomplete", "Dites qui fait quoi.", "what")
        action = PlannedAction.objects.create(
            structure=actor.structure, plan=plan, who=who.strip(), what=what.strip(), due_on=due_on
        )
        change.record("contract.action_planned", action)
    return action


def finish_planned_action(
    actor: Membership, pk: int, action_pk: int, *, on: date, expected_revision: int, at: datetime
) -> PlannedAction:
    """Say that a planned action is done."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        action = PlannedAction.objects.filter(pk=action_pk, plan__contract=change.contract).first()
        if action is None:
            raise ContractRefused("action_unknown", "Cette action n’est plus dans le plan.")
        action.done_on = on
        action.save()
        change.record("contract.action_done", action)
    return action


def _plan(change: Change, plan_pk: int) -> InsertionPlan:
    plan = change.contract.plans.filter(pk=plan_pk).first()
    if plan is None:
        raise ContractRefused("plan_unknown", "Ce plan n’est plus sur le contrat.")
    return plan


def replace_months(plan: InsertionPlan, months: tuple[MonthlyMinutes, ...]) -> None:
    """Write the months of a plan in place of those of before. Raises ContractRefused."""
    if len({line.month for line in months}) < len(months):
        raise ContractRefused("month_twice", "Un mois figure deux fois dans le plan.", "months")
    if any(line.minutes < 0 for line in months):
        raise ContractRefused("minutes_negative", "Les heures d’un mois sont un nombre positif ou nul.", "months")
    begins, ends = plan.contract.starts_on, plan.contract.ends_on
    if begins and ends:
        for line in months:
            if not begins.replace(day=1) <= line.month <= ends:
                raise ContractRefused(
                    "month_outside",
                    f"{MONTHS[line.month.month - 1].capitalize()} {line.month.year} est hors de l’exécution du contrat, du {day(begins)} au {day(ends)}\u00a0: "
                    "corrigez le mois, ou saisissez l’avenant qui la prolonge.",
                    "months",
                )
    plan.months.all().delete()
    PlannedMonth.objects.bulk_create(
        PlannedMonth(structure=plan.structure, plan=plan, month=line.month, minutes=line.minutes) for line in months
    )
