"""The only way to calibrations: what a member sees is their structure's, what they may change depends on their role."""

import hashlib
from datetime import datetime

from django.http import Http404

from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.organisations.models import Membership, Role, StructureStatus
from dentelle.thread.clauses.models import Calibration, CalibrationQuerySet, CalibrationShare, CalibrationStatus

WRITERS = (Role.FACILITATOR.value, Role.MANAGER.value)
# Trying a calculation keeps nothing; reading says what a buyer prepares, which elected officials judge later, as a whole.
CALCULATORS = (*WRITERS, Role.READER.value)
READERS = (*CALCULATORS, Role.PATHWAY_ADVISOR.value, Role.AUDITOR.value)


def may_write(membership: Membership) -> bool:
    """Say whether the member's role allows saving, sharing and duplicating."""
    return membership.role in WRITERS


def calibrations_visible_to(membership: Membership) -> CalibrationQuerySet:
    """Return the calibrations of the member's structure."""
    return Calibration.objects.filter(structure_id=membership.structure_id)


def calibration_visible_to(membership: Membership, pk: int) -> Calibration:
    """Return one calibration, or 404 whether it does not exist or belongs to others."""
    found = (
        calibrations_visible_to(membership)
        .select_related("author", "in_charge", "updated_by", "structure")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def saved_calibration_visible_to(membership: Membership, pk: int) -> Calibration:
    """Return one saved calibration; a draft has no result to read and is 404."""
    calibration = calibration_visible_to(membership, pk)
    if calibration.status != CalibrationStatus.SAVED:
        raise Http404
    return calibration


def calibration_editable_by(membership: Membership, pk: int) -> Calibration:
    """Return one calibration the member may change, or 404."""
    if not may_write(membership):
        raise Http404
    return calibration_visible_to(membership, pk)


def share_editable_by(membership: Membership, calibration_pk: int, pk: int) -> CalibrationShare:
    """Return a link the member may revoke, or 404."""
    calibration = calibration_editable_by(membership, calibration_pk)
    found = calibration.shares.select_related("calibration").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def token_hash(token: str) -> str:
    """Return what is stored of a link's token. The token has 256 random bits, so one pass of sha256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def share_opened_by(token: str, *, at: datetime) -> CalibrationShare:
    """Return the link a token opens, or 404: unknown, expired, revoked, drafts and closed structures answer alike."""
    found = (
        CalibrationShare.objects.select_related("calibration__structure", "calibration__author")
        .filter(
            token_hash=token_hash(token),
            revoked_at=None,
            expires_at__gt=at,
            calibration__status=CalibrationStatus.SAVED,
            structure__status=StructureStatus.APPROVED,
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def _behind(link: MagicLink) -> CalibrationQuerySet:
    return Calibration.objects.filter(pk=link.subject_id, structure=link.structure, status=CalibrationStatus.SAVED)


def calibration_behind(link: MagicLink) -> Calibration:
    """Return the calibration a magic link opens, or 404 when it has become a draft or has gone."""
    found = _behind(link).select_related("author", "structure").first()
    if found is None:
        raise Http404
    return found


def title_behind(link: MagicLink) -> str | None:
    """Return what the link opens, in words for an e-mail; None when it opens nothing any more."""
    title = _behind(link).values_list("title", flat=True).first()
    return None if title is None else f"la note de calibrage « {title} »"
