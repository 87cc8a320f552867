"""The act on messages: write one in the caller's transaction. The worker delivers it (``delivery``)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from dentelle.foundations.accounts.models import User
from dentelle.foundations.messages.models import Message, MessageKind
from dentelle.foundations.messages.rendering import rendered
from dentelle.foundations.messages.tasks import deliver_message
from dentelle.foundations.organisations.models import Structure


def send(
    kind: MessageKind | str,
    to: str | User,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    *,
    at: datetime,
    structure: Structure | None,
    headers: Mapping[str, str] | None = None,
) -> Message:
    """Write an e-mail to ``to`` (an address, or a person) in the outbox; the worker delivers it after the commit.

    ``template`` is a text template (``room/mail/name.txt``); its HTML part is made from the same words. Written in the
    caller's transaction: no act, no message. Raises ValueError when there is no address to write to.
    """
    user = to if isinstance(to, User) else None
    address = (user.email if user else str(to)).strip()
    if not address:
        raise ValueError(f"no address to send « {subject} » to")
    text, html = rendered(template, dict(context))
    with transaction.atomic():
        message = Message.objects.create(
            structure=structure,
            user=user,
            kind=MessageKind(kind),
            template=template,
            to=address,
            subject=" ".join(subject.split())[:200],
            text=text,
            html=html,
            headers=dict(headers or {}),
            created_at=at,
            next_try_at=at,
        )
        deliver_message.enqueue(str(message.pk))
    return message
