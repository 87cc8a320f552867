"""What may be shown of counts, sums and words people gave, so that nobody is recognised.

Counts of people: small ones are kept quiet, and another beside them when a subtraction would tell. Sums of organisations:
not under three of them, nor when one makes nearly all. Words: contacts, numbers that identify and names after a title are
masked, and nothing is shown of a group too small.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from dentelle.rules.dated import parameter

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# a social security number: 13 digits, or 15 with its key, however they are spaced; Corsica writes 2A or 2B
_NIR = re.compile(
    r"(?<!\d)[1-478](?:[\s.\-]?\d){4}[\s.\-]?(?:\d[\s.\-]?\d|2[\s.\-]?[ABab])(?:[\s.\-]?\d){6}"
    r"(?:[\s.\-]?\d[\s.\-]?\d)?(?![\s.\-]?\d)"
)
_PHONE = re.compile(r"(?<!\d)(?:\+33|0033|0)[\s.\-]?(?:\(0\)[\s.\-]?)?[1-9](?:[\s.\-]?\d\d){4}(?!\d)")
# a title, then the capitals of a name: « Madame la maire » names an office, « Mme Le Gall » somebody
_NAME = re.compile(
    r"\b(MM?\.|Mmes?|Mlles?|Messieurs|Monsieur|Mesdames|Madame|Mesdemoiselles|Mademoiselle)"
    r"((?:[ \u00a0\u202f](?:de |du |d[’'])?[A-ZÀ-ÖØ-Þ](?:[\w’'\-]+|\.)){1,3})"
)
# what each is replaced by, in the order they are looked for: a long number is not taken for a telephone
_IDENTIFYING = (
    (_MAIL, "[adresse masquée]"),
    (_NIR, "[numéro masqué]"),
    (_PHONE, "[téléphone masqué]"),
    (_NAME, r"\1 [nom masqué]"),
)

_PEOPLE = (
    "personne|habitant|habitante|salarie|salariee|demandeur|demandeuse|beneficiaire|participant|participante|apprenti|apprentie|"
    "agent|agente|jeune|femme|homme|enfant|eleve|allocataire|candidat|candidate|stagiaire|senior|chomeur|chomeuse|travailleur|"
    "travailleuse|usager|usagere|parent|locataire|refugie|refugiee|gens"
)
_NAMES_PEOPLE = re.compile(rf"\b(?:{_PEOPLE})s?\b")
_BEGINS_WITH_PEOPLE = re.compile(rf"(?:nombre |total )?(?:de |des |d'|les )?(?:{_PEOPLE})s?\b")
_OTHER_UNIT = re.compile(
    r"%|€|euros?\b|pour ?cent|points?\b|taux|[hm]²?\b|heures?\b|jours?\b|mois\b|ans?\b|annees?\b|km\b|etp\b|postes?\b"
)
_WRITTEN = {
    name: rank
    for rank, name in enumerate(
        ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"], start=1
    )
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Counts as they may be shown: None where one is kept quiet. ``total`` too when it would tell."""

    counts: Mapping[str, int | None]
    total: int | None

    @property
    def hidden(self) -> int:
        """How many counts are kept quiet."""
        return sum(value is None for value in self.counts.values())


def network_minimum() -> int:
    """Return the smallest count of people shown inside a network."""
    return parameter("disclosure.persons_in_network").latest().whole


def published_minimum() -> int:
    """Return the smallest count of people shown to anybody."""
    return parameter("disclosure.persons_published").latest().whole


def counts_few_people(value: str, unit: str = "", label: str = "") -> bool:
    """Say whether a typed figure is a count of people too small to be published: 1 to ``published_minimum()`` − 1.

    People are named by its unit, by the value itself, or by the first words of its label when the unit is no other thing.

    >>> counts_few_people("4", "personnes"), counts_few_people("Quatre", "", "Personnes sans permis")
    (True, True)
    >>> counts_few_people("4", "%", "Personnes sans permis"), counts_few_people("4", "", "Marchés ouverts à des personnes")
    (False, False)
    """
    value, unit, label = _plain(value), _plain(unit), _plain(label)
    figure = re.sub(r"(?<=\d)[\s\u202f\xa0.](?=\d{3}\b)", "", value)
    found = re.match(r"(\d+|[a-z]+)(?![\d,.]*\d)(?!\s*[%€])", figure)
    count = (int(found[1]) if found[1].isdecimal() else _WRITTEN.get(found[1], 0)) if found else 0
    if not 0 < count < published_minimum():
        return False
    if _NAMES_PEOPLE.search(value) or _NAMES_PEOPLE.search(unit):
        return True
    return not _OTHER_UNIT.match(unit) and _BEGINS_WITH_PEOPLE.match(label) is not None


def _plain(text: str) -> str:
    """A text in small letters without accents, apostrophes straight."""
    parts = unicodedata.normalize("NFD", " ".join(text.split()).replace("’", "'"))
    return "".join(each for each in parts if not unicodedata.combining(each)).casefold()


def shown_counts(counts: Mapping[str, int], minimum: int) -> Shown:
    """Return counts that add up to a total, none of 1 to ``minimum`` − 1 shown, nor to be found by subtraction."""
    total = sum(counts.values())
    hidden = {name for name, count in counts.items() if 0 < count < minimum}
    if len(hidden) == 1:
        others = sorted(
            (name for name in counts if name not in hidden), key=lambda name: (counts[name] == 0, counts[name], name)
        )
        hidden |= set(others[:1])
    shown = {name: None if name in hidden else count for name, count in counts.items()}
    return Shown(shown, None if 0 < total < minimum or (hidden and len(counts) == 1) else total)


