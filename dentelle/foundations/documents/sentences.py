from dentelle.foundations.journal.sentences import register

register(
    {
        "file.stored": "a déposé le fichier",
        "file.released": "a libéré le fichier après analyse",
        "file.purged": "a retiré le fichier",
    }
)
