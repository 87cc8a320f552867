from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from dentelle.foundations.accounts.models import User
from dentelle.foundations.directory.models import Seat
from dentelle.foundations.organisations.hats import SEAT, Hat, register


def _seats(user: User) -> Iterator[Hat]:
    """The organisations an outside person acts for, by the seats still open."""
    for seat in user.seats.open().select_related("organisation").order_by("pk"):
        seat.user = user
        yield Hat(SEAT, seat, seat.organisation.name, seat.get_role_display())


register(SEAT, _seats, held=lambda: Exists(Seat.objects.open().filter(user=OuterRef("user"))))
