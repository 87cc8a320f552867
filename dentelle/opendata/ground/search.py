"""Find a place by what people type: a name, the beginning of one, a postal code, a code, with a slip or two.

No index is built: names are held folded in one text that is scanned for prefixes, and RapidFuzz compares the typed words
with every name. Both take a few milliseconds over 40 000 names.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dentelle.opendata.text import fold_query

# words that may stand before the name people remember: « havre » is an exact answer for « Le Havre »
_ARTICLES = frozenset({"le", "la", "les", "l"})
_LEADING = _ARTICLES | {"cc", "ca", "cu", "metropole", "communaute", "du", "de", "des", "d", "pays"}

# (match, finer) is the score, smaller first; a near answer counts its edits before how it was compared
CODE, EXACT, PREFIX, WORD_PREFIX, ALL_WORDS, NEAR = range(6)
MATCH_NAMES = ("code", "exact", "prefix", "word", "words", "near")
WHOLE_NAME, BEGINNING, ONE_WORD = range(3)
Score = tuple[int, int]
Found = dict[int, list[Score]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A searchable name: what it leads to, how it is spelt folded, how many people live there."""

    kind: str
    code: str
    name: str
    key: str
    population: int
    department_code: str | None
    via: str | None = None  # the former name that leads here


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer, best first; ``match`` says how it was found: code, exact, prefix, word, words or near."""

    kind: str
    code: str
    name: str
    population: int | None
    department_code: str | None
    match: str
    via: str | None


class SearchIndex:
    """Names and codes of every place, ready to be searched; ``codes`` gives the entries a code or postal code leads to."""

    def __init__(self, entries: Sequence[Entry], codes: dict[str, list[int]], departments: Collection[str]) -> None:
        self._entries = entries
        self._codes = codes
        self._departments = departments
        self._keys = [entry.key for entry in entries]
        self._text = "\n" + "\n".join(self._keys) + "\n"
        self._starts = list(accumulate((len(key) + 1 for key in self._keys), initial=1))
        words: dict[str, list[int]] = {}
        for rank, key in enumerate(self._keys):
            for word in key.split():
                words.setdefault(word, []).append(rank)
        self._words = words
        self._vocabulary = sorted(words)

    def search(self, text: str, kinds: Collection[str] | None = None, limit: int = 10) -> list[Hit]:
        """Return at most ``limit`` answers: codes, exact names, prefixes, words, near spellings; then by population.

        The last third of the list is kept for near spellings of a whole name when there are any: « Bret » must show
        Brest although ten small communes begin with « Bret ».
        """
        if limit < 1:
            return []
        found = self._with_department(fold_query(text), kinds)
        sure = self._ranked(found, sure=True)
        shown = sure[: limit - limit // 3]
        # a near spelling may also be a prefix too far down: « Met » must show Metz
        near = [rank for rank in self._ranked(found, sure=False) if rank not in shown]
        chosen = sure[: max(limit - len(near), len(shown))]
        hits = [self._hit(self._entries[rank], min(found[rank])[0]) for rank in chosen]
        taken = {(hit.kind, hit.code) for hit in hits}
        for rank in near:
            entry = self._entries[rank]
            if len(hits) < limit and (entry.kind, entry.code) not in taken:
                taken.add((entry.kind, entry.code))
                hits.append(self._hit(entry, NEAR))
        return hits

    def _ranked(self, found: Found, *, sure: bool) -> list[int]:
        """Return entries best first, one by place: those found for sure, or those found by near spelling."""
        scored = {}
        for rank, scores in found.items():
            kept = [score for score in scores if (score[0] < NEAR) == sure]
            if kept:
                scored[rank] = min(kept)
        ordered = sorted(scored, key=lambda rank: (scored[rank], self._tie(rank)))
        first: dict[tuple[str, str], int] = {}
        for rank in ordered:
            first.setdefault((self._entries[rank].kind, self._entries[rank].code), rank)
        return list(first.values())

    def _with_department(self, query: str, kinds: Collection[str] | None) -> Found:
        name, _, last = query.rpartition(" ")
        if name and last.upper() in self._departments:
            # « valence 26 », « saint denis (93) »: the number says which of the homonyms
            inside = {
                rank: scores
                for rank, scores in self._find(name, kinds).items()
                if self._entries[rank].department_code == last.upper()
            }
            if inside:
                return inside
        return self._find(query, kinds)

    def _find(self, query: str, kinds: Collection[str] | None) -> Found:
        found: Found = {}

        def keep(rank: int, score: Score) -> None:
            if kinds is None or self._entries[rank].kind in kinds:
                found.setdefault(rank, []).append(score)

        if not query:
            return found
        for rank in self._by_code(query):
            keep(rank, (CODE, 0))
        if not query.replace(" ", "").isdigit():
            for rank, score in self._by_prefix(query):
                keep(rank, score)
            best = min((min(scores)[0] for scores in found.values()), default=NEAR)
            for rank, score in self._near(query, _edits_allowed(query, best), partly=best == NEAR):
                keep(rank, score)
        return found

    def _by_code(self, query: str) -> Iterable[int]:
        bare = query.replace(" ", "").upper()
        exact = self._codes.get(bare, [])
        if exact or not (bare.isdigit() and 3 <= len(bare) <= 4):
            return exact
        return [rank for code, ranks in self._codes.items() if code.startswith(bare) for rank in ranks]

    def _by_prefix(self, query: str) -> Iterator[tuple[int, Score]]:
        for place in self._beginnings(query):
            rank = bisect_right(self._starts, place) - 1
            before = self._text[self._starts[rank] : place].split()
            if all(word in _LEADING for word in before):
                match = EXACT if self._text[place + len(query)] == "\n" else PREFIX
                yield rank, (match, int(not _ARTICLES.issuperset(before)))
            else:
                yield rank, (WORD_PREFIX, 0)
        words = query.split()
        if len(words) > 1:
            longest = max(words, key=len)
            for word in self._words_beginning(longest):
                for rank in self._words[word]:
                    own = self._keys[rank].split()
                    if all(any(other.startswith(asked) for other in own) for asked in words):
                        yield rank, (ALL_WORDS, 0)

    def _beginnings(self, query: str) -> Iterator[int]:
        # one letter begins too many words to be worth looking inside names
        for before in ("\n", " ") if len(query) > 1 else ("\n",):
            place = self._text.find(before + query)
            while place >= 0:
                yield place + 1
                place = self._text.find(before + query, place + 1)

    def _words_beginning(self, start: str) -> Iterator[str]:
        for place in range(bisect_left(self._vocabulary, start), len(self._vocabulary)):
            if not self._vocabulary[place].startswith(start):
                return
            yield self._vocabulary[place]

    def _near(self, query: str, allowed: int, *, partly: bool) -> Iterator[tuple[int, Score]]:
        if not allowed:
            return
        size = len(query)
        for _, edits, rank in process.extract(query, self._keys, scorer=OSA.distance, score_cutoff=allowed, limit=None):
            yield rank, (NEAR, int(edits) * 3 + WHOLE_NAME)
        if not partly or size < 5:
            return
        heads = [key[:size] for key in self._keys]
        for _, edits, rank in process.extract(query, heads, scorer=OSA.distance, score_cutoff=1, limit=None):
            yield rank, (NEAR, int(edits) * 3 + BEGINNING)
        if " " not in query:
            near = process.extract(query, self._vocabulary, scorer=OSA.distance, score_cutoff=allowed, limit=None)
            for word, edits, _ in near:
                for rank in self._words[word]:
                    yield rank, (NEAR, int(edits) * 3 + ONE_WORD)

    def _tie(self, rank: int) -> tuple[bool, int, str, str]:
        entry = self._entries[rank]
        return entry.via is not None, -entry.population, entry.kind, entry.code

    def _hit(self, entry: Entry, match: int) -> Hit:
        return Hit(
            kind=entry.kind,
            code=entry.code,
            name=entry.name,
            population=entry.population or None,
            department_code=entry.department_code,
            match=MATCH_NAMES[match],
            via=entry.via,
        )


def _edits_allowed(query: str, best: int) -> int:
    # two slips in a short word make another word, and an exact answer leaves little room for doubt
    if len(query) < 2:
        return 0
    return 1 if len(query) < 6 or best <= EXACT else 2
