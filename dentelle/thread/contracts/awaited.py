"""What contracts make people wait for, and what each of them calls for. Two queries, whatever the portfolio."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import ExtractDay, TruncMonth
from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, Cut, register
from dentelle.foundations.organisations.models import Membership
from dentelle.rules.follow_up import delays, month_after, statement_due
from dentelle.rules.wording import MONTHS
from dentelle.rules.wording import day as prose_day
from dentelle.thread.contracts import next_steps
from dentelle.thread.contracts.access import contracts_led_by, may_write, of_structure
from dentelle.thread.contracts.models import (
    Exchange,
    ExchangeKind,
    FrameworkOrder,
    Holder,
    InsertionPlan,
    Obligation,
    PlannedAction,
    PlannedMonth,
    Tranche,
)
from dentelle.thread.contracts.next_steps import NextStep, Standing
from dentelle.thread.contracts.states import WRITER_ROLES
from dentelle.thread.contracts.states import ContractState as State
from dentelle.web.formatting import duration

KINDS = {
    "contract.calibration": "Calibrage attendu",
    "contract.charge": "Contrat que personne ne suit",
    "contract.move": "Étape en attente",
    "contract.kickoff": "Démarrage à tenir",
    "contract.closing": "Contrat à clore",
    "contract.order": "Bon de commande à chiffrer",
    "contract.month": "Heures à constater",
    "contract.deadline": "Échéance proche",
    "contract.action": "Action du plan en retard",
    "contract.question": "Question d’un candidat",
    "contract.request": "Question d’une entreprise ou de l’acheteur",
}
BEFORE_AWARD = (State.DRAFT, State.CALIBRATED, State.BUYER_APPROVED, State.IN_TENDER)
SIGNED = (State.NOTIFIED, State.RUNNING, State.SUSPENDED)
OPEN = (*BEFORE_AWARD, *SIGNED)
# A total stated from this day of a month on is taken as the one of that month.
LATE_IN_MONTH = 25
STARTING_WITH_A_VOWEL = (4, 8, 10)
# More lines of a query than anybody reads: past them, the member's own and the oldest come first, and it is said.
MOST = 300


def awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return what the contracts led by the member's structure call for; nothing to roles that may not change them."""
    if not may_write(membership):
        return []
    today = timezone.localdate(at)
    standing, parts = _states(membership, today), _parts(membership, today)
    lines = [*_of_states(standing.rows, membership.role, today), *_of_parts(parts.rows, today)]
    if standing.more or parts.more:
        return Cut(lines, own=standing.more_of_own or parts.more_of_own)
    return lines


@dataclass(frozen=True, slots=True)
class _Asked:
    """Rows of a query, MOST at most; whether there are ``more``, and more of the member's own."""

    rows: Sequence[tuple[Any, ...]]
    more: bool
    more_of_own: bool


def _asked(rows: QuerySet[Any, Any]) -> _Asked:
    """Read the first rows of a query whose first column says whether a row is somebody else's."""
    found = list(rows[: MOST + 1])
    more = len(found) > MOST
    return _Asked([row[1:] for row in found[:MOST]], more, more and not found[MOST][0])


@dataclass(frozen=True, slots=True)
class _Row:
    """What the first query gives of a contract."""

    pk: int
    title: str
    number: str
    buyer: str | None
    facilitator: int | None
    state: str
    state_since: datetime
    launched_on: date | None
    notified_on: date | None
    starts_on: date | None
    ends_on: date | None
    has_obligation: bool
    has_holder: bool
    has_plan: bool

    @property
    def since(self) -> date:
        return timezone.localdate(self.state_since)

    @property
    def standing(self) -> Standing:
        return Standing(
            state=self.state,
            ends_on=self.ends_on,
            is_followed=True,
            has_obligation=self.has_obligation,
            has_holder=self.has_holder,
            has_plan=self.has_plan,
            has_unsized_order=False,
        )


