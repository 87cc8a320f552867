"""What people find of contracts: their words, their number, their buyer and companies, in the structures that follow them."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from dentelle.foundations.search.registry import Document, Hit, register, structure_scope
from dentelle.thread.contracts.access import contracts_visible_to
from dentelle.thread.contracts.models import Contract, Holder


def contracts_to_index() -> QuerySet[Contract]:
    """Return every contract with what it is found by."""
    return _with_what_is_found(Contract.objects.all())


def _with_what_is_found(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    # companies are joined, not prefetched: Django prefetches a relation without a way back by one OR per row,
    # and SQLite refuses a thousand of them
    companies = Prefetch("holders", Holder.objects.select_related("organisation"))
    return contracts.select_related("buyer").prefetch_related(companies, "associations")


def _text_of(contract: Contract) -> Document:
    companies = [holder.organisation for holder in contract.holders.all()]
    known = [*([contract.buyer] if contract.buyer else []), *companies]
    following = [each.structure_id for each in contract.associations.all() if each.until is None]
    return Document(
        title=contract.title,
        words=" ".join([contract.subject, *(each.name for each in known)]),
        identifiers=tuple(filter(None, (contract.number, *(each.identifier for each in known)))),
        scopes=tuple(structure_scope(pk) for pk in (contract.structure_id, *following)),
    )


def _visible(viewer: Any) -> QuerySet[Contract]:
    # people seated in an organisation have their own pages: these open to members only
    if getattr(viewer, "structure_id", None) is None:
        return Contract.objects.none()
    return _with_what_is_found(contracts_visible_to(viewer))


def _hit_of(contract: Contract) -> Hit:
    buyer = contract.buyer.name if contract.buyer else ""
    detail = " · ".join(filter(None, (contract.number, buyer, contract.get_state_display())))
    return Hit(contract.title, detail, reverse("contracts:detail", kwargs={"pk": contract.pk}))


register(
    "contract",
    label="Contrats",
    queryset=contracts_to_index,
    text_of=_text_of,
    visible_to=_visible,
    hit_of=_hit_of,
    order=20,
)
