"""The French of the codes the store holds. An unknown code is shown as it is: a page never hides what it does not know."""

import re

from dentelle.rules.confidence import confidence_criteria

REQUIRED = {"yes": "oui", "no": "non", "to_check": "à vérifier"}
CONFIDENCE = {"high": "forte", "medium": "moyenne", "low": "faible"}
AMOUNT_KIND = {"price": "prix", "ceiling": "plafond d’accord-cadre"}
DURATION = {"published": "durée publiée", "cpv_median": "médiane du CPV", "none": "non renseignée"}
DURATION_SHORT = {"published": "durée publiée", "cpv_median": "durée estimée", "none": "durée inconnue"}
EFFECTIVE = {
    "notification": "la notification",
    "signature": "la signature",
    "publication": "la publication, faute de notification",
    "number_year": "l’année lue dans le numéro, faute de date",
}
AMOUNT_FLAG = {
    "ok": "utilisable",
    "missing": "non renseigné",
    "not_positive": "nul ou négatif : écarté des sommes",
    "too_small": "trop petit pour être un montant : écarté des sommes",
    "placeholder": "chiffre répété, sans doute de remplissage : écarté des sommes",
    "too_large": "invraisemblable : écarté des sommes",
    "repeated": "déjà compté sur une autre ligne du même numéro : écarté des sommes",
    "in_doubt": "peut-être une autre version d’une ligne du même numéro, seule comptée : écarté des sommes",
}
BUYER_NAME = {
    "published": "nom publié",
    "learnt": "nom lu dans un autre marché du même acheteur",
    "cog": "nom lu dans le code officiel géographique",
    "sirene": "nom lu dans SIRENE",
    "unknown": "nom inconnu",
}
HOLDER_NAME = {
    "published": "nom publié",
    "learnt": "nom lu dans un autre marché du même SIRET ou du même SIREN",
    "cog": "nom lu dans le code officiel géographique",
    "sirene": "nom lu dans SIRENE",
    "unknown": "nom inconnu",
}
BUYER_KIND = {
    "central": "État ou autorité centrale",
    "local": "collectivité ou pouvoir adjudicateur local",
    "utility": "entité adjudicatrice (opérateur de réseaux)",
    "unknown": "catégorie inconnue : à vérifier",
}
CONTRACT_KIND = {
    "works": "travaux",
    "supplies": "fournitures",
    "services": "services",
    "concession": "concession",
    "unknown": "non renseigné (pas de CPV)",
}
PRECISION = {
    "commune": "commune",
    "postal": "code postal",
    "epci": "intercommunalité",
    "department": "département",
    "region": "région",
    "country": "pays",
    "unknown": "lieu inconnu",
}
BASIS = {
    "above_threshold": "Le montant attribué dépasse nettement le seuil européen.",
    "above_threshold_ceiling": "Le plafond de l’accord-cadre dépasse le seuil européen : c’est lui que la loi regarde.",
    "below_threshold": "Le montant attribué reste nettement sous le seuil européen.",
    "below_threshold_ceiling": "Le plafond de l’accord-cadre reste sous le seuil européen.",
    "near_threshold": "Le montant attribué est proche du seuil : l’estimation de la prochaine consultation peut passer de l’autre côté.",
    "amount_unusable": "Le montant publié est absent, inutilisable ou en doute : rien ne permet de le comparer au seuil.",
    "threshold_unknown": "Aucun seuil n’est connu pour cet acheteur, ce type de marché et cette date.",
    "launch_unknown": "La date de la prochaine consultation n’est pas connue, faute de fin estimée.",
    "launch_uncertain": "La consultation était attendue avant l’entrée en vigueur de l’obligation : elle est peut-être déjà lancée.",
    "before_obligation": "La consultation serait lancée avant l’entrée en vigueur de l’obligation.",
    "subsequent": "C’est une commande d’un accord-cadre : l’obligation se juge sur l’accord-cadre.",
    "short_works": "Le montant attribué est nettement supérieur au seuil européen ; des travaux de moins de six mois peuvent être dispensés, si l’acheteur l’invoque avec un motif.",
    "buyer_kind_unknown": "La catégorie de l’acheteur n’est pas connue, et le seuil en dépend.",
    "contract_kind_unknown": "Le type de marché n’est pas connu (pas de CPV), et le seuil en dépend.",
}
REASONS = confidence_criteria().labels
CHAIN = {
    "searched": "Aucun marché antérieur du même besoin n’a été trouvé dans les données chargées.",
    "block_too_large": "Cet acheteur a trop de marchés dans ce CPV pour les comparer deux à deux : la recherche n’a pas été faite.",
    "no_words": "L’objet ne contient pas de mot distinctif : la recherche n’a pas pu être faite.",
    "no_date": "Ce marché n’a pas de date : la recherche n’a pas pu être faite.",
}
OUTCOME = {
    "kept": "retenu",
    "duplicate": "doublon, écarté",
    "superseded": "version antérieure, remplacée",
    "co_holder": "réuni : co-titulaire publié à part",
}
NO_HOURS = {
    "amount_unusable": "le montant est absent ou inutilisable",
    "no_cpv": "le code CPV manque",
    "no_trade": "aucune part de main-d’œuvre n’est connue pour ce type d’achat",
    "concession_without_cpv": "le CPV n’est pas publié pour les concessions",
    "amount_repeated": "le montant est déjà compté sur une autre ligne",
    "already_replaced": "un marché plus récent a pris la suite",
    "subsequent": "c’est une commande d’un accord-cadre",
}


