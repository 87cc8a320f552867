"""The words to paste for a line, our own: what the notice says, what the contract says, what is left to decide.

Facts are those of the levers (``rules.levers_catalogue``): articles, and the four things the CCAG of 2021 asks of a clause
(what it covers, whom to call, for whom, how many hours). What is not known is a slot between brackets, never filled in.
"""

from dataclasses import dataclass

from dentelle.rules.levers import lever as lever_of
from dentelle.rules.levers_catalogue import LeverCode
from dentelle.rules.wording import hours, sentence

SLOT_PUBLICS = "[publics à arrêter avec le facilitateur]"
SLOT_PENALTY = "[pénalité par heure non faite : à fixer par l'acheteur]"
SLOT_CONTACT = "[coordonnées du facilitateur à compléter]"
SLOT_HOURS = "[volume à calibrer]"
SLOT_INTERNSHIP = "[volume à fixer selon la grille : 150, 300, 450 ou 900 h]"


@dataclass(frozen=True, slots=True)
class Piece:
    """One text and where it goes."""

    title: str
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What to paste, and what the buyer still has to decide. ``label`` names the lever; ``chosen``: it is the one advised."""

    label: str
    article: str
    advised: bool
    pieces: tuple[Piece, ...]
    to_decide: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facilitator:
    """Whom the companies call: a structure and what is known of it."""

    name: str
    email: str = ""
    phone: str = ""

    @property
    def contact(self) -> str:
        known = ", ".join(filter(None, (self.email, self.phone)))
        return f"{self.name} ({known or SLOT_CONTACT})"


def wording_of(lever: str, volume: int | None, facilitator: Facilitator, *, mandatory: bool) -> Wording:
    """Return the words for a lever and a volume; without an advised lever, those of the execution condition, volume open."""
    decide: tuple[str, ...]
    code = LeverCode(lever) if lever else LeverCode.EXECUTION_CONDITION
    found = lever_of(code)
    if code in _RESERVED:
        pieces = _reserved(code, facilitator)
        decide = (
            "le lot ou le marché entier",
            "le nombre de structures capables de répondre, à vérifier avant de publier",
        )
    elif code in (LeverCode.TRAINING_CLAUSE, LeverCode.INTERNSHIP_CLAUSE):
        pieces = _internship(code, facilitator, mandatory=mandatory)
        decide = (
            "le volume de stage, compté à part des heures d'insertion",
            "l'établissement ou l'organisme partenaire",
        )
    else:
        known = hours(volume) if volume else SLOT_HOURS
        pieces = _condition(known, facilitator, mandatory=mandatory)
        decide = (
            "le volume définitif, une fois calibré" if volume else "le volume, à calibrer",
            "les publics éligibles et leurs justificatifs",
            "la pénalité par heure non faite, et son plafond",
        )
    return Wording(
        label=found.label,
        article=found.article,
        advised=bool(lever),
        pieces=tuple(Piece(each.title, sentence(each.where), sentence(each.text)) for each in pieces),
        to_decide=tuple(sentence(text) for text in decide),
    )


def _basis(*, mandatory: bool) -> str:
    return "articles L2112-2 et L2112-2-1" if mandatory else "article L2112-2"


def _condition(volume: str, facilitator: Facilitator, *, mandatory: bool) -> tuple[Piece, ...]:
    law = f"{_basis(mandatory=mandatory)} du code de la commande publique"
    notice = (
        f"L'exécution de ce marché comporte une condition sociale ({law}) : {volume} d'insertion, à réaliser par des personnes "
        f"éloignées de l'emploi. Toute entreprise peut la remplir, par plusieurs voies. {facilitator.contact} renseigne "
        "gratuitement les candidats, à égalité."
    )
    clause = "\n\n".join(
        (
            f"Objet. Pour exécuter ce marché, le titulaire fait travailler des personnes éloignées de l'emploi et leur réserve "
            f"au moins {volume} de travail sur toute sa durée ({law}).",
            "Moyens. Le titulaire choisit sa voie, ou en combine plusieurs : embauche directe ; mise à disposition par une "
            "structure d'insertion, un GEIQ ou une agence d'emploi ; sous-traitance ou cotraitance avec une structure "
            "d'insertion. Aucune n'est imposée.",
            f"Publics. Les heures comptent pour les personnes dont l'éligibilité a été vérifiée avant la prise de poste : "
            f"{SLOT_PUBLICS}.",
            f"Facilitateur. {facilitator.contact} aide le titulaire à trouver les personnes, vérifie leur éligibilité, suit les "
            "heures et en rend compte à l'acheteur. Le titulaire désigne un correspondant dès la notification.",
            "Suivi. Le titulaire transmet chaque mois les heures faites, avec leurs justificatifs, et prévient sans attendre "
            "d'une difficulté à tenir l'engagement.",
            f"Heures non faites. {SLOT_PENALTY}.",
        )
    )
    return (
        Piece("Mention", "avis et règlement de la consultation", notice),
        Piece("Clause", "CCAP, avec une annexe à l'acte d'engagement", clause),
    )


_RESERVED = {
    LeverCode.RESERVED_SIAE: (
        "L2113-13",
        "aux structures d'insertion par l'activité économique et aux structures équivalentes",
        "travailleurs défavorisés",
    ),
    LeverCode.RESERVED_DISABILITY: (
        "L2113-12",
        "aux entreprises adaptées, aux établissements et services d'accompagnement par le travail et aux structures équivalentes",
        "travailleurs handicapés",
    ),
}


def _reserved(code: LeverCode, facilitator: Facilitator) -> tuple[Piece, ...]:
    article, whom, workers = _RESERVED[code]
    text = (
        f"Ce marché [ou le lot n° …] est réservé {whom}, en application de l'article {article} du code de la commande publique. "
        f"Le titulaire y emploie au moins 50 % de {workers} (article R2113-7). Renseignements : {facilitator.contact}."
    )
    return (Piece("Mention", "avis et règlement de la consultation", text),)


def _internship(code: LeverCode, facilitator: Facilitator, *, mandatory: bool) -> tuple[Piece, ...]:
    whom = (
        "des jeunes en formation sous statut scolaire"
        if code is LeverCode.TRAINING_CLAUSE
        else "des stagiaires qui cherchent une place dans le métier du marché"
    )
    volume = SLOT_INTERNSHIP if code is LeverCode.TRAINING_CLAUSE else "[nombre d'heures de stage à fixer]"
    text = (
        f"Pour exécuter ce marché, le titulaire accueille {whom}, pour {volume} ({_basis(mandatory=mandatory)} du code de la "
        f"commande publique). Ces heures sont des heures de stage : elles ne sont pas des heures d'insertion. "
        f"{facilitator.contact} met le titulaire en relation avec les établissements et suit l'accueil."
    )
    return (Piece("Clause", "CCAP, annoncée dans l'avis", text),)
