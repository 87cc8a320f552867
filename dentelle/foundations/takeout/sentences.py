from dentelle.foundations.journal.sentences import register

register({"structure.exported": "a exporté toutes les données de la structure ({rows} lignes, {files} fichiers)"})
