"""What people do to calibrations. Each act: access, rule, write, one journal entry, one transaction."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from dentelle.foundations.invitations.links import send_link
from dentelle.foundations.invitations.models import MagicLink
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.actions import index
from dentelle.thread.clauses.access import (
    calibration_editable_by,
    calibration_visible_to,
    may_write,
    share_editable_by,
    token_hash,
)
from dentelle.thread.clauses.engine import Computed
from dentelle.thread.clauses.models import (
    Calibration,
    CalibrationOverride,
    CalibrationShare,
    CalibrationStatus,
)
from dentelle.thread.clauses.text import searchable

SHARE_DAYS = 90
SHARE_DAYS_CHOICES = (15, 30, 90, 180)


class CalibrationRefused(Exception):
    """A business refusal; the message is French and meant to be shown, ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class EditedMeanwhile(CalibrationRefused):
    """Somebody saved the calibration after this person opened it. ``current`` is what is stored now."""

    def __init__(self, current: Calibration) -> None:
        super().__init__(
            "edited_meanwhile", "Ce calibrage a été enregistré par une autre personne pendant que vous le modifiiez."
        )
        self.current = current


@dataclass(frozen=True, slots=True)
class Content:
    """What a person gives to be kept: words, the form as typed, and the computation (None for a draft)."""

    title: str
    buyer_label: str
    subject: str
    contract_key: str
    method: str
    inputs: dict[str, Any]
    computed: Computed | None


def create_calibration(actor: Membership, content: Content, *, at: datetime) -> Calibration:
    """Keep a new calibration, or a draft when nothing is computed yet."""
    _refuse_readers(actor)
    with transaction.atomic():
        calibration = Calibration(
            structure=actor.structure,
            author=actor.user,
            in_charge=actor.user,
            created_at=at,
            contract_key=content.contract_key,
        )
        _fill(calibration, content, actor, at)
        calibration.save()
        _write_overrides(calibration, content, actor, at)
        act = "calibration.saved" if content.computed else "calibration.drafted"
        record(act, calibration, at=at, actor=actor.user, structure=actor.structure, **_facts(calibration))
        index(calibration)
    return calibration


def update_calibration(
    actor: Membership, pk: int, content: Content, *, expected_revision: int, at: datetime
) -> Calibration:
    """Replace what is kept, unless somebody saved it since ``expected_revision``: then EditedMeanwhile, nothing written."""
    with transaction.atomic():
        calibration = calibration_editable_by(actor, pk)
        before = calibration.hours
        # The comparison and the increment are one statement: two saves can never both win.
        moved = Calibration.objects.filter(pk=calibration.pk, revision=expected_revision).update(
            revision=expected_revision + 1
        )
        if not moved:
            calibration.refresh_from_db()
            raise EditedMeanwhile(calibration)
        if content.computed is None and calibration.status == CalibrationStatus.SAVED:
            raise CalibrationRefused("saved_stays_saved", "Un calibrage enregistré ne redevient pas un brouillon.")
        calibration.revision = expected_revision + 1
        _fill(calibration, content, actor, at)
        calibration.save()
        _write_overrides(calibration, content, actor, at)
        act = "calibration.updated" if content.computed else "calibration.drafted"
        facts = {**_facts(calibration), "hours_before": before}
        record(act, calibration, at=at, actor=actor.user, structure=actor.structure, **facts)
        index(calibration)
    return calibration


def duplicate_calibration(actor: Membership, pk: int, *, at: datetime) -> Calibration:
    """Copy a saved calibration, its parameters included, as the next version of its family. Links are not copied."""
    with transaction.atomic():
        origin = calibration_editable_by(actor, pk)
        first = calibration_visible_to(actor, origin.family_id or origin.pk)
        # two copies at once would take the same number: the family's first row is the queue
        Calibration.objects.select_for_update().get(pk=first.pk)
        last = first.editions.aggregate(last=Max("edition"))["last"] or first.edition
        overrides = list(origin.overrides.all())
        copy = calibration_visible_to(actor, pk)
        copy.pk, copy._state.adding = None, True
        copy.family, copy.edition, copy.revision = first, last + 1, 1
        copy.author = copy.in_charge = copy.updated_by = actor.user
        copy.created_at = copy.updated_at = at
        copy.save()
        for override in overrides:
            override.pk, override._state.adding, override.calibration = None, True, copy
        CalibrationOverride.objects.bulk_create(overrides)
        facts = {**_facts(copy), "from": origin.pk}
        record("calibration.duplicated", copy, at=at, actor=actor.user, structure=actor.structure, **facts)
        index(copy)
    return copy


