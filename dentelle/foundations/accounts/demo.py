"""The fictional people of the demonstration, shown on its login page and nowhere else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A fictional person: ``role`` is a role of ``organisations``; ``sees`` says in French what to try."""

    email: str
    full_name: str
    structure: str
    role: str
    sees: str


DEMO_PASSWORD = "dentelle-demo-2026"  # noqa: S105 (fictional accounts, refused in production)
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
)
