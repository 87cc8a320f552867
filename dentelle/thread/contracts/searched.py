"""What people find of the register: contracts (their words, number, buyer, companies), operations, pooling agreements."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from dentelle.foundations.search.registry import Document, Hit, register, structure_scope
from dentelle.thread.contracts.access import contracts_visible_to, operations_visible_to, poolings_visible_to
from dentelle.thread.contracts.models import Contract, Holder, Operation, PoolingAgreement, Programme


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


def _everything(text: str) -> str:
    return f"{reverse('contracts:list')}?{urlencode({'texte': text})}"


register(
    "contract",
    label="Contrats",
    queryset=contracts_to_index,
    text_of=_text_of,
    visible_to=_visible,
    hit_of=_hit_of,
    order=20,
    all_url=_everything,
)


def _text_of_operation(operation: Operation) -> Document:
    return Document(
        title=operation.name,
        words=f"{operation.programme_name} {operation.get_programme_display()} {operation.site}",
        identifiers=tuple(operation.neighbourhoods),
        scopes=(structure_scope(operation.structure_id),),
    )


def _visible_operations(viewer: Any) -> QuerySet[Operation]:
    if getattr(viewer, "structure_id", None) is None:
        return Operation.objects.none()
    return operations_visible_to(viewer)


def _hit_of_operation(operation: Operation) -> Hit:
    programme = operation.get_programme_display() if operation.programme != Programme.NONE else ""
    detail = " · ".join(filter(None, (programme, operation.site)))
    return Hit(operation.name, detail, reverse("contracts:operation", kwargs={"pk": operation.pk}))


register(
    "operation",
    label="Opérations",
    queryset=Operation.objects.all,
    text_of=_text_of_operation,
    visible_to=_visible_operations,
    hit_of=_hit_of_operation,
    order=24,
)


def _poolings() -> QuerySet[PoolingAgreement]:
    return PoolingAgreement.objects.select_related("company")


def _text_of_pooling(agreement: PoolingAgreement) -> Document:
    return Document(
        title=agreement.title,
        words=f"{agreement.company.name} globalisation",
        identifiers=(agreement.company.identifier,),
        scopes=(structure_scope(agreement.structure_id),),
    )


def _visible_poolings(viewer: Any) -> QuerySet[PoolingAgreement]:
    if getattr(viewer, "structure_id", None) is None:
        return PoolingAgreement.objects.none()
    return poolings_visible_to(viewer).select_related("company")


def _hit_of_pooling(agreement: PoolingAgreement) -> Hit:
    return Hit(agreement.title, agreement.company.name, reverse("contracts:pooling", kwargs={"pk": agreement.pk}))


register(
    "pooling",
    label="Conventions de globalisation",
    queryset=_poolings,
    text_of=_text_of_pooling,
    visible_to=_visible_poolings,
    hit_of=_hit_of_pooling,
    order=26,
)
