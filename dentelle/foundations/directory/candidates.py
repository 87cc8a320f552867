"""Which other records may be the same organisation: proposed with the reason, never merged by themselves."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from dentelle.foundations.directory import access
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.queries import matching

LIKE_ENOUGH = 86  # of 100, words in any order
LETTERS = 5  # a slip of the pen is rarer at the beginning of a word
WORDS_TRIED = 4
MOST_COMPARED = 200  # by word: common words tell nothing
MOST_SHOWN = 8
# Words of so many names that sharing them says nothing.
_COMMON = frozenset(
    [
        "ville",
        "commune",
        "mairie",
        "communaute",
        "syndicat",
        "departement",
        "centre",
        "office",
        "societe",
        "entreprise",
        "association",
        "sarl",
        "sas",
        "sasu",
        "scop",
        "eurl",
        "groupe",
        "services",
        "service",
        "saint",
        "sainte",
        "france",
    ]
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the same, and why."""

    organisation: Organisation
    because: str
    likeness: float


def candidates(membership: Membership, organisation: Organisation) -> tuple[Candidate, ...]:
    """Return the records that may be the same as ``organisation``, the likeliest first.

    Same SIREN with the establishment unknown on one side; same SIREN and commune; names alike (same SIREN or not).
    """
    found: dict[int, Candidate] = {}
    for other in _same_siren(membership, organisation):
        because = _because_of_siren(organisation, other)
        likeness = fuzz.token_sort_ratio(organisation.sort_name, other.sort_name)
        if because or likeness >= LIKE_ENOUGH:
            found[other.pk] = Candidate(other, because or "même SIREN, nom proche", 200 + likeness)
    for other in _alike(membership, organisation):
        likeness = fuzz.token_sort_ratio(organisation.sort_name, other.sort_name)
        if other.pk not in found and likeness >= LIKE_ENOUGH:
            here = bool(other.commune_code) and other.commune_code == organisation.commune_code
            because = "nom proche, même commune" if here else "nom proche"
            found[other.pk] = Candidate(other, because, likeness + (50 if here else 0))
    ranked = sorted(found.values(), key=lambda one: (-one.likeness, one.organisation.pk))
    return tuple(ranked[:MOST_SHOWN])


def _same_siren(membership: Membership, organisation: Organisation) -> Iterable[Organisation]:
    same = access.organisations_visible_to(membership).filter(siren=organisation.siren).exclude(pk=organisation.pk)
    return same.order_by("pk")[:MOST_COMPARED]


def _because_of_siren(one: Organisation, other: Organisation) -> str:
    if not one.siret or not other.siret:
        return "même SIREN, établissement inconnu sur une des fiches"
    if one.commune_code and one.commune_code == other.commune_code:
        return "même SIREN, même commune"
    return ""


def _alike(membership: Membership, organisation: Organisation) -> Iterable[Organisation]:
    words = [word for word in organisation.sort_name.split() if len(word) > 3 and word not in _COMMON]
    seen: dict[int, Organisation] = {}
    for word in sorted(words, key=len, reverse=True)[:WORDS_TRIED]:
        asked = matching("organisation", word[:LETTERS], membership)
        if asked is None:
            continue
        rows = access.organisations_visible_to(membership).filter(pk__in=asked).exclude(pk=organisation.pk)
        for row in rows.order_by("pk")[:MOST_COMPARED]:
            seen[row.pk] = row
    return seen.values()
