"""Calibrations: reading them with their explanation, computing and keeping a new one by the rules."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Path, Query, Router
from pydantic import BaseModel, Field

from dentelle.rules.calibration.request import Programme, Rounding, TrancheKind
from dentelle.rules.obligation import BuyerKind, ContractKind, ExemptionCode
from dentelle.rules.trades import trades
from dentelle.thread.clauses import access, actions
from dentelle.thread.clauses.forms import MOST_ROWS
from dentelle.thread.clauses.models import Calibration, CalibrationMethod, CalibrationStatus
from dentelle.thread.clauses.text import searchable
from dentelle.thread.clauses.workbench import content_of, read_form
from dentelle.web.api.answers import IdempotencyKey, IfNoneMatch, acting, member_in, shown, versioned
from dentelle.web.api.fields import MOST_MINUTES, Cents, Day, Given, Key, OneOf, line, said, words
from dentelle.web.api.paging import Page, Paged, only_known, page_of
from dentelle.web.api.problems import Fault

router = Router(tags=["calibrations"])
MethodCode = Annotated[str, OneOf(CalibrationMethod.values)]
TradeCode = Annotated[str, OneOf(trade.code for trade in trades())]
ContractKindCode = Annotated[str, OneOf(kind.value for kind in ContractKind)]
BuyerKindCode = Annotated[str, OneOf(kind.value for kind in BuyerKind)]
ProgrammeCode = Annotated[str, OneOf((Programme.NPNRU_WORKS.value, Programme.NPNRU_GUP.value))]
RoundingCode = Annotated[str, OneOf(step.value for step in Rounding)]
TrancheCode = Annotated[str, OneOf(kind.value for kind in TrancheKind)]
ExemptionReasonCode = Annotated[str, OneOf(code.value for code in ExemptionCode)]
WorkMinutes = Annotated[int, Field(ge=0, le=MOST_MINUTES)]


class StepShown(BaseModel):
    """ligne du calcul"""

    label: str = Field(description="ce que la ligne calcule")
    formula: str = Field(description="le calcul écrit")
    value: str = Field(description="son résultat, avec l’unité")


class FactorShown(BaseModel):
    """coefficient ou seuil employé, avec sa source"""

    path: str = Field(description="code du paramètre")
    label: str = Field(description="nom du paramètre")
    value: str = Field(description="valeur retenue, avec l’unité")
    source: str = Field(description="d’où elle vient")
    url: str = Field(description="adresse de la source")
    dated: str = Field(description="en vigueur depuis")
    status: str = Field(description="certain, announced, local_practice, to_confirm")
    override: str = Field(description="qui l’a remplacée et pourquoi\u00a0; vide sinon")


class SocialObligationShown(BaseModel):
    """la condition sociale est-elle obligatoire (CCP L2112-2-1), et avec quelle certitude"""

    code: str = Field(description="code de la réponse")
    answer: str = Field(description="réponse en une phrase")
    status: str = Field(description="certitude de la réponse")
    because: list[str] = Field(description="raisons")
    unknowns: list[str] = Field(description="ce qui manque pour conclure")


class ExplanationShown(BaseModel):
    """pourquoi ce nombre d’heures : phrases, calcul, paramètres et sources"""

    answer: str = Field(description="le résultat en une phrase")
    plain: str = Field(description="le résultat expliqué simplement")
    low_hours: int | None = Field(description="bas de la fourchette, en heures")
    high_hours: int | None = Field(description="haut de la fourchette, en heures")
    arithmetic: list[StepShown] = Field(description="le calcul, ligne par ligne")
    factors: list[FactorShown] = Field(description="coefficients et seuils employés")
    notices: list[str] = Field(description="mises en garde")
    unknowns: list[str] = Field(description="ce que le calcul ne sait pas")
    obligation: SocialObligationShown = Field(description="l’obligation légale")


class CalibrationShown(BaseModel):
    """calibrage : combien d’heures demander"""

    id: int = Field(description="clé dans Dentelle")
    revision: int = Field(description="révision\u00a0: +1 à chaque enregistrement")
    title: str = Field(description=said(Calibration, "title"))
    buyer_label: str = Field(description=said(Calibration, "buyer_label"))
    subject: str = Field(description=said(Calibration, "subject"))
    status: str = Field(description=said(Calibration, "status", "draft, saved"))
    method: str = Field(description=said(Calibration, "method"))
    hours: int | None = Field(description="volume calculé, en heures\u00a0; null pour un brouillon")
    due_minutes: int | None = Field(description="le même volume en minutes, tel qu’une obligation l’attend")
    edition: int = Field(description=said(Calibration, "edition"))
    computed_on: date | None = Field(description=said(Calibration, "computed_on"))
    digest: str = Field(description=said(Calibration, "digest", "sha256 de tout ce dont le résultat dépend"))
    created_at: datetime = Field(description=said(Calibration, "created_at"))
    updated_at: datetime = Field(description=said(Calibration, "updated_at"))


class CalibrationDetailed(CalibrationShown):
    """calibrage, avec l’explication de son résultat"""

    explanation: ExplanationShown | None = Field(description="explication\u00a0; null pour un brouillon")


class LotGiven(Given):
    """Un lot à calibrer."""

    label: Annotated[str, line(120, description="nom du lot")] = ""
    amount_cents: Annotated[Cents, Field(description="montant HT, en centimes")]
    trade: Annotated[TradeCode | None, Field(description="métier")] = None


class TrancheGiven(Given):
    """Une tranche à calibrer."""

    label: Annotated[str, line(120, description="nom de la tranche")] = ""
    amount_cents: Annotated[Cents, Field(description="montant HT, en centimes")]
    kind: Annotated[TrancheCode, Field(description="ferme ou optionnelle")] = TrancheKind.FIRM.value


class OrderGiven(Given):
    """Une commande d’un accord-cadre à calibrer."""

    on: Annotated[Day, Field(description="date de la commande")]
    amount_cents: Annotated[Cents, Field(description="montant HT, en centimes")]


class CalibrationGiven(Given):
    """Un calibrage à calculer et à garder. Ce que la méthode choisie ne lit pas est gardé sans être jugé, comme sur la page."""

    title: Annotated[str, line(200, min_length=1, description="intitulé")]
    launched_on: Annotated[
        Day, Field(description="lancement de la consultation\u00a0: les paramètres sont ceux de ce jour")
    ]
    method: Annotated[MethodCode, Field(description="méthode")] = CalibrationMethod.AMOUNT.value
    buyer_label: Annotated[str, line(200, description="acheteur")] = ""
    subject: Annotated[str, words(1000, description="objet de l’achat")] = ""
    amount_cents: Annotated[Cents | None, Field(description="montant estimé HT, en centimes")] = None
    need_amount_cents: Annotated[Cents | None, Field(description="montant de l’ensemble des lots, en centimes")] = None
    contract_kind: Annotated[ContractKindCode | None, Field(description="nature du contrat")] = None
    buyer_kind: Annotated[BuyerKindCode | None, Field(description="nature de l’acheteur")] = None
    duration_months: Annotated[int | None, Field(ge=1, le=600, description="durée, en mois")] = None
    workforce: Annotated[int | None, Field(ge=1, le=100_000, description="effectif prévu par l’entreprise")] = None
    cpv: Annotated[str, Field(pattern=r"^([0-9]{2,8}(-[0-9])?)?$", description="code CPV")] = ""
    trade: Annotated[TradeCode | None, Field(description="métier")] = None
    programme: Annotated[ProgrammeCode | None, Field(description="programme")] = None
    worked_minutes: Annotated[WorkMinutes | None, Field(description="heures de production, en minutes")] = None
    transferred_minutes: Annotated[WorkMinutes | None, Field(description="heures du personnel repris, en minutes")] = (
        None
    )
    posts: Annotated[int | None, Field(ge=1, le=100_000, description="postes à temps plein")] = None
    years: Annotated[int | None, Field(ge=1, le=50, description="nombre d’années")] = None
    per_year: Annotated[bool, Field(description="le montant ou les heures sont ceux d’une année")] = False
    lots: Annotated[list[LotGiven], Field(max_length=MOST_ROWS - 1, description="lots (méthode lots)")] = []
    tranches: Annotated[
        list[TrancheGiven], Field(max_length=MOST_ROWS - 1, description="tranches (méthode tranches)")
    ] = []
    orders: Annotated[list[OrderGiven], Field(max_length=MOST_ROWS - 1, description="commandes (méthode orders)")] = []
    step_cents: Annotated[Cents | None, Field(description="pas de commande, en centimes")] = None
    minutes_per_step: Annotated[WorkMinutes | None, Field(description="volume par pas, en minutes")] = None
    rounding: Annotated[RoundingCode | None, Field(description="arrondi du total")] = None
    exemption: Annotated[ExemptionReasonCode | None, Field(description="dérogation invoquée par l’acheteur")] = None
    exemption_reason: Annotated[str, words(500, description="motif de la dérogation")] = ""
    local_structures: Annotated[
        int | None, Field(ge=0, le=10_000, description="structures d’insertion capables de répondre")
    ] = None


class CalibrationFilters(Paged):
    """Filters of the list."""

    status: Annotated[CalibrationStatus | None, Field(description="état\u00a0: draft, saved")] = None
    method: Annotated[MethodCode | None, Field(description="méthode")] = None
    q: Annotated[
        str | None, line(200, description="mots de l’intitulé, de l’acheteur ou de l’objet, accents indifférents")
    ] = None


class CalibrationFaulty(Exception):
    """The form of calibrations refuses what was sent; ``faults`` say where."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


