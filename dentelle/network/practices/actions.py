"""What people do to sheets. Each act: access, rule, write, one journal entry, one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.accounts.models import User
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, Network, NetworkSeat, Role, Structure
from dentelle.foundations.search.actions import index
from dentelle.network.practices import agreeing
from dentelle.network.practices.access import (
    Viewer,
    bears,
    is_head,
    is_owned_by,
    may_write,
    practice_edited_by,
    practice_visible_to,
    published_to,
    version_in_making,
    version_reviewed_by,
)
from dentelle.network.practices.content import CONTACT, ENDS_BEFORE, NOT_BEGUN, kept
from dentelle.network.practices.facets import sort_as_tried, sort_out
from dentelle.network.practices.models import Origin, Practice, PracticeVersion, Replication, VersionState
from dentelle.network.practices.named import named_in
from dentelle.network.practices.refusals import PracticeRefused, refuse_nir, refuse_too_long
from dentelle.network.practices.vocabulary import OUTCOMES
from dentelle.rules.practices import is_valid_profile, missing_to_publish

REASON_MOST, ARCHIVE_MOST = 1_000, 500
MEANWHILE = "Quelqu’un d’autre vient d’enregistrer cette fiche\u00a0: enregistrez de nouveau, rien n’est perdu."
REFUSED_TO_WRITE = {
    VersionState.SUBMITTED.value: "Cette fiche est à relire\u00a0: reprenez-la avant de la modifier.",
    VersionState.REVIEWED.value: "Cette version est relue\u00a0: elle attend sa publication, ou son renvoi.",
}


@transaction.atomic
def begin(
    viewer: Viewer,
    content: Mapping[str, Any],
    *,
    at: datetime,
    origin: Origin = Origin.WRITTEN,
    origin_key: str = "",
    structure: Structure | None = None,
) -> Practice:
    """Begin a sheet as a draft. The head may begin one for a ``structure`` of its network. Raises PracticeRefused."""
    if not may_write(viewer):
        raise Http404
    if isinstance(viewer, NetworkSeat):
        network, owner = viewer.network, structure
        if owner is not None and owner.network_id != network.pk:
            raise Http404
    else:
        network, owner = viewer.structure.network, viewer.structure
    return write_draft(
        network, owner, content, author=viewer.user, by_head=is_head(viewer), at=at, origin=origin, origin_key=origin_key
    )  # fmt: skip


def write_draft(
    network: Network,
    structure: Structure | None,
    content: Mapping[str, Any],
    *,
    author: User,
    by_head: bool,
    at: datetime,
    origin: Origin,
    origin_key: str = "",
) -> Practice:
    """Write the first version of a sheet, in the caller's transaction. The caller has checked who may."""
    said = _said(content)
    practice = Practice.objects.create(
        network=network,
        structure=structure,
        by_head=by_head,
        origin=origin,
        origin_key=origin_key,
        created_at=at,
    )
    if by_head and agreeing.whose(practice) is not None:
        said.pop("consent", None)  # it is theirs to give
    PracticeVersion.objects.create(
        practice=practice,
        by_head=by_head,
        structure=structure,
        number=1,
        title=said["title"],
        content=said,
        author=author,
        updated_at=at,
    )
    record("practice.begun", practice, at=at, actor=author, structure=structure, origin=str(origin))
    return practice


@transaction.atomic
def write(
    viewer: Viewer, pk: int, content: Mapping[str, Any], *, at: datetime, over: Mapping[str, Any] | None = None
) -> PracticeVersion:
    """Keep what was typed: in the version in the making, else in the next one. Raises PracticeRefused.

    A version others are reviewing is taken back first (``take_back``): nothing leaves their list unsaid. ``over``: the content
    it was brought together with; refused when another is kept by now.
    """
    practice = practice_edited_by(viewer, pk)
    said = _said(content)
    version = practice.versions.exclude(state=VersionState.PUBLISHED).select_for_update().first()
    if version is not None and version.state in REFUSED_TO_WRITE:
        raise PracticeRefused(version.state, REFUSED_TO_WRITE[version.state])
    latest = version or practice.versions.first()
    if over is not None and latest is not None and latest.content != over:
        raise PracticeRefused("meanwhile", MEANWHILE)
    if version is None:
        version = PracticeVersion(
            practice=practice, structure=practice.structure, number=(latest.number if latest else 0) + 1
        )
    if is_head(viewer) and agreeing.whose(practice) is not None:
        said.pop("consent", None)  # it is theirs to give
    version.title, version.content, version.by_head = said["title"], said, is_head(viewer)
    version.author, version.updated_at, version.state = viewer.user, at, VersionState.DRAFT
    version.save()
    agreeing.forget(version, actor=viewer.user, at=at)
    record("practice.written", practice, at=at, actor=viewer.user, structure=practice.structure, version=version.number)
    return version


