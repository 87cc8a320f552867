"""Contracts of the register: reading, entering, correcting, adding an obligation; each change says the version it was made on."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Path, Query, Router
from pydantic import Field

from dentelle.foundations.directory.models import Kind, Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.queries import matching
from dentelle.thread.contracts import access, actions
from dentelle.thread.contracts.actions import ContractContent, ObligationContent
from dentelle.thread.contracts.actions.entry import enter_contract
from dentelle.thread.contracts.companies import organisation_of
from dentelle.thread.contracts.models import Association, Contract, Lot, Operation
from dentelle.thread.contracts.origins import origin_of
from dentelle.thread.contracts.queries import contract_sheet, share_of
from dentelle.thread.contracts.refusals import ContractRefused
from dentelle.thread.contracts.states import ContractState
from dentelle.web.api import making
from dentelle.web.api.answers import (
    IdempotencyKey,
    IfMatch,
    IfNoneMatch,
    acting,
    member_in,
    revision_in,
    shown,
    versioned,
)
from dentelle.web.api.fields import Key, line
from dentelle.web.api.inputs import ContractChanged, ContractFields, ContractGiven, ObligationGiven
from dentelle.web.api.paging import Page, Paged, only_known, page_of
from dentelle.web.api.resources import ContractDetailed, ContractShown

router = Router(tags=["contracts"])
StateCode = ContractState


class ContractFilters(Paged):
    """Filters of the list."""

    state: Annotated[ContractState | None, Field(description="état")] = None
    buyer_siret: Annotated[
        str | None, Field(pattern=r"^[0-9]{9}([0-9]{5})?$", description="SIRET ou SIREN de l’acheteur")
    ] = None
    operation_id: Annotated[Key | None, Field(description="opération")] = None
    q: Annotated[
        str | None, line(200, description="mots de l’intitulé, de l’objet, du numéro, accents indifférents")
    ] = None


@router.get("", response={200: Page[ContractShown]}, operation_id="list_contracts", summary="Lister les contrats")
def contract_list(request: HttpRequest, filters: Query[ContractFilters]) -> HttpResponse:
    """Les contrats que votre structure mène ou suit, avec ce que chacun doit. Le détail donne lots, titulaires et obligations."""
    only_known(request, filters)
    reader = member_in(request)
    found = access.contracts_visible_to(reader)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.buyer_siret:
        field = "siret" if len(filters.buyer_siret) == 14 else "siren"
        found = found.filter(**{f"buyer__{field}": filters.buyer_siret})
    if filters.operation_id:
        found = found.filter(operation__in=access.operations_visible_to(reader).filter(pk=filters.operation_id))
    if filters.q:
        words = matching("contract", filters.q, reader)
        found = found.filter(pk__in=words) if words is not None else found.none()
    found = found.select_related("buyer", "facilitator").prefetch_related(
        "obligations__orders", "obligations__amendments"
    )
    return shown(page_of(found, filters, lambda rows: _lines(rows, reader)))


def _lines(rows: Sequence[Contract], reader: Membership) -> Iterator[ContractShown]:
    followed = Association.objects.filter(structure_id=reader.structure_id, until=None, contract__in=rows)
    shares = dict(followed.values_list("contract_id", "due_minutes"))
    for row in rows:
        yield making.contract(row, reader, shares.get(row.pk))


@router.get(
    "/{int:pk}", response={200: ContractDetailed, 304: None}, operation_id="get_contract", summary="Lire un contrat"
)
def contract_detail(
    request: HttpRequest,
    pk: Path[Key],
    if_none_match: IfNoneMatch = None,
) -> HttpResponse:
    """Un contrat, avec ses lots, ses titulaires, leurs sous-traitants et ses obligations. L’ETag est sa version."""
    return _answer(request, access.contract_visible_to(member_in(request), pk))


def _answer(request: HttpRequest, contract: Contract, *, status: int = 200) -> HttpResponse:
    sheet = contract_sheet(contract)
    loaded = sheet.contract
    shape = making.detailed(loaded, member_in(request), share_of(loaded, member_in(request)))
    location = f"/api/v1/contracts/{loaded.pk}" if status == 201 else ""
    return versioned(request, shape, loaded.revision, status=status, location=location)


@router.post("", response={201: ContractDetailed}, operation_id="create_contract", summary="Inscrire un contrat")
def contract_new(
    request: HttpRequest,
    given: Body[ContractGiven],
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """Un contrat entre au registre. Avec ses heures il entre calibré ; avec acheteur, titulaire et date de notification, notifié."""
    at = timezone.now()

    def act() -> HttpResponse:
        actor = member_in(request)
        content = _content(actor, given, given.model_dump(include=_CONTENT), at=at)
        holder = _organisation(actor, given.holder_siret, given.holder_name, Kind.COMPANY, "holder_siret", at)
        obligation = _obligation(actor, given.obligation, None) if given.obligation else None
        origin = origin_of(actor, calibration=given.calibration_id, renewal_key=given.renewal_key)
        if given.calibration_id and origin.calibration is None:
            raise ContractRefused("calibration_unknown", "Ce calibrage n’est pas de votre structure.", "calibration_id")
        made = enter_contract(actor, content, obligation=obligation, holder=holder, origin=origin, at=at)
        return _answer(request, access.contract_visible_to(actor, made.pk), status=201)

    return acting(request, idempotency_key, act, at=at)


@router.patch(
    "/{int:pk}", response={200: ContractDetailed}, operation_id="update_contract", summary="Corriger un contrat"
)
def contract_change(
    request: HttpRequest,
    pk: Path[Key],
    given: Body[ContractChanged],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """Seuls les champs envoyés changent ; null efface. Rien n’est écrit si quelqu’un a changé le contrat depuis votre lecture."""
    at = timezone.now()

    def act() -> HttpResponse:
        actor = member_in(request)
        contract = access.contract_editable_by(actor, pk)
        revision = revision_in(if_match)
        sent = given.model_dump(include=_CONTENT & given.model_fields_set)
        known = {name: getattr(contract, name) for name in _CONTENT}
        content = _content(actor, given, known | sent, at=at, now=contract)
        actions.update_contract(actor, pk, content, expected_revision=revision, at=at)
        return _answer(request, access.contract_visible_to(actor, pk))

    return acting(request, idempotency_key, act, at=at)


@router.post(
    "/{int:pk}/obligations",
    response={201: ContractDetailed},
    operation_id="add_obligation",
    summary="Ajouter une obligation à un contrat",
)
def obligation_new(
    request: HttpRequest,
    pk: Path[Key],
    given: Body[ObligationGiven],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """Ce que le contrat doit au titre d’un type de clause. La réponse est le contrat, avec sa nouvelle version."""
    at = timezone.now()

    def act() -> HttpResponse:
        actor = member_in(request)
        contract = access.contract_editable_by(actor, pk)
        content = _obligation(actor, given, contract)
        actions.add_obligation(actor, pk, content, expected_revision=revision_in(if_match), at=at)
        return _answer(request, access.contract_visible_to(actor, pk), status=201)

    return acting(request, idempotency_key, act, at=at)


_CONTENT = set(ContractContent.__dataclass_fields__) - {"buyer", "operation", "facilitator"}


def _content(
    actor: Membership, given: ContractFields, known: dict[str, Any], *, at: datetime, now: Contract | None = None
) -> ContractContent:
    sent = given.model_fields_set
    buyer = now.buyer if now else None
    if "buyer_siret" in sent:
        buyer = _organisation(actor, given.buyer_siret, given.buyer_name, Kind.BUYER, "buyer_siret", at)
    operation = now.operation if now else None
    if "operation_id" in sent:
        operation = _operation(actor, given.operation_id)
    return ContractContent(buyer=buyer, operation=operation, facilitator=now.facilitator if now else None, **known)


def _organisation(
    actor: Membership, siret: str | None, name: str, kind: Kind, field: str, at: datetime
) -> Organisation | None:
    return organisation_of(actor, siret, name=name, kind=kind, field=field, at=at) if siret else None


def _operation(actor: Membership, pk: int | None) -> Operation | None:
    if pk is None:
        return None
    try:
        return access.operation_visible_to(actor, pk)
    except Http404:
        raise ContractRefused(
            "operation_unknown", "Cette opération n’est pas de votre structure.", "operation_id"
        ) from None


def _obligation(actor: Membership, given: ObligationGiven, contract: Contract | None) -> ObligationContent:
    lot: Lot | None = None
    if given.lot_id is not None:
        lot = contract.lots.filter(pk=given.lot_id).first() if contract else None
        if lot is None:
            raise ContractRefused("lot_unknown", "Ce lot n’est pas de ce contrat.", "lot_id")
    same = given.model_dump(include=set(ObligationContent.__dataclass_fields__))
    return ObligationContent(
        lot=lot,
        neighbourhood_share=_share(given.neighbourhood_share_basis_points),
        training_share=_share(given.training_share_basis_points),
        penalty_value=None if given.penalty_value_hundredths is None else Decimal(given.penalty_value_hundredths) / 100,
        penalty_cap_share=_share(given.penalty_cap_share_basis_points),
        **same,
    )


def _share(basis_points: int | None) -> Decimal | None:
    return None if basis_points is None else Decimal(basis_points) / 10_000