def share_calibration(
    actor: Membership, pk: int, *, days: int = SHARE_DAYS, at: datetime
) -> tuple[CalibrationShare, str]:
    """Open a read-only link and return it with its token, which is shown once and never stored."""
    with transaction.atomic():
        calibration = calibration_editable_by(actor, pk)
        _check_shareable(calibration, days)
        token = secrets.token_urlsafe(32)
        share = CalibrationShare.objects.create(
            structure=actor.structure,
            calibration=calibration,
            token_hash=token_hash(token),
            created_by=actor.user,
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        facts = {"share": share.pk, "expires_on": timezone.localdate(share.expires_at).isoformat()}
        record("calibration.shared", calibration, at=at, actor=actor.user, structure=actor.structure, **facts)
    return share, token


def send_calibration(
    actor: Membership, pk: int, *, email: str, days: int = SHARE_DAYS, site: str, at: datetime
) -> MagicLink:
    """Send one address a link that opens a saved calibration to it alone. Raises CalibrationRefused, LinkRefused."""
    calibration = calibration_editable_by(actor, pk)
    _check_shareable(calibration, days)
    return send_link(
        "calibration",
        calibration,
        email=email,
        structure=actor.structure,
        actor=actor.user,
        open_until=at + timedelta(days=days),
        site=site,
        at=at,
    )


def _check_shareable(calibration: Calibration, days: int) -> None:
    if calibration.status != CalibrationStatus.SAVED:
        raise CalibrationRefused(
            "draft_not_shared", "Un brouillon ne se partage pas\u00a0: enregistrez d’abord le calibrage."
        )
    if days not in SHARE_DAYS_CHOICES:
        raise CalibrationRefused("share_days_unknown", "Choisissez une durée de partage dans la liste.")


def revoke_share(actor: Membership, calibration_pk: int, pk: int, *, at: datetime) -> CalibrationShare:
    """Close a link at once. Closing it twice changes nothing and is not recorded twice."""
    with transaction.atomic():
        share = share_editable_by(actor, calibration_pk, pk)
        if share.revoked_at is None:
            share.revoked_at = at
            share.save(update_fields=["revoked_at"])
            record(
                "calibration.share_revoked",
                share.calibration,
                at=at,
                actor=actor.user,
                structure=actor.structure,
                share=share.pk,
            )
    return share


def _refuse_readers(actor: Membership) -> None:
    if not may_write(actor):
        raise CalibrationRefused("reader", "Votre rôle permet de lire les calibrages, pas d’en enregistrer.")


def _fill(calibration: Calibration, content: Content, actor: Membership, at: datetime) -> None:
    computed = content.computed
    calibration.title = content.title
    calibration.buyer_label = content.buyer_label
    calibration.subject = content.subject
    calibration.method = content.method
    calibration.inputs = content.inputs
    calibration.search_text = searchable(content.title, content.buyer_label, content.subject)
    calibration.updated_by, calibration.updated_at = actor.user, at
    calibration.status = CalibrationStatus.SAVED if computed else CalibrationStatus.DRAFT
    calibration.hours = computed.hours if computed else None
    calibration.parameters = computed.parameters if computed else []
    calibration.result = computed.result if computed else {}
    calibration.digest = computed.digest if computed else ""
    calibration.computed_on = computed.on if computed else None


def _write_overrides(calibration: Calibration, content: Content, actor: Membership, at: datetime) -> None:
    """Keep the author and date of a reason that has not changed; the rest is this person's, now."""
    known = {(row.path, row.value, row.reason): row for row in calibration.overrides.all()}
    calibration.overrides.all().delete()
    rows = []
    for kept in content.computed.overrides if content.computed else ():
        same = known.get((kept.path, kept.value, kept.reason))
        rows.append(
            CalibrationOverride(
                structure=calibration.structure,
                calibration=calibration,
                path=kept.path,
                value=kept.value,
                replaced_value=kept.replaced_value,
                reason=kept.reason,
                author=same.author if same else actor.user,
                decided_at=same.decided_at if same else at,
            )
        )
    CalibrationOverride.objects.bulk_create(rows)


def _facts(calibration: Calibration) -> dict[str, Any]:
    return {
        "hours": calibration.hours,
        "method": calibration.method,
        "digest": calibration.digest,
        "revision": calibration.revision,
        "edition": calibration.edition,
    }
