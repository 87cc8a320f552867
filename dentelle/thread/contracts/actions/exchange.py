"""What is said on a contract: bidders' questions with one answer for all, meetings, decisions, notes, and their papers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.documents import sniff
from dentelle.foundations.documents.actions import UploadRefused, receive_upload
from dentelle.foundations.documents.models import StoredFile
from dentelle.foundations.organisations.models import Membership, Structure
from dentelle.thread.contracts.actions.changing import Change, changing
from dentelle.thread.contracts.models import ASKED, Exchange, ExchangeKind, ExchangeNotice, Sharing
from dentelle.thread.contracts.refusals import ContractRefused

# what people join to a contract; images of signed sheets come as PDF
ATTACHMENTS = (sniff.PDF, sniff.DOCX, sniff.XLSX, sniff.ODS, sniff.XLS, sniff.TEXT)
ATTACHMENT_BYTES = 10 * 1024 * 1024


def add_exchange(
    actor: Membership,
    pk: int,
    *,
    kind: str,
    happened_on: date,
    text: str,
    sharing: str = Sharing.INNER.value,
    attachment: UploadedFile[bytes] | None = None,
    expected_revision: int,
    at: datetime,
) -> Exchange:
    """Write down a question, a meeting, a decision or a note, and who reads it. Raises ContractRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, even_closed=True) as change:
        if kind not in ExchangeKind.values or kind == ExchangeKind.REQUEST:
            raise ContractRefused("kind_unknown", "Choisissez la nature de l’échange dans la liste.", "kind")
        if not text.strip():
            raise ContractRefused("text_missing", "Écrivez ce qui a été dit.", "text")
        _check_sharing(sharing)
        _check_day(happened_on, at, "happened_on")
        exchange = Exchange.objects.create(
            structure=actor.structure,
            contract=change.contract,
            kind=kind,
            sharing=sharing,
            happened_on=happened_on,
            text=text.strip(),
            attachment=keep_attachment(attachment, structure=actor.structure, actor=actor.user, at=at),
            author=actor.user,
            created_at=at,
        )
        facts: dict[str, Any] = {} if exchange.attachment is None else {"file": str(exchange.attachment.pk)}
        change.record("contract.exchange_added", exchange, kind=kind, sharing=sharing, **facts)
    return exchange


def _check_day(on: date, at: datetime, field: str) -> None:
    if on > timezone.localdate(at):
        raise ContractRefused(
            "in_future", "Cette date est à venir\u00a0: un échange se note une fois qu’il a eu lieu.", field
        )


def keep_attachment(
    upload: UploadedFile[bytes] | None, *, structure: Structure, actor: User | None, at: datetime
) -> StoredFile | None:
    """Keep a file joined to an exchange, in quarantine until the antivirus has spoken. Raises ContractRefused."""
    if upload is None:
        return None
    try:
        return receive_upload(
            upload, accept=ATTACHMENTS, max_bytes=ATTACHMENT_BYTES, structure=structure, actor=actor, at=at
        )
    except UploadRefused as refused:
        raise ContractRefused(refused.code, str(refused), "attachment") from refused


def share_exchange(
    actor: Membership, pk: int, exchange_pk: int, *, sharing: str, expected_revision: int, at: datetime
) -> Exchange:
    """Choose anew who reads an exchange. What was read cannot be unread: the history says what was open, and when."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, even_closed=True) as change:
        exchange = _exchange(change, exchange_pk)
        _check_sharing(sharing)
        before, exchange.sharing = exchange.sharing, sharing
        exchange.save()
        change.record("contract.exchange_shared", exchange, sharing=sharing, sharing_before=before)
    return exchange


def answer_question(
    actor: Membership, pk: int, exchange_pk: int, *, answer: str, on: date, expected_revision: int, at: datetime
) -> Exchange:
    """Give the answer: the same to every bidder, or to whoever asked. Once given it does not change, a new one corrects it."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, even_closed=True) as change:
        question = change.contract.exchanges.filter(pk=exchange_pk, kind__in=ASKED).first()
        if question is None:
            raise ContractRefused("question_unknown", "Cette question n’est plus sur le contrat.")
        if question.answered_on is not None:
            raise ContractRefused(
                "answered",
                "La réponse est déjà donnée\u00a0: une précision fait l’objet d’un nouvel échange.",
            )
        if not answer.strip():
            raise ContractRefused("answer_missing", "Écrivez la réponse.", "answer")
        _check_day(on, at, "on")
        question.answer, question.answered_on = answer.strip(), on
        question.save()
        change.record("contract.question_answered", question, kind=question.kind)
    return question


def tell_of_exchange(
    actor: Membership,
    pk: int,
    exchange_pk: int,
    *,
    recipients: Sequence[str],
    on: date,
    expected_revision: int,
    at: datetime,
) -> int:
    """Note who was told of an exchange and when; those noted before are left as they were. Return how many were added."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, even_closed=True) as change:
        exchange = _exchange(change, exchange_pk)
        named = dict.fromkeys(filter(None, (" ".join(each.split())[:200] for each in recipients)))
        if not named:
            raise ContractRefused("nobody", "Écrivez au moins un destinataire.", "recipients")
        if exchange.kind in ASKED and exchange.answered_on is None:
            raise ContractRefused("not_answered", "Donnez d’abord la réponse\u00a0: c’est elle qui est communiquée.")
        known = set(exchange.notices.values_list("recipient", flat=True))
        made = ExchangeNotice.objects.bulk_create(
            ExchangeNotice(
                structure=actor.structure,
                exchange=exchange,
                recipient=recipient,
                told_on=on,
                author=actor.user,
                created_at=at,
            )
            for recipient in named
            if recipient not in known
        )
        change.record("contract.exchange_told", exchange, recipients=len(made))
    return len(made)


def _exchange(change: Change, pk: int) -> Exchange:
    found = change.contract.exchanges.filter(pk=pk).first()
    if found is None:
        raise ContractRefused("exchange_unknown", "Cet échange n’est plus sur le contrat.")
    return found


def _check_sharing(sharing: str) -> None:
    if sharing not in Sharing.values:
        raise ContractRefused("sharing_unknown", "Choisissez qui lira cet échange.", "sharing")
