"""What each type of clause is called and founded on, and how its terms are said. An article nobody read is a blank."""

from decimal import Decimal

from dentelle.rules.levers_catalogue import LeverCode, LeverCounts
from dentelle.thread.contracts.models import Obligation, PenaltyForm
from dentelle.thread.papers.context import blank
from dentelle.web.formatting import duration, money, number, percent

# Grades of the articles: docs/decisions/0091. Those recalled without a text read are blanks.
ARTICLES = {
    LeverCode.EXECUTION_CONDITION: "article L2112-2 du code de la commande publique",
    LeverCode.AWARD_CRITERION: "article R2152-7 du code de la commande publique",
    LeverCode.CONDITION_AND_CRITERION: "articles L2112-2 et R2152-7 du code de la commande publique",
    LeverCode.RESERVED_SIAE: "articles L2113-13 et R2113-7 du code de la commande publique",
    LeverCode.RESERVED_DISABILITY: "articles L2113-12 et R2113-7 du code de la commande publique",
    LeverCode.RESERVED_PRISON: blank("l’article issu de l’ordonnance n° 2022-1336 du 19 octobre 2022"),
    LeverCode.RESERVED_ESS: "article L2113-15 du code de la commande publique",
    LeverCode.INSERTION_SERVICE: blank("l’article qui fonde la procédure des services sociaux"),
    LeverCode.TRAINING_CLAUSE: "article L2112-2 du code de la commande publique",
    LeverCode.INTERNSHIP_CLAUSE: "article L2112-2 du code de la commande publique",
    LeverCode.PRIVATE_CLAUSE: "la convention ou la charte signée par le donneur d’ordre",
}
CONDITIONS = (LeverCode.EXECUTION_CONDITION, LeverCode.CONDITION_AND_CRITERION)
CRITERIA = (LeverCode.AWARD_CRITERION, LeverCode.CONDITION_AND_CRITERION)
RESERVED = (
    LeverCode.RESERVED_SIAE,
    LeverCode.RESERVED_DISABILITY,
    LeverCode.RESERVED_PRISON,
    LeverCode.RESERVED_ESS,
)
OF_COUNTER = {
    LeverCounts.INSERTION_HOURS: "d’insertion",
    LeverCounts.INTERNSHIP_HOURS: "de stage",
    LeverCounts.PROTECTED_SECTOR_HOURS: "du secteur protégé et adapté",
}
CCAG_NAMES = {"FCS", "TIC", "Travaux", "PI", "MI", "MOE"}
# the two numbers read, and the one a source cites; the others were never read
CCAG_ARTICLES = {
    "FCS": "l’article 16.1 du CCAG-FCS",
    "TIC": "l’article 16.1 du CCAG-TIC",
    "Travaux": "l’article 20.1 du CCAG-Travaux",
}


def volume_of(minutes: int, counts: LeverCounts) -> str:
    """Return « 833 h d’insertion »: hours never go without what they count."""
    return f"{duration(minutes)} {OF_COUNTER.get(counts, '')}".strip()


def ccag_article(ccag: str) -> str:
    """Return the article of a CCAG on insertion, a blank when its number was not read, nothing without a CCAG."""
    if ccag not in CCAG_NAMES:
        return ""
    return CCAG_ARTICLES.get(ccag) or blank(f"le numéro de l’article « insertion » du CCAG-{ccag}")


def penalty_of(obligation: Obligation) -> str:
    """Return the penalty of the register in a sentence without its full stop, or a blank."""
    if obligation.penalty_mode == PenaltyForm.NONE or obligation.penalty_value is None:
        return blank("la pénalité par heure non réalisée, ou la mention qu’il n’y en a pas")
    value = obligation.penalty_value
    said = {
        PenaltyForm.EUR_PER_HOUR: f"Chaque heure non réalisée est pénalisée de {_euros(value)}",
        PenaltyForm.MINIMUM_WAGE_MULTIPLE: f"Chaque heure non réalisée est pénalisée de {_plain(value)} fois le SMIC horaire",
        PenaltyForm.FLAT: f"L’inexécution est pénalisée d’une somme forfaitaire de {_euros(value)}",
    }[PenaltyForm(obligation.penalty_mode)]
    cap = obligation.penalty_cap_share
    return (
        said
        if cap is None
        else f"{said}, dans la limite de {percent(cap, 1 if (cap * 100) % 1 else 0)} du montant du marché"
    )


def formal_notice_of(obligation: Obligation) -> str:
    """Return what precedes a penalty, or a blank."""
    days = obligation.formal_notice_days
    if days is None:
        return blank("le délai de mise en demeure avant pénalité")
    return f"Une pénalité suit une mise en demeure restée sans effet pendant {number(days)} jours"


def document_penalty_of(obligation: Obligation) -> str:
    """Return what a late document costs, in a whole sentence; nothing when nothing is set."""
    cents = obligation.document_penalty_cents
    return f"Chaque jour de retard d’un document est pénalisé de {money(cents, '')}." if cents else ""


def _euros(value: Decimal) -> str:
    return money(value * 100, "")


def _plain(value: Decimal) -> str:
    return number(value, 2).rstrip("0").rstrip(",")
