"""What the acts on surveys say in the timelines."""

from dentelle.foundations.journal.sentences import register

register(
    {
        "questionnaire.taken": "a pris le questionnaire « {code} »",
        "questionnaire.begun": "a commencé un questionnaire",
        "questionnaire.copied": "a commencé la version {version} du questionnaire",
        "questionnaire.written": "a modifié le brouillon de la version {version}",
        "questionnaire.published": "a publié la version {version} du questionnaire",
        "questionnaire.dropped": "a abandonné le brouillon de la version {version}",
        "campaign.created": "a préparé la campagne",
        "campaign.opened": "a ouvert la campagne",
        "campaign.closed": "a clos la campagne",
        "campaign.reopened": "a rouvert la campagne",
        "campaign.invited": "a invité ({count})",
        "campaign.reminded": "a relancé ({count})",
        "campaign.withdrawn": "a retiré une invitation",
        "campaign.address_forgotten": "a fait oublier une adresse",
        "campaign.answered": "a répondu",
        "response.returned": "a demandé de reprendre la réponse",
        "response.checked": "a vérifié la réponse",
    }
)