def _states(membership: Membership, today: date) -> _Asked:
    """Find the contracts whose stage calls for something, or that nobody follows."""
    led = contracts_led_by(membership)
    wait = delays()
    midnight = datetime.combine(today, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    parts = {
        name: Exists(model._default_manager.filter(contract=OuterRef("pk")))
        for name, model in (("obligated", Obligation), ("held", Holder), ("planned", InsertionPlan))
    }
    waiting = (
        led.filter(state__in=OPEN)
        .alias(planned_already=parts["planned"])
        .filter(
            Q(state=State.DRAFT)
            | Q(state=State.CALIBRATED, state_since__lt=midnight - wait.approval)
            | Q(state=State.BUYER_APPROVED, launched_on__lte=today)
            | Q(state=State.BUYER_APPROVED, launched_on=None, state_since__lt=midnight - wait.launch)
            | Q(state=State.IN_TENDER, state_since__lt=midnight - wait.award)
            | Q(state=State.NOTIFIED, starts_on__lte=today)
            | Q(state__in=(State.NOTIFIED, State.RUNNING), planned_already=False)
            | Q(state__in=(State.RUNNING, State.SUSPENDED), ends_on__lte=today)
            | Q(state=State.SUSPENDED, state_since__lt=midnight - wait.suspension)
            | _followed_by_nobody()
        )
        .alias(theirs=_somebody_elses(membership, "facilitator"))
        .order_by("theirs", "state_since", "pk")
    )
    # what is told of a contract is asked for those kept alone
    kept = led.filter(pk__in=waiting.values("pk")[: MOST + 1])
    return _asked(
        kept.annotate(theirs=_somebody_elses(membership, "facilitator"))
        .values_list(
            "theirs",
            "pk",
            "title",
            "number",
            "buyer__name",
            "facilitator_id",
            "state",
            "state_since",
            "launched_on",
            "notified_on",
            "starts_on",
            "ends_on",
            *(expression for expression in parts.values()),
            _is_followed(),
        )
        .order_by("theirs", "state_since", "pk")
    )


def _somebody_elses(membership: Membership, facilitator: str) -> Case:
    """Say whether a contract is followed by somebody who is not the member."""
    own = Q(**{facilitator: membership.user_id}) | Q(**{facilitator: None})
    return Case(When(own, then=Value(0)), default=Value(1), output_field=IntegerField())


def _of_states(rows: Iterable[tuple[Any, ...]], role: str, today: date) -> Iterator[Awaiting]:
    """One line at most for where a contract stands, and one when nobody follows it."""
    for *known, followed in rows:
        row = _Row(*known)
        if not followed:
            sentence = "Personne ne le suit\u00a0: prenez-le en charge ou confiez-le."
            yield _line("contract.charge", row, sentence, row.since, None, next_steps.TAKE_CHARGE, nobody=True)
        found = _stage(row, today)
        if found is not None:
            kind, sentence, since, due, step = found
            yield _line(kind, row, sentence, since, due, step or next_steps.next_step(row.standing, role, today=today))


def _followed_by_nobody() -> Q:
    return Q(state__in=OPEN) & (Q(facilitator=None) | ~Q(_is_followed()))


def _is_followed() -> Exists:
    here = Membership.objects.filter(user=OuterRef("facilitator"), structure=OuterRef("structure"))
    return Exists(here.filter(user__is_active=True))


_Found = tuple[str, str, date, date | None, NextStep | None]


def _stage(row: _Row, today: date) -> _Found | None:
    """What the stage of a contract calls for: (kind, why, since, due, the act when it is not the next step of its page)."""
    wait, since = delays(), row.since
    if next_steps.is_finished(row.state, row.ends_on, today) and row.ends_on:
        why = f"L’exécution a fini le {prose_day(row.ends_on)}\u00a0: il reste à constater les heures et à clore."
        return "contract.closing", why, row.ends_on, row.ends_on + wait.closing, next_steps.close(row.state)
    if next_steps.needs_plan(row.standing):
        return _kickoff(row)
    match row.state:
        case State.DRAFT:
            why = "Le calibrage est attendu\u00a0: " + (
                "le volume est saisi, l’étape reste à noter."
                if row.has_obligation
                else "aucune heure n’est encore fixée."
            )
            return "contract.calibration", why, since, since + wait.calibration, None
        case State.CALIBRATED if since + wait.approval < today:
            why = "L’acheteur n’a pas encore validé le calibrage."
            return "contract.move", why, since, since + wait.approval, None
        case State.BUYER_APPROVED if row.launched_on and row.launched_on <= today:
            why = f"La consultation devait partir le {prose_day(row.launched_on)}\u00a0: son lancement n’est pas noté."
            return "contract.move", why, since, row.launched_on, None
        case State.BUYER_APPROVED if row.launched_on is None and since + wait.launch < today:
            return "contract.move", "La consultation n’est pas lancée.", since, since + wait.launch, None
        case State.IN_TENDER if since + wait.award < today:
            return "contract.move", "La notification du marché n’est pas notée.", since, since + wait.award, None
        case State.NOTIFIED if row.starts_on and row.starts_on <= today:
            why = f"L’exécution devait commencer le {prose_day(row.starts_on)}\u00a0: son démarrage n’est pas noté."
            return "contract.move", why, row.starts_on, row.starts_on, None
        case State.SUSPENDED if since + wait.suspension < today:
            why = "La clause est suspendue\u00a0: voyez avec l’acheteur si elle reprend."
            return "contract.move", why, since, since + wait.suspension, None
    return None


def _kickoff(row: _Row) -> _Found:
    since = row.notified_on or row.since
    due = min(filter(None, (since + delays().care, row.starts_on)))
    why = "Aucun plan d’insertion n’est arrêté\u00a0: la réunion de démarrage avec le titulaire est à tenir."
    return "contract.kickoff", why, since, max(due, since), next_steps.SET_PLAN


def _line(
    kind: str, row: _Row, why: str, since: date, due: date | None, step: NextStep | None, *, nobody: bool = False
) -> Awaiting:
    return Awaiting(
        kind=kind,
        pk=row.pk,
        subject=row.title,
        about=_about(row.number, row.buyer),
        sentence=why,
        since=since,
        due=due,
        action=_action_label(kind, step),
        page="contracts:act" if step else "contracts:detail",
        arguments={"pk": row.pk, "code": step.code} if step else {"pk": row.pk},
        query=step.start if step else "",
        in_charge=None if nobody else row.facilitator,
    )


def _action_label(kind: str, step: NextStep | None) -> str:
    """Return a verb: the moves of the table of states are told as facts."""
    if step is None:
        return "Ouvrir le contrat"
    return "Noter l’étape" if step.code == "etape" and kind != "contract.closing" else step.label


def _about(number: str, buyer: str | None) -> str:
    return " · ".join(filter(None, (number, buyer)))


# --- Parts of contracts that wait: one line per contract and kind, one query for all kinds


def _parts(membership: Membership, today: date) -> _Asked:
    """Find what waits on contracts, one row by contract and kind."""

    def of(contract: str, states: Sequence[State]) -> Q:
        """Rows of the contracts the member may change, in those states."""
        led = of_structure(membership, contract, roles=WRITER_ROLES)
        return led & Q(**{f"{contract}state__in": states})

    def under_way(contract: str, states: Sequence[State] = SIGNED) -> Q:
        ends_on = f"{contract}ends_on"
        return of(contract, states) & (Q(**{ends_on: None}) | Q(**{f"{ends_on}__gt": today}))

    def gathered(kind: str, rows: QuerySet[Any], contract: str, day: str, minutes: str = "pk") -> QuerySet[Any, Any]:
        theirs = _somebody_elses(membership, f"{contract}__facilitator")
        return _gathered(kind, rows, contract, day, minutes, theirs)

    orders = FrameworkOrder.objects.filter(
        of("obligation__contract__", OPEN), added_minutes=None, obligation__structure_id=membership.structure_id
    )
    asked = Exchange.objects.filter(answered_on=None)
    questions = asked.filter(of("contract__", BEFORE_AWARD), kind=ExchangeKind.QUESTION)
    requests = asked.filter(of("contract__", OPEN), kind=ExchangeKind.REQUEST)
    late = PlannedAction.objects.filter(of("plan__contract__", OPEN), done_on=None, due_on__lt=today)
    unstated = _months_not_stated(today).filter(under_way("plan__contract__", (State.RUNNING,)))
    near = Obligation.objects.filter(
        Q(tranche=Tranche.FIRM) | Q(affirmed_on__isnull=False),
        under_way("contract__"),
        deadline_on__lte=today + delays().deadline_notice,
    )
    return _asked(
        gathered("contract.order", orders, "obligation__contract", "ordered_on")
        .union(
            gathered("contract.question", questions, "contract", "happened_on"),
            gathered("contract.request", requests, "contract", "happened_on"),
            gathered("contract.action", late, "plan__contract", "due_on"),
            gathered("contract.month", unstated, "plan__contract", "month", "minutes"),
            gathered("contract.deadline", near, "contract", "deadline_on"),
            all=True,
        )
        .order_by("theirs", "first", "of_0")
    )


def _of_parts(rows: Iterable[tuple[Any, ...]], today: date) -> Iterator[Awaiting]:
    for kind, pk, title, number, buyer, facilitator, stated_on, first, last, count, minutes in rows:
        found = _PARTS[kind](_Part(count, first, last, minutes, stated_on), today)
        if found is None:
            continue
        why, since, due, step = found
        yield Awaiting(
            kind=kind,
            pk=pk,
            subject=title,
            about=_about(number, buyer),
            sentence=why,
            since=since,
            due=due,
            action=step.label,
            page="contracts:act",
            arguments={"pk": pk, "code": step.code},
            query=step.start,
            in_charge=facilitator,
        )


def _gathered(
    kind: str, rows: QuerySet[Any], contract: str, day: str, minutes: str, theirs: Case
) -> QuerySet[Any, Any]:
    """Group rows by contract: how many, from when to when, how many minutes (of no meaning for kinds that have none)."""
    names = ("pk", "title", "number", "buyer__name", "facilitator", "stated_on")
    known: Mapping[str, F] = {f"of_{place}": F(f"{contract}__{name}") for place, name in enumerate(names)}
    grouped: QuerySet[Any, Any] = (
        rows.order_by()
        .values(theirs=theirs, line=Value(kind, output_field=CharField()), **known)
        .annotate(first=Min(day), last=Max(day), count=Count("pk"), total=Sum(minutes))
        .values_list("theirs", "line", *known, "first", "last", "count", "total")
    )
    return grouped


def _months_not_stated(today: date) -> QuerySet[PlannedMonth]:
    """Return the months of the plans that are over and that no stated total covers."""
    stated = F("plan__contract__stated_on")
    after = Q(plan__contract__stated_on=None) | Q(month__gt=stated)
    begun_after = Q(month=TruncMonth(stated), day_stated__lt=LATE_IN_MONTH)
    passed = PlannedMonth.objects.filter(month__lt=today.replace(day=1), minutes__gt=0)
    return passed.alias(day_stated=ExtractDay(stated)).filter(after | begun_after)


@dataclass(frozen=True, slots=True)
class _Part:
    count: int
    first: date
    last: date
    minutes: int
    stated_on: date | None


_Why = tuple[str, date, date | None, NextStep]


def _order(part: _Part, today: date) -> _Why:
    why = f"Le bon de commande du {prose_day(part.first)} attend ses heures."
    if part.count > 1:
        why = f"{part.count} bons de commande attendent leurs heures, le plus ancien du {prose_day(part.first)}."
    return why, part.first, None, next_steps.SIZE_ORDER


def _question(part: _Part, today: date) -> _Why:
    why = f"La question d’un candidat, posée le {prose_day(part.first)}, est sans réponse."
    if part.count > 1:
        why = f"{part.count} questions de candidats sont sans réponse, la première du {prose_day(part.first)}."
    return why, part.first, None, next_steps.ANSWER


def _request(part: _Part, today: date) -> _Why:
    why = f"Une question posée le {prose_day(part.first)} est sans réponse."
    if part.count > 1:
        why = f"{part.count} questions sont sans réponse, la première du {prose_day(part.first)}."
    return why, part.first, None, next_steps.ANSWER


def _action(part: _Part, today: date) -> _Why:
    why = f"Une action du plan d’insertion était pour le {prose_day(part.first)} et n’est pas notée comme faite."
    if part.count > 1:
        why = (
            f"{part.count} actions du plan d’insertion ne sont pas notées comme faites\u00a0; "
            f"la première était pour le {prose_day(part.first)}."
        )
    return why, part.first, part.first, next_steps.FINISH_ACTION


def _month(part: _Part, today: date) -> _Why:
    months = f"pour {_month_name(part.first)}"
    if part.last != part.first:
        of = "d’" if part.first.month in STARTING_WITH_A_VOWEL else "de "
        months = f"{of}{_month_name(part.first)} à {_month_name(part.last)}"
    why = f"Aucun total n’est constaté {months}\u00a0: le plan prévoyait {duration(part.minutes)}."
    return why, month_after(part.first), statement_due(part.first), next_steps.STATE_TOTAL


def _deadline(part: _Part, today: date) -> _Why | None:
    # making the point once in the weeks before, and once it has passed, is enough
    notice = delays().deadline_notice
    wanted = {day: day if day <= today else day - notice for day in (part.first, part.last)}
    waiting = [day for day, stated in wanted.items() if part.stated_on is None or part.stated_on < stated]
    if not waiting:
        return None
    deadline = waiting[0]
    when = "est passée depuis le" if deadline < today else "est le"
    why = f"L’échéance d’une obligation {when} {prose_day(deadline)}\u00a0: faites le point des heures."
    return why, deadline - notice, deadline, next_steps.STATE_TOTAL


def _month_name(month: date) -> str:
    return f"{MONTHS[month.month - 1]} {month.year}"


_PARTS = {
    "contract.order": _order,
    "contract.question": _question,
    "contract.request": _request,
    "contract.action": _action,
    "contract.month": _month,
    "contract.deadline": _deadline,
}

register("contracts", kinds=KINDS, awaits=awaits)
