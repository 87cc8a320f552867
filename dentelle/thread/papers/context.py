"""What a paper may say of a contract: frozen texts under the French names templates use. Pure, nothing is computed here.

Every field carries its name in templates and what it is: the page of variables, the check of uploaded templates and the
rendering read the same declarations. A text nobody knows is a blank (``blank``), never an empty string in a sentence.
"""

import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, get_type_hints

MAX_ITEMS = 300  # of one list: no contract of ours comes near, and a template never writes more
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
BLANK = re.compile(r"\[à compléter\u00a0: [^\]]*\]")


def blank(what: str) -> str:
    """Return a blank to fill in: « [à compléter : la pondération du critère] »."""
    return f"[à compléter\u00a0: {what}]"


def named(name: str, about: str) -> Any:
    """Declare a field: its name in templates, and what it is."""
    return field(metadata={"name": name, "about": about})


@dataclass(frozen=True, slots=True)
class ContractWords:
    """The contract itself."""

    title: str = named("intitule", "intitulé au registre")
    number: str = named("numero", "numéro du marché")
    subject: str = named("objet", "objet du marché")
    buyer: str = named("acheteur", "nom de l’acheteur")
    buyer_siret: str = named("acheteur_siret", "SIRET ou SIREN de l’acheteur")
    kind: str = named("nature", "travaux, fournitures, services ou concession")
    procedure: str = named("procedure", "procédure de passation")
    amount: str = named("montant", "montant hors taxes")
    is_framework: bool = named("accord_cadre", "vrai pour un accord-cadre à bons de commande")
    is_private: bool = named("prive", "vrai si toutes les clauses sont celles d’un contrat privé")
    is_signed: bool = named("signe", "vrai une fois le marché notifié")
    operation: str = named("operation", "nom de l’opération, vide s’il n’y en a pas")
    programme: str = named("programme", "programme public de l’opération, vide s’il n’y en a pas")
    site: str = named("lieu", "lieu de l’opération, vide s’il n’est pas connu")
    neighbourhoods: tuple[str, ...] = named("quartiers", "codes des quartiers prioritaires de l’opération")
    ccag: str = named("ccag", "CCAG visé, vide si aucun ne l’est")
    ccag_article: str = named("ccag_article", "article du CCAG visé qui traite de l’insertion, ou un blanc à compléter")
    notified_on: str = named("date_notification", "date de notification")
    starts_on: str = named("date_debut", "début d’exécution")
    ends_on: str = named("date_fin", "fin d’exécution")


@dataclass(frozen=True, slots=True)
class StructureWords:
    """The structure that follows the clause."""

    name: str = named("nom", "nom de la structure")
    address: str = named("adresse", "adresse postale")
    email: str = named("courriel", "adresse électronique")
    phone: str = named("telephone", "téléphone")
    siret: str = named("siret", "SIRET")


@dataclass(frozen=True, slots=True)
class FacilitatorWords:
    """The person who follows the contract."""

    name: str = named("nom", "nom de la personne qui suit le contrat")
    email: str = named("courriel", "son adresse électronique")


