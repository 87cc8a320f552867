"""What becomes of the parties of an agreement when two records of one organisation are merged."""

from datetime import datetime

from dentelle.foundations.directory.merge import settle_with
from dentelle.foundations.directory.models import Organisation
from dentelle.network.agreements.models import Party


def _settle_party(duplicate: Party, kept: Organisation, at: datetime) -> None:
    """Both records were parties to the same agreement: who signs for the duplicate signs for the one kept, named once."""
    party = Party.objects.get(agreement=duplicate.agreement, organisation=kept)
    named = set(party.signatories.values_list("full_name", flat=True))
    duplicate.signatories.exclude(full_name__in=named).update(party=party)
    duplicate.delete()


settle_with(Party, _settle_party)