def shown_totals(tables: Sequence[Mapping[str, int]], minimum: int) -> Shown:
    """Return the sums of tables that are each shown by ``shown_counts``: none that tells, by subtraction, a count kept quiet.

    What is not shown is a graph: counts and sums are its edges, each equation (a table, a name, the grand total) one of its
    nodes. A value can be worked out exactly when its edge is on no cycle: sums are hidden until no small one is.
    """
    quiet: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    for place, table in enumerate(tables):
        shown = shown_counts(table, minimum)
        for name, count in table.items():
            counts[name] = counts.get(name, 0) + count
            if shown.counts[name] is None:
                quiet[f"name {name}", f"table {place}"] = count
        if shown.total is None:
            quiet[f"table {place}", "all tables"] = sum(table.values())
    total = sum(counts.values())
    hidden = {name for name, count in counts.items() if 0 < count < minimum}
    whole: int | None = None if 0 < total < minimum else total

    def told(names: Collection[str]) -> list[tuple[str, str]]:
        """The small values that could be worked out if the sums of ``names`` were hidden."""
        edges = quiet | {(f"name {name}", "all names"): counts[name] for name in names}
        edges |= {("all names", "all tables"): total} if whole is None else {}
        return sorted(edge for edge, count in edges.items() if 0 < count < minimum and _is_told(edge, edges))

    while found := told(hidden):
        left = [
            name
            for _, _, name in sorted((counts[name] == 0, counts[name], name) for name in counts if name not in hidden)
        ]
        helps = next((name for name in left if len(told({*hidden, name})) < len(found)), None)
        own = next((name for name in left if any(edge[0] == f"name {name}" for edge in found)), None)
        if left:
            hidden.add(helps or own or left[0])
        elif whole is not None:
            whole = None
        else:
            break
    return Shown({name: None if name in hidden else count for name, count in counts.items()}, whole)


def _is_told(edge: tuple[str, str], edges: Collection[tuple[str, str]]) -> bool:
    """Say whether an edge is on no cycle: without it, its two ends no longer meet."""
    reached, ahead = {edge[0]}, [edge[0]]
    while ahead:
        node = ahead.pop()
        for one in edges:
            if one != edge and node in one:
                other = one[1] if one[0] == node else one[0]
                if other not in reached:
                    reached.add(other)
                    ahead.append(other)
    return edge[1] not in reached


def shown_sum(values: Sequence[int]) -> int | None:
    """Return the sum of what organisations said, None when it would tell what one of them said."""
    units = parameter("disclosure.units").latest().whole
    share = parameter("disclosure.largest_share").latest().whole
    total = sum(values)
    if len(values) < units or (total and 100 * max(values) > share * total):
        return None
    return total


def shown_figures(values: Sequence[int], minimum: int) -> tuple[int, float] | None:
    """Return the sum and the middle of what organisations said, None when either would tell what one of them said.

    Of three answers the middle one is one of them as it was written: ``minimum`` of them are needed.
    """
    total = shown_sum(values)
    return None if total is None or len(values) < minimum else (total, float(median(values)))


def hidden_beside(equations: Sequence[Collection[str]], hidden: Collection[str]) -> frozenset[str]:
    """Return the figures to hide with ``hidden``, in the order they are named in, so that no equation gives one back.

    ``equations``: the figures bound together by additions and subtractions, each of which follows from all the others.

    >>> sorted(hidden_beside([["end", "start", "entries", "exits"]], {"end"}))
    ['end', 'start']
    """
    quiet = set(hidden)
    while alone := [each for each in equations if len(set(each) & quiet) == 1 and len(set(each)) > 1]:
        quiet.add(next(name for name in alone[0] if name not in quiet))
    return frozenset(quiet)


def words_may_be_shown(group: int, minimum: int) -> bool:
    """Say whether the words of a group may be read: not of fewer people than ``minimum``."""
    return group >= minimum


def masked(text: str) -> str:
    """Return words without the addresses, the numbers and the names after a title that identify somebody.

    A name without a title is not recognised: whoever publishes words still reads them.

    >>> masked("Écrivez à Jeanne@essai.example ou au 06 12 34 56 78.")
    'Écrivez à [adresse masquée] ou au [téléphone masqué].'
    >>> masked("M. Éric Lefèvre veut être rappelé par Madame la maire.")
    'M. [nom masqué] veut être rappelé par Madame la maire.'
    """
    for pattern, instead in _IDENTIFYING:
        text = pattern.sub(instead, text)
    return text


def identifying(text: str) -> tuple[str, ...]:
    """Return the words ``masked`` would mask, each once, as they are written.

    >>> identifying("Mme Le Gall, +33 (0)6 12 34 56 78, puis Mme Le Gall.")
    ('+33 (0)6 12 34 56 78', 'Mme Le Gall')
    """
    found: list[str] = []
    for pattern, instead in _IDENTIFYING:
        found += [one.group() for one in pattern.finditer(text)]
        text = pattern.sub(instead, text)
    return tuple(dict.fromkeys(found))


def looks_like_nir(text: str) -> bool:
    """Say whether a text holds what may be a social security number: it is never kept."""
    return _NIR.search(text) is not None
