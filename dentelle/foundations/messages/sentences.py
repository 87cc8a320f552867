"""What the journal says of e-mails."""

from dentelle.foundations.journal.sentences import register

register({"message.failed": "a renoncé à envoyer le courriel après {tries} essais"})
