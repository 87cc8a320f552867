"""What is typed in the field of an organisation (``fields``): its SIRET, or its very name when the directory knows it."""

from collections.abc import Collection
from datetime import datetime

from dentelle.foundations.directory.actions import Identity, find_or_create_by_siret
from dentelle.foundations.directory.identifiers import IdentifierRefused, read_identifier, shown
from dentelle.foundations.directory.learning import commune_name
from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.directory.queries import called
from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.foundations.organisations.models import Membership, NetworkSeat


def organisation_typed(
    actor: Membership | NetworkSeat, text: str, *, name: str = "", kinds: Collection[str] = (), at: datetime
) -> Organisation:
    """Return the organisation of a SIRET, made with ``name`` when nothing loaded says it; or the only one of this very name.

    Raises IdentifierRefused, and DirectoryRefused: ``name_needed`` (field « name ») for a SIRET nobody knows, ``name_unknown``
    for a name nobody has, ``name_shared`` for one that several have.
    """
    if _is_name(text):
        return _called(actor, text.strip())
    identity = Identity(name=name.strip()) if name.strip() else None
    try:
        return find_or_create_by_siret(actor, text, at=at, identity=identity, kinds=kinds)[0]
    except DirectoryRefused as refused:
        if refused.code != "name_needed":
            raise
        said = "Aucune donnée chargée ne donne le nom de ce SIRET\u00a0: écrivez-le."
        raise DirectoryRefused("name_needed", said, "name") from refused


def _is_name(text: str) -> bool:
    # a SIRET spoilt by a spreadsheet (« 1,23E+13 ») has a letter too
    try:
        read_identifier(text)
    except IdentifierRefused as refused:
        return refused.code == "not_digits" and any(sign.isalpha() for sign in text)
    return False


def _called(actor: Membership | NetworkSeat, name: str) -> Organisation:
    found = called(actor, name)
    if not found:
        said = f"«\u00a0{name}\u00a0» n’est pas à l’annuaire\u00a0: donnez son SIRET."
        raise DirectoryRefused("name_unknown", said, "siret")
    if len(found) > 1:
        said = (
            f"Plusieurs organisations de l’annuaire s’appellent «\u00a0{name}\u00a0»\u00a0: {', '.join(map(_told, found))}. "
            "Donnez le SIRET de la bonne."
        )
        raise DirectoryRefused("name_shared", said, "siret")
    return found[0]


def _told(organisation: Organisation) -> str:
    """« 000 100 005 00012 (Parthenay) »."""
    commune = commune_name(organisation.commune_code)
    return shown(organisation.identifier) + (f" ({commune})" if commune else "")
