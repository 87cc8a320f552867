"""Lists a program can follow: oldest change first, so that what changes while one reads comes again at the end."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from pydantic import BaseModel, Field

from dentelle.foundations.cursor import after_of, cursor_of
from dentelle.web.api.fields import FIRST, LARGEST_KEY, LAST, Moment
from dentelle.web.api.problems import ApiRefused

PAGE_SIZE, LARGEST_PAGE = 50, 200
Row = TypeVar("Row", bound=Model)
Shown = TypeVar("Shown", bound=BaseModel)


class Page(BaseModel, Generic[Shown]):
    """A page of a list."""

    items: list[Shown] = Field(description="les objets de la page, du changement le plus ancien au plus récent")
    next: str | None = Field(
        description="curseur de la page suivante, à donner dans cursor\u00a0; null sur la dernière"
    )


class Paged(BaseModel):
    """What every list takes."""

    cursor: Annotated[
        str | None,
        Field(max_length=200, pattern=r"^[A-Za-z0-9_-]*$", description="valeur de next de la page précédente"),
    ] = None
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="nombre d’objets par page")] = PAGE_SIZE
    updated_since: Annotated[
        Moment | None,
        Field(description="seulement ce qui a changé depuis ce moment, avec son fuseau (2026-10-01T08:30:00Z)"),
    ] = None


def only_known(request: HttpRequest, filters: BaseModel) -> None:
    """Refuse a filter that does not exist: misspelt, it would silently return everything."""
    unknown = sorted(set(request.GET) - set(type(filters).model_fields))
    if unknown:
        known = ", ".join(type(filters).model_fields)
        name = unknown[0][:40]
        raise ApiRefused(
            422, "filter_unknown", f"Le filtre « {name} » n’existe pas. Filtres connus\u00a0: {known}.", name, "query"
        )
    repeated = sorted(name for name in request.GET if len(request.GET.getlist(name)) > 1)
    if repeated:
        raise ApiRefused(
            422, "filter_repeated", f"Le filtre « {repeated[0]} » est donné plusieurs fois.", repeated[0], "query"
        )


def page_of(
    found: QuerySet[Row],
    asked: Paged,
    shown: Callable[[Sequence[Row]], Iterable[Shown]],
    *,
    by: str = "updated_at",
) -> dict[str, Any]:
    """Return a page of ``found``, oldest ``by`` first; ``shown`` makes what is sent of its rows."""
    place = _place(asked.cursor)
    if asked.updated_since:
        found = found.filter(**{f"{by}__gte": asked.updated_since})
    if place:
        at, pk = place
        # the first condition is where the index is entered, the second settles those of the same moment
        found = found.filter(**{f"{by}__gte": at}).filter(Q(**{f"{by}__gt": at}) | Q(pk__gt=pk))
    kept = list(found.order_by(by, "pk")[: asked.limit + 1])
    rows = kept[: asked.limit]
    last = rows[-1] if len(kept) > asked.limit else None
    return {"items": list(shown(rows)), "next": cursor_of(_moment(last, by), last.pk) if last else None}


def _moment(row: Model, by: str) -> datetime:
    value: Any = row
    for name in by.split("__"):
        value = getattr(value, name)
    if not isinstance(value, datetime):
        raise TypeError(f"{by} is not a moment")
    return value


def _place(cursor: str | None) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    place = after_of(cursor)
    try:
        if place and FIRST <= place[0] <= LAST and 0 < place[1] <= LARGEST_KEY:
            return place
    except OverflowError:  # a moment so near the end of time that its zone carries it beyond
        pass
    raise ApiRefused(
        422,
        "cursor_unreadable",
        "Ce curseur n’a pas été donné par Dentelle\u00a0: reprenez sans cursor.",
        "cursor",
        "query",
    )
