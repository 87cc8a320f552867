"""Organisations of the directory, shared by all structures: reading them, finding or adding one by its SIRET."""

from typing import Annotated

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Path, Query, Router
from pydantic import Field

from dentelle.foundations.directory import access
from dentelle.foundations.directory.actions import Identity, find_or_create_by_siret
from dentelle.foundations.directory.models import OrganisationKind
from dentelle.foundations.search.queries import matching
from dentelle.web.api import making
from dentelle.web.api.answers import IdempotencyKey, acting, member_in, shown
from dentelle.web.api.fields import Key, line
from dentelle.web.api.inputs import KindCode, OrganisationGiven
from dentelle.web.api.paging import Page, Paged, only_known, page_of
from dentelle.web.api.resources import OrganisationShown

router = Router(tags=["organisations"])
OPEN_KINDS = Prefetch("kinds", OrganisationKind.objects.filter(valid_to=None).order_by("kind"))


class OrganisationFilters(Paged):
    """Filters of the list."""

    siret: Annotated[str | None, Field(pattern=r"^[0-9]{9}([0-9]{5})?$", description="SIRET ou SIREN")] = None
    kind: Annotated[KindCode | None, Field(description="nature d’aujourd’hui")] = None
    q: Annotated[str | None, line(200, description="mots du nom, accents indifférents")] = None


@router.get(
    "", response={200: Page[OrganisationShown]}, operation_id="list_organisations", summary="Lister les organisations"
)
def organisation_list(request: HttpRequest, filters: Query[OrganisationFilters]) -> HttpResponse:
    """Les organisations de l’annuaire. Une fiche fusionnée dans une autre n’y paraît plus : sa clé mène à celle qui reste."""
    only_known(request, filters)
    found = access.organisations_visible_to(member_in(request))
    if filters.siret:
        field = "siret" if len(filters.siret) == 14 else "siren"
        found = found.filter(**{field: filters.siret})
    if filters.kind:
        found = found.of_kind(filters.kind)
    if filters.q:
        words = matching("organisation", filters.q, member_in(request))
        found = found.filter(pk__in=words) if words is not None else found.none()
    page = page_of(found.prefetch_related(OPEN_KINDS), filters, lambda rows: map(making.organisation, rows))
    return shown(page)


@router.get(
    "/{int:pk}", response={200: OrganisationShown}, operation_id="get_organisation", summary="Lire une organisation"
)
def organisation_detail(request: HttpRequest, pk: Path[Key]) -> HttpResponse:
    """Une organisation par sa clé ; la clé d’une fiche fusionnée donne celle qui a été gardée."""
    found = access.organisation_visible_to(member_in(request), pk)
    return shown(
        making.organisation(
            access.organisations_visible_to(member_in(request)).prefetch_related(OPEN_KINDS).get(pk=found.pk)
        )
    )


@router.post(
    "",
    response={200: OrganisationShown, 201: OrganisationShown},
    operation_id="find_or_create_organisation",
    summary="Trouver une organisation par son SIRET, ou l’ajouter",
)
def organisation_new(
    request: HttpRequest,
    given: Body[OrganisationGiven],
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """201 quand elle est ajoutée, 200 quand l’annuaire la connaissait : elle garde alors son nom, et reçoit les natures qui lui manquent."""
    at = timezone.now()

    def act() -> HttpResponse:
        identity = Identity(**given.model_dump(include={"name", "commune_code", "address", "legal_category"}))
        found, made = find_or_create_by_siret(
            member_in(request), given.siret, at=at, identity=identity, kinds=given.kinds
        )
        row = access.organisations_visible_to(member_in(request)).prefetch_related(OPEN_KINDS).get(pk=found.pk)
        location = f"/api/v1/organisations/{row.pk}"
        return shown(making.organisation(row), status=201 if made else 200, location=location)

    return acting(request, idempotency_key, act, at=at)
