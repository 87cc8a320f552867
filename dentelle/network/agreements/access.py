"""The only way to agreements: what is signed is read by the whole network, the rest by its author and, once proposed, its parties."""

from django.db.models import Q, QuerySet
from django.http import Http404

from dentelle.foundations.directory.models import Seat, SeatRole
from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.organisations.models import (
    Membership,
    NetworkSeat,
    Role,
    Structure,
    StructureStatus,
)
from dentelle.network.agreements.models import (
    Agreement,
    AgreementLevel,
    AgreementQuerySet,
    Indicator,
    Party,
    PartySide,
    Reading,
    ServiceLine,
)
from dentelle.network.agreements.states import SIGNED_STATES, AgreementState, Side

WRITERS = (Role.FACILITATOR.value, Role.MANAGER.value)
PARTNER = SeatRole.PARTNER.value
# what a party other than its author may read: never a draft
SHOWN_TO_PARTIES = (AgreementState.PROPOSED, *SIGNED_STATES)

Viewer = Membership | NetworkSeat | Seat
Author = Membership | NetworkSeat


def network_pk(viewer: Author) -> int:
    """Return the network somebody belongs to, at its head or through their structure."""
    return viewer.network_id if isinstance(viewer, NetworkSeat) else viewer.structure.network_id


def may_write(viewer: Viewer) -> bool:
    """Say whether the person writes agreements: the head of the network, and the writers of a structure."""
    return isinstance(viewer, NetworkSeat) or (isinstance(viewer, Membership) and viewer.role in WRITERS)


def agreements_visible_to(viewer: Viewer) -> AgreementQuerySet:
    """Return the agreements a person reads."""
    if isinstance(viewer, Seat):
        return agreements_of_party(viewer)
    signed = Q(network_id=network_pk(viewer), state__in=SIGNED_STATES)
    if isinstance(viewer, NetworkSeat):
        return Agreement.objects.filter(signed | Q(network_id=viewer.network_id, level=AgreementLevel.FRAMEWORK))
    return Agreement.objects.filter(signed | Q(structure_id=viewer.structure_id))


def agreements_of_party(seat: Seat) -> AgreementQuerySet:
    """Return what the seat's organisation is a party to, once proposed; of the network and of structures at work only."""
    if seat.role != PARTNER:
        return Agreement.objects.none()
    party_to = Party.objects.filter(organisation_id=seat.organisation_id).values("agreement_id")
    at_work = Q(structure=None) | Q(structure__status=StructureStatus.APPROVED)
    return Agreement.objects.filter(at_work, pk__in=party_to, state__in=SHOWN_TO_PARTIES)


def versions_visible_to(viewer: Viewer) -> AgreementQuerySet:
    """Return the signed local agreements of the network; to a party, those under the frameworks it signed, and its own."""
    if isinstance(viewer, Seat):
        own = agreements_of_party(viewer)
        under = Q(framework__in=own.frameworks().signed().values("pk"), structure__status=StructureStatus.APPROVED)
        return Agreement.objects.local().signed().filter(Q(pk__in=own.values("pk")) | under)
    return agreements_visible_to(viewer).local().signed()


def agreement_visible_to(viewer: Viewer, pk: int) -> Agreement:
    """Return one agreement, or 404 whether it does not exist or is not theirs to read."""
    return _one(agreements_visible_to(viewer), pk)


def side_of(viewer: Viewer, agreement: Agreement) -> Side:
    """Return how somebody stands on an agreement they read."""
    if isinstance(viewer, Seat):
        return Side.PARTNER
    if isinstance(viewer, NetworkSeat):
        mine = agreement.is_framework and agreement.network_id == viewer.network_id
    else:
        mine = agreement.structure_id == viewer.structure_id and viewer.role in WRITERS
    return Side.AUTHOR if mine else Side.READER


def acted_on_by(viewer: Viewer, pk: int, *sides: Side) -> Agreement:
    """Return one agreement the person may act on from one of ``sides``, or 404."""
    agreement = agreement_visible_to(viewer, pk)
    if side_of(viewer, agreement) not in sides:
        raise Http404
    return agreement


def frameworks_of(network: int) -> AgreementQuerySet:
    """Return the framework agreements of a network that may let local ones be signed: signed, and not examples."""
    return Agreement.objects.frameworks().signed().filter(network_id=network, is_example=False)


def indicators_of(agreement: Agreement) -> QuerySet[Indicator]:
    """Return the indicators of an agreement that was read through this door."""
    return Indicator.objects.filter(commitment__agreement=agreement)


def readings_of(agreement: Agreement) -> QuerySet[Reading]:
    """Return the readings of an agreement that was read through this door."""
    return Reading.objects.filter(indicator__commitment__agreement=agreement)


def signed_file_readable_by(viewer: Viewer, pk: int) -> StoredFile:
    """Return the signed copy of an agreement, or 404: it bears signatures, and is read by its author's people and its parties."""
    agreement = agreement_visible_to(viewer, pk)
    stored = agreement.signed_file
    if stored is None or stored.state != FileState.AVAILABLE or not reads_signed_file(viewer, agreement):
        raise Http404
    return stored


def reads_signed_file(viewer: Viewer, agreement: Agreement) -> bool:
    """Say whether somebody who reads an agreement may also take its signed copy."""
    if isinstance(viewer, Seat) or side_of(viewer, agreement) is Side.AUTHOR:
        return True
    return isinstance(viewer, Membership) and viewer.structure_id == agreement.structure_id


def is_partner_of(seat: Seat, agreement: Agreement) -> bool:
    """Say whether the seat's organisation is the partner of an agreement, who owes readings and answers."""
    return agreement.parties.filter(organisation_id=seat.organisation_id, side=PartySide.PARTNER).exists()


def naming(seat: Seat) -> QuerySet[ServiceLine]:
    """Return the lines that name the seat's organisation, declared today by structures at work."""
    if seat.role != PARTNER:
        return ServiceLine.objects.none()
    return ServiceLine.objects.filter(
        structure__status=StructureStatus.APPROVED, organisation_id=seat.organisation_id, ended_on=None
    )


def service_lines_visible_to(viewer: Viewer) -> QuerySet[ServiceLine]:
    """Return what the structures at work of the network declare today; to an organisation, in the networks that name it."""
    structures = Structure.objects.approved()
    if isinstance(viewer, Seat):
        structures = structures.filter(network__in=naming(viewer).values("structure__network"))
    else:
        structures = structures.filter(network_id=network_pk(viewer))
    return ServiceLine.objects.filter(structure__in=structures.values("pk"), ended_on=None)


def service_line_editable_by(viewer: Membership, pk: int) -> ServiceLine:
    """Return a line the member's structure declared, or 404."""
    found = ServiceLine.objects.filter(structure_id=viewer.structure_id, ended_on=None, pk=pk).first()
    if found is None or viewer.role not in WRITERS:
        raise Http404
    return found


def _one(found: AgreementQuerySet, pk: int) -> Agreement:
    agreement = found.select_related("structure", "framework", "renews", "network", "signed_file").filter(pk=pk).first()
    if agreement is None:
        raise Http404
    return agreement