@dataclass(frozen=True, slots=True)
class ObligationWords:
    """One obligation of the contract: one type of clause, one counter."""

    rank: str = named("rang", "1, 2, 3… dans l’ordre du registre")
    clause: str = named("clause", "type de clause, en toutes lettres")
    article: str = named("article", "article de droit qui la fonde, ou un blanc à compléter")
    scope: str = named("portee", "« le lot 2 Peinture » ou « l’ensemble du marché »")
    lot: str = named("lot", "numéro et intitulé du lot, vide pour tout le marché")
    volume: str = named("volume", "volume dû aujourd’hui, avec ce qui est compté : « 833 h d’insertion »")
    counter: str = named("compteur", "ce qui est compté : heures d’insertion, de stage, du secteur protégé et adapté")
    base: str = named("heures_retenues", "heures travaillées, payées ou facturées")
    tranche: str = named("tranche", "tranche ferme, ou optionnelle avec son numéro")
    deadline: str = named("echeance", "date limite, ou « la fin du marché »")
    publics: tuple[str, ...] = named("publics", "publics fixés au registre ; vide : ceux du CCAG")
    neighbourhood_share: str = named(
        "part_qpv", "part réservée aux habitants des quartiers prioritaires, vide si aucune"
    )
    training_share: str = named("part_formation", "part de formation admise, vide si elle n’est pas fixée")
    penalty: str = named("penalite", "pénalité prévue, en une phrase, ou un blanc à compléter")
    formal_notice: str = named("mise_en_demeure", "délai de mise en demeure, ou un blanc à compléter")
    document_penalty: str = named("penalite_documents", "pénalité par jour de retard d’un document, vide si aucune")
    has_penalty: bool = named("penalite_prevue", "vrai si une pénalité est prévue au registre")
    waiver: bool = named("exoneration", "vrai si l’acheteur peut exonérer le titulaire")
    has_volume: bool = named("a_un_volume", "vrai si des heures sont dues")
    is_optional: bool = named("optionnelle", "vrai pour une tranche optionnelle non affermie")
    counts_insertion: bool = named("insertion", "vrai si elle compte des heures d’insertion")
    counts_internship: bool = named("stage", "vrai si elle compte des heures de stage")
    counts_protected: bool = named("secteur_protege", "vrai si elle compte des heures du secteur protégé et adapté")
    is_condition: bool = named("condition", "vrai pour une condition d’exécution, critère associé ou non")
    is_criterion: bool = named("critere", "vrai pour un critère d’attribution, seul ou avec la condition")
    is_reserved: bool = named("reserve", "vrai pour un marché ou un lot réservé, quel qu’il soit")
    is_reserved_siae: bool = named("reserve_siae", "vrai s’il est réservé aux structures d’insertion")
    is_reserved_disability: bool = named("reserve_handicap", "vrai s’il est réservé aux entreprises adaptées et ESAT")
    is_reserved_prison: bool = named("reserve_prison", "vrai s’il est réservé au travail pénitentiaire")
    is_reserved_ess: bool = named("reserve_ess", "vrai s’il est réservé aux entreprises de l’économie sociale")
    is_insertion_service: bool = named("marche_insertion", "vrai pour un marché d’insertion ou de qualification")
    is_training: bool = named("formation", "vrai pour une clause sociale de formation")
    is_internship: bool = named("clause_stage", "vrai pour une clause de stage")
    is_private: bool = named("privee", "vrai pour la clause d’un contrat privé")


@dataclass(frozen=True, slots=True)
class PresenceWords:
    """What the clauses of the contract hold together: lets a template choose its paragraphs."""

    condition: bool = named("condition", "une condition d’exécution")
    criterion: bool = named("critere", "un critère d’attribution")
    reserved: bool = named("reserve", "une réservation")
    insertion: bool = named("insertion", "des heures d’insertion")
    internship: bool = named("stage", "des heures de stage")
    protected: bool = named("secteur_protege", "des heures du secteur protégé et adapté")
    several_counters: bool = named("plusieurs_compteurs", "des heures de plusieurs natures, qui ne s’additionnent pas")
    training: bool = named("formation", "une clause sociale de formation")
    internship_clause: bool = named("clause_stage", "une clause de stage")
    insertion_service: bool = named("marche_insertion", "un marché d’insertion")
    private: bool = named("privee", "une clause de contrat privé")
    hours: bool = named("heures", "au moins un volume d’heures")
    penalty: bool = named("penalite", "une pénalité fixée au registre")
    no_penalty: bool = named("sans_penalite", "au moins une obligation en heures sans pénalité fixée au registre")
    optional: bool = named("tranche_optionnelle", "une tranche optionnelle non affermie")
    neighbourhood: bool = named("qpv", "une part réservée aux habitants des quartiers prioritaires")
    subcontract: bool = named("sous_traitance", "au moins un sous-traitant")
    unsized_orders: bool = named("commandes_a_chiffrer", "des bons de commande dont les heures ne sont pas fixées")


@dataclass(frozen=True, slots=True)
class TotalWords:
    """The hours of one nature, all obligations together. Natures are never added up."""

    counter: str = named("compteur", "heures d’insertion, de stage, du secteur protégé et adapté")
    volume: str = named("volume", "dû aujourd’hui")
    optional: str = named("optionnel", "en tranches optionnelles non affermies, vide s’il n’y en a pas")


