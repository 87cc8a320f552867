"""Who contributed and who was heard, beside who the members are. Counts, no mark, no political label; small ones stay quiet."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from dentelle.network.advocacy.access import NOT_RECEIVED
from dentelle.network.advocacy.lineage import kept
from dentelle.network.advocacy.models import Contribution, WhitePaper
from dentelle.network.governance.models import Gender, Office
from dentelle.network.members import queries as members
from dentelle.rules.disclosure import network_minimum, shown_counts

DIMENSIONS = (("region", "Région"), ("body", "Type d’intercommunalité"), ("size", "Taille du territoire couvert"))


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One value of a dimension; None where the count is kept quiet. ``members`` is None where members have none."""

    label: str
    members: int | None
    received: int | None
    kept: int | None


@dataclass(frozen=True, slots=True)
class Balance:
    title: str
    has_members: bool
    rows: tuple[BalanceRow, ...]


def balance_of(paper: WhitePaper, *, today: date) -> tuple[Balance, ...]:
    """Return one table per dimension: members, contributions received, contributions retained."""
    found = members.members(paper.network_id, today=today)
    sent = list(
        Contribution.objects.filter(paper=paper)
        .exclude(state__in=NOT_RECEIVED)
        .values_list("structure", "author", "pk")
    )
    retained = kept(paper)
    views = []
    for name, title in DIMENSIONS:
        where = {each.structure.pk: getattr(each, name) or members.UNKNOWN for each in found}
        labels = Counter(where.values())
        received = Counter(where.get(structure, "hors des membres actuels") for structure, _, _ in sent)
        heard = Counter(where.get(structure, "hors des membres actuels") for structure, _, pk in sent if pk in retained)
        views.append(Balance(title, True, _rows(labels, received, heard)))
    return (*views, _gender(paper, sent, retained))


def _gender(paper: WhitePaper, sent: list[tuple[int, int, int]], retained: frozenset[int]) -> Balance:
    """By gender of authors who hold an office and told it; the others are « non renseigné »."""
    told = dict(
        Office.objects.filter(network=paper.network_id, user__in={author for _, author, _ in sent})
        .exclude(gender="")
        .values_list("user", "gender")
    )
    words = dict(Gender.choices)

    def label(author: int) -> str:
        return words.get(told.get(author, ""), members.UNKNOWN)

    received = Counter(label(author) for _, author, _ in sent)
    heard = Counter(label(author) for _, author, pk in sent if pk in retained)
    return Balance("Genre des auteurs", False, _rows(None, received, heard))


def _rows(labels: Counter[str] | None, received: Counter[str], kept: Counter[str]) -> tuple[BalanceRow, ...]:
    names = {*received, *(labels or ())}
    minimum = network_minimum()
    heard = shown_counts({name: received[name] for name in names}, minimum).counts
    retained = shown_counts({name: kept[name] for name in names}, minimum).counts
    weight: Counter[str] = labels if labels is not None else Counter()  # an order would tell what is kept quiet
    return tuple(
        BalanceRow(name, labels[name] if labels is not None else None, heard[name], retained[name])
        for name in sorted(names, key=lambda name: (name == members.UNKNOWN, -weight[name], name))
    )
