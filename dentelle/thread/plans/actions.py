"""What people do to plans. Each act: access, rule, write, one journal entry, one transaction; lines by the batch."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.intake.targets import Read, Sheet, Where
from dentelle.foundations.jobs.actions import start_job
from dentelle.foundations.journal.actions import record
from dentelle.foundations.search.actions import index_many
from dentelle.foundations.structures.ground import ground_or_none
from dentelle.opendata.buyers import buyer_kind
from dentelle.rules.thresholds import BuyerKind
from dentelle.rules.trades import trades
from dentelle.thread.plans.access import Viewer, line_editable_by, may_drop, plan_editable_by
from dentelle.thread.plans.models import PlanLine, PurchasePlan
from dentelle.thread.plans.pricing import price
from dentelle.thread.plans.refusals import PlanRefused
from dentelle.thread.plans.rows import (
    PRICED,
    WRITTEN,
    Needs,
    facts_of,
    fill,
    merged_titles,
    own_cells,
    put,
    unique_titles,
)

BATCH = 1_000
FOUND_AT_ONCE = 1_000  # lines whose words are written with them; beyond, the search learns them in the background
CHOSEN = "choisie dans Dentelle"


@transaction.atomic
def write_plan(where: Where, sheet: Sheet, *, at: datetime) -> PurchasePlan:
    """Write the lines of a file into the plan of its buyer and year, then price the whole plan again.

    Lines the file no longer has stay. Raises PlanRefused.
    """
    if not may_drop(where) or where.organisation is None:
        raise PlanRefused("role", "Vous ne pouvez pas écrire cette programmation.")
    today = timezone.localdate(at)
    plan = _plan(where, at=at, today=today)
    plan.titles = merged_titles(plan.titles, unique_titles(sheet.titles))
    plan.last_drop, plan.updated_at = where.drop, at
    lines = {line.pk: line for line in plan.lines.order_by("rank", "pk")}
    changed: set[int] = set()
    for read in (*sheet.lines, *sheet.unchanged):
        if read.known is not None and _rewrite(lines[read.known.pk], read, sheet, where):
            changed.add(read.known.pk)
    made = [_made(plan, read, sheet, where) for read in sheet.lines if read.known is None]
    _number(sheet, lines, made)
    changed |= _price([*lines.values(), *made], plan, today)
    PlanLine.objects.bulk_create(made, batch_size=BATCH)
    rewritten = [lines[pk] for pk in sorted(changed & set(lines))]
    _save(rewritten, (*WRITTEN, *PRICED, "own", "rank", "occurrence", "drop", "search_text"))
    if len(made) + len(rewritten) <= FOUND_AT_ONCE:
        index_many([*made, *rewritten])
    else:
        start_job("plans.index", actor=where.user, structure=where.structure, at=at, plan=plan.pk)
    plan.priced_on = today
    plan.save()
    record(
        "plan.written",
        plan,
        at=at,
        actor=where.user,
        structure=where.structure,
        year=plan.year,
        created=len(made),
        updated=len(sheet.lines) - len(made),
        by_buyer=where.seat is not None,
    )
    return plan


@transaction.atomic
def price_again(viewer: Viewer, pk: int, *, at: datetime) -> PurchasePlan:
    """Compute a plan with today's date and parameters."""
    plan = plan_editable_by(viewer, pk)
    today = timezone.localdate(at)
    changed = _reprice(plan, today)
    plan.priced_on = today
    plan.save(update_fields=["priced_on"])
    record("plan.priced", plan, at=at, actor=viewer.user, structure=plan.structure, lines=changed)
    return plan


@transaction.atomic
def say_buyer_kind(viewer: Viewer, pk: int, kind: str, *, at: datetime) -> PurchasePlan:
    """Say which thresholds the buyer is under; the whole plan is judged again. Raises PlanRefused."""
    if kind not in {each.value for each in BuyerKind}:
        raise PlanRefused("buyer_kind", "Choisissez la nature de l’acheteur dans la liste.")
    plan = plan_editable_by(viewer, pk)
    plan.buyer_kind, plan.buyer_kind_why = kind, CHOSEN
    today = timezone.localdate(at)
    _reprice(plan, today)
    plan.priced_on = today
    plan.save(update_fields=["buyer_kind", "buyer_kind_why", "priced_on"])
    record("plan.buyer_kind_said", plan, at=at, actor=viewer.user, structure=plan.structure, kind=kind)
    return plan


