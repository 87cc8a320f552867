from dentelle.foundations.journal.sentences import register

register(
    {
        "members.list_opened": "a ouvert à tous la liste des membres",
        "members.list_closed": "a fermé la liste publique des membres",
    }
)
