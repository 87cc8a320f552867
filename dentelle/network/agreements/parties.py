"""From a SIRET typed in a form to an organisation of the directory, with refusals said at the field."""

from datetime import datetime

from dentelle.foundations.directory.actions import Identity, find_or_create_by_siret
from dentelle.foundations.directory.identifiers import IdentifierRefused
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.network.agreements.access import Author
from dentelle.network.agreements.refusals import AgreementRefused


def organisation_of(actor: Author, siret: str, *, name: str, at: datetime) -> Organisation:
    """Return the organisation of a SIRET, made with ``name`` when nothing loaded says it. Raises AgreementRefused."""
    identity = Identity(name=name.strip()) if name.strip() else None
    try:
        return find_or_create_by_siret(actor, siret, at=at, identity=identity)[0]
    except IdentifierRefused as refused:
        raise AgreementRefused("siret_refused", str(refused), "siret") from refused
    except DirectoryRefused as refused:
        if refused.code == "name_needed":
            raise AgreementRefused(
                "name_needed", "Aucune donnée chargée ne donne le nom de ce SIRET\u00a0: écrivez-le.", "name"
            ) from refused
        raise AgreementRefused(refused.code, str(refused), "siret") from refused
