"""Who the parties are: from a SIRET typed in a form to an organisation of the directory, and which one is the structure itself."""

from datetime import datetime

from dentelle.foundations.directory.actions import Identity, find_or_create_by_siret
from dentelle.foundations.directory.identifiers import IdentifierRefused
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.foundations.organisations.models import Structure
from dentelle.network.agreements.access import Author
from dentelle.network.agreements.models import Party, PartySide
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.opendata.text import fold


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
