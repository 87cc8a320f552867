"""The pages of plans, the same for members and for seated buyers: each door has its own addresses and calls these."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from dentelle.foundations.directory.models import Seat
from dentelle.foundations.intake.droppers import Dropper
from dentelle.foundations.intake.pages import drop_form
from dentelle.rules.thresholds import BuyerKind
from dentelle.rules.trades import trades
from dentelle.thread.clauses.access import calibrations_visible_to
from dentelle.thread.clauses.models import Calibration
from dentelle.thread.plans import actions, queries
from dentelle.thread.plans.access import Viewer, line_visible_to, may_write, plan_visible_to
from dentelle.thread.plans.models import NO_HOURS, REQUIRED, PlanLine, PurchasePlan
from dentelle.thread.plans.paper.page import page_pdf
from dentelle.thread.plans.prefill import key_of, register_url
from dentelle.thread.plans.refusals import PlanRefused
from dentelle.thread.plans.sheet import line_sheet
from dentelle.thread.plans.target import PurchasePlanTarget
from dentelle.thread.plans.workbook import plan_workbook
from dentelle.web.formatting import interval

TARGET = PurchasePlanTarget()
PURPOSE = TARGET.code
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def address(viewer: Viewer, name: str, **kwargs: Any) -> str:
    """Return an address of this room for the door the person came through."""
    return reverse(f"plans:{'seat-' if isinstance(viewer, Seat) else ''}{name}", kwargs=kwargs)


def drop_address(viewer: Viewer, plan: PurchasePlan | None = None) -> str:
    """Return where a plan is dropped, filled in for the next version of ``plan``."""
    path = reverse(f"intake:{'seat-' if isinstance(viewer, Seat) else ''}new", kwargs={"purpose": PURPOSE})
    if plan is None:
        return path
    known = {"year": plan.year} | ({} if isinstance(viewer, Seat) else {"siret": plan.buyer.identifier})
    return f"{path}?{urlencode(known)}"


def plan_list(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The plans a person reads."""
    page = queries.list_plans(viewer, after=request.GET.get("apres"))
    here = address(viewer, "list")
    context = {
        "page": page,
        "rows": [(row, address(viewer, "plan", pk=row.plan.pk)) for row in page.rows],
        "seated": isinstance(viewer, Seat),
        "may_write": may_write(viewer),
        "new_url": drop_address(viewer),
        # a buyer comes for this: the form is on the page itself
        "dropping": drop_form(request, Dropper(viewer.user, seat=viewer), TARGET) if isinstance(viewer, Seat) else None,
        "next_url": f"{here}?{urlencode({'apres': page.after})}" if page.after else "",
        "first_url": here if request.GET.get("apres") else "",
    }
    return render(request, "plans/list.html", context)


