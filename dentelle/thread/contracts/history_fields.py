"""What spreadsheets of other tools hold of contracts, and the titles they give their columns."""

from dentelle.foundations.intake.cells import Choice, Kind
from dentelle.foundations.intake.columns import Field
from dentelle.rules.levers import levers
from dentelle.thread.contracts.models import KINDS

_TYPES = Choice(
    {each.code.value: (each.label, each.short) for each in levers()}
    | {
        "EXECUTION_CONDITION": (
            "Clause d’insertion, condition d’exécution", "CEX", "condition d’exécution", "clause d’insertion",
            "clause sociale", "article 14", "art. 14", "exécution", "insertion",
        ),
        "AWARD_CRITERION": ("Critère social d’attribution", "CRI", "critère", "article 53", "art. 53", "critère social"),
        "CONDITION_AND_CRITERION": (
            "Condition d’exécution et critère", "CEX_CRI", "14+53", "14 + 53", "condition et critère",
        ),
        "RESERVED_SIAE": (
            "Marché ou lot réservé aux structures d’insertion (SIAE)", "RES_IAE", "réservé SIAE", "réservé IAE", "marché réservé SIAE",
        ),
        "RESERVED_DISABILITY": (
            "Marché ou lot réservé aux entreprises adaptées et ESAT", "RES_HAND", "réservé EA/ESAT", "réservé EA ESAT", "réservé handicap",
        ),
        "INSERTION_SERVICE": ("Marché d’insertion ou de qualification", "INS", "marché d’insertion", "article 30", "art. 30"),
    }
)  # fmt: skip
_STATES = Choice(
    {
        "preparing": ("en préparation", "à venir", "projet", "en consultation", "prévu"),
        "running": ("en cours", "notifié", "en exécution", "démarré", "actif"),
        "closed": ("clos", "terminé", "soldé", "achevé", "clôturé", "fini"),
    }
)

FIELDS = (
    Field("title", "Intitulé", Kind.TEXT, ("Objet", "Objet du marché", "Intitulé du marché", "Libellé", "Désignation", "Marché", "Nom du marché", "Contrat"), required=True),
    Field("number", "Numéro", Kind.IDENTIFIER, ("N°", "N° marché", "N° de marché", "Numéro de marché", "Numéro du marché", "Référence", "Réf", "Référence du marché")),
    Field("operation", "Opération", Kind.TEXT, ("Nom de l’opération", "Programme", "Projet", "Chantier")),
    Field("buyer_siret", "SIRET de l’acheteur", Kind.IDENTIFIER, ("SIRET acheteur", "SIRET donneur d’ordre", "SIRET maître d’ouvrage", "SIRET MOA")),
    Field("buyer_name", "Acheteur", Kind.TEXT, ("Donneur d’ordre", "Donneur d’ordres", "Maître d’ouvrage", "Maîtrise d’ouvrage", "MOA", "Nom de l’acheteur", "Pouvoir adjudicateur")),
    Field("lot", "Lot", Kind.TEXT, ("N° lot", "N° de lot", "Numéro de lot", "Numéro du lot")),
    Field("lot_title", "Intitulé du lot", Kind.TEXT, ("Libellé du lot", "Nom du lot", "Désignation du lot", "Corps d’état", "Objet du lot")),
    Field("holder_siret", "SIRET du titulaire", Kind.IDENTIFIER, ("SIRET titulaire", "SIRET entreprise", "SIRET de l’entreprise", "SIRET attributaire", "SIRET")),
    Field("holder_name", "Titulaire", Kind.TEXT, ("Entreprise", "Entreprise titulaire", "Attributaire", "Nom de l’entreprise", "Raison sociale", "Nom du titulaire")),
    Field("clause_type", "Type de clause", Kind.TEXT, ("Clause", "Dispositif", "Type de dispositif", "Nature de la clause"), choice=_TYPES),
    Field("due_minutes", "Heures dues", Kind.MINUTES, ("Heures prévues", "Heures d’insertion prévues", "Heures contractuelles", "Objectif heures", "Objectif d’heures", "Volume d’heures", "Heures d’insertion", "Nombre d’heures", "Heures à réaliser", "Engagement horaire", "Heures obligatoires")),
    Field("stated_minutes", "Heures réalisées", Kind.MINUTES, ("Heures faites", "Heures effectuées", "Total réalisé", "Heures d’insertion réalisées", "Réalisé", "Heures validées", "Total heures réalisées")),
    Field("stated_source", "Source des heures réalisées", Kind.TEXT, ("Source", "Justificatif", "Origine des heures")),
    Field("amount_cents", "Montant HT", Kind.CENTS, ("Montant", "Montant du marché", "Montant du marché HT", "Montant € HT", "Montant notifié HT", "Montant du lot HT")),
    Field("kind", "Nature", Kind.TEXT, ("Nature du marché", "Type de marché"), choice=Choice({code: (label, code) for code, label in KINDS.items()})),
    Field("cpv", "Code CPV", Kind.IDENTIFIER, ("CPV", "CPV principal")),
    Field("notified_on", "Notifié le", Kind.DAY, ("Date de notification", "Notification", "Date notification")),
    Field("starts_on", "Exécution du", Kind.DAY, ("Date de début", "Début", "Démarrage", "Date de démarrage", "Début d’exécution", "OS de démarrage", "Début du marché")),
    Field("ends_on", "au", Kind.DAY, ("Date de fin", "Fin", "Fin d’exécution", "Fin du marché", "Date de fin prévisionnelle", "Fin prévisionnelle")),
    Field("state", "État", Kind.TEXT, ("Statut", "Avancement", "Situation", "État du marché"), choice=_STATES),
)  # fmt: skip