def amount_nature(kind: str | None, flag: str | None) -> str | None:
    """What an amount is worth: a price or a ceiling, and why it is left out of sums when it is."""
    said = [AMOUNT_KIND.get(kind, kind)] if kind else []
    if flag and flag != "ok":
        said.append(AMOUNT_FLAG.get(flag, flag))
    return " ; ".join(said) or None


def cpv(code: str | None, contract_kind: str | None) -> str:
    """Return the CPV; without one, that concessions publish none (arrêtés of 22 December 2022) or that it is missing."""
    return code or ("non publié pour les concessions" if contract_kind == "concession" else "non renseigné")


def thin(text: str) -> str:
    """Return a sentence whose double signs never begin a line (narrow no-break space before : ; ? !, inside « »)."""
    return re.sub(r" ([:;?!»])", "\u202f\\1", text).replace("« ", "«\u202f")


def identifier(code: str | None) -> str:
    """Return an identifier with what it is: « SIRET 21350238800019 », « identifiant FR123 », nothing without one."""
    if not code:
        return ""
    return f"{'SIRET' if len(code) == 14 and code.isdecimal() else 'identifiant'} {code}"


def named(name: str | None, code: str | None) -> str | None:
    """Return a name, or the identifier said to be of unknown name; None without either."""
    return name or (f"{identifier(code)} (nom inconnu)" if code else None)


def social(status: str | None, clause: bool | None, criterion: bool | None, reserved: bool | None) -> str:
    """Return what was said last time; « non » (said so) is not « non renseigné » (left empty)."""
    if status == "none":
        return "non"
    if status != "considered":
        return "non renseigné"
    said = [word for word, told in (("clause", clause), ("critère", criterion), ("marché réservé", reserved)) if told]
    return "oui (" + ", ".join(said) + ")" if said else "oui"


def place(area: str | None, precision: str | None) -> str:
    """Return the place of execution by its code, for want of a ground to name it: « commune 35238 »."""
    if not area:
        return "non renseigné"
    return f"{PRECISION.get(precision or 'unknown', precision)} {area.partition(':')[2]}"


def sentences(codes: str | None, words: dict[str, str]) -> list[str]:
    """Return the French of codes joined by « | », unknown ones as they are."""
    return [words.get(code, code) for code in (codes or "").split("|") if code]
