"""Where a list stopped: the last row's change and key, written so that an address can carry them."""

import base64
import binascii
import json
from datetime import datetime


def cursor_of(at: datetime, pk: int) -> str:
    """Return the address part that opens the rows after this one."""
    text = json.dumps([at.isoformat(), pk])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def after_of(text: str | None) -> tuple[datetime, int] | None:
    """Read it back; None when it is absent or was not written by us."""
    if not text:
        return None
    try:
        at, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        moment = datetime.fromisoformat(at)
        return (moment, int(pk)) if moment.tzinfo else None
    except (ValueError, TypeError, binascii.Error):
        return None
