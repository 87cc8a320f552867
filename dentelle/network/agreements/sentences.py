from collections.abc import Mapping
from typing import Any

from dentelle.foundations.journal.sentences import prose_day, register
from dentelle.network.agreements.models import Outcome, Service
from dentelle.network.agreements.states import MOVES

_MOVED = {
    "propose": "a proposé la convention à la signature",
    "take_back": "a repris la rédaction\u00a0: les signatures données sont effacées",
    "sign": "a noté la convention comme signée",
    "end": "a noté que la convention est arrivée à son terme",
    "terminate": "a noté que la convention est dénoncée",
    "abandon": "a abandonné la convention",
    "resume": "a repris la rédaction d’une convention abandonnée",
}
assert set(_MOVED) == {each.code for each in MOVES}  # noqa: S101 (a move without its sentence stops the start)


def _amended(facts: Mapping[str, Any]) -> str:
    number = facts.get("number")
    end = facts.get("new_end")
    said = f"a noté l’avenant n° {number}" if number else "a noté un avenant"
    return f"{said}, qui porte la fin au {prose_day(end)}" if end else said


def _corrected(facts: Mapping[str, Any]) -> str:
    before, on = facts.get("before"), facts.get("on")
    noted = f" notée au {prose_day(before)}" if before else ""
    if not on:
        return f"a retiré une signature{noted}"
    return f"a corrigé une signature{noted}\u00a0: elle a été donnée le {prose_day(on)}"


def _meeting(facts: Mapping[str, Any]) -> str:
    before = facts.get("before")
    return "a corrigé la réunion de comité" + (f" notée au {prose_day(before)}" if before else "")


def _taken_out(facts: Mapping[str, Any]) -> str:
    before = facts.get("before")
    return "a retiré une réunion de comité" + (f" notée au {prose_day(before)}" if before else "")


def _outcome(facts: Mapping[str, Any]) -> str:
    outcome = facts.get("outcome")
    return "a dit ce qu’est devenu un engagement" + (
        f"\u00a0: {Outcome(outcome).label}" if outcome in Outcome.values else ""
    )


def _line(verb: str) -> Any:
    def told(facts: Mapping[str, Any]) -> str:
        service = facts.get("service")
        label = f" ({Service(service).label})" if service in Service.values else ""
        return f"{verb} une ligne de « qui fait quoi »{label}"

    return told


register(
    {
        "agreement.created": "a commencé la rédaction de la convention",
        "agreement.updated": "a modifié l’en-tête de la convention",
        "agreement.moved": lambda facts: _MOVED.get(facts.get("move") or "", "a changé l’état de la convention"),
        "agreement.renewed": "a préparé le renouvellement de la convention",
        "agreement.amended": _amended,
        "agreement.party_added": "a ajouté une partie ({siret:siret})",
        "agreement.party_removed": "a retiré une partie ({siret:siret})",
        "agreement.party_is_own": "a dit que la partie {siret:siret} est la structure elle-même",
        "agreement.party_name_corrected": "a corrigé le nom sous lequel une partie a signé",
        "agreement.signatory_named": "a nommé un ou une signataire",
        "agreement.signatory_removed": "a retiré un ou une signataire",
        "agreement.signature_noted": "a noté une signature donnée le {on:day}",
        "agreement.signature_corrected": _corrected,
        "agreement.signed_file_kept": "a déposé l’exemplaire signé",
        "agreement.target_stated": "a précisé ce que vaut la cible d’un indicateur",
        "agreement.meeting_corrected": _meeting,
        "agreement.meeting_taken_out": _taken_out,
        "agreement.article_added": "a ajouté l’article {rank}",
        "agreement.article_updated": "a récrit l’article {rank}",
        "agreement.article_moved": "a placé un article au rang {rank}",
        "agreement.article_removed": "a retiré l’article {rank}",
        "agreement.commitment_added": "a ajouté un engagement",
        "agreement.commitment_removed": "a retiré un engagement",
        "agreement.action_added": "a ajouté une action à un engagement",
        "agreement.action_done": "a noté une action faite le {on:day}",
        "agreement.indicator_added": "a ajouté un indicateur",
        "agreement.outcome_stated": _outcome,
        "agreement.meeting_held": "a noté le comité du {held_on:day}",
        "agreement.reading_given": "a donné le relevé de la période qui finit le {ends_on:day}",
        "agreement.reading_counted": "a fait compter par Dentelle le relevé de la période qui finit le {ends_on:day} ({value})",
        "agreement.reading_filled": "a compté le relevé de la période qui finit le {ends_on:day} ({value})",
        "agreement.reading_answered": lambda facts: (
            "a contesté un relevé" if facts.get("answer") == "disputed" else "a confirmé un relevé"
        ),
        "service_line.declared": _line("a ajouté"),
        "service_line.ended": _line("a retiré"),
    }
)
