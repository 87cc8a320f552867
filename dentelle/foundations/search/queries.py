"""Looking for words: what answers, and that this person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from dentelle.foundations.search.ranking import ranked
from dentelle.foundations.search.registry import Hit, Searchable, scopes_of, searchables
from dentelle.foundations.search.words import postgresql_match, sqlite_match, terms_of

LIMIT = 8
# Words that answer for half of the index would cost reading it all to rank it: past this many, the first written win.
MOST_RANKED = 2_000
FEWEST_LETTERS = 2

_TABLE = "search_searchentry"
_MATCHING = {
    "sqlite": "SELECT rowid AS id FROM search_words WHERE search_words MATCH %s",
    "postgresql": (
        f"SELECT id FROM {_TABLE} "  # noqa: S608 (a constant)
        "WHERE array_to_tsvector(string_to_array(scopes || ' ' || words, ' ')) @@ CAST(%s AS tsquery)"
    ),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one kind; ``more`` says that others exist, ``all_url`` shows them where the app has a list for them."""

    kind: str
    label: str
    hits: tuple[Hit, ...]
    more: bool
    all_url: str = ""


def search(text: str, viewer: Any, limit: int = LIMIT) -> tuple[Group, ...]:
    """Return what answers to every word of ``text`` (accents, case, spaces of numbers indifferent, words may be begun only).

    ``viewer`` is a membership or a seat: nothing outside its scopes is looked at, nothing its apps' access refuses is shown.
    Kinds come in their order, at most ``limit`` answers each: whole identifiers first, then titles that begin so, then the
    shortest titles. Fewer than two letters find nothing.
    """
    terms, scopes = terms_of(text), scopes_of(viewer)
    if not terms or not scopes or sum(len(word) for term in terms for word in term.alternatives[0]) < FEWEST_LETTERS:
        return ()
    # more than asked: some may be refused by access, or come first once their title is known
    found = _found([one for one in searchables() if one.long_text is None], text, scopes, 4 * limit)
    for one in searchables():
        if one.long_text is not None:
            found[one.kind] = ranked(one.kind, text, viewer, 4 * limit)
    groups = (_group(one, found[one.kind], text, viewer, limit) for one in searchables() if found.get(one.kind))
    return tuple(group for group in groups if group.hits)


def matching(kind: str, text: str, viewer: Any, *, scopes: Sequence[str] = ()) -> RawSQL | None:
    """Return what to put in ``filter(pk__in=…)`` for the objects of a kind that answer; None when nothing is asked.

    ``scopes`` replaces those the viewer searches in, for a kind their own search leaves out. For lists, which have their own order and pages. The caller filters an ``access`` queryset with it.
    """
    if not terms_of(text):
        return None
    sql = f"SELECT object_id FROM {_TABLE} WHERE id IN ({_MATCHING[connection.vendor]})"  # noqa: S608 (constants)
    if connection.vendor == "postgresql":
        # an array is made once: without statistics, the planner may otherwise read the index again for each row of the list
        sql = f"SELECT unnest(ARRAY({sql}))"
    return RawSQL(sql, [_match(text, kind, scopes or scopes_of(viewer) or ("none",))])  # noqa: S611 (what was typed is a parameter)


def _match(text: str, kind: str, scopes: Sequence[str]) -> str:
    write = sqlite_match if connection.vendor == "sqlite" else postgresql_match
    return write(terms_of(text), kind, scopes)


def _found(kinds: Sequence[Searchable], text: str, scopes: Sequence[str], most: int) -> dict[str, list[int]]:
    """The keys that answer, lightest first, by kind: one query for all kinds."""
    answering = f"{_MATCHING[connection.vendor]} LIMIT {MOST_RANKED}"
    # as an array, the entries are read by their keys; as a list, PostgreSQL reads the whole table beside it
    among = f"= ANY(ARRAY({answering}))" if connection.vendor == "postgresql" else f"IN ({answering})"
    one_kind = (
        f"SELECT kind, object_id FROM {_TABLE} WHERE id {among} "  # noqa: S608 (constants)
        f"ORDER BY weight, id LIMIT {int(most)}"
    )
    sql = " UNION ALL ".join(f"SELECT * FROM ({one_kind}) AS of_{one.kind}" for one in kinds)  # noqa: S608 (constants)
    found: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [_match(text, one.kind, scopes) for one in kinds])
        for kind, key in cursor.fetchall():
            found.setdefault(kind, []).append(key)
    return found


def _group(one: Searchable, keys: list[int], text: str, viewer: Any, limit: int) -> Group:
    rank = {key: place for place, key in enumerate(keys)}
    visible = sorted(one.visible_to(viewer).filter(pk__in=keys), key=lambda item: rank[item.pk])
    asked = "".join(terms_of_text(text))
    scored = []
    for place, item in enumerate(visible):
        document, hit = one.text_of(item), one.hit_of(item)
        scored.append((_distance(document, asked), place, hit))
    scored.sort(key=lambda row: row[:2])
    more = len(scored) > limit
    all_url = one.all_url(text) if more and one.all_url else ""
    return Group(one.kind, one.label, tuple(hit for _, _, hit in scored[:limit]), more, all_url)


def terms_of_text(text: str) -> list[str]:
    """The words typed, in order, for comparing with a title."""
    return [word for term in terms_of(text) for word in term.alternatives[-1]]


def _distance(document: Any, asked: str) -> int:
    """0 for an identifier typed whole, 1 for a title that begins so, 2 for the rest."""
    if document is None:
        return 2
    if asked in {"".join(terms_of_text(identifier)) for identifier in document.identifiers}:
        return 0
    return 1 if "".join(terms_of_text(document.title)).startswith(asked) else 2
