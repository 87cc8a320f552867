"""What the pages of plans read. Frozen rows, no write; a list costs the same number of queries at any length."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from dentelle.foundations.cursor import after_of, cursor_of
from dentelle.opendata.text import fold
from dentelle.rules.calibration import HoursRange
from dentelle.rules.wording import half_up
from dentelle.thread.plans.access import Viewer, plans_visible_to
from dentelle.thread.plans.models import NEVER, NO_HOURS, PlanLine, PurchasePlan, calling_on
from dentelle.thread.plans.pricing import rate_of

PAGE = 50
PLANS = 50


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan of the list."""

    plan: PurchasePlan
    lines: int
    required: int
    to_check: int


@dataclass(frozen=True, slots=True)
class PlanList:
    """A page of plans, latest change first; ``after`` opens the next one."""

    rows: tuple[PlanRow, ...]
    total: int
    after: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """A plan as a whole. Hours are the exact hours of every line, rounded once; ``without`` says why lines have none."""

    lines: int
    required: int
    to_check: int
    not_required: int
    priced: int
    hours: HoursRange
    cents: int
    unpriced: int
    now: int
    undated: int
    without: tuple[tuple[str, str, int], ...]

    @property
    def without_hours(self) -> int:
        return self.lines - self.priced


@dataclass(frozen=True, slots=True)
class LineFilters:
    """What the list of a plan shows."""

    text: str = ""
    required: str = ""
    when: str = ""
    without: str = ""

    @property
    def active(self) -> bool:
        return bool(self.text or self.required or self.when or self.without)


@dataclass(frozen=True, slots=True)
class LinePage:
    """A page of lines, those to act on first; ``after`` opens the next one."""

    lines: tuple[PlanLine, ...]
    total: int
    after: str


def list_plans(viewer: Viewer, *, after: str | None = None) -> PlanList:
    """Return a page of the plans a person reads; an unreadable ``after`` starts over."""
    visible = plans_visible_to(viewer)
    total = visible.count()
    cursor = after_of(after)
    if cursor:
        at, pk = cursor
        visible = visible.filter(Q(updated_at__lt=at) | Q(updated_at=at, pk__lt=pk))
    found = list(visible.select_related("buyer", "structure").order_by("-updated_at", "-pk")[: PLANS + 1])
    kept = found[:PLANS]
    counts = {
        row["plan"]: row
        for row in PlanLine.objects.filter(plan__in=kept)
        .values("plan")
        .order_by()
        .annotate(
            lines=Count("pk"),
            yes=Count("pk", filter=Q(required="yes")),
            doubtful=Count("pk", filter=Q(required="to_check")),
        )
    }
    none: Mapping[str, int] = {"lines": 0, "yes": 0, "doubtful": 0}
    rows = tuple(
        PlanRow(each, row["lines"], row["yes"], row["doubtful"])
        for each in kept
        for row in (counts.get(each.pk, none),)
    )
    following = cursor_of(kept[-1].updated_at, kept[-1].pk) if len(found) > PLANS else None
    return PlanList(rows, total, following)


def totals_of(plan: PurchasePlan, *, today: date) -> Totals:
    """Return the figures of a plan."""
    counted = plan.lines.aggregate(
        lines=Count("pk"),
        yes=Count("pk", filter=Q(required="yes")),
        doubtful=Count("pk", filter=Q(required="to_check")),
        no=Count("pk", filter=Q(required="no")),
        priced=Count("pk", filter=Q(hours_central__isnull=False)),
        cents=Sum("total_cents"),
        unpriced=Count("pk", filter=Q(total_cents=None)),
        now=Count("pk", filter=calling_on(today)),
        undated=Count("pk", filter=Q(act_month=NEVER)),
    )
    reasons = plan.lines.exclude(no_hours="").values_list("no_hours").annotate(count=Count("pk")).order_by("-count")
    return Totals(
        lines=counted["lines"],
        required=counted["yes"],
        to_check=counted["doubtful"],
        not_required=counted["no"],
        priced=counted["priced"],
        hours=hours_of(plan.lines.all()),
        cents=counted["cents"] or 0,
        unpriced=counted["unpriced"],
        now=counted["now"],
        undated=counted["undated"],
        without=tuple((code, NO_HOURS[code], count) for code, count in reasons),
    )


def hours_of(lines: QuerySet[PlanLine]) -> HoursRange:
    """Return the hours of lines together, exact until one rounding: never the sum of rounded lines."""
    sums = (
        lines.filter(hours_central__isnull=False)
        .values("trade", "judged_on")
        .order_by()
        .annotate(cents=Sum("total_cents"))
    )
    low = central = high = Fraction(0)
    for row in sums:
        rate, euros = rate_of(row["trade"], row["judged_on"]), Fraction(row["cents"], 100)
        low, central, high = low + euros * rate.low, central + euros * rate.central, high + euros * rate.high
    return HoursRange(half_up(low), half_up(central), half_up(high))


def lines_of(plan: PurchasePlan, filters: LineFilters, *, today: date, after: str = "", size: int = PAGE) -> LinePage:
    """Return a page of the lines of a plan by month to act; an unreadable ``after`` starts over."""
    found = filtered(plan, filters, today=today)
    total = found.count()
    month, _, pk = after.partition("~")
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        found = found.filter(Q(act_month__gt=month[:7]) | Q(act_month=month[:7], pk__gt=int(pk)))
    rows = list(found.defer("own").order_by("act_month", "pk")[: size + 1])
    kept = tuple(rows[:size])
    following = f"{kept[-1].act_month}~{kept[-1].pk}" if len(rows) > size else ""
    return LinePage(kept, total, following)


def filtered(plan: PurchasePlan, filters: LineFilters, *, today: date) -> QuerySet[PlanLine]:
    """Return the lines of a plan that answer to filters."""
    found = plan.lines.all()
    for word in fold(filters.text).split():
        found = found.filter(search_text__contains=word)
    if filters.required:
        found = found.filter(required=filters.required)
    if filters.when == "maintenant":
        found = found.filter(calling_on(today))
    elif filters.when == "inconnu":
        found = found.filter(act_month=NEVER)
    if filters.without:
        found = found.filter(no_hours=filters.without)
    return found


def heaviest(plan: PurchasePlan, count: int) -> Iterable[PlanLine]:
    """Return the lines that carry most hours."""
    rows: Any = plan.lines.filter(hours_central__isnull=False).defer("own")
    return list(rows.order_by("-hours_central", "pk")[:count])
