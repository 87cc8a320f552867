"""What can be looked for. An app registers its objects in its ``searched.py``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

SHARED = "s0"  # anybody who belongs to a structure


def structure_scope(structure_id: int) -> str:
    """The scope of what members of one structure may find."""
    return f"s{structure_id}"


def network_scope(network_id: int) -> str:
    """The scope of what the structures of one network, and its head, may find."""
    return f"n{network_id}"


def organisation_scope(organisation_id: int) -> str:
    """The scope of what people seated in one organisation may find."""
    return f"o{organisation_id}"


def scopes_of(viewer: Any) -> tuple[str, ...]:
    """Return the scopes a person searches in: a membership (``structure_id``), a seat of a network (``network_id``) or of
    an organisation (``organisation_id``)."""
    if getattr(viewer, "structure_id", None) is not None:
        return (SHARED, structure_scope(viewer.structure_id), network_scope(viewer.structure.network_id))
    if getattr(viewer, "network_id", None) is not None:
        return (network_scope(viewer.network_id),)
    if getattr(viewer, "organisation_id", None) is not None:
        return (organisation_scope(viewer.organisation_id),)
    return ()


@dataclass(frozen=True, slots=True)
class Document:
    """What an object is found by. ``identifiers`` (SIRET, numbers) are found with or without their separators."""

    title: str
    scopes: tuple[str, ...]
    words: str = ""
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LongText:
    """What an object says at length: a word of its title counts more than a key word, which counts more than its body."""

    title: str
    keys: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: what it is called, what tells it from others, where it opens."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Searchable:
    """One kind of thing one may look for, and what its app says of it."""

    kind: str
    label: str
    queryset: Callable[[], QuerySet[Any]]
    text_of: Callable[[Any], Document | None]
    visible_to: Callable[[Any], QuerySet[Any]]
    hit_of: Callable[[Any], Hit]
    order: int
    all_url: Callable[[str], str] | None = None
    long_text: Callable[[Any], LongText] | None = None

    @property
    def model(self) -> type[Model]:
        return self.queryset().model


_searchables: dict[str, Searchable] = {}


def register(
    kind: str,
    *,
    label: str,
    queryset: Callable[[], QuerySet[Any]],
    text_of: Callable[[Any], Document | None],
    visible_to: Callable[[Any], QuerySet[Any]],
    hit_of: Callable[[Any], Hit],
    order: int = 100,
    all_url: Callable[[str], str] | None = None,
    long_text: Callable[[Any], LongText] | None = None,
) -> None:
    """Let people look for the objects of ``queryset``.

    ``kind``: lower case letters, also the key of the index. ``label``: the plural shown over the answers. ``text_of``: what
    an object is found by, None for one nobody should find. ``visible_to``: the app's access, asked before anything is shown.
    ``hit_of``: the line shown, for an object of ``visible_to``. ``order``: rank of the kind among answers. ``all_url``: the
    address of the app's own list of all that answers to these words, when it has one. ``long_text``: what an object says at length; it is then
    also found by sentences, whatever the forms of their words (``queries.ranked``).
    """
    if not (kind.isascii() and kind.isalpha() and kind.islower()):
        raise ValueError(f"a kind is lower case letters: {kind}")
    _searchables[kind] = Searchable(kind, label, queryset, text_of, visible_to, hit_of, order, all_url, long_text)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place with a search of its own, which the index does not hold: « dans les achats publics »."""

    label: str
    url: Callable[[str], str]


_elsewhere: dict[str, Elsewhere] = {}


def register_elsewhere(label: str, url: Callable[[str], str]) -> None:
    """Have the page of results propose to look for the same words at ``url(words)``."""
    _elsewhere[label] = Elsewhere(label, url)


def elsewhere() -> list[Elsewhere]:
    """Every place with a search of its own, in the order of their labels."""
    return [_elsewhere[label] for label in sorted(_elsewhere)]


def searchables() -> list[Searchable]:
    """Every kind, in the order of answers."""
    return sorted(_searchables.values(), key=lambda one: (one.order, one.kind))


def searchable(kind: str) -> Searchable:
    return _searchables[kind]


def searchable_of(instance: Model) -> Searchable:
    """The kind of an object; LookupError when its app registered none."""
    for one in _searchables.values():
        if one.model is type(instance):
            return one
    raise LookupError(f"{type(instance).__name__} is not registered for search")
