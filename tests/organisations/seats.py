"""Outside people with an account, who act for an organisation."""

from dentelle.foundations.directory.models import NameSource, Organisation, Seat
from tests.factories import NOW, UserFactory


def seat_of(role: str) -> Seat:
    """Somebody new seated in a role, for an organisation of their own."""
    organisation = Organisation.objects.create(
        siren="000000000",
        name="Ville d’essai",
        sort_name="ville d essai",
        name_source=NameSource.TYPED,
        created_at=NOW,
        updated_at=NOW,
    )
    return Seat.objects.create(user=UserFactory(), organisation=organisation, role=role, opened_at=NOW)
