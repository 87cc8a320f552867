"""Who the parties are: from a SIRET, or a name, typed in a form to an organisation of the directory, and which one is the structure itself."""

from datetime import datetime

from dentelle.foundations.directory.identifiers import IdentifierRefused
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.foundations.directory.typed import organisation_typed
from dentelle.foundations.organisations.models import Structure
from dentelle.network.agreements.access import Author
from dentelle.network.agreements.models import Party, PartySide
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.opendata.text import fold


def organisation_of(actor: Author, siret: str, *, name: str, at: datetime) -> Organisation:
    """Return the organisation of a SIRET, made with ``name`` when nothing loaded says it; or the only one of this very name.

    Raises AgreementRefused.
    """
    try:
        return organisation_typed(actor, siret, name=name, at=at)
    except IdentifierRefused as refused:
        raise AgreementRefused("siret_refused", str(refused), "siret") from refused
    except DirectoryRefused as refused:
        raise AgreementRefused(refused.code, str(refused), refused.field or "siret") from refused


def is_itself(party: Party, structure: Structure) -> bool:
    """Say whether a party is the structure: its author said so, the same legal person, or the same name while its SIRET is unknown."""
    if party.side != PartySide.AUTHOR or party.organisation is None:
        return False
    if structure.siret:
        return party.is_own or party.organisation.siren == structure.siret[:9]
    return party.is_own or fold(str(party)) == fold(structure.name)


def other_name(typed: str, party: Party | None) -> str:
    """That the directory knows a party by another name than the one typed, and where it is corrected; empty when it does not."""
    name = " ".join(typed.split())
    if not name or party is None or fold(name) == fold(str(party)):
        return ""
    return (
        f"Ce SIRET est déjà à l’annuaire sous le nom « {party} »\u00a0: c’est ce nom que porte la convention, pas « {name} ». "
        "S’il est faux, corrigez sa fiche\u00a0: « Organisations », son nom, « Modifier »."
    )
