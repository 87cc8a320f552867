from dentelle.foundations.journal.sentences import register

register(
    {
        "library.added": "a ajouté une ressource à la bibliothèque",
        "library.changed": "a modifié la ressource",
        "library.confirmed": "a dit la ressource à jour au {on:day}",
        "library.retired": "a retiré la ressource de la bibliothèque",
        "library.restored": "a remis la ressource dans la bibliothèque",
        "library.path_written": "a écrit le parcours « nouveau dans le métier » ({steps} étapes)",
    }
)
