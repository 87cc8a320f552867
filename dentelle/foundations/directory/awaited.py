"""What the directory makes people wait for: contacts whose address bounces."""

from datetime import datetime

from django.db.models import Count, Min
from django.utils import timezone

from dentelle.foundations.awaiting.registry import Awaiting, register
from dentelle.foundations.directory.access import contacts_visible_to, may_write
from dentelle.foundations.directory.models import ContactEmail
from dentelle.foundations.organisations.models import Membership

KINDS = {"contact.bounced": "Contact qui rebondit"}
MOST = 500


def awaits(membership: Membership, at: datetime) -> list[Awaiting]:
    """Return the organisations where an address of a contact bounces, one line each. Contacts are not named."""
    if not may_write(membership):
        return []
    bouncing = (
        ContactEmail.objects.filter(
            contact__in=contacts_visible_to(membership).filter(valid_to=None), valid_to=None, bounced_at__isnull=False
        )
        .order_by()
        .values("contact__organisation_id", "contact__organisation__name")
        .annotate(since=Min("bounced_at"), count=Count("pk"))
        .order_by("since")
        .values_list("contact__organisation_id", "contact__organisation__name", "since", "count")
    )
    return [
        Awaiting(
            kind="contact.bounced",
            pk=pk,
            subject=name,
            sentence=(
                f"{count} adresses de contacts rebondissent\u00a0: vos courriels n’y arrivent plus."
                if count > 1
                else "L’adresse d’un contact rebondit\u00a0: vos courriels n’y arrivent plus."
            ),
            since=timezone.localdate(since),
            due=None,
            action="Mettre le contact à jour",
            page="directory:detail",
            arguments={"pk": pk},
            query="#contacts",
        )
        for pk, name, since, count in bouncing[:MOST]
    ]


register("directory", kinds=KINDS, awaits=awaits)
