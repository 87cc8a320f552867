"""What a purchase plan holds, and the titles buyers give its columns."""

from dentelle.foundations.intake.cells import Choice, Kind
from dentelle.foundations.intake.columns import Field

_KIND = Choice(
    {
        "works": ("travaux", "travail", "t", "tx", "tvx", "marché de travaux"),
        "services": ("services", "service", "s", "prestations de services", "prestation de service", "prestations", "pi",
                     "prestations intellectuelles", "marché de services", "prestation intellectuelle"),
        "supplies": ("fournitures", "fourniture", "f", "marché de fournitures"),
        "supplies_services": ("fournitures et services", "fournitures courantes et services", "fcs", "fournitures/services",
                              "fournitures services", "f/s", "fs"),
        "concession": ("concession", "dsp", "délégation de service public", "concession de service public"),
    }
)  # fmt: skip

SUBJECT = Field(
    "subject",
    "Objet",
    Kind.TEXT,
    (
        "Objet du marché", "Objet de la consultation", "Intitulé", "Intitulé du marché", "Intitulé de la consultation",
        "Désignation", "Libellé", "Libellé du marché", "Libellé de la procédure", "Intitulé de la procédure",
        "Description", "Description du besoin",
        "Besoin", "Nature du besoin", "Nom du marché", "Nom du projet", "Projet", "Projet d’achat", "Titre", "Opération",
        "Objet de l’achat", "Intitulé du projet", "Intitulé de l’opération", "Achat",
    ),
    required=True,
)  # fmt: skip
REFERENCE = Field(
    "reference",
    "Référence",
    Kind.IDENTIFIER,
    (
        "Réf", "N°", "Numéro", "Id", "Identifiant", "Numéro de marché", "N° de marché", "N° marché", "Numéro de procédure",
        "N° de procédure", "Numéro de consultation", "N° de consultation", "N° projet", "Numéro de projet", "N° de ligne",
        "Code", "Référence du marché", "Référence consultation",
    ),
)  # fmt: skip
LOT = Field("lot", "Lot", Kind.TEXT, ("N° lot", "N° de lot", "Numéro de lot", "Numéro du lot", "Lots"))
KIND = Field(
    "kind",
    "Nature",
    Kind.TEXT,
    (
        "Nature du marché", "Type de marché", "Type d’achat", "Catégorie de marché", "Nature de l’achat", "Type", "F/S/T",
        "Nature des prestations", "Travaux / Fournitures / Services", "Typologie", "Nature de la prestation",
    ),
    choice=_KIND,
)  # fmt: skip
AMOUNT = Field(
    "amount_cents",
    "Montant estimé HT",
    Kind.CENTS,
    (
        "Montant estimé", "Montant estimatif HT", "Montant estimatif", "Montant HT", "Montant prévisionnel HT",
        "Montant prévisionnel", "Estimation HT", "Estimation", "Estimation financière HT", "Montant total HT",
        "Montant global HT", "Budget HT", "Budget prévisionnel HT", "Enveloppe HT", "Valeur estimée HT", "Montant",
        "Montant estimé du marché HT", "Montant maximum HT", "Montant max HT", "Montant estimé (€ HT)", "Montant € HT",
        "Estimation du besoin HT", "Montant total estimé HT", "Estimation (€ HT)", "Coût estimé HT",
    ),
)  # fmt: skip
ANNUAL = Field(
    "annual_cents",
    "Montant annuel HT",
    Kind.CENTS,
    ("Montant annuel", "Montant annuel estimé HT", "Montant annuel estimé", "Montant par an HT", "Estimation annuelle HT",
     "Budget annuel HT", "Montant HT par an"),
)  # fmt: skip
DURATION = Field(
    "duration_months",
    "Durée",
    Kind.MONTHS,
    ("Durée (mois)", "Durée en mois", "Durée du marché", "Durée du marché (mois)", "Durée totale", "Durée totale (mois)",
     "Durée du contrat", "Durée prévisionnelle", "Durée (reconductions comprises)", "Durée globale", "Durée max"),
)  # fmt: skip
LAUNCH = Field(
    "launched_on",
    "Lancement de la consultation",
    Kind.DAY,
    (
        "Date de lancement", "Lancement", "Date de publication", "Date prévisionnelle de lancement", "Mois de lancement",
        "Date prévisionnelle de publication", "Date de lancement de la consultation", "Date de consultation", "Publication",
        "Date de lancement de la procédure", "Lancement prévisionnel", "Trimestre de lancement", "Période de lancement",
        "Date de mise en ligne", "Date prévue de lancement", "Publication de l’avis", "Date lancement", "Date de l’AAPC",
        "Date prévisionnelle de lancement de la consultation", "Lancement prévu", "Date d’envoi à la publication",
    ),
)  # fmt: skip
START = Field(
    "starts_on",
    "Début prévu",
    Kind.DAY,
    (
        "Date de début", "Début du marché", "Date de notification", "Notification", "Notification prévisionnelle",
        "Date prévisionnelle de notification", "Démarrage", "Date de démarrage", "Début d’exécution", "Date de début du marché",
        "Date de début d’exécution", "Date prévisionnelle de début", "Date prévue de notification", "Démarrage prévu",
    ),
)  # fmt: skip
CPV = Field("cpv", "Code CPV", Kind.IDENTIFIER, ("CPV", "CPV principal", "Code CPV principal", "Classification CPV",
                                                      "Nomenclature CPV"))  # fmt: skip
SEGMENT = Field(
    "segment",
    "Famille d’achat",
    Kind.TEXT,
    ("Famille", "Famille d’achats", "Segment", "Segment d’achat", "Segment d’achats", "Domaine", "Domaine d’achat",
     "Catégorie d’achat", "Catégorie", "Métier", "Secteur", "Secteur d’activité", "Nomenclature"),
)  # fmt: skip
PLACE = Field(
    "place", "Lieu", Kind.TEXT, ("Lieu d’exécution", "Commune", "Site", "Localisation", "Territoire", "Ville")
)
SERVICE = Field(
    "service",
    "Service",
    Kind.TEXT,
    ("Direction", "Service acheteur", "Service prescripteur", "Service demandeur", "Direction opérationnelle", "Pôle",
     "Direction / service", "Service gestionnaire", "Service concerné", "Prescripteur"),
)  # fmt: skip
PROCEDURE = Field(
    "procedure",
    "Procédure",
    Kind.TEXT,
    ("Type de procédure", "Mode de passation", "Procédure de passation", "Procédure envisagée", "Procédure prévue"),
)
SOCIAL = Field(
    "social",
    "Clause sociale déjà prévue",
    Kind.TEXT,
    ("Clause sociale", "Clauses sociales", "Considération sociale", "Considérations sociales", "Insertion",
     "Clause d’insertion", "Clause d’insertion sociale", "Volet social", "Critère social", "Clause sociale (O/N)"),
)  # fmt: skip

FIELDS = (
    SUBJECT, REFERENCE, LOT, KIND, AMOUNT, ANNUAL, DURATION, LAUNCH, START, CPV, SEGMENT, SERVICE, PLACE, PROCEDURE, SOCIAL,
)  # fmt: skip