@router.get(
    "", response={200: Page[CalibrationShown]}, operation_id="list_calibrations", summary="Lister les calibrages"
)
def calibration_list(request: HttpRequest, filters: Query[CalibrationFilters]) -> HttpResponse:
    """Les calibrages de la structure, brouillons compris. Le détail donne l’explication."""
    only_known(request, filters)
    found = access.calibrations_visible_to(member_in(request)).defer("inputs", "parameters", "result")
    for word in searchable(filters.q or "").split()[:8]:
        found = found.filter(search_text__contains=word)
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.method:
        found = found.filter(method=filters.method)
    return shown(page_of(found, filters, lambda rows: [CalibrationShown(**_known(row)) for row in rows]))


@router.get(
    "/{int:pk}",
    response={200: CalibrationDetailed, 304: None},
    operation_id="get_calibration",
    summary="Lire un calibrage",
)
def calibration_detail(
    request: HttpRequest,
    pk: Path[Key],
    if_none_match: IfNoneMatch = None,
) -> HttpResponse:
    """Un calibrage, avec son calcul, ses paramètres et leurs sources, tels qu’ils étaient à l’enregistrement."""
    return _answer(request, access.calibration_visible_to(member_in(request), pk))


@router.post(
    "",
    response={201: CalibrationDetailed},
    operation_id="create_calibration",
    summary="Calculer et garder un calibrage",
)
def calibration_new(
    request: HttpRequest,
    given: Body[CalibrationGiven],
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """Les règles calculent avec les paramètres en vigueur au lancement ; la réponse porte l’explication. Les coefficients propres à la
    structure se changent sur la page."""
    at = timezone.now()

    def act() -> HttpResponse:
        bench = read_form(typed(given), member_in(request), today=timezone.localdate(at), named=True)
        if bench.form.errors or bench.computed is None:
            raise CalibrationFaulty(_faults(bench.form.errors.get_json_data()))
        made = actions.create_calibration(member_in(request), content_of(bench), at=at)
        return _answer(request, made, status=201)

    return acting(request, idempotency_key, act, at=at)


def _answer(request: HttpRequest, row: Calibration, *, status: int = 200) -> HttpResponse:
    location = f"/api/v1/calibrations/{row.pk}" if status == 201 else ""
    sheet = row.result.get("sheet")
    explanation = ExplanationShown.model_validate(_plain(sheet)) if sheet else None
    shape = CalibrationDetailed(**_known(row), explanation=explanation)
    return versioned(request, shape, row.revision, status=status, location=location)


_SHOWN = "id revision title buyer_label subject status method hours edition computed_on digest created_at updated_at"


def _known(row: Calibration) -> dict[str, Any]:
    minutes = None if row.hours is None else row.hours * 60
    return {**{name: getattr(row, name) for name in _SHOWN.split()}, "due_minutes": minutes}


def _plain(value: Any) -> Any:
    """The sheet just computed holds tuples, the one read back lists: the same for who reads it."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


# name here → (name of the form's field, how its number is written there)
_NAMED = {
    "amount_cents": "amount",
    "need_amount_cents": "need_amount",
    "worked_minutes": "hours_worked",
    "transferred_minutes": "transferred_hours",
    "step_cents": "step_eur",
    "minutes_per_step": "hours_per_step",
}
_API_NAME = {form: name for name, form in _NAMED.items()}


def typed(given: CalibrationGiven) -> dict[str, str]:
    """Return the form of the page as a person would have filled it: what is kept can then be opened and changed there."""
    fields: dict[str, str] = {}
    for name, value in given.model_dump().items():
        if isinstance(value, list):
            for index, row in enumerate(value):
                fields |= {f"{name}-{index}-{_NAMED.get(key, key)}": _text(key, item) for key, item in row.items()}
        else:
            fields[_NAMED.get(name, name)] = _text(name, value)
    return {name: text for name, text in fields.items() if text}


def _text(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    # without useless zeros: what is kept, and its digest, are then those of the same figures typed on the page
    if name.endswith("_cents"):
        return _written(f"{value // 100}.{value % 100:02d}")
    if "minutes" in name:
        return _written(f"{Decimal(value) / 60:.4f}")
    return value.isoformat() if isinstance(value, date) else str(value)


def _written(number: str) -> str:
    return number.rstrip("0").rstrip(".").replace(".", ",")


def _faults(errors: dict[str, list[dict[str, str]]]) -> list[Fault]:
    return [
        Fault(place="body", field=_place(name), code=each["code"] or "refused", message=each["message"])
        for name, found in errors.items()
        for each in found
    ]


def _place(name: str) -> str:
    """« lots-0-amount » is lots.0.amount_cents for a program."""
    if name == "__all__":
        return ""
    head, _, rest = name.partition("-")
    if head in ("lots", "tranches", "orders"):
        index, _, field = rest.partition("-")
        return f"{head}.{index}.{_API_NAME.get(field, field)}"
    return _API_NAME.get(name, name)
