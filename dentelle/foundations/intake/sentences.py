from dentelle.foundations.journal.sentences import register

register(
    {
        "drop.received": "a déposé un tableur",
        "drop.read": "a fait lire le tableur ({lines} lignes)",
        "drop.columns_changed": "a changé les colonnes reconnues",
        "drop.corrected": "a corrigé {cells} cases",
        "drop.made_unknown": "a tenu pour inconnues {cells} cases illisibles",
        "drop.written": "a fait écrire {created} lignes nouvelles et {updated} modifiées",
        "drop.abandoned": "a abandonné le dépôt",
        "drop.failed": "n’a pas pu lire le tableur",
    }
)
