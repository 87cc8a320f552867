"""Fills an empty installation with the demonstration, step by step, through the same doors as real data."""

from collections.abc import Callable
from datetime import datetime

from dentelle.demo.accounts import create_demo_accounts
from dentelle.foundations.accounts.models import User


def load_if_empty(*, at: datetime, say: Callable[[str], None]) -> bool:
    """Load the demonstration when nobody has an account yet; return whether anything was done.

    ``say`` receives one French sentence per step. An installation with at least one account is left as it is.
    """
    if User.objects.exists():
        return False
    accounts = create_demo_accounts(at)
    say(f"Démonstration : {len(accounts)} comptes fictifs créés.")
    return True
