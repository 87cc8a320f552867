"""Delivery of what waits in the outbox: try, try again, give up, forget. The worker and the clock call it (``tasks``)."""

import logging
import smtplib
from datetime import datetime, timedelta
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q

from dentelle.foundations.journal.actions import record
from dentelle.foundations.messages.models import Message, MessageState

logger = logging.getLogger("dentelle.messages")

# waits between two tries: about a day and a half in all, the time a mail server takes to be mended
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
# a worker that died while sending: its message is tried again after this
LEASE = timedelta(minutes=10)
KEPT = timedelta(days=90)


def message_id(message: Message) -> str:
    """Return the Message-ID of every try of this message, e.g. ``<uuid@example.org>``."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.pk}@{domain}>"


def deliver(pk: UUID | str, *, at: datetime) -> MessageState | None:
    """Try to deliver one message now. Return its new state, None when it is not its turn or another worker has it.

    The same message may reach its reader twice when a worker dies between the server's answer and ours; both copies bear
    the same Message-ID.
    """
    due = Q(state__in=(MessageState.WAITING, MessageState.SENDING), next_try_at__lte=at)
    if not Message.objects.filter(due, pk=pk).update(state=MessageState.SENDING, next_try_at=at + LEASE):
        return None
    message = Message.objects.get(pk=pk)
    try:
        _email(message).send()
    except (OSError, ValueError) as failure:  # smtplib's refusals are OSErrors, a malformed header is a ValueError
        return _failed(message, failure, at=at)
    return _settle(message, MessageState.SENT, at=at)


def deliver_due(at: datetime) -> int:
    """Try every message whose turn has come; return how many were delivered."""
    waiting = Message.objects.filter(
        state__in=(MessageState.WAITING, MessageState.SENDING), next_try_at__lte=at
    ).order_by("next_try_at", "pk")
    return sum(deliver(pk, at=at) == MessageState.SENT for pk in list(waiting.values_list("pk", flat=True)[:500]))


def forget_old(at: datetime) -> int:
    """Delete messages settled for longer than it takes a bounce to come back; return how many."""
    old = Message.objects.filter(state__in=(MessageState.SENT, MessageState.FAILED), created_at__lt=at - KEPT)
    return old.delete()[0]


def _email(message: Message) -> EmailMultiAlternatives:
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated", **message.headers}
    email = EmailMultiAlternatives(message.subject, message.text, to=[message.to], headers=headers)
    email.attach_alternative(message.html, "text/html")
    return email


def _failed(message: Message, failure: Exception, *, at: datetime) -> MessageState:
    reason = _reason(failure)
    tries = message.tries + 1
    if _is_final(failure) or tries > len(WAITS):
        logger.error("message %s not delivered: %s", message.pk, reason)
        return _settle(message, MessageState.FAILED, at=at, tries=tries, failure=reason)
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.WAITING, tries=tries, failure=reason, next_try_at=at + WAITS[tries - 1]
    )
    return MessageState.WAITING


@transaction.atomic
def _settle(
    message: Message, state: MessageState, *, at: datetime, tries: int | None = None, failure: str = ""
) -> MessageState:
    # what was said may hold a link or a code: it is kept only where the demonstration shows it
    text = {} if settings.DENTELLE_DEMO else {"text": "", "html": ""}
    Message.objects.filter(pk=message.pk).update(
        state=state,
        tries=message.tries + 1 if tries is None else tries,
        sent_at=at if state == MessageState.SENT else None,
        next_try_at=None,
        failure=failure,
        **text,
    )
    if state == MessageState.FAILED:
        record("message.failed", message, at=at, actor=None, structure=message.structure, tries=tries)
    return state


def _is_final(failure: Exception) -> bool:
    """Say whether trying again is of no use: the server refused for good (RFC 5321 §4.2.1: 5yz), or we wrote it badly."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in failure.recipients.values())
    if isinstance(failure, smtplib.SMTPAuthenticationError):
        return False  # a password to mend in the settings, not a fault of the message
    if isinstance(failure, smtplib.SMTPResponseException):
        return failure.smtp_code >= 500
    return isinstance(failure, ValueError)


def _reason(failure: Exception) -> str:
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(failure.recipients.values()))
        said = words.decode(errors="replace") if isinstance(words, bytes) else words
        return f"Le serveur du destinataire a refusé l’adresse ({code} {said})."[:300]
    if isinstance(failure, smtplib.SMTPResponseException):
        said = (
            failure.smtp_error.decode(errors="replace") if isinstance(failure.smtp_error, bytes) else failure.smtp_error
        )
        return f"Le serveur de courrier a refusé l’envoi ({failure.smtp_code} {said})."[:300]
    if isinstance(failure, ValueError):
        return f"Le courriel est mal formé : {failure}."[:300]
    return f"Le serveur de courrier n’a pas répondu ({type(failure).__name__} : {failure})."[:300]
