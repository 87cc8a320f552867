from collections.abc import Mapping
from typing import Any

from dentelle.foundations.journal.sentences import UNKNOWN, register
from dentelle.foundations.organisations.models import Role

_FIELDS = {
    "name": "le nom",
    "kind": "la nature",
    "siret": "le SIRET",
    "address": "l’adresse",
    "email": "l’adresse électronique",
    "phone": "le téléphone",
}


def _role(facts: Mapping[str, Any], name: str = "role") -> str:
    return Role(facts[name]).label if facts.get(name) in Role.values else UNKNOWN


def _changed(facts: Mapping[str, Any]) -> str:
    fields = [_FIELDS.get(name, name) for name in str(facts.get("fields", "")).split()]
    return f"a changé l’identité de la structure : {', '.join(fields) or UNKNOWN}"


def _handed_over(facts: Mapping[str, Any]) -> str:
    moved = facts.get("moved")
    return f"a transmis ce que cette personne suivait : {UNKNOWN if moved is None else moved} au total"


register(
    {
        "structure.created": "a créé la structure",
        "structure.approved": "a agréé la structure",
        "structure.refused": "a refusé l’agrément de la structure",
        "structure.closed": "a fermé la structure",
        "structure.changed": _changed,
        "device.opened": "a ouvert ce dispositif au {opened_on:day}",
        "device.closed": "a fermé ce dispositif au {closed_on:day}",
        "coverage.appended": "a enregistré la version {version} du territoire couvert, en vigueur le {valid_from:day}",
        "account.created": "a ouvert le compte",
        "network_seat.opened": "a ouvert un siège de tête de réseau",
        "membership.created": lambda facts: f"a donné le rôle « {_role(facts)} »",
        "membership.role_changed": lambda facts: f"a changé le rôle « {_role(facts, 'before')} » en « {_role(facts)} »",
        "membership.removed": lambda facts: f"a retiré cette personne de la structure ({_role(facts)})",
        "membership.handed_over": _handed_over,
    }
)
