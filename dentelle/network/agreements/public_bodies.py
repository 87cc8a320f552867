"""Whether an organisation is a public body, by what is known of it: two people sign for one."""

from django.db.models import QuerySet

from dentelle.foundations.directory.models import Organisation
from dentelle.network.agreements.models import Party
from dentelle.network.agreements.states import SIGNED_STATES

# First digit of the legal category of the SIREN register: 4, legal person of public law that trades; 7, that is run as an administration.
PUBLIC_LAW = ("4", "7")


def known_public(organisation: Organisation) -> str:
    """Return where one reads that an organisation is a public body, in French; empty when nothing says so."""
    if organisation.legal_category.startswith(PUBLIC_LAW):
        return f"sa catégorie juridique, {organisation.legal_category}"
    if _signed(organisation).filter(is_public=True).exists():
        return "une convention signée"
    return ""


def known_private(organisation: Organisation) -> bool:
    """Say whether the register or a signed agreement says that an organisation is no public body."""
    if organisation.legal_category:
        return not organisation.legal_category.startswith(PUBLIC_LAW)
    return _signed(organisation).filter(is_public=False).exists() and not known_public(organisation)


def _signed(organisation: Organisation) -> QuerySet[Party]:
    return Party.objects.filter(organisation__siren=organisation.siren, agreement__state__in=SIGNED_STATES)


def signatories_needed(party: Party) -> int:
    """Return how many people sign for a party: two when its tick, or its legal category, says it is a public body."""
    if party.organisation is not None and party.organisation.legal_category.startswith(PUBLIC_LAW):
        return 2
    return party.signatories_needed
