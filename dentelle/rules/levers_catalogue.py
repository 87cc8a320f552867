"""The eleven families of clause: what each is, asks and counts. Sources are named; what is recalled is to confirm."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dentelle.rules.dated import Status


class LeverCode(StrEnum):
    """Family of clause."""

    EXECUTION_CONDITION = "EXECUTION_CONDITION"
    AWARD_CRITERION = "AWARD_CRITERION"
    CONDITION_AND_CRITERION = "CONDITION_AND_CRITERION"
    RESERVED_SIAE = "RESERVED_SIAE"
    RESERVED_DISABILITY = "RESERVED_DISABILITY"
    RESERVED_PRISON = "RESERVED_PRISON"
    RESERVED_ESS = "RESERVED_ESS"
    INSERTION_SERVICE = "INSERTION_SERVICE"
    TRAINING_CLAUSE = "TRAINING_CLAUSE"
    INTERNSHIP_CLAUSE = "INTERNSHIP_CLAUSE"
    PRIVATE_CLAUSE = "PRIVATE_CLAUSE"


class LeverCounts(StrEnum):
    """What a lever counts."""

    INSERTION_HOURS = "insertion_hours"
    INTERNSHIP_HOURS = "internship_hours"
    PROTECTED_SECTOR_HOURS = "protected_sector_hours"
    NOTHING = "nothing"

    @property
    def label(self) -> str:
        """French label."""
        return {
            LeverCounts.INSERTION_HOURS: "heures d’insertion",
            LeverCounts.INTERNSHIP_HOURS: "heures de stage",
            LeverCounts.PROTECTED_SECTOR_HOURS: "heures du secteur protégé et adapté",
            LeverCounts.NOTHING: "aucune heure",
        }[self]


@dataclass(frozen=True, slots=True)
class Lever:
    """One family of clause. ``short`` is the code of the trade; ``decp`` the value to publish in open purchasing data."""

    code: LeverCode
    short: str
    label: str
    article: str
    fits: str
    asks: str
    written_in: str
    counts: LeverCounts
    decp: str | None
    status: Status
    source: str


CATALOGUE: tuple[Lever, ...] = (
    Lever(
        LeverCode.EXECUTION_CONDITION,
        "CEX",
        "Clause d’insertion, condition d’exécution",
        "L2112-2 (ancien article 14)",
        "Un volume utile d’heures, une durée qui laisse le temps de recruter.",
        "Un article du CCAP, une annexe à l’acte d’engagement, un suivi par le facilitateur.",
        "CCAP et annexe à l’acte d’engagement",
        LeverCounts.INSERTION_HOURS,
        "Clause sociale",
        Status.CERTAIN,
        "marche-public.fr ; CCAG 2021",
    ),
    Lever(
        LeverCode.AWARD_CRITERION,
        "CRI",
        "Critère social d’attribution",
        "R2152-7 (ancien article 53)",
        "La qualité de l’accompagnement peut départager les offres.",
        "Un critère pondéré, un cadre de réponse, une analyse des offres sur l’insertion.",
        "Règlement de la consultation et cadre de réponse",
        LeverCounts.NOTHING,
        "Critère social",
        Status.CERTAIN,
        "weka.fr ; lextimes.fr (CE, 25/03/2013, n° 364950)",
    ),
    Lever(
        LeverCode.CONDITION_AND_CRITERION,
        "CEX_CRI",
        "Condition d’exécution et critère",
        "L2112-2 et R2152-7 (« 14 + 53 »)",
        "Un minimum d’heures pour tous, une meilleure offre récompensée.",
        "Les pièces des deux leviers ; les heures offertes deviennent contractuelles.",
        "CCAP, règlement de la consultation, cadre de réponse",
        LeverCounts.INSERTION_HOURS,
        "Clause sociale",
        Status.CERTAIN,
        "marche-public.fr ; weka.fr",
    ),
    Lever(
        LeverCode.RESERVED_SIAE,
        "RES_IAE",
        "Marché ou lot réservé aux structures d’insertion (SIAE)",
        "L2113-13 et R2113-7",
        "Assez de structures sur le territoire pour une vraie concurrence.",
        "L’avis cite l’article ; au moins 50 % de travailleurs défavorisés chez le titulaire.",
        "Avis et règlement de la consultation",
        LeverCounts.INSERTION_HOURS,
        "Marché réservé",
        Status.CERTAIN,
        "marche-public.info",
    ),
    Lever(
        LeverCode.RESERVED_DISABILITY,
        "RES_HAND",
        "Marché ou lot réservé aux entreprises adaptées et ESAT",
        "L2113-12 et R2113-7",
        "Assez d’EA ou d’ESAT du métier sur le territoire.",
        "L’avis cite l’article ; au moins 50 % de travailleurs handicapés chez le titulaire.",
        "Avis et règlement de la consultation",
        LeverCounts.PROTECTED_SECTOR_HOURS,
        "Marché réservé",
        Status.CERTAIN,
        "marche-public.info ; marchés réservés (sites.google.com/site/acheteurspublics)",
    ),
    Lever(
        LeverCode.RESERVED_PRISON,
        "RES_PRISON",
        "Marché réservé au travail pénitentiaire",
        "L2113-13-1, ordonnance n° 2022-1336 (numéro d’article à confirmer)",
        "Une production qui peut se faire en atelier de détention.",
        "L’avis cite l’article ; un échange préalable avec l’administration pénitentiaire.",
        "Avis et règlement de la consultation",
        LeverCounts.NOTHING,
        "Marché réservé",
        Status.TO_CONFIRM,
        "memoire-technique.net",
    ),
    Lever(
        LeverCode.RESERVED_ESS,
        "RES_ESS",
        "Services réservés aux entreprises de l’économie sociale et solidaire",
        "L2113-15 et L2113-16",
        "Certains services de santé, sociaux ou culturels.",
        "L’avis cite l’article ; trois ans au plus.",
        "Avis et règlement de la consultation",
        LeverCounts.NOTHING,
        "Marché réservé",
        Status.CERTAIN,
        "hosmoz.fr",
    ),
    Lever(
        LeverCode.INSERTION_SERVICE,
        "INS",
        "Marché d’insertion ou de qualification",
        "R2123-1 3° (à confirmer ; ancien article 30)",
        "L’acheteur veut d’abord insérer ; les travaux ou le service sont le support.",
        "Un objet d’insertion, un support réel, une procédure adaptée de service social.",
        "Objet du marché",
        LeverCounts.INSERTION_HOURS,
        "Clause sociale",
        Status.TO_CONFIRM,
        "Typologie des facilitateurs ; article rappelé de mémoire",
    ),
    Lever(
        LeverCode.TRAINING_CLAUSE,
        "CSF",
        "Clause sociale de formation",
        "L2112-2",
        "Un montant ou un métier qui ne permet pas d’heures d’insertion, des jeunes sous statut scolaire à accueillir.",
        "Une grille de 150, 300, 450 ou 900 h selon le montant, un lien avec l’Éducation nationale.",
        "CCAP",
        LeverCounts.INTERNSHIP_HOURS,
        "Clause sociale",
        Status.LOCAL_PRACTICE,
        "github.com/lab110bis/clause-sociale-de-formation",
    ),
    Lever(
        LeverCode.INTERNSHIP_CLAUSE,
        "STAGE",
        "Clause de stage",
        "L2112-2 (pratique locale)",
        "Des stagiaires cherchent une place dans le métier.",
        "Un nombre d’heures ou de stagiaires, un suivi à part.",
        "CCAP",
        LeverCounts.INTERNSHIP_HOURS,
        "Clause sociale",
        Status.LOCAL_PRACTICE,
        "Observatoire de l’achat socialement responsable de La Réunion",
    ),
    Lever(
        LeverCode.PRIVATE_CLAUSE,
        "PRIV",
        "Clause d’un contrat privé",
        "Droit des contrats : convention ou charte de promoteur",
        "Un donneur d’ordre privé volontaire ou engagé par une charte.",
        "Une convention avec la structure du facilitateur.",
        "Contrat ou charte",
        LeverCounts.INSERTION_HOURS,
        None,
        Status.LOCAL_PRACTICE,
        "Typologie des facilitateurs",
    ),
)