@transaction.atomic
def choose_trade(viewer: Viewer, pk: int, trade: str, *, at: datetime) -> PlanLine:
    """Say the trade of a line, empty to come back to the one proposed; its hours follow. Raises PlanRefused."""
    if trade and trade not in {each.code for each in trades()}:
        raise PlanRefused("trade_unknown", "Choisissez un métier dans la liste.")
    line = line_editable_by(viewer, pk)
    line.chosen_trade, line.updated_by = trade, viewer.user
    put(line, price(facts_of(line, line.plan, needs_of(line)), today=timezone.localdate(at)))
    line.save(update_fields=["chosen_trade", "updated_by", *PRICED])
    record(
        "plan.trade_chosen", line.plan, at=at, actor=viewer.user, structure=line.structure, line=line.pk, trade=trade
    )
    return line


def mark_followed(line: PlanLine, *, at: datetime) -> None:
    """Note that a contract follows a line, in the transaction that enters the contract (which tells the journal)."""
    PlanLine.objects.filter(pk=line.pk, followed_at=None).update(followed_at=at)


def needs_of(line: PlanLine) -> Needs:
    """Return the lots of a line's reference together, from one small query."""
    same = line.plan.lines.filter(reference__iexact=line.reference).defer("own") if line.reference else []
    return Needs([each for each in same if each.pk != line.pk] + [line])


def _plan(where: Where, *, at: datetime, today: date) -> PurchasePlan:
    plan, made = PurchasePlan.objects.get_or_create(
        structure=where.structure,
        buyer=where.organisation,
        year=where.options["year"],
        defaults={"priced_on": today, "created_at": at, "updated_at": at},
    )
    # two files written at once would not see each other's lines: the plan's row is the queue
    plan = PurchasePlan.objects.select_for_update().select_related(None).get(pk=plan.pk)
    if made and where.organisation is not None:
        plan.buyer_kind, plan.buyer_kind_why = _kind_of(where.organisation)
    return plan


def _kind_of(buyer: Organisation) -> tuple[str, str]:
    ground = ground_or_none()
    known = buyer_kind(
        buyer.siren,
        legal_category=buyer.legal_category or None,
        in_geographic_code=bool(ground and ground.name_of_siren(buyer.siren)),
    )
    return known.kind or "", known.because[:200]


def _rewrite(line: PlanLine, read: Read, sheet: Sheet, where: Where) -> bool:
    own = {**line.own, **own_cells(sheet.titles, read.cells)}
    before = (*(getattr(line, name) for name in WRITTEN), line.own, line.rank, line.drop)
    fill(line, read.values)
    line.own, line.rank, line.drop = own, read.number, where.drop
    return before != (*(getattr(line, name) for name in WRITTEN), line.own, line.rank, line.drop)


def _made(plan: PurchasePlan, read: Read, sheet: Sheet, where: Where) -> PlanLine:
    line = PlanLine(
        structure_id=plan.structure_id,
        plan=plan,
        rank=read.number,
        own=own_cells(sheet.titles, read.cells),
        drop=where.drop,
    )
    fill(line, read.values)
    return line


def _number(sheet: Sheet, lines: dict[int, PlanLine], made: Sequence[PlanLine]) -> None:
    """Say which of the lines of the same object each one is, as its key was read from the file."""
    new = iter(made)
    for read in sheet.lines:
        line = next(new) if read.known is None else lines[read.known.pk]
        line.occurrence = int(read.keys[-1].rpartition("#")[2])


def _price(lines: Sequence[PlanLine], plan: PurchasePlan, today: date) -> set[int]:
    needs = Needs(lines)
    return {line.pk for line in lines if put(line, price(facts_of(line, plan, needs), today=today)) and line.pk}


def _reprice(plan: PurchasePlan, today: date) -> int:
    lines = list(plan.lines.order_by("rank", "pk"))
    changed = _price(lines, plan, today)
    _save([line for line in lines if line.pk in changed], PRICED)
    return len(changed)


def _save(lines: Sequence[PlanLine], names: Sequence[str]) -> None:
    """Write lines that exist, by the batch: an insertion that meets its own key is much shorter than as many CASE."""
    if len(lines) <= 50:
        PlanLine.objects.bulk_update(lines, [*names])
        return
    PlanLine.objects.bulk_create(
        lines, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=[*names]
    )
