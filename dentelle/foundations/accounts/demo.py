"""The fictional people of the demonstration, shown on its login page and nowhere else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A fictional person: ``role`` is a role of ``organisations``, or network_head and then ``structure`` is the network,
    or the role of a seat (``SEAT_ROLES``) and then ``structure`` says what kind of organisation they act for.

    ``sees`` says in French what to try.
    """

    email: str
    full_name: str
    structure: str
    role: str
    sees: str


DEMO_PASSWORD = "dentelle-demo-2026"  # noqa: S105 (fictional accounts, refused in production)
DEMO_NETWORK = "Réseau fictif de l’emploi dans les territoires"
NETWORK_HEAD = "network_head"
SEAT_ROLES = ("buyer", "company", "siae", "partner")
DEMO_ACCOUNTS = (
    DemoAccount(
        "nadia@demo.dentelle.example",
        "Nadia Lemaire",
        "Maison de l’emploi du Bocage",
        "facilitator",
        "ce qui revient sur son territoire, un calibrage à faire, une note à envoyer",
    ),
    DemoAccount(
        "paul@demo.dentelle.example",
        "Paul Garrec",
        "Maison de l’emploi du Bocage",
        "manager",
        "le même territoire, et l’import des données d’achat",
    ),
    DemoAccount(
        "ines@demo.dentelle.example",
        "Inès Vautrin",
        "Maison de l’emploi du Bocage",
        "reader",
        "tout lire, ne rien changer",
    ),
    DemoAccount(
        "omar@demo.dentelle.example",
        "Omar Delmas",
        "PLIE des Deux Rives",
        "facilitator",
        "un autre territoire : rien de ce que fait la première structure n’y paraît",
    ),
    DemoAccount(
        "lucie@demo.dentelle.example",
        "Lucie Abadie",
        "PLIE des Deux Rives",
        "pathway_advisor",
        "les achats et les calibrages de sa structure, sans pouvoir calibrer",
    ),
    DemoAccount(
        "sami@demo.dentelle.example",
        "Sami Roche",
        "PLIE des Deux Rives",
        "auditor",
        "tout ce qu’il faut pour contrôler, en lecture",
    ),
    DemoAccount(
        "claire@demo.dentelle.example",
        "Claire Monnet",
        "Communauté de communes de Haute-Gâtine",
        "manager",
        "une structure qui débute : son identité, son territoire couvert, ses personnes",
    ),
    DemoAccount(
        "henri@demo.dentelle.example",
        "Henri Sorin",
        "Communauté de communes de Haute-Gâtine",
        "elected_official",
        "le territoire et ce qui s’y achète",
    ),
    DemoAccount(
        "odile@demo.dentelle.example",
        "Odile Marchand",
        DEMO_NETWORK,
        NETWORK_HEAD,
        "qui est membre, ce qui est couvert, une demande d’agrément à trancher",
    ),
    DemoAccount(
        "beatrice@demo.dentelle.example",
        "Béatrice Caron",
        "Un acheteur public suivi par deux structures",
        "buyer",
        "ses marchés, ce qui est attendu d’elle, une pénalité à décider, ses indicateurs",
    ),
    DemoAccount(
        "marc@demo.dentelle.example",
        "Marc Oudin",
        "Une entreprise titulaire",
        "company",
        "les heures qu’elle doit, un plan à confirmer, qui appeler",
    ),
    DemoAccount(
        "sonia@demo.dentelle.example",
        "Sonia Benali",
        "Une entreprise d’insertion",
        "siae",
        "un marché dont elle est titulaire, d’autres en sous-traitance",
    ),
    DemoAccount(
        "fanny@demo.dentelle.example",
        "Fanny Leroux",
        "Le service public de l’emploi, partenaire des conventions",
        "partner",
        "les conventions dont elle est partie, un relevé à confirmer, ce qui marche où",
    ),
)
