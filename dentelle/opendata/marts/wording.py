"""The French for every code the marts store."""

from dentelle.rules.confidence import confidence_criteria

CONFIDENCE = {"low": "faible", "medium": "moyenne", "high": "forte"}
REQUIRED = {"yes": "oui", "no": "non", "to_check": "à vérifier"}
STATUS = {
    "certain": "certain",
    "announced": "annoncé",
    "local_practice": "usage local",
    "to_confirm": "à confirmer",
    "unknown": "inconnu",
}
BUYER_KIND = {
    "central": "État",
    "local": "collectivité ou autre pouvoir adjudicateur",
    "utility": "entité adjudicatrice",
    "unknown": "acheteur de nature inconnue",
}
BUYER_KIND_BASIS = {
    "geographic_code": "code officiel géographique",
    "legal_category": "catégorie juridique (SIRENE)",
    "siren_family": "famille de SIREN, à vérifier",
    "unknown": "inconnu",
}
BUYER_NAME_SOURCE = {
    "published": "publié avec le marché",
    "learnt": "repris d’un autre marché du même SIREN",
    "cog": "code officiel géographique",
    "sirene": "SIRENE",
    "unknown": "nom inconnu",
}
CONTRACT_KIND = {
    "works": "travaux",
    "supplies": "fournitures",
    "services": "services",
    "concession": "concession",
    "unknown": "nature inconnue (CPV absent)",
}
EFFECTIVE_SOURCE = {
    "notification": "notification",
    "signature": "signature",
    "publication": "publication, faute de notification",
    "number_year": "année lue dans le numéro",
    "none": "date inconnue",
}
DURATION_SOURCE = {
    "published": "durée publiée",
    "cpv_median": "durée médiane du CPV, faute de durée publiée",
    "none": "durée inconnue",
}
PLACE_PRECISION = {
    "commune": "à la commune",
    "postal": "au code postal",
    "department": "au département",
    "region": "à la région",
    "country": "au pays",
    "unknown": "lieu inconnu",
}
BELONGS_BY = {"place": "lieu d’exécution", "seat": "siège de l’acheteur"}
SOCIAL_STATUS = {
    "considered": "considération sociale",
    "none": "aucune considération sociale",
    "not_stated": "non renseigné",
}
AMOUNT_KIND = {"price": "montant attribué", "ceiling": "maximum d’accord-cadre"}
CHAIN_STATUS = {
    "searched": "marchés précédents recherchés",
    "block_too_large": "trop de marchés semblables chez cet acheteur : suites non recherchées",
    "no_words": "objet absent : suites non recherchées",
    "no_date": "date inconnue : suites non recherchées",
}
CONFIDENCE_REASONS = confidence_criteria().labels
OBLIGATION_BASIS = {
    "above_threshold": "montant attribué nettement supérieur au seuil européen",
    "above_threshold_ceiling": "maximum de l’accord-cadre nettement supérieur au seuil européen",
    "below_threshold": "montant attribué nettement inférieur au seuil européen",
    "below_threshold_ceiling": "maximum de l’accord-cadre nettement inférieur au seuil européen",
    "near_threshold": "montant attribué trop proche du seuil : l’estimation de la prochaine consultation décidera",
    "amount_unusable": "montant absent, inexploitable ou en doute",
    "buyer_kind_unknown": "nature de l’acheteur inconnue : plusieurs seuils possibles",
    "contract_kind_unknown": "nature du marché inconnue : plusieurs seuils possibles",
    "threshold_unknown": "aucun seuil connu à cette date",
    "launch_unknown": "date de lancement impossible à estimer",
    "launch_uncertain": "consultation attendue avant l’entrée en vigueur : peut être déjà lancée",
    "before_obligation": "consultation antérieure à l’entrée en vigueur de l’obligation",
    "short_works": "montant nettement supérieur au seuil ; travaux de moins de six mois : dérogation possible, si l’acheteur l’invoque",
    "subsequent": "marché subséquent : l’obligation se lit sur l’accord-cadre",
}
HOURS_EXCLUDED = {
    "already_replaced": "déjà remplacé par un marché plus récent",
    "subsequent": "marché subséquent",
    "amount_unusable": "montant absent ou inexploitable",
    "amount_repeated": "montant déjà compté, ou en doute, sur une autre ligne du même numéro",
    "concession_without_cpv": "CPV non publié pour les concessions",
    "no_cpv": "CPV absent",
    "no_trade": "CPV sans métier rattaché",
}
RATE_DIMENSION = {
    "all": "ensemble",
    "buyer_kind": "nature de l’acheteur",
    "cpv_division": "division CPV",
    "amount_band": "tranche de montant",
    "year": "année",
}
RATE_UNKNOWN = {
    "cpv_division": "CPV absent (non publié pour les concessions depuis 2024)",
    "amount_band": "montant absent ou inexploitable",
    "year": "date inconnue",
}
RATE_ROLE = {"asked": "territoire demandé", "comparable": "territoire comparable", "national": "France entière"}
AWARDS_NOT_ESTIMATES = (
    "Les montants DECP sont des attributions (ou des maximums d’accord-cadre), pas l’estimation du prochain marché."
)
