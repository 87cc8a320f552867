"""Operations of the structure: sites and projects that gather contracts."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Path, Query, Router
from pydantic import Field

from dentelle.thread.contracts import access
from dentelle.thread.contracts.actions import create_operation
from dentelle.web.api import making
from dentelle.web.api.answers import IdempotencyKey, acting, member_in, shown
from dentelle.web.api.fields import Key
from dentelle.web.api.inputs import OperationGiven, ProgrammeCode
from dentelle.web.api.paging import Page, Paged, only_known, page_of
from dentelle.web.api.resources import OperationShown

router = Router(tags=["operations"])


class OperationFilters(Paged):
    """Filters of the list."""

    programme: Annotated[ProgrammeCode | None, Field(description="programme")] = None


@router.get("", response={200: Page[OperationShown]}, operation_id="list_operations", summary="Lister les opérations")
def operation_list(request: HttpRequest, filters: Query[OperationFilters]) -> HttpResponse:
    """Les opérations de la structure. Une opération ne change pas : updated_since porte sur sa création."""
    only_known(request, filters)
    found = access.operations_visible_to(member_in(request))
    if filters.programme:
        found = found.filter(programme=filters.programme)
    return shown(page_of(found, filters, lambda rows: map(making.operation, rows), by="created_at"))


@router.get("/{int:pk}", response={200: OperationShown}, operation_id="get_operation", summary="Lire une opération")
def operation_detail(request: HttpRequest, pk: Path[Key]) -> HttpResponse:
    """Une opération par sa clé."""
    return shown(making.operation(access.operation_visible_to(member_in(request), pk)))


@router.post("", response={201: OperationShown}, operation_id="create_operation", summary="Créer une opération")
def operation_new(
    request: HttpRequest,
    given: Body[OperationGiven],
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """Une opération de la structure, qui réunira des contrats."""
    at = timezone.now()

    def act() -> HttpResponse:
        typed = given.model_dump() | {"neighbourhoods": tuple(given.neighbourhoods)}
        made = create_operation(member_in(request), **typed, at=at)
        return shown(making.operation(made), status=201, location=f"/api/v1/operations/{made.pk}")

    return acting(request, idempotency_key, act, at=at)