@transaction.atomic
def take_back(viewer: Viewer, pk: int, *, at: datetime) -> PracticeVersion:
    """Take a version nobody has reviewed yet out of review: a draft again, as it was written. Raises PracticeRefused."""
    practice = practice_edited_by(viewer, pk)
    version = practice.versions.exclude(state=VersionState.PUBLISHED).select_for_update().first()
    if version is None or version.state != VersionState.SUBMITTED:
        raise PracticeRefused("state", "Cette fiche n’est plus à relire.")
    version.state, version.submitted_at = VersionState.DRAFT, None
    version.save(update_fields=["state", "submitted_at"])
    record("practice.taken_back", practice, at=at, actor=viewer.user, structure=practice.structure)
    return version


@transaction.atomic
def submit(viewer: Viewer, pk: int, *, at: datetime, knowing: bool = False) -> PracticeVersion:
    """Give the draft to be reviewed. Raises PracticeRefused when something it must say is missing, and for words that tell
    who somebody is unless they are left ``knowing`` it.

    What the head wrote of somebody else is given to them at the same time, to agree to.
    """
    practice = practice_edited_by(viewer, pk)
    version = version_in_making(viewer, practice)
    if version is None or version.state != VersionState.DRAFT:
        raise PracticeRefused("state", "Il n’y a pas de brouillon à proposer.")
    _refuse_missing(version)
    _refuse_named(version, knowing=knowing)
    version.state, version.submitted_at, version.returned = VersionState.SUBMITTED, at, ""
    version.save()
    record("practice.submitted", practice, at=at, actor=viewer.user, structure=practice.structure)
    agreeing.ask(version, actor=viewer.user, at=at)
    return version


@transaction.atomic
def review(viewer: Viewer, pk: int, profile: Mapping[str, int], note: str, *, at: datetime) -> PracticeVersion:
    """Say that a version of a sheet others told is good to publish, and how it would transfer. Raises PracticeRefused."""
    version = version_reviewed_by(viewer, pk)
    if not is_valid_profile(profile):
        raise PracticeRefused("profile", "Répondez à chaque critère du transfert, de 0 à 3.")
    refuse_nir(note=note)
    refuse_too_long(note, REASON_MOST, "note")
    version.state, version.profile, version.review_note = VersionState.REVIEWED, dict(profile), note.strip()
    version.reviewer, version.reviewed_on = viewer.user, timezone.localdate(at)
    version.reviewed_inside = bears(viewer, version.practice)
    version.save()
    record("practice.reviewed", version.practice, at=at, actor=viewer.user, structure=version.structure)
    return version


@transaction.atomic
def send_back(viewer: Viewer, pk: int, reason: str, *, at: datetime) -> PracticeVersion:
    """Give a version back to who wrote it, with the reason: by a reviewer, or by the head once reviewed."""
    practice = practice_visible_to(viewer, pk)
    version = version_in_making(viewer, practice)
    if version is not None and version.state == VersionState.SUBMITTED:
        version = version_reviewed_by(viewer, pk)
    elif version is None or version.state != VersionState.REVIEWED or not is_head(viewer):
        raise Http404
    if not reason.strip():
        raise PracticeRefused(
            "reason", "Dites ce qui est à reprendre\u00a0: la personne qui a écrit le lira.", "reason"
        )
    refuse_nir(reason=reason)
    refuse_too_long(reason, REASON_MOST, "reason")
    version.state, version.returned = VersionState.DRAFT, reason.strip()
    version.submitted_at = version.reviewed_on = version.reviewer = None
    version.save()
    record("practice.returned", practice, at=at, actor=viewer.user, structure=practice.structure)
    return version


@transaction.atomic
def publish(seat: Viewer, pk: int, *, at: datetime, knowing: bool = False) -> Practice:
    """Open a reviewed version to the network; by its head alone, with the agreement of those whose sheet it is when it wrote it.

    Raises PracticeRefused; for words that tell who somebody is too, unless they are left ``knowing`` it.
    """
    if not is_head(seat):
        raise Http404
    practice = practice_visible_to(seat, pk)
    version = version_in_making(seat, practice)
    if version is None or version.state != VersionState.REVIEWED:
        raise PracticeRefused("state", "Seule une version relue se publie.")
    agreeing.refuse_without_agreement(version)
    _refuse_missing(version)
    _refuse_named(version, knowing=knowing)
    today = timezone.localdate(at)
    version.state, version.published_on = VersionState.PUBLISHED, today
    version.save()
    practice.published, practice.checked_on, practice.archived_on = version, today, None
    sort_out(practice, version)
    practice.save()
    index(practice)
    record("practice.published", practice, at=at, actor=seat.user, structure=practice.structure, version=version.number)
    return practice


@transaction.atomic
def check(viewer: Viewer, pk: int, *, at: datetime) -> Practice:
    """Say that a published sheet still holds as it is."""
    practice = practice_edited_by(viewer, pk)
    if practice.published is None or practice.archived_on is not None:
        raise PracticeRefused("state", "Cette fiche n’est pas publiée.")
    practice.checked_on = timezone.localdate(at)
    practice.save(update_fields=["checked_on"])
    record("practice.checked", practice, at=at, actor=viewer.user, structure=practice.structure)
    return practice


