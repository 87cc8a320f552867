"""The secret part of an invitation or a link: sent once by e-mail, kept as a fingerprint only."""

import hashlib
import secrets
from collections.abc import Callable

BYTES = 32


def new_token(draw: Callable[[int], str] = secrets.token_urlsafe) -> str:
    """Return a token of 256 random bits, safe in an address."""
    return draw(BYTES)


def fingerprint(token: str) -> str:
    """Return what is stored of a token. It has 256 random bits, so one pass of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
