"""From a SIRET, or a name, typed in a form to an organisation of the directory, with refusals said at the field."""

from datetime import datetime

from dentelle.foundations.directory.actions import Identity, find_or_create_by_siret
from dentelle.foundations.directory.identifiers import IdentifierRefused
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.directory.queries import called
from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.foundations.organisations.models import Membership
from dentelle.thread.contracts.refusals import ContractRefused


def organisation_of(
    actor: Membership, siret: str, *, name: str = "", kind: str, field: str = "siret", at: datetime
) -> Organisation:
    """Return the organisation of a SIRET, made with ``name`` when nothing else says it; or the one of this very name.

    Raises ContractRefused.
    """
    if any(sign.isalpha() for sign in siret):
        return _called(actor, siret, field)
    identity = Identity(name=name.strip()) if name.strip() else None
    try:
        found, _ = find_or_create_by_siret(actor, siret, at=at, identity=identity, kinds=(kind,))
    except IdentifierRefused as refused:
        raise ContractRefused("siret_refused", str(refused), field) from refused
    except DirectoryRefused as refused:
        if refused.code == "name_needed":
            raise ContractRefused(
                "name_needed",
                "Aucune donnée chargée ne donne le nom de ce SIRET\u00a0: écrivez-le.",
                field.replace("siret", "name"),
            ) from refused
        raise ContractRefused(refused.code, str(refused), field) from refused
    return found


def _called(actor: Membership, name: str, field: str) -> Organisation:
    found = called(actor, name)
    if len(found) == 1:
        return found[0]
    known = (
        "Plusieurs organisations de l’annuaire s’appellent"
        if found
        else "Aucune organisation de l’annuaire ne s’appelle"
    )
    raise ContractRefused(
        "name_unknown",
        f"{known} «\u00a0{name.strip()}\u00a0»\u00a0: choisissez dans la liste, ou écrivez son SIRET.",
        field,
    )