@transaction.atomic
def archive(viewer: Viewer, pk: int, reason: str, *, at: datetime) -> Practice:
    """Take a published sheet out of the search; it stays readable at its address, with the reason."""
    practice = practice_visible_to(viewer, pk)
    if not (is_head(viewer) or (is_owned_by(viewer, practice) and _manages(viewer))):
        raise Http404
    if practice.published is None or practice.archived_on is not None:
        raise PracticeRefused("state", "Cette fiche n’est pas publiée.")
    if not reason.strip():
        raise PracticeRefused("reason", "Dites pourquoi\u00a0: qui suivra un ancien lien le lira.", "reason")
    refuse_nir(reason=reason)
    refuse_too_long(reason, ARCHIVE_MOST, "reason")
    practice.archived_on, practice.archive_reason = timezone.localdate(at), reason.strip()
    practice.save(update_fields=["archived_on", "archive_reason"])
    practice.tags.all().delete()
    index(practice)
    record("practice.archived", practice, at=at, actor=viewer.user, structure=practice.structure)
    return practice


@transaction.atomic
def say_tried(
    member: Membership, pk: int, *, outcome: str, told: str, changed: str = "", started_on: Any = None, at: datetime
) -> Replication:
    """Tell what happened when the member's structure tried a published sheet; told again, the former words are kept under it."""
    practice = published_to(member).select_for_update().filter(pk=pk).first()
    if practice is None or not may_write(member):
        raise Http404
    if practice.structure_id == member.structure_id:
        raise PracticeRefused("own", "C’est votre fiche\u00a0: complétez-la plutôt.")
    if outcome not in OUTCOMES or not told.strip():
        raise PracticeRefused("told", "Dites si cela a marché, et ce qui s’est passé.")
    refuse_nir(told=told, changed=changed)
    refuse_too_long(told, 2_000, "told")
    refuse_too_long(changed, REASON_MOST, "changed")
    if started_on is not None and started_on > timezone.localdate(at):
        raise PracticeRefused("started_on", NOT_BEGUN, "started_on")
    words = {
        "outcome": outcome,
        "told": told.strip(),
        "changed": changed.strip(),
        "started_on": started_on,
    }
    replication = practice.replications.filter(structure=member.structure_id).first()
    created = replication is None
    if replication is None:
        replication = Replication(practice=practice, structure=member.structure, created_at=at)
    elif all(getattr(replication, name) == value for name, value in words.items()):
        return replication
    else:
        replication.former = [_former(replication), *replication.former]
    for name, value in words.items():
        setattr(replication, name, value)
    replication.author, replication.updated_at = member.user, at
    replication.save()
    sort_as_tried(practice)
    record(
        "practice.tried", practice, at=at, actor=member.user, structure=member.structure, outcome=outcome, again=not created
    )  # fmt: skip
    return replication


def _former(replication: Replication) -> dict[str, str]:
    started = replication.started_on
    return {
        "outcome": replication.outcome,
        "told": replication.told,
        "changed": replication.changed,
        "started_on": started.isoformat() if started else "",
        "said_on": timezone.localdate(replication.updated_at).isoformat(),
    }


@transaction.atomic
def forget_contact(viewer: Viewer, pk: int, *, at: datetime) -> Practice:
    """Erase who to contact from every version of a sheet: the person no longer agrees, or has left."""
    practice = practice_edited_by(viewer, pk)
    for version in practice.versions.all():
        version.content = {name: value for name, value in version.content.items() if name not in CONTACT}
        version.save(update_fields=["content"])
    record("practice.contact_forgotten", practice, at=at, actor=viewer.user, structure=practice.structure)
    return practice


def _said(content: Mapping[str, Any]) -> dict[str, Any]:
    said = kept(content)
    if not said.get("title"):
        raise PracticeRefused("title", "Donnez un titre\u00a0: c’est par lui qu’on retrouvera la fiche.")
    if said.get("ended_on") and said.get("started_on", "") > said["ended_on"]:
        raise PracticeRefused("ended_on", ENDS_BEFORE, "ended_on")
    refuse_nir(**said)
    return said


def missing_of(version: PracticeVersion) -> tuple[str, ...]:
    """Return what a version still has to say; the agreement of others is asked for apart."""
    asked = agreeing.is_asked_for(version)
    return missing_to_publish({**version.content, "consent": True} if asked else version.content)


def _refuse_missing(version: PracticeVersion) -> None:
    refuse_nir(**version.content)
    missing = missing_of(version)
    if missing:
        raise PracticeRefused("missing", f"Il manque\u00a0: {', '.join(missing)}.")


def _refuse_named(version: PracticeVersion, *, knowing: bool) -> None:
    found = () if knowing else named_in(version.content)
    if found:
        where = "\u00a0; ".join(str(each) for each in found)
        raise PracticeRefused(
            "named",
            f"Des mots désignent quelqu’un\u00a0: {where}. Corrigez-les, ou laissez-les en le sachant\u00a0: hors du réseau, "
            "ils seront masqués.",
        )


def _manages(viewer: Viewer) -> bool:
    return isinstance(viewer, Membership) and viewer.role == Role.MANAGER
