"""What the journal says of the daily e-mail."""

from dentelle.foundations.journal.sentences import register

register(
    {
        "digest.days_chosen": "a choisi de recevoir le récapitulatif {days} jours par semaine",
        "digest.stopped": "a arrêté le récapitulatif depuis un courriel",
    }
)
