from dentelle.foundations.journal.sentences import register

register(
    {
        "saved_view.created": "a gardé cette vue de la liste",
        "saved_view.deleted": "a supprimé cette vue de la liste",
        "columns.chosen": "a choisi les colonnes de la liste",
    }
)