def plan_page(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """A plan: what it carries as a whole, then its lines, those to act on first."""
    plan = plan_visible_to(viewer, pk)
    today = timezone.localdate()
    filters = _filters(request)
    totals = queries.totals_of(plan, today=today)
    page = queries.lines_of(plan, filters, today=today, after=request.GET.get("apres", "")[:30])
    here = address(viewer, "plan", pk=pk)
    kept = {name: value for name, value in _kept(filters).items() if value}
    context = {
        "plan": plan,
        "totals": totals,
        "hours_range": f"de {interval(totals.hours.low, totals.hours.high, 'h')}",
        "page": page,
        "rows": [_row(line, viewer, today=today, plan=plan) for line in page.lines],
        "filters": filters,
        "required": REQUIRED,
        "no_hours": NO_HOURS,
        "buyer_kinds": [(kind.value, kind.label) for kind in BuyerKind],
        "seated": isinstance(viewer, Seat),
        "may_write": may_write(viewer),
        "is_stale": plan.priced_on < today,
        "here": here,
        "list_url": address(viewer, "list"),
        "drop_url": drop_address(viewer, plan),
        "workbook_url": address(viewer, "workbook", pk=pk),
        "paper_url": address(viewer, "paper", pk=pk),
        "act_urls": {code: address(viewer, "act", pk=pk, code=code) for code in PLAN_ACTS},
        "next_url": f"{here}?{urlencode({**kept, 'apres': page.after})}#achats" if page.after else "",
        "first_url": f"{here}?{urlencode(kept)}#achats" if request.GET.get("apres") else "",
    }
    return render(request, "plans/plan.html", context)


def line_page(request: HttpRequest, viewer: Viewer, pk: int, *, status: int = 200) -> HttpResponse:
    """One line: its hours, the words to paste, its obligation, its levers, its arithmetic."""
    line = line_visible_to(viewer, pk)
    found = line_sheet(line, today=timezone.localdate())
    seated = isinstance(viewer, Seat)
    context = {
        "found": found,
        "line": line,
        "plan": line.plan,
        "sheet": found.sheet,
        "trades": trades(),
        "seated": seated,
        "may_write": may_write(viewer),
        "plan_url": address(viewer, "plan", pk=line.plan_id),
        "list_url": address(viewer, "list"),
        "trade_url": address(viewer, "line-act", pk=pk),
        "calibrate_url": "" if seated else found.calibrate_url,
        "register_url": "" if seated else register_url(line),
        "calibrations": () if isinstance(viewer, Seat) else _calibrations(line, viewer),
    }
    return render(request, "plans/line.html", context, status=status)


def workbook(viewer: Viewer, pk: int) -> HttpResponse:
    """The whole plan back as a spreadsheet: the buyer's columns, then ours."""
    plan = plan_visible_to(viewer, pk)
    return _file(plan_workbook(plan), XLSX, plan, "xlsx")


def paper(viewer: Viewer, pk: int) -> HttpResponse:
    """The plan on one printed page."""
    plan = plan_visible_to(viewer, pk)
    return _file(page_pdf(plan, at=timezone.now()), "application/pdf", plan, "pdf")


def plan_act(request: HttpRequest, viewer: Viewer, pk: int, code: str) -> HttpResponse:
    """One act on a plan."""
    if code not in PLAN_ACTS:
        raise Http404
    try:
        done = PLAN_ACTS[code](request, viewer, pk)
    except PlanRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(address(viewer, "plan", pk=pk))


def line_act(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """Say the trade of a line."""
    try:
        actions.choose_trade(viewer, pk, request.POST.get("trade", "")[:60], at=timezone.now())
    except PlanRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Métier enregistré\u00a0: les heures suivent.")
    return redirect(address(viewer, "line", pk=pk))


def _price_again(request: HttpRequest, viewer: Viewer, pk: int) -> str:
    actions.price_again(viewer, pk, at=timezone.now())
    return "Programmation recalculée."


def _buyer_kind(request: HttpRequest, viewer: Viewer, pk: int) -> str:
    actions.say_buyer_kind(viewer, pk, request.POST.get("nature", ""), at=timezone.now())
    return "Nature de l’acheteur enregistrée\u00a0: les seuils suivent."


PLAN_ACTS = {"recalculer": _price_again, "acheteur": _buyer_kind}


def _filters(request: HttpRequest) -> queries.LineFilters:
    asked = request.GET
    return queries.LineFilters(
        text=asked.get("texte", "")[:200].strip(),
        required=asked.get("obligation", "") if asked.get("obligation") in REQUIRED else "",
        when=asked.get("agir", "") if asked.get("agir") in ("maintenant", "inconnu") else "",
        without=asked.get("sans", "") if asked.get("sans") in NO_HOURS else "",
    )


def _kept(filters: queries.LineFilters) -> dict[str, str]:
    return {
        "texte": filters.text,
        "obligation": filters.required,
        "agir": filters.when,
        "sans": filters.without,
    }


def _row(line: PlanLine, viewer: Viewer, *, today: date, plan: PurchasePlan) -> dict[str, Any]:
    return {
        "line": line,
        "url": address(viewer, "line", pk=line.pk),
        "trade": TRADES.get(line.trade, ""),
        "is_due": line.calls_on(today),
        "is_gone": line.drop != plan.last_drop,
    }


TRADES = {each.code: each.label for each in trades()}


def _calibrations(line: PlanLine, viewer: Any) -> list[Calibration]:
    return list(calibrations_visible_to(viewer).filter(contract_key=key_of(line)).order_by("-updated_at")[:5])


def _file(content: bytes, mime: str, plan: PurchasePlan, extension: str) -> HttpResponse:
    response = HttpResponse(content, content_type=mime)
    name = f"programmation-{plan.buyer.identifier}-{plan.year}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
