"""The papers, in the order of a contract's life, and when each serves: one table, shown on the page and printed in the docs."""

from dataclasses import dataclass

from dentelle.thread.contracts.states import ContractState
from dentelle.thread.papers.context import PaperContext

_S = ContractState
_WRITING = (_S.DRAFT, _S.CALIBRATED, _S.BUYER_APPROVED, _S.IN_TENDER)
_SIGNED = (_S.NOTIFIED, _S.RUNNING, _S.SUSPENDED)


@dataclass(frozen=True, slots=True)
class PaperKind:
    """One paper: its code, its address, its name, what it is for, the states in which it serves."""

    code: str
    slug: str
    label: str
    purpose: str
    states: tuple[ContractState, ...]

    @property
    def file_name(self) -> str:
        return f"{self.slug}.docx"


PAPERS: tuple[PaperKind, ...] = (
    PaperKind(
        "notice",
        "avis",
        "Mention pour l’avis",
        "À l’acheteur, avant la publicité\u00a0: ce que l’avis dit de la clause.",
        _WRITING,
    ),
    PaperKind(
        "consultation_rules",
        "reglement",
        "Paragraphe du règlement de la consultation",
        "À l’acheteur, avant la consultation\u00a0: ce que les candidats doivent remettre, et comment c’est jugé.",
        _WRITING,
    ),
    PaperKind(
        "special_clauses",
        "ccap",
        "Article du CCAP",
        "À l’acheteur, avant la consultation\u00a0: ce à quoi le titulaire s’oblige.",
        _WRITING,
    ),
    PaperKind(
        "commitment_annex",
        "annexe-engagement",
        "Annexe à l’acte d’engagement",
        "Aux candidats, dans le dossier de consultation\u00a0; au titulaire, à la notification.",
        (*_WRITING, _S.NOTIFIED),
    ),
    PaperKind(
        "response_frame",
        "cadre-reponse",
        "Cadre de réponse",
        "Aux candidats, dans le dossier de consultation\u00a0: ce qu’ils feront des heures.",
        _WRITING,
    ),
    PaperKind(
        "care_letter",
        "lettre",
        "Lettre de prise en charge",
        "Au titulaire, dès la notification\u00a0: qui le suit, ce qu’il doit, par où commencer.",
        _SIGNED,
    ),
    PaperKind(
        "kickoff_minutes",
        "compte-rendu",
        "Compte rendu de démarrage",
        "Au titulaire et à l’acheteur, après la réunion de démarrage.",
        _SIGNED,
    ),
    PaperKind(
        "amendment",
        "avenant",
        "Avenant",
        "À l’acheteur et au titulaire, quand l’engagement change après la signature.",
        _SIGNED,
    ),
)
BY_SLUG = {each.slug: each for each in PAPERS}
BY_CODE = {each.code: each for each in PAPERS}


def why_not(kind: PaperKind, context: PaperContext) -> str:
    """Return why a paper has no place in this contract at all, whatever its state; empty when it has one."""
    if kind.code in ("notice", "consultation_rules") and context.contract.is_private:
        return "Contrat privé\u00a0: il n’y a ni avis ni règlement de la consultation au sens du code de la commande publique."
    if kind.code in ("care_letter", "kickoff_minutes", "amendment") and not context.holders:
        return "Aucun titulaire n’est saisi\u00a0: la pièce n’aurait pas de destinataire."
    frame = context.presence.condition or context.presence.criterion or not context.obligations
    if kind.code == "response_frame" and not frame:
        return "Aucune condition ni critère\u00a0: les candidats n’ont pas de réponse à détailler."
    return ""


def serves(kind: PaperKind, state: str) -> bool:
    """Say whether a paper serves a contract in this state."""
    return state in kind.states
