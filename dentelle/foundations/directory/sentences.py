from collections.abc import Mapping
from typing import Any

from dentelle.foundations.directory.models import Kind, SeatRole
from dentelle.foundations.journal.sentences import register

_FIELDS = {
    "name": "le nom",
    "siret": "le SIRET",
    "commune_code": "la commune",
    "address": "l’adresse",
    "legal_category": "la catégorie juridique",
}


def _listed(words: list[str]) -> str:
    return " et ".join(filter(None, (", ".join(words[:-1]), words[-1] if words else "")))


def _labels(facts: Mapping[str, Any], name: str) -> str:
    return _listed([Kind(kind).label for kind in facts.get(name) or [] if kind in Kind.values])


def _kinds_changed(facts: Mapping[str, Any]) -> str:
    opened, ended = _labels(facts, "opened"), _labels(facts, "ended")
    parts = [f"ajouté {opened}" if opened else "", f"retiré {ended}" if ended else ""]
    return "a changé les natures : " + (_listed([part for part in parts if part]) or "non renseigné")


def _updated(facts: Mapping[str, Any]) -> str:
    return "a modifié " + (_listed([_FIELDS.get(name, name) for name in facts.get("fields") or []]) or "la fiche")


def _seat(verb: str) -> Any:
    def told(facts: Mapping[str, Any]) -> str:
        role = facts.get("role")
        return f"a {verb} un accès « {SeatRole(role).label if role in SeatRole.values else 'non renseigné'} »"

    return told


register(
    {
        "organisation.created": "a créé la fiche ({siret:siret})",
        "organisation.updated": _updated,
        "organisation.kinds_changed": _kinds_changed,
        "organisation.merged": "a fusionné dans cette fiche celle du numéro {siret:siret}",
        "organisation.merged_away": "a fusionné cette fiche dans celle du numéro {siret:siret}",
        "seat.opened": _seat("ouvert"),
        "seat.closed": _seat("fermé"),
        "contact.added": "a ajouté un contact",
        "contact.updated": "a modifié un contact",
        "contact.closed": "a clos un contact",
        "contact.address_added": "a ajouté une adresse à un contact",
        "contact.address_closed": "a clos une adresse d’un contact",
        "contact.bounced": lambda facts: (
            "a noté qu’une adresse rebondit" + (f" (code {facts['status']})" if facts.get("status") else "")
        ),
        "contact.delayed": "a noté qu’une adresse est en retard de remise (code {status})",
        "contact.bounce_cleared": "a noté qu’une adresse fonctionne de nouveau",
    }
)