@dataclass(frozen=True, slots=True)
class LotWords:
    """A lot of the contract, whether it carries a clause or not."""

    number: str = named("numero", "numéro")
    title: str = named("intitule", "intitulé")
    has_clause: bool = named("clause", "vrai si une obligation lui est propre")


@dataclass(frozen=True, slots=True)
class SubcontractorWords:
    """A company under a holder, at any depth."""

    name: str = named("nom", "nom")
    subject: str = named("prestation", "ce qui lui est confié")
    volume: str = named("heures", "heures qui lui sont transmises")
    above: str = named("donneur_ordre", "l’entreprise qui lui confie le travail")


@dataclass(frozen=True, slots=True)
class ActionWords:
    """A line of the insertion plan."""

    who: str = named("qui", "qui s’en charge")
    what: str = named("quoi", "ce qui est à faire")
    due_on: str = named("pour_le", "échéance")


@dataclass(frozen=True, slots=True)
class MonthWords:
    """The hours planned for a month."""

    month: str = named("mois", "mois et année")
    volume: str = named("heures", "heures prévues")


@dataclass(frozen=True, slots=True)
class PoolingWords:
    """A pooling agreement the contract belongs to."""

    title: str = named("intitule", "intitulé de la convention")
    company: str = named("entreprise", "entreprise concernée")
    signed_on: str = named("signee_le", "date de signature")
    key: str = named("cle", "clé de répartition des heures")
    consent: str = named("accord", "accord écrit de l’acheteur : date et référence, ou un blanc à compléter")


@dataclass(frozen=True, slots=True)
class HolderWords:
    """A company that signed, what it owes and what was agreed with it."""

    name: str = named("nom", "nom")
    siret: str = named("siret", "SIRET ou SIREN")
    role: str = named("role", "titulaire, mandataire du groupement ou cotraitant")
    lot: str = named("lot", "lot, vide pour tout le marché")
    share: str = named("heures_a_sa_charge", "part fixée dans le groupement, vide si le groupement répond ensemble")
    correspondent: str = named("correspondant", "personne désignée au plan d’insertion, ou un blanc à compléter")
    correspondent_contact: str = named("correspondant_contact", "sa fonction, son adresse, son téléphone")
    kickoff_on: str = named("reunion_demarrage", "date de la réunion de démarrage, ou un blanc à compléter")
    has_plan: bool = named("a_un_plan", "vrai si son plan d’insertion est arrêté")
    obligations: tuple[ObligationWords, ...] = named("obligations", "celles de son lot et celles de tout le marché")
    partners: tuple[str, ...] = named("cotraitants", "les autres membres de son groupement")
    subcontractors: tuple[SubcontractorWords, ...] = named("sous_traitants", "entreprises sous lui, à tout niveau")
    actions: tuple[ActionWords, ...] = named("actions", "actions de son plan d’insertion")
    months: tuple[MonthWords, ...] = named("mois", "heures prévues mois par mois")
    poolings: tuple[PoolingWords, ...] = named("globalisations", "conventions de globalisation qui le concernent")


@dataclass(frozen=True, slots=True)
class CriterionWords:
    """A line of the grid by which the social part of bids is read."""

    label: str = named("element", "élément noté")
    points: str = named("points", "points")


@dataclass(frozen=True, slots=True)
class AmendmentWords:
    """The latest amendment of the register; blanks when there is none."""

    exists: bool = named("connu", "vrai si un avenant est saisi au registre")
    rank: str = named("rang", "son rang parmi les avenants saisis")
    decided_on: str = named("date", "date de la décision")
    reason: str = named("motif", "motif")
    clause: str = named("clause", "type de clause dont le volume change, vide s’il ne change pas")
    before: str = named("volume_avant", "volume avant l’avenant")
    change: str = named("variation", "heures ajoutées ou retirées")
    after: str = named("volume_apres", "volume après l’avenant")
    end_before: str = named("fin_avant", "fin d’exécution avant l’avenant")
    end_after: str = named("fin_apres", "fin d’exécution après l’avenant")
    changes_volume: bool = named("change_volume", "vrai si le volume change")
    changes_end: bool = named("change_fin", "vrai si la fin d’exécution change")


