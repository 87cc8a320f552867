"""What the preview shows, and which message a bounce speaks of."""

import re
from uuid import UUID

from django.db.models import QuerySet

from dentelle.foundations.messages.models import Message

PAGE = 100
_MESSAGE_ID = re.compile(r"<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^\s>]+>?\s*\Z", re.IGNORECASE)


def recent_messages() -> QuerySet[Message]:
    """Return the last messages of the whole installation: for the preview of the demonstration only."""
    return Message.objects.order_by("-created_at", "pk")[:PAGE]


def message_of(message_id: str) -> Message | None:
    """Return the message a Message-ID names, None when it is not one of ours (or was forgotten)."""
    found = _MESSAGE_ID.match(message_id.strip())
    return Message.objects.filter(pk=UUID(found[1])).first() if found else None
