"""What the journal says of the ways people sign in."""

from collections.abc import Mapping
from typing import Any

from dentelle.foundations.journal.sentences import register

METHODS = {
    "totp": "une application d’authentification",
    "webauthn": "une clé d’accès",
    "recovery_codes": "des codes de secours",
}


def _method(facts: Mapping[str, Any]) -> str:
    return METHODS.get(str(facts.get("method")), "une manière de se connecter")


register(
    {
        "account.method_added": lambda facts: f"a ajouté {_method(facts)}",
        "account.method_removed": lambda facts: f"a retiré {_method(facts)}",
        "account.password_changed": "a changé de mot de passe",
        "account.password_reset": "a choisi un nouveau mot de passe après l’avoir perdu",
        "account.address_changed": "a changé d’adresse électronique",
        "account.sessions_ended": "a fermé ses autres sessions ({sessions})",
    }
)
