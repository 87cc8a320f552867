from dentelle.foundations.journal.sentences import register

register(
    {
        "mandate.opened": "a ouvert le mandat au {starts_on:day}",
        "mandate.closed": "a clos le mandat au {ends_on:day} ({offices} fonctions terminées)",
        "body.opened": "a créé l’instance",
        "body.changed": "a modifié l’instance",
        "body.closed": "a fermé l’instance au {closed_on:day}",
        "office.opened": "a inscrit une fonction à compter du {starts_on:day}",
        "office.ended": "a mis fin à une fonction au {ends_on:day}",
        "office.handed_over": "a fait la passation de mandat ({ended} fonctions terminées, {opened} ouvertes)",
        "theme.opened": "a créé le thème",
        "theme.changed": "a modifié le thème",
        "concern.written": "a écrit une préoccupation",
        "concern.withdrawn": "a retiré sa préoccupation\u00a0; ses mots sont effacés",
        "concern.gathered": "a rangé {concerns} préoccupations dans un thème",
        "concern.set_aside": "a dit pourquoi la préoccupation n’est pas retenue",
        "axis.proposed": "a proposé la version {version} de l’axe, à partir de {themes} thèmes",
        "axis.validated": "a enregistré la validation de la version {version} de l’axe, le {decided_on:day}",
        "axis.refused": "a enregistré que la version {version} de l’axe n’est pas validée, le {decided_on:day}",
        "axis.closed": "a clos l’axe au {closed_on:day}",
        "session.planned": "a prévu la séance du {on:day}",
        "session.moved": "a déplacé la séance au {on:day}",
        "session.item_added": "a ajouté un point à l’ordre du jour",
        "session.item_noted": "a noté ce qui a été dit sur un point",
        "session.attendance_noted": "a noté les présences ({present} sur {seats})",
        "session.decided": "a inscrit la décision {number}",
        "session.document_added": "a joint un document à la séance",
        "session.held": "a arrêté le compte rendu de la séance",
    }
)
