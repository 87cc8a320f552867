"""What a buyer's scheme of responsible purchases (SPASER) is fed with, year by year; each figure opens to its lines.

The law asks a SPASER for indicators and targets, among them the purchases from ESUS, EA, ESAT and SIAE (article L2111-3,
read in Atexo's guide); the plan of the State for sustainable purchases (PNAD 2022-2025) counts the contracts notified in
the year that carry a social consideration. The first come from the register, the second from published data. What neither
knows (the ESUS approval) is said to be unknown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, Sum

from dentelle.foundations.directory.models import Kind, Seat
from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.thread.contracts.access import contracts_seen_by
from dentelle.thread.contracts.dues import STATED
from dentelle.thread.contracts.models import ContractQuerySet, Holder, Obligation, Subcontract
from dentelle.thread.contracts.states import SIGNED_STATES
from dentelle.web.spaces.equivalents import Equivalents, equivalents
from dentelle.web.spaces.queries import owed_together

INTEGRATION = (Kind.SIAE_EI, Kind.SIAE_ACI, Kind.SIAE_AI, Kind.SIAE_ETTI)
PROTECTED = (Kind.EA, Kind.ESAT)
RESERVED = (
    LeverCode.RESERVED_SIAE,
    LeverCode.RESERVED_DISABILITY,
    LeverCode.RESERVED_PRISON,
    LeverCode.RESERVED_ESS,
)

Select = Callable[[ContractQuerySet], ContractQuerySet]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure counted in contracts: ``select`` keeps those that make it, so that the figure and its lines are one thing."""

    code: str
    title: str
    counts: str
    note: str
    select: Select


@dataclass(frozen=True, slots=True)
class Counted:
    """An indicator counted: how many contracts, their amounts before tax in cents, and how many say no amount."""

    indicator: Indicator
    contracts: int
    cents: int
    without_amount: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of one nature promised by the contracts of the year, and those stated so far; natures never add up."""

    counts: LeverCounts
    owed: int
    stated: int
    same: Equivalents


@dataclass(frozen=True, slots=True)
class YearFigures:
    year: int
    counted: tuple[Counted, ...]
    hours: tuple[Hours, ...]


def _with_clause(contracts: ContractQuerySet) -> ContractQuerySet:
    return contracts.filter(Exists(Obligation.objects.filter(contract=OuterRef("pk"))))


def _reserved(contracts: ContractQuerySet) -> ContractQuerySet:
    types = [each.value for each in RESERVED]
    return contracts.filter(Exists(Obligation.objects.filter(contract=OuterRef("pk"), clause_type__in=types)))


def _by(*kinds: Kind) -> Select:
    """Contracts held, wholly or in part, or worked under, by an organisation of one of ``kinds``.

    A kind that ended before the notification does not count; when it began is not looked at, as records begin the day
    somebody typed them.
    """

    def select(contracts: ContractQuerySet) -> ContractQuerySet:
        lasting = Q(organisation__kinds__valid_to=None) | Q(organisation__kinds__valid_to__gte=OuterRef("notified_on"))
        of_kind = {"organisation__kinds__kind__in": [each.value for each in kinds]}
        holders = Holder.objects.filter(lasting, contract=OuterRef("pk"), **of_kind)
        under = Subcontract.objects.filter(lasting, holder__contract=OuterRef("pk"), **of_kind)
        return contracts.filter(Exists(holders) | Exists(under))

    return select


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "clauses",
        "Marchés notifiés avec une clause ou un critère social",
        "marché|marchés",
        "Ceux que suit un facilitateur dans Dentelle\u00a0; les autres ne sont pas connus ici.",
        _with_clause,
    ),
    Indicator(
        "reserves",
        "Marchés ou lots réservés",
        "marché|marchés",
        "Réservés aux SIAE, aux EA et ESAT, aux établissements pénitentiaires ou à l’économie sociale et solidaire.",
        _reserved,
    ),
    Indicator(
        "insertion",
        "Marchés où travaille une structure d’insertion (SIAE)",
        "marché|marchés",
        "Titulaire, cotraitante ou sous-traitante\u00a0: EI, ACI, AI, ETTI. Le montant est celui du marché entier, sa part n’étant pas saisie.",
        _by(*INTEGRATION),
    ),
    Indicator(
        "handicap",
        "Marchés où travaille une EA ou un ESAT",
        "marché|marchés",
        "Titulaire, cotraitant ou sous-traitant. Le montant est celui du marché entier, sa part n’étant pas saisie.",
        _by(*PROTECTED),
    ),
)
BY_CODE = {each.code: each for each in INDICATORS}


def notified_in(seat: Seat, year: int) -> ContractQuerySet:
    """Return the contracts of the buyer notified in a year (purchases are counted by calendar year), signed as they are."""
    return contracts_seen_by(seat).filter(notified_on__year=year, state__in=SIGNED_STATES)


def year_figures(seat: Seat, year: int, *, on: date) -> YearFigures:
    """Return the figures of a year; ``on`` dates the parameters of weeks and jobs."""
    contracts = notified_in(seat, year)
    counted = []
    for each in INDICATORS:
        found = (
            each.select(contracts)
            .order_by()
            .aggregate(all=Count("pk"), cents=Sum("amount_cents"), known=Count("amount_cents"))
        )
        counted.append(Counted(each, found["all"], int(found["cents"] or 0), found["all"] - found["known"]))
    stated = contracts.order_by().aggregate(**{name: Sum(name) for name in STATED.values()})
    hours = tuple(
        Hours(counts, minutes, int(stated[STATED[counts]] or 0), equivalents(minutes, on=on))
        for counts, minutes in owed_together(contracts)
    )
    return YearFigures(year, tuple(counted), hours)
