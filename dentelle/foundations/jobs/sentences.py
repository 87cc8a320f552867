from dentelle.foundations.journal.sentences import register

register(
    {
        "job.started": "a lancé ce travail",
        "job.cancelled": "a annulé ce travail",
        "job.cancel_requested": "a demandé l’annulation de ce travail",
        "job.given_up": "a constaté que ce travail ne répondait plus",
        "job.done": "a terminé ce travail",
        "job.failed": "n’a pas pu terminer ce travail",
    }
)
