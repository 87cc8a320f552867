"""What the journal says of lines put off."""

from dentelle.foundations.journal.sentences import register

register(
    {
        "awaiting.snoozed": "a remis une ligne de sa liste au {until:day}",
        "awaiting.resumed": "a repris une ligne remise à plus tard",
    }
)
