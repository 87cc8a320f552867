"""What the acts of the register say in the timelines."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from dentelle.foundations.journal.sentences import SPECS, Sentence, register
from dentelle.rules.wording import euros
from dentelle.thread.contracts.dues import STATED
from dentelle.thread.contracts.models import CLAUSE_TYPES, ExchangeKind, PenaltyOutcome, Sharing
from dentelle.thread.contracts.states import AbandonReason, ContractState, MoveRefused, move

FIELDS = {
    "title": "l’intitulé",
    "buyer": "l’acheteur",
    "operation": "l’opération",
    "facilitator": "la personne qui suit",
    "number": "le numéro",
    "subject": "l’objet",
    "cpv": "le code CPV",
    "kind": "la nature",
    "procedure": "la procédure",
    "ccag": "le CCAG",
    "is_framework": "le caractère d’accord-cadre",
    "amount_cents": "le montant",
    "launched_on": "la date de consultation",
    "notified_on": "la date de notification",
    "starts_on": "le début d’exécution",
    "ends_on": "la fin d’exécution",
}


def _hours(minutes: Any) -> str:
    return str(SPECS["duration"](int(minutes or 0)))


def _updated(facts: Mapping[str, Any]) -> str:
    changed = [FIELDS.get(name, name) for name in facts.get("changed", ())]
    return f"a modifié {', '.join(changed)}" if changed else "a modifié le contrat"


def _moved(facts: Mapping[str, Any]) -> str:
    try:
        label = move(str(facts.get("move"))).label
    except MoveRefused:
        label = "changement d'état"
    states = [
        ContractState(facts[end]).label if facts.get(end) in ContractState.values else "inconnu"
        for end in ("from", "to")
    ]
    reason = facts.get("abandon_reason")
    because = f", {AbandonReason(reason).label}" if reason in AbandonReason.values else ""
    return f"a noté « {label} » : de « {states[0]} » à « {states[1]} »{because}"


def _obligation(verb: str) -> Sentence:
    def told(facts: Mapping[str, Any]) -> str:
        kind = CLAUSE_TYPES.get(str(facts.get("clause_type")), "obligation")
        before = facts.get("minutes_before")
        was = f", auparavant {_hours(before)}" if before not in (None, facts.get("minutes")) else ""
        return f"a {verb} l'obligation « {kind} » ({_hours(facts.get('minutes'))}{was})"

    return told


def _amended(facts: Mapping[str, Any]) -> str:
    minutes = int(facts.get("minutes") or 0)
    if minutes == 0:
        return "a saisi un avenant qui change la fin d'exécution"
    return f"a saisi un avenant : {'+' if minutes > 0 else '−'} {_hours(abs(minutes))}"


def _ordered(facts: Mapping[str, Any]) -> str:
    minutes = facts.get("minutes")
    return f"a saisi un bon de commande ({_hours(minutes) if minutes is not None else 'heures à chiffrer'})"


def _exchange(facts: Mapping[str, Any]) -> str:
    kind = facts.get("kind")
    return f"a noté un échange ({ExchangeKind(kind).label})" if kind in ExchangeKind.values else "a noté un échange"


def _shared(facts: Mapping[str, Any]) -> str:
    sharing = facts.get("sharing")
    return f"a choisi qui lit un échange : {Sharing(sharing).label if sharing in Sharing.values else 'inconnu'}"


def _from_outside(with_account: str, by_link: str) -> Sentence:
    """An act done with an account tells who did it; by a link nobody signed in, and the link is named."""

    def told(facts: Mapping[str, Any]) -> str:
        return f"{by_link} par le lien d'accès n° {facts['link']}" if facts.get("link") else with_account

    return told


def _confirmed(facts: Mapping[str, Any]) -> str:
    months = f"{_hours(facts.get('minutes'))} sur {facts.get('months')} mois"
    if facts.get("link"):
        return f"a reçu du titulaire la confirmation de son plan d'insertion ({months}) par le lien d'accès n° {facts['link']}"
    return f"a confirmé le plan d'insertion de son entreprise ({months})"


def _penalty(facts: Mapping[str, Any]) -> str:
    if facts.get("outcome") == PenaltyOutcome.APPLIED:
        return f"a décidé, pour l'acheteur, d'appliquer une pénalité de {euros(Decimal(int(facts.get('cents') or 0)) / 100)}"
    return "a décidé, pour l'acheteur, de ne pas appliquer la pénalité proposée"


def _answered(facts: Mapping[str, Any]) -> str:
    asked = facts.get("kind", ExchangeKind.QUESTION.value)
    whose = "d'un candidat" if asked == ExchangeKind.QUESTION else "d'un titulaire ou de l'acheteur"
    return f"a répondu à la question {whose}"


def _stated(facts: Mapping[str, Any]) -> str:
    totals = [
        f"{_hours(facts[name])} ({counts.label})" for counts, name in STATED.items() if facts.get(name) is not None
    ]
    return f"a constaté les heures faites : {', '.join(totals)}" if totals else "a constaté les heures faites"


register(
    {
        "operation.created": "a créé l’opération",
        "contract.created": "a inscrit le contrat au registre",
        "contract.updated": _updated,
        "contract.moved": _moved,
        "contract.lot_added": "a ajouté un lot",
        "contract.holder_added": "a ajouté un titulaire",
        "contract.holder_removed": "a retiré un titulaire",
        "contract.subcontract_added": "a ajouté un sous-traitant ({due_minutes:duration} transmises)",
        "contract.subcontract_removed": "a retiré un sous-traitant",
        "contract.obligation_added": _obligation("ajouté"),
        "contract.obligation_updated": _obligation("modifié"),
        "contract.obligation_removed": _obligation("retiré"),
        "contract.total_stated": _stated,
        "contract.associated": "a associé une autre structure ({minutes:duration} suivies)",
        "contract.dissociated": "a mis fin au suivi d’une structure associée",
        "contract.taken_in_charge": "a pris en charge le contrat",
        "contract.handed_over": "a transmis le suivi du contrat",
        "contract.tranche_affirmed": "a noté l’affermissement d’une tranche optionnelle ({minutes:duration})",
        "contract.order_added": _ordered,
        "contract.order_sized": "a chiffré un bon de commande ({minutes:duration})",
        "contract.amended": _amended,
        "contract.plan_set": "a arrêté le plan d’insertion ({minutes:duration} sur {months} mois)",
        "contract.action_planned": "a ajouté une action au plan d’insertion",
        "contract.action_done": "a noté une action du plan comme faite",
        "contract.grid_set": "a fixé la grille d’analyse des offres ({lines} lignes, {points} points)",
        "contract.offer_recorded": "a saisi une offre ({minutes:duration})",
        "contract.offer_scored": "a noté une offre ({total} points)",
        "contract.offer_retained": "a retenu une offre ({minutes:duration})",
        "contract.exchange_added": _exchange,
        "contract.question_answered": _answered,
        "contract.question_asked": _from_outside("a posé une question", "a reçu une question"),
        "contract.exchange_shared": _shared,
        "contract.exchange_told": "a noté qui a été informé d’un échange ({recipients} destinataires)",
        "contract.plan_confirmed": _confirmed,
        "contract.penalty_decided": _penalty,
        "pooling.created": "a ouvert la convention de globalisation",
        "pooling.contract_added": "a ajouté un contrat à la convention",
        "pooling.consented": "a noté l’accord écrit d’un acheteur",
    }
)
