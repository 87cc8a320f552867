from datetime import datetime

from dentelle.foundations.jobs.clock import every
from dentelle.opendata.marts.serving_store import StoreMissing
from dentelle.thread.contracts.models import Contract
from dentelle.thread.publications.looking import look
from dentelle.thread.publications.standing import concerned
from dentelle.thread.territory.queries import store
from dentelle.web.formatting import plural


@every("daily 04:30", label="Rapprocher les contrats de leurs publications")
def look_for_publications(at: datetime) -> str:
    """Look in open data for every signed contract of every structure."""
    try:
        looked = look(concerned(Contract.objects.all()), store(), at=at)
    except StoreMissing:
        return "Aucun jeu de données n’est chargé : rien à rapprocher."
    return (
        f"{plural(looked.contracts, 'contrat cherché', 'contrats cherchés')}, "
        f"{plural(looked.matched + looked.proposed, 'rapprochement nouveau', 'rapprochements nouveaux')}."
    )
