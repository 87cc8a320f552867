"""The only way to members: those of one's own network, and of a network that opened its list to anyone."""

from django.http import Http404

from dentelle.foundations.organisations.models import Network, Structure, StructureQuerySet
from dentelle.network.governance.access import Viewer, may_run, network_of
from dentelle.network.members.models import PublicDirectory

__all__ = ["Viewer", "may_run", "members_of", "network_of", "public_directories", "public_directory"]


def members_of(network_id: int) -> StructureQuerySet:
    """Return the members at work of a network the caller may read."""
    return Structure.objects.approved().filter(network=network_id)


def public_directories() -> list[PublicDirectory]:
    """Return the lists of members anyone may read, by the name of their network."""
    return list(PublicDirectory.objects.select_related("network").order_by("network__name", "pk"))


def public_directory(network_id: int) -> tuple[Network, PublicDirectory]:
    """Return a network that opened its list to anyone, or 404."""
    found = PublicDirectory.objects.select_related("network").filter(network=network_id).first()
    if found is None:
        raise Http404
    return found.network, found
