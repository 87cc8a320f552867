from collections.abc import Mapping
from typing import Any

from dentelle.foundations.journal.sentences import SPECS, register

_hours = SPECS["h"]


def _result(facts: Mapping[str, Any]) -> str:
    return "" if facts.get("hours") is None else f" : {_hours(facts['hours'])}"


def _updated(facts: Mapping[str, Any]) -> str:
    before = facts.get("hours_before")
    moved = "" if before in (None, facts.get("hours")) else f" (auparavant {_hours(before)})"
    return f"a modifié le calibrage{_result(facts)}{moved}"


register(
    {
        "calibration.saved": lambda facts: f"a enregistré le calibrage{_result(facts)}",
        "calibration.drafted": "a gardé un brouillon",
        "calibration.updated": _updated,
        "calibration.duplicated": lambda facts: (
            f"a créé cette version {facts.get('edition', '')} à partir d’un calibrage existant{_result(facts)}"
        ),
        "calibration.shared": "a créé le lien de partage n° {share}, ouvert jusqu’au {expires_on:day}",
        "calibration.handed_over": "a transmis le suivi de ce calibrage à une autre personne de la structure",
        "calibration.share_revoked": "a fermé le lien de partage n° {share}",
    }
)
