"""The kinds of values the API takes. What passes here is what both databases can keep."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.db.models import Model
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import core_schema

LARGEST_KEY = 2**63 - 1
MOST_CENTS = 10**14
MOST_MINUTES = 10**9
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})")
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)


class Given(BaseModel):
    """What a program sends: nothing unknown is let through, no value is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _day(value: object) -> object:
    if value is None or isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value) or not value.isascii():
        raise ValueError("Écrivez une date comme 2026-10-01.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value} n’est pas un jour du calendrier.") from None


def _moment(value: object) -> object:
    if value is None or isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _MOMENT.fullmatch(value) or not value.isascii():
        raise ValueError("Écrivez un moment avec son fuseau, comme 2026-10-01T08:30:00Z.")
    try:
        # a leap second is the end of its minute
        moment = datetime.fromisoformat(re.sub(r":60(?=[.\dZz+-])", ":59", value.upper()))
    except ValueError:
        raise ValueError(f"{value} n’est pas un moment du calendrier.") from None
    bounded = min(max(moment.replace(tzinfo=UTC), FIRST), LAST)
    return moment.astimezone(UTC) if bounded == moment.replace(tzinfo=UTC) else bounded


class OneOf:
    """A closed list of codes, known when the programme starts."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = tuple(values)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.literal_schema(list(self.values))


Key = Annotated[int, Field(ge=1, le=LARGEST_KEY)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Cents = Annotated[int, Field(ge=1, le=MOST_CENTS)]
Minutes = Annotated[int, Field(ge=0, le=MOST_MINUTES)]
BasisPoints = Annotated[int, Field(ge=0, le=10_000)]
# no control character: one of the databases keeps none of them, and a line is a line
ONE_LINE = r"^[^\u0000-\u001f\u007f]*$"
SOME_WORDS = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$"
SIRET = r"^[0-9 ]{9,20}$"


def line(most: int, **more: Any) -> Any:
    """A text of one line, of at most ``most`` characters."""
    return Field(max_length=most, pattern=ONE_LINE, **more)


def words(most: int, **more: Any) -> Any:
    """A few sentences, of at most ``most`` characters."""
    return Field(max_length=most, pattern=SOME_WORDS, **more)


def said(model: type[Model], name: str, more: str = "") -> str:
    """Return how a field of a table is called in French, everywhere the same; ``more`` adds what a program must know."""
    label = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return f"{label}\u00a0; {more}" if more else label
