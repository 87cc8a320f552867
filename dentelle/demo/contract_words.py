"""What the fictional contracts are called and made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of contract: its title around a place, its nature and CPV code, hours and months it usually runs."""

    title: str
    kind: str
    cpv: str
    hours: tuple[int, int]
    months: tuple[int, int]
    is_framework: bool = False


WORKS = (
    Work("Réhabilitation du groupe scolaire {}", "works", "45214210", (400, 2_800), (10, 20)),
    Work("Construction de logements, rue {}", "works", "45211341", (900, 3_600), (14, 26)),
    Work("Réfection de la voirie, secteur {}", "works", "45233142", (150, 700), (4, 10)),
    Work("Entretien des espaces verts {}", "services", "77310000", (500, 1_800), (12, 36)),
    Work("Nettoyage des bâtiments {}", "services", "90911200", (600, 2_400), (12, 36)),
    Work("Restauration collective {}", "services", "55523100", (300, 1_200), (12, 24)),
    Work("Travaux de peinture, bâtiments {}", "works", "45442100", (120, 600), (12, 36), True),
    Work("Maintenance des installations de chauffage {}", "services", "50720000", (100, 500), (24, 36)),
)
PLACES = (
    "des Tilleuls",
    "du Val-Fleuri",
    "de la Garenne",
    "des Deux-Ponts",
    "du Moulin-Vert",
    "de la Croix-Haute",
    "des Grands-Prés",
    "du Vieux-Port",
    "de l’Orangerie",
    "des Peupliers",
    "du Champ-Rond",
    "de la Source",
    "des Ormeaux",
    "du Pré-Clos",
    "de la Tuilerie",
    "des Coquelicots",
    "du Clos-Marin",
    "de la Halle",
)
KICKOFF_ACTIONS = (
    ("Titulaire", "transmettre les besoins de main-d’œuvre des trois premiers mois"),
    ("Facilitateur", "proposer des candidatures et prévenir les SIAE du territoire"),
    ("Titulaire", "désigner un tuteur sur le chantier"),
)
QUESTIONS = (
    (
        "Les heures d’un apprenti déjà présent dans l’entreprise comptent-elles ?",
        "Oui, s’il est éligible à la date de la notification, et pour les heures faites sur le marché.",
    ),
    ("Peut-on confier toutes les heures à une entreprise de travail temporaire d’insertion ?", ""),
)
