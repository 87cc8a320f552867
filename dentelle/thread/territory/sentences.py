from dentelle.foundations.journal.sentences import register

register(
    {
        "territory.saved": "a enregistré le territoire ({communes} communes)",
        "territory.revised": (
            "a modifié le territoire : version {version}, {added} communes ajoutées, {removed} communes retirées"
        ),
        "territory.chosen": "a choisi ce territoire comme celui de la structure",
    }
)
