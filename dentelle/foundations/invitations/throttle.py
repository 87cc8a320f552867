"""Counts acts in windows of time, in the cache all processes of the site share."""

import hashlib
from datetime import datetime

from django.core.cache import cache


def allowed(act: str, who: str, *, times: int, seconds: int, at: datetime) -> bool:
    """Count one more ``act`` by ``who``; say whether it stays within ``times`` per window of ``seconds``.

    Two processes counting at the very same moment may count once: a limit against abuse, not an account book.
    """
    window = int(at.timestamp()) // seconds
    key = "throttle:" + hashlib.sha256(f"{act}\0{who}\0{window}".encode()).hexdigest()
    if cache.add(key, 1, 2 * seconds):
        return True
    counted = int(cache.get(key, 0)) + 1
    cache.set(key, counted, 2 * seconds)
    return counted <= times
