from collections.abc import Mapping
from typing import Any

from dentelle.foundations.journal.sentences import UNKNOWN, prose_day, register


def _created(facts: Mapping[str, Any]) -> str:
    until = prose_day(facts["expires_on"]) if facts.get("expires_on") else UNKNOWN
    return f"a créé ce jeton d’accès, valable jusqu’au {until} ({', '.join(facts.get('scopes') or [UNKNOWN])})"


register({"api_token.created": _created, "api_token.revoked": "a révoqué ce jeton d’accès"})
