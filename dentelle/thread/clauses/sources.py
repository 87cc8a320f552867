"""Where a contract to calibrate is read: the purchases room, when it is installed."""

from importlib import import_module
from typing import cast

from django.apps import apps

from dentelle.thread.clauses.prefill import KnownContract


def contract_of(contract_key: str) -> KnownContract | None:
    """Return a contract of the loaded data, or None when there are no data or no such contract."""
    if not apps.is_installed("dentelle.thread.purchases"):
        return None
    queries = import_module("dentelle.thread.purchases.queries")
    return cast("KnownContract | None", queries.contract(contract_key))
