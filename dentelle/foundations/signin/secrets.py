"""Secrets kept in the database (the key of an authenticator app) are unreadable without ``SECRET_KEY``."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class SecretUnreadable(Exception):
    """A secret was written under another ``SECRET_KEY``."""


def encrypt(text: str) -> str:
    """Return ``text`` as it is stored."""
    return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """Return the text behind ``stored``. Raises SecretUnreadable when ``SECRET_KEY`` has changed since."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _box(key).decrypt(stored.encode()).decode()
        except InvalidToken:
            continue
    raise SecretUnreadable("SECRET_KEY has changed since this secret was stored")


def _box(key: str) -> Fernet:
    # a key of its own, so that what signs sessions never encrypts
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"dentelle.signin.secrets:" + key.encode()).digest()))
