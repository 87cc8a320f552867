"""Who does what on a territory: lines put side by side, complementarity and overlaps said plainly. Pure: communes in, sentences out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from dentelle.rules.wording import plural


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody who does a service for a public; ``communes`` are those of the territory looked at.

    ``public`` tells one public from that of the line read: « tout public » beside « jeunes ».
    """

    name: str
    communes: frozenset[str]
    public: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line of the map says: ``kind`` is alone, shared_out, overlap, or partly when others meet it for one public only.

    ``sentence`` says it, with the communes counted.
    """

    kind: str
    sentence: str


def verdict(doers: Sequence[Doer], territory: frozenset[str], *, within: Sequence[Doer] = ()) -> Verdict:
    """Say how those who do one same thing for one same public stand on a territory.

    ``doers`` are all who serve that public, « tout public » among them. ``within``: on a line « tout public », those who do it
    for one public only.
    """
    said = _verdict(doers, territory)
    shared = [(each, _shared(each, doers)) for each in within]
    meeting = [(each, communes) for each, communes in shared if communes]
    if not meeting or said.kind == "overlap":
        return said
    sentence = said.sentence.replace(", seul,", ", pour tout public,")
    for each, communes in meeting:
        sentence += f" {each.name} le fait aussi pour {each.public}, sur {_communes(len(communes))}."
    return Verdict("partly", sentence)


def _shared(one: Doer, doers: Iterable[Doer]) -> frozenset[str]:
    """The communes where somebody else does the same as one."""
    return frozenset().union(*(each.communes & one.communes for each in doers if each.name != one.name))


def _verdict(doers: Sequence[Doer], territory: frozenset[str]) -> Verdict:
    wide = {each.name: f"{each.name} ({each.public})" for each in doers if each.public}
    wide = {name: label for name, label in wide.items() if all(each.public for each in doers if each.name == name)}
    together = _together(doers)
    bare = len(territory - frozenset().union(*together.values())) if together else len(territory)
    rest = f" {_communes(bare)} sans personne de déclaré." if bare else ""
    if len(together) == 1:
        (name, communes) = next(iter(together.items()))
        where = "sur tout le territoire" if not bare else f"sur {_communes(len(communes))}"
        return Verdict("alone", f"{name}, seul, {where}.{rest}")
    meeting = [
        (first, second, len(together[first] & together[second]))
        for first, second in combinations(together, 2)
        if together[first] & together[second]
    ]
    if not meeting:
        return Verdict(
            "shared_out",
            f"{_listed(wide.get(name, name) for name in together)} se partagent le territoire, sans se recouvrir.{rest}",
        )
    shared = frozenset().union(*(together[a] & together[b] for a, b, _ in meeting))
    names = [name for name in together if any(name in pair[:2] for pair in meeting)]
    return Verdict(
        "overlap",
        f"{_listed(wide.get(name, name) for name in names)} font la même chose sur {_communes(len(shared))}.{rest}",
    )


def _together(doers: Iterable[Doer]) -> dict[str, frozenset[str]]:
    """One entry per name: who declares twice is one."""
    found: dict[str, frozenset[str]] = {}
    for each in doers:
        found[each.name] = found.get(each.name, frozenset()) | each.communes
    return found


def _listed(names: Iterable[str]) -> str:
    known = list(names)
    return " et ".join(filter(None, (", ".join(known[:-1]), known[-1])))


def _communes(count: int) -> str:
    return plural(count, "commune", "communes")