@dataclass(frozen=True, slots=True)
class PaperContext:
    """Everything a template may name."""

    contract: ContractWords = named("marche", "le contrat")  # noqa: RUF009
    structure: StructureWords = named("structure", "la structure qui suit la clause")  # noqa: RUF009
    facilitator: FacilitatorWords = named("facilitateur", "la personne qui suit le contrat")  # noqa: RUF009
    presence: PresenceWords = named("comporte", "ce que les clauses comportent, pour choisir les paragraphes")  # noqa: RUF009
    obligations: tuple[ObligationWords, ...] = named(
        "obligations", "les obligations, une par type de clause et par lot"
    )
    totals: tuple[TotalWords, ...] = named("totaux", "les volumes, une ligne par nature d’heures")
    lots: tuple[LotWords, ...] = named("lots", "les lots du marché")
    holders: tuple[HolderWords, ...] = named("titulaires", "les entreprises qui ont signé")
    recipients: tuple[HolderWords, ...] = named(
        "destinataires", "ceux à qui l’on écrit : titulaires seuls et mandataires"
    )
    criteria: tuple[CriterionWords, ...] = named("grille", "la grille d’analyse des offres")
    poolings: tuple[PoolingWords, ...] = named("globalisations", "les conventions de globalisation du contrat")
    amendment: AmendmentWords = named("avenant", "le dernier avenant saisi")  # noqa: RUF009
    edited_on: str = named("date_edition", "date d’édition de la pièce")


def as_names(value: Any) -> Any:
    """Return a context as what templates read: mappings by French name, lists, texts, true or false. Nothing else."""
    if is_dataclass(value):
        return {each.metadata["name"]: as_names(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [as_names(each) for each in value[:MAX_ITEMS]]
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        # what a person typed is text: Word has no character for a bell, and a page break is not theirs to make
        return _CONTROL.sub("", value.replace("\r\n", "\n"))
    raise TypeError(f"a template reads texts, not {type(value).__name__}")


TEXT, FLAG = "text", "flag"
Schema = Mapping[str, Any]


def schema(of: Any = PaperContext) -> Any:
    """Return the names a template may use: a mapping by name, ``{"": item}`` for a list, TEXT or FLAG."""
    if is_dataclass(of):
        hints = get_type_hints(of)
        return {each.metadata["name"]: schema(hints[each.name]) for each in fields(of)}
    if typing.get_origin(of) is tuple:
        return {"": schema(typing.get_args(of)[0])}
    return FLAG if of is bool else TEXT


@dataclass(frozen=True, slots=True)
class Variable:
    """A name a template may use. ``name`` is written whole: « marche.acheteur », « obligations[].volume »."""

    name: str
    kind: str  # texte | vrai ou faux | liste | groupe
    about: str


def variables(of: Any = PaperContext, prefix: str = "") -> Iterator[Variable]:
    """Yield every variable, groups before what they hold, in the order of the declarations."""
    hints = get_type_hints(of)
    for each in fields(of):
        hint, name = hints[each.name], prefix + each.metadata["name"]
        about = each.metadata["about"]
        if typing.get_origin(hint) is tuple:
            item = typing.get_args(hint)[0]
            yield Variable(f"{name}[]", "liste", about)
            if is_dataclass(item):
                yield from variables(item, f"{name}[].")
        elif is_dataclass(hint):
            yield Variable(name, "groupe", about)
            yield from variables(hint, f"{name}.")
        else:
            yield Variable(name, "vrai ou faux" if hint is bool else "texte", about)


def sample(of: Any = PaperContext) -> Any:
    """Return a context in which every text is its own name, every flag true, every list two items: to try a template on."""
    hints = get_type_hints(of)
    known: dict[str, Any] = {}
    for each in fields(of):
        hint = hints[each.name]
        if typing.get_origin(hint) is tuple:
            item = typing.get_args(hint)[0]
            one = sample(item) if is_dataclass(item) else each.metadata["name"]
            known[each.name] = (one, one)
        elif is_dataclass(hint):
            known[each.name] = sample(hint)
        else:
            known[each.name] = True if hint is bool else each.metadata["name"]
    return of(**known)
