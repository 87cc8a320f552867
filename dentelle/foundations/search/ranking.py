"""Looking for sentences: what says something of the words typed, what says most of the rarest first.

One function for both databases. SQLite ranks by BM25 (FTS5); PostgreSQL by ``ts_rank`` of each stem in a tsvector of
configuration « simple », weighted by how rare the stem is. No word is compulsory: a sentence of ten words finds the text
that holds eight of them.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from dentelle.foundations.search.registry import scopes_of
from dentelle.foundations.search.stems import asked

MOST = 2_000
# where a word stands in a text is weighed for those that hold most of the rare ones; the others follow by that alone
WEIGHED = 300
FEWEST_LETTERS = 3  # of the beginning of a word
_TABLE = "search_searchtext"
# of the scopes, the title, the key words, the body
_SQLITE = """SELECT object_id FROM search_texts JOIN search_searchtext ON id = search_texts.rowid
    WHERE search_texts MATCH %s ORDER BY bm25(search_texts, 0.0, 6.0, 3.0, 1.0), object_id LIMIT %s"""


def ranked(kind: str, text: str, viewer: Any, limit: int = MOST) -> list[int]:
    """Return the keys of the objects of ``kind`` that speak of what was typed, those that say most of it first.

    ``viewer`` as in ``queries.search``: nothing outside its scopes is looked at; the caller's access has the last word.
    Whatever the form of the words (« formations », « formés »); when none is known so, words that begin so.
    """
    words, scopes = asked(text), scopes_of(viewer)
    if not words or not scopes:
        return []
    found = _run(kind, words, scopes, limit, begun=False)
    begun = [word for word in words if len(word) >= FEWEST_LETTERS]
    return found or (_run(kind, begun, scopes, limit, begun=True) if begun else [])


def _run(kind: str, words: Sequence[str], scopes: Sequence[str], limit: int, *, begun: bool) -> list[int]:
    write = _postgresql if connection.vendor == "postgresql" else _sqlite
    sql, parameters = write(kind, words, scopes, begun)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, limit])
        return [key for (key, *_) in cursor.fetchall()]


def _sqlite(kind: str, words: Sequence[str], scopes: Sequence[str], begun: bool) -> tuple[str, list[Any]]:
    """Stems hold letters and digits only: nothing in them can be read as syntax."""
    allowed = " OR ".join(f'"{scope}"' for scope in scopes)
    either = " OR ".join(f'"{word}" *' if begun else f'"{word}"' for word in words)
    return _SQLITE, [f'{{scopes}} : ("k{kind}" AND ({allowed})) AND {{title keys body}} : ({either})']


def _postgresql(kind: str, words: Sequence[str], scopes: Sequence[str], begun: bool) -> tuple[str, list[Any]]:
    """Each word is asked of the index, which tells who holds it; texts themselves are opened for the best only."""
    asked_words = [f"'{word}':*" if begun else f"'{word}'" for word in words]
    allowed = " | ".join(f"'={scope}'" for scope in scopes)
    one = "CAST(%s AS tsquery)"
    ranks = range(len(words))
    hits = " UNION ALL ".join(
        f"SELECT object_id, {rank} AS word FROM {_TABLE} WHERE weighted @@ {one}"  # noqa: S608 (constants)
        for rank in ranks
    )
    # a word of every text weighs nothing, one of a single text the most
    weight = "ln(1 + ((SELECT n FROM every) - count(*) + 0.5) / (count(*) + 0.5))"
    places = " + ".join(
        f"COALESCE((SELECT weight FROM rare WHERE word = {rank}), 0) "  # noqa: S608 (constants)
        f"* ts_rank('{{0, 0.17, 0.5, 1}}', weighted, {one}, 1)"
        for rank in ranks
    )
    sql = f"""
        WITH hits AS MATERIALIZED ({hits}),
        every AS MATERIALIZED (SELECT count(*) AS n FROM {_TABLE} WHERE kind = %s),
        rare AS MATERIALIZED (SELECT word, {weight} AS weight FROM hits GROUP BY word),
        rough AS MATERIALIZED (
            SELECT object_id, sum(weight) AS held FROM hits JOIN rare USING (word)
            GROUP BY object_id
        ),
        best AS (SELECT object_id FROM rough ORDER BY held DESC, object_id LIMIT {WEIGHED}),
        fine AS (
            SELECT object_id, {places} AS score FROM {_TABLE}
            WHERE kind = %s AND object_id = ANY(ARRAY(SELECT object_id FROM best))
        )
        SELECT object_id FROM rough LEFT JOIN fine USING (object_id)
        ORDER BY score DESC NULLS LAST, held DESC, object_id LIMIT %s"""  # noqa: S608 (constants)
    among = f"'=k{kind}' & ({allowed})"
    each = [f"{among} & {word}" for word in asked_words]
    return sql, [*each, kind, *asked_words, kind]
