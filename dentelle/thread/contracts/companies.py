"""From a SIRET, or a name, typed in a form to an organisation of the directory, with refusals said at the field."""

from datetime import datetime

from dentelle.foundations.directory.identifiers import IdentifierRefused
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.foundations.directory.typed import organisation_typed
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.refusals import ContractRefused


def organisation_of(
    actor: Membership, siret: str, *, name: str = "", kind: str, field: str = "siret", at: datetime
) -> Organisation:
    """Return the organisation of a SIRET, made with ``name`` when nothing else says it; or the one of this very name.

    Raises ContractRefused.
    """
    try:
        return organisation_typed(actor, siret, name=name, kinds=(kind,), at=at)
    except IdentifierRefused as refused:
        raise ContractRefused("siret_refused", str(refused), field) from refused
    except DirectoryRefused as refused:
        at_name = refused.field == "name"
        raise ContractRefused(
            refused.code, str(refused), field.replace("siret", "name") if at_name else field
        ) from refused
