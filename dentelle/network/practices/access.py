"""The only way to sheets: published ones to the whole network, those in the making to who works on them."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from dentelle.foundations.organisations.models import Membership, NetworkSeat, Role
from dentelle.network.practices.models import AgreementState, Practice, PracticeVersion, SheetAgreement, VersionState
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.network.practices.telling import told_by, why_not_review
from dentelle.network.practices.vocabulary import OPEN_LICENCES

Viewer = Membership | NetworkSeat
WRITERS = (Role.FACILITATOR.value, Role.PATHWAY_ADVISOR.value, Role.MANAGER.value)
# Sheets kept in a spreadsheet enter by the doors of drops, which pathway advisors do not have.
TAKERS = (Role.FACILITATOR.value, Role.MANAGER.value)
IN_REVIEW = (VersionState.SUBMITTED.value, VersionState.REVIEWED.value)


def is_head(viewer: Viewer) -> bool:
    """Say whether the person acts for the head of the network."""
    return isinstance(viewer, NetworkSeat)


def network_id_of(viewer: Viewer) -> int:
    """Return the network whose sheets the person reads."""
    return viewer.network_id if isinstance(viewer, NetworkSeat) else viewer.structure.network_id


def may_write(viewer: Viewer) -> bool:
    """Say whether the person writes sheets: those who work in a member, and the head."""
    return isinstance(viewer, NetworkSeat) or viewer.role in WRITERS


def may_take(viewer: Viewer) -> bool:
    """Say whether the person takes in sheets kept in a spreadsheet, for their structure."""
    return isinstance(viewer, Membership) and viewer.role in TAKERS


def in_making() -> QuerySet[PracticeVersion]:
    """Return the version in the making of the practice of an outer query."""
    return PracticeVersion.objects.filter(practice=OuterRef("pk")).exclude(state=VersionState.PUBLISHED)


def published_to(viewer: Viewer) -> QuerySet[Practice]:
    """Return the sheets everybody in the network reads, archived ones left out."""
    return Practice.objects.filter(network=network_id_of(viewer), published__isnull=False, archived_on=None)


def open_versions() -> QuerySet[PracticeVersion]:
    """Return the versions anybody may read: under an open licence, agreed to as such, of a sheet whose latest one is so too."""
    live = PracticeVersion.objects.filter(state=VersionState.PUBLISHED, practice__archived_on=None)
    return live.filter(_is_open(), _is_open("practice__published__"))


def _is_open(version: str = "") -> Q:
    agreed = SheetAgreement.objects.filter(version=OuterRef(f"{version}pk"), state=AgreementState.GIVEN)
    return Q(**{f"{version}content__licence__in": OPEN_LICENCES}) & (
        Q(Exists(agreed.filter(licence__in=OPEN_LICENCES)))
        | Q(**{f"{version}content__consent": True}) & ~Q(Exists(agreed))
    )


def is_owned_by(viewer: Viewer, practice: Practice) -> bool:
    """Say whether the sheet is the person's structure's; the network's own and what its head began, for the head."""
    if isinstance(viewer, NetworkSeat):
        return practice.structure_id is None or practice.by_head
    return practice.structure_id == viewer.structure_id


def practices_visible_to(viewer: Viewer) -> QuerySet[Practice]:
    """Return every sheet the person may open: published ones, archived ones too; their own; those to be reviewed."""
    every = Practice.objects.filter(network=network_id_of(viewer))
    shown = Q(published__isnull=False)
    if may_write(viewer):
        own = Q(structure=None) | Q(by_head=True) if is_head(viewer) else Q(structure=viewer.structure_id)  # type: ignore[union-attr]
        shown |= own | Q(Exists(in_making().filter(state__in=IN_REVIEW)))
    return every.filter(shown)


def practice_visible_to(viewer: Viewer, pk: int) -> Practice:
    """Return one sheet, or 404 whether it does not exist or is not for this person."""
    found = practices_visible_to(viewer).select_related("published__reviewer", "structure").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def practice_edited_by(viewer: Viewer, pk: int) -> Practice:
    """Return one sheet of the person's own that they may write, or 404."""
    practice = practice_visible_to(viewer, pk) if may_write(viewer) else None
    if practice is None or not is_owned_by(viewer, practice):
        raise Http404
    return practice


def version_in_making(viewer: Viewer, practice: Practice) -> PracticeVersion | None:
    """Return what is being prepared of a sheet as the person may read it: its owners all of it, others what is submitted."""
    if not may_write(viewer):
        return None
    found = practice.versions.exclude(state=VersionState.PUBLISHED).select_related("author", "reviewer").first()
    if found is None or is_owned_by(viewer, practice) or found.state in IN_REVIEW:
        return found
    return None


def version_reviewed_by(viewer: Viewer, pk: int) -> PracticeVersion:
    """Return the submitted version of a sheet, or 404. Raises PracticeRefused for who told it, wrote it or agreed to it."""
    practice = practice_visible_to(viewer, pk)
    version = version_in_making(viewer, practice)
    if version is None or version.state != VersionState.SUBMITTED:
        raise Http404
    why = why_not_review(viewer.user, practice)
    if why:
        raise PracticeRefused("told", why)
    return version


def bears(viewer: Viewer, practice: Practice) -> bool:
    """Say whether the person is of what bears the sheet, whatever door they came through: its structure, else the head."""
    if practice.structure_id is None:
        return NetworkSeat.objects.filter(user=viewer.user_id, network=practice.network_id).exists()
    return Membership.objects.filter(user=viewer.user_id, structure=practice.structure_id).exists()


def versions_to_review(viewer: Viewer) -> QuerySet[PracticeVersion]:
    """Return the submitted versions of the sheets others told, oldest first; none to who may only read."""
    if not may_write(viewer):
        return PracticeVersion.objects.none()
    waiting = PracticeVersion.objects.filter(
        practice__network=network_id_of(viewer), practice__archived_on=None, state=VersionState.SUBMITTED
    )
    return waiting.exclude(told_by(viewer.user)).order_by(F("submitted_at").asc(), "pk")
