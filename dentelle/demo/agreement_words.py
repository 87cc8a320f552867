"""What the fictional agreements promise, and who does what on the fictional territories."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment of the story. ``actions``: side, what, days from today, done or not.

    ``indicators``: fields, the value of the latest period and its answer, ``past`` those of the periods before, oldest first.
    """

    article: int
    theme: str
    text: str
    own_lead: str
    partner_lead: str
    actions: tuple[tuple[str, str, int, bool], ...] = ()
    indicators: tuple[dict[str, Any], ...] = ()
    outcome: str = ""
    lesson: str = ""


_ORIENTED = {
    "name": "Personnes orientées vers la structure",
    "definition": "Personnes orientées par l’agence dans le trimestre, chacune une fois.",
    "source": "tableau de suivi de l’agence",
    "unit": "people",
    "frequency": "quarterly",
    "owed_by": "partner",
    "baseline": 22,
    "target": 40,
    "target_for": "period",
}
_CLAUSE = {
    "name": "",
    "definition": "",
    "source": "",
    "unit": "",
    "frequency": "quarterly",
    "owed_by": "own",
    "known": "hours_obligated",
    "target": 6000,
    "target_for": "period",
}
_EQUIPPED = {
    "name": "Personnes équipées et formées",
    "definition": "Personnes qui ont reçu un équipement et suivi l’atelier dans le trimestre.",
    "source": "feuilles d’émargement des ateliers",
    "unit": "people",
    "frequency": "quarterly",
    "owed_by": "own",
    "baseline": 0,
    "target": 30,
    "target_for": "period",
}

_STILL_THERE = {
    "name": "Personnes toujours en emploi à six mois",
    "definition": "Personnes entrées en emploi six mois avant la fin du trimestre et qui y sont encore.",
    "source": "point à six mois de l’agence",
    "unit": "people",
    "frequency": "quarterly",
    "owed_by": "partner",
    "target": 12,
    "target_for": "period",
}

# what each quarter gave before the latest: more than the first agreement has lived, so that none is left out
_YEARS_ORIENTED = (19, 22, 20, 25, 27, 24, 31, 33, 30, 38, 41, 39, 44)
_YEARS_EQUIPPED = (3, 6, 11, 9, 14, 18, 16, 22, 25, 21, 27, 31, 29)

COMMITMENTS: tuple[tuple[Promise, ...], ...] = (
    (
        Promise(
            1,
            "mobility",
            "Proposer une solution de mobilité avant toute orientation vers un chantier éloigné",
            "coordination de la maison de l’emploi",
            "direction de l’agence",
            (
                ("both", "Tenir une permanence mobilité commune chaque mois", -120, True),
                ("partner", "Signaler les aides disponibles à chaque conseiller", -30, False),
            ),
            ({**_ORIENTED, "past": _YEARS_ORIENTED, "values": 46, "answer": ("confirmed", "")},),
            "kept",
            "La permanence dans les locaux de l’agence marche : les personnes viennent. L’envoi d’un courriel seul ne marchait pas.",
        ),
        Promise(
            2,
            "clause",
            "Proposer des candidatures communes aux entreprises tenues par une clause",
            "facilitatrice de la clause sociale",
            "équipe entreprises de l’agence",
            (("own", "Transmettre les besoins des chantiers un mois à l’avance", -15, True),),
            (_CLAUSE,),
            "under_way",
        ),
        Promise(
            1,
            "digital",
            "Équiper et former les personnes sans ordinateur",
            "coordination de la maison de l’emploi",
            "conseillère numérique de l’agence",
            (("both", "Ouvrir un second atelier", 45, False),),
            (
                {
                    **_EQUIPPED,
                    "past": _YEARS_EQUIPPED,
                    "values": 34,
                    "answer": ("disputed", "Quatre personnes ont suivi l’atelier sans recevoir d’équipement."),
                },
            ),
            "partly",
            "Deux ateliers ont été ouverts ; le second manque d’un lieu.",
        ),
    ),
    (
        Promise(
            1,
            "mobility",
            "Prêter des deux-roues aux personnes qui reprennent un emploi",
            "coordination du PLIE",
            "direction de l’agence",
            (("own", "Renouveler le parc prêté", -60, True),),
            ({**_ORIENTED, "values": 31, "target": 35},),
            "partly",
            "Le prêt marche en ville ; hors de l’agglomération, la distance le rend inutile.",
        ),
        Promise(
            1,
            "career",
            "Suivre ensemble les six premiers mois d’emploi",
            "référentes de parcours du PLIE",
            "équipe accompagnement de l’agence",
            (("both", "Fixer un point à un mois, trois mois, six mois", -90, True),),
            (_STILL_THERE,),
            "kept",
            "Le point à un mois évite l’essentiel des ruptures : il est tenu par la personne qui connaît déjà l’employeur.",
        ),
    ),
)

# structure → lines: by the partner or not, service, public, what tells it from others
SERVICES = (
    (
        (False, "support", "long_term", "un rendez-vous par semaine"),
        (True, "support", "long_term", "un rendez-vous par quinzaine"),
        (False, "clause", "firms", ""),
        (True, "welcome", "all", ""),
        (False, "mobility", "all", "prêt de véhicules"),
        (True, "training", "all", ""),
    ),
    (
        (False, "support", "minimum_income", "douze mois au plus"),
        (True, "support", "long_term", ""),
        (False, "clause", "firms", ""),
        (True, "employers", "firms", ""),
    ),
    (
        (False, "clause", "firms", ""),
        (True, "welcome", "all", "un jour par semaine"),
    ),
)
