"""Where each contract stands between what it promises and what is published, as one expression of the database."""

from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from dentelle.thread.contracts.models import Contract, ContractQuerySet, Obligation
from dentelle.thread.contracts.states import ContractState
from dentelle.thread.publications import deadlines
from dentelle.thread.publications.models import Publication, PublicationState
from dentelle.thread.publications.promise import CLAUSE, CRITERION, RESERVED, TYPES_OF, VALUES

SIGNED = (
    ContractState.NOTIFIED,
    ContractState.RUNNING,
    ContractState.SUSPENDED,
    ContractState.CLOSED_MET,
    ContractState.CLOSED_PARTIAL,
)


class Standing(StrEnum):
    """From what calls for somebody to what does not."""

    MISSING = "missing"
    DIFFERENT = "different"
    TO_CONFIRM = "to_confirm"
    AWAITED = "awaited"
    MATCHED = "matched"
    OUTSIDE = "outside"

    @property
    def label(self) -> str:
        """French label."""
        return {
            "missing": "manquante",
            "different": "différente",
            "to_confirm": "à confirmer",
            "awaited": "attendue",
            "matched": "conforme",
            "outside": "hors obligation",
        }[self.value]

    @property
    def next_action(self) -> str:
        """What to do next, as words of a link; empty when nothing is."""
        return {
            "missing": "Demander la publication à l’acheteur",
            "different": "Faire corriger par l’acheteur",
            "to_confirm": "Confirmer ou refuser le rapprochement",
            "awaited": "Transmettre la valeur à publier",
        }.get(self.value, "")


CALLING = (Standing.MISSING, Standing.DIFFERENT, Standing.TO_CONFIRM)


def concerned(contracts: ContractQuerySet) -> ContractQuerySet:
    """Keep the signed contracts that promise something open data have a word for: not those of private clauses only."""
    public = Obligation.objects.filter(contract=OuterRef("pk"), clause_type__in=list(VALUES))
    return contracts.filter(Exists(public), state__in=SIGNED, notified_on__isnull=False)


def with_standing(contracts: QuerySet[Contract], *, today: date, read_until: date | None) -> QuerySet[Any]:
    """Add ``promised_clause``, ``promised_criterion``, ``promised_reserved`` and ``standing`` to each contract.

    ``read_until``: the last publication the data loaded here know of, None without data. What is not in them is missing
    only when they reach the end of the delay: data that stop before, or that nobody loaded, prove nothing.
    """
    promised: dict[str, Any] = {
        f"promised_{name}": Exists(Obligation.objects.filter(contract=OuterRef("pk"), clause_type__in=TYPES_OF[value]))
        for name, value in (("clause", CLAUSE), ("criterion", CRITERION), ("reserved", RESERVED))
    }
    same = Q(
        publication__clause=F("promised_clause"),
        publication__criterion=F("promised_criterion"),
        publication__reserved=F("promised_reserved"),
    )
    matched = Q(publication__state=PublicationState.MATCHED)
    # the format of 2019 has no place for considerations: nothing to compare
    mute = Q(publication__is_stated=False, publication__published__generation="2019")
    small = Q(amount_cents__lt=deadlines.minimum_cents(today)) | Q(notified_on__lt=deadlines.known_from())
    late = _late(today, read_until)
    standing = Case(
        When(Q(publication__state=PublicationState.PROPOSED), then=Value(Standing.TO_CONFIRM.value)),
        When(matched & mute, then=Value(Standing.MATCHED.value)),
        When(matched & Q(publication__is_stated=True) & same, then=Value(Standing.MATCHED.value)),
        When(matched, then=Value(Standing.DIFFERENT.value)),
        When(small, then=Value(Standing.OUTSIDE.value)),
        *([When(late, then=Value(Standing.MISSING.value))] if late else []),
        default=Value(Standing.AWAITED.value),
        output_field=CharField(),
    )
    return contracts.annotate(**promised).annotate(standing=standing)


def calling(
    contracts: QuerySet[Contract], published: QuerySet[Publication], *, today: date, read_until: date | None
) -> QuerySet[Any]:
    """Keep those that call for somebody, with their standing: only what is ``published`` or late is compared at all."""
    compared = Q(pk__in=published.values("contract"))
    late = _late(today, read_until)
    if late is not None:
        compared |= late
    return with_standing(contracts.filter(compared), today=today, read_until=read_until).filter(standing__in=CALLING)


def _late(today: date, read_until: date | None) -> Q | None:
    """What should have been published by now, None when the data loaded cannot tell."""
    if read_until is None or read_until < deadlines.known_from():
        return None
    return Q(notified_on__lt=deadlines.late_before(min(today, read_until)))
