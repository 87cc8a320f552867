"""Obligations across contracts: what is owed, to follow without opening each contract."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import Field

from dentelle.thread.contracts.access import obligation_visible_to, obligations_visible_to
from dentelle.thread.contracts.models import Obligation
from dentelle.web.api import making
from dentelle.web.api.answers import member_in, shown
from dentelle.web.api.fields import Key
from dentelle.web.api.inputs import ClauseTypeCode
from dentelle.web.api.paging import Page, Paged, only_known, page_of
from dentelle.web.api.resources import ObligationShown

router = Router(tags=["obligations"])


class ObligationFilters(Paged):
    """Filters of the list."""

    contract_id: Annotated[Key | None, Field(description="contrat")] = None
    clause_type: Annotated[ClauseTypeCode | None, Field(description="type de clause")] = None


@router.get(
    "", response={200: Page[ObligationShown]}, operation_id="list_obligations", summary="Lister les obligations"
)
def obligation_list(request: HttpRequest, filters: Query[ObligationFilters]) -> HttpResponse:
    """Les obligations des contrats que votre structure mène ou suit, dans l’ordre des changements de leurs contrats."""
    only_known(request, filters)
    found = obligations_visible_to(member_in(request))
    if filters.contract_id:
        found = found.filter(contract_id=filters.contract_id)
    if filters.clause_type:
        found = found.filter(clause_type=filters.clause_type)
    found = found.select_related("contract").prefetch_related("orders", "amendments")
    return shown(page_of(found, filters, _lines, by="contract__updated_at"))


def _lines(rows: Sequence[Obligation]) -> Iterator[ObligationShown]:
    for row in rows:
        yield making.obligation(row, row.contract)


@router.get("/{int:pk}", response={200: ObligationShown}, operation_id="get_obligation", summary="Lire une obligation")
def obligation_detail(request: HttpRequest, pk: Path[Key]) -> HttpResponse:
    """Une obligation par sa clé."""
    row = obligation_visible_to(member_in(request), pk)
    return shown(making.obligation(row, row.contract))
