"""Axes: proposed from themes by the head of the network, decided by a body, versioned within their mandate."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.foundations.search.actions import index
from dentelle.network.governance import access
from dentelle.network.governance.actions.concerns import SETTLED, open_theme, tell
from dentelle.network.governance.actions.offices import keep_what_was, running_mandate
from dentelle.network.governance.models import (
    DECISIONS,
    VALIDATING,
    Axis,
    AxisVersion,
    Body,
    Concern,
    ConcernState,
    Corrected,
    Mandate,
    NewsKind,
    Session,
    Theme,
)
from dentelle.network.governance.refusals import GovernanceRefused
from dentelle.opendata.text import fold

NOON = time(12)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an axis would say. ``source``: where its words come from, when they are not the network's own.

    ``proposed_on``: the day the network proposed it, when it was before it is written here.
    """

    name: str
    statement: str
    themes: Sequence[Theme]
    reason: str = ""
    source: str = ""
    proposed_on: date | None = None


@transaction.atomic
def propose_axis(seat: NetworkSeat, draft: Draft, *, at: datetime) -> Axis:
    """Propose a new axis for the mandate under way; it binds nobody before a body has validated it."""
    mandate = running_mandate(seat, at=at)
    _refuse_twin(mandate, draft.name)
    last = mandate.axes.aggregate(last=Max("rank"))["last"] or 0
    axis = Axis.objects.create(
        network_id=seat.network_id, mandate=mandate, rank=last + 1, name=" ".join(draft.name.split())[:160]
    )
    _propose(seat, axis, draft, at=at)
    return axis


@transaction.atomic
def renew_axes(seat: NetworkSeat, keys: Sequence[int], *, at: datetime) -> list[Axis]:
    """Propose again, in the mandate under way, axes in force at the end of the former one: a body has still to validate them.

    Each keeps the words in force, its working groups and its themes, named again in this mandate: concerns stay with theirs, and
    are followed through them.
    """
    mandate = running_mandate(seat, at=at)
    chosen = [
        axis for axis in renewable(mandate).select_for_update(of=("self",)).order_by("rank") if axis.pk in set(keys)
    ]
    if not chosen:
        raise GovernanceRefused("nothing", "Cochez au moins un axe à reconduire.", "axes")
    rank = mandate.axes.aggregate(last=Max("rank"))["last"] or 0
    made = []
    for number, former in enumerate(chosen, start=1):
        _refuse_twin(mandate, former.name, field="axes")
        held = former.versions.get(number=former.version)
        again = Axis.objects.create(
            network_id=seat.network_id, mandate=mandate, rank=rank + number, name=former.name, former=former
        )
        themes = [_theme_again(seat, mandate, theme, at=at) for theme in held.themes.all()]
        _propose(seat, again, Draft(held.name, held.statement, themes, source=held.source), at=at)
        Body.objects.filter(axis=former, closed_on=None).update(axis=again)
        made.append(again)
    record("axis.renewed", mandate, at=at, actor=seat.user, structure=None, axes=len(made))
    return made


def renewable(mandate: Mandate) -> QuerySet[Axis]:
    """Return the axes in force at the end of the mandate before this one, that were not proposed again in it."""
    former = (
        Mandate.objects.filter(network=mandate.network_id, starts_on__lt=mandate.starts_on)
        .order_by("-starts_on")
        .first()
    )
    found = Axis.objects.filter(mandate=former, closed_on=None, version__gt=0)
    return found.exclude(renewals__mandate=mandate).select_related("mandate").order_by("rank")


def _theme_again(seat: NetworkSeat, mandate: Mandate, theme: Theme, *, at: datetime) -> Theme:
    taken_up = mandate.themes.filter(former=theme).first()
    if taken_up is not None:
        return taken_up
    known = next((each for each in mandate.themes.all() if fold(each.name) == fold(theme.name)), None)
    again = known or open_theme(seat, name=theme.name, summary=theme.summary, at=at, mandate=mandate)
    if again.former_id is None:
        again.former = theme
        again.save(update_fields=["former"])
    return again


@transaction.atomic
def propose_version(seat: NetworkSeat, pk: int, draft: Draft, *, at: datetime) -> AxisVersion:
    """Propose what an axis would say next; the version in force holds until it is decided."""
    axis = access.one(access.axes_visible_to(seat).select_for_update().select_related(None), pk)
    if axis.closed_on or not axis.mandate.holds(timezone.localdate(at)):
        raise GovernanceRefused(
            "axis_closed", "Cet axe est clos\u00a0: proposez-en un dans le mandat en cours.", "name"
        )
    if axis.versions.filter(decided_on=None).exists():
        raise GovernanceRefused(
            "awaiting", "Une version de cet axe attend déjà une décision\u00a0: enregistrez-la d’abord.", "name"
        )
    if not draft.reason.strip():
        raise GovernanceRefused(
            "reason", "Dites pourquoi l’axe change\u00a0: ce motif restera dans l’historique.", "reason"
        )
    _refuse_twin(axis.mandate, draft.name, own=axis)
    return _propose(seat, axis, draft, at=at)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a body decided of an axis. ``session``: where, when it is kept here."""

    validated: bool
    body: Body
    decided_on: date
    decision: str
    session: Session | None = None


@transaction.atomic
def decide(
    seat: NetworkSeat,
    pk: int,
    *,
    validated: bool,
    body: Body,
    decided_on: date,
    decision: str,
    session: Session | None,
    at: datetime,
) -> Axis:
    """Record what a body decided of the version that awaits: its date and its words. Authors behind it are told."""
    axis = access.one(access.axes_visible_to(seat).select_for_update().select_related(None), pk)
    version = axis.versions.filter(decided_on=None).first()
    if version is None or axis.closed_on:
        raise GovernanceRefused("nothing_awaits", "Aucune version de cet axe n’attend de décision.")
    ruling = Ruling(validated, body, decided_on, decision.strip(), session)
    _check_ruling(seat, axis, version, ruling, at=at)
    _rule(version, ruling)
    if validated:
        _put_in_force(axis, version)
    index(axis)
    for concern in _behind(version):
        if validated:
            _carry(concern)
        kind = NewsKind.AXIS_VALIDATED if validated else NewsKind.AXIS_REFUSED
        tell(concern, kind, at=at, words=version.decision, axis=axis, session=session, version=version)
    record(
        "axis.validated" if validated else "axis.refused",
        axis,
        at=at,
        actor=seat.user,
        structure=None,
        version=version.number,
        decided_on=decided_on.isoformat(),
        body=body.pk,
    )
    return axis


@transaction.atomic
def correct_decision(
    seat: NetworkSeat, pk: int, number: int, ruling: Ruling, *, reason: str, at: datetime
) -> AxisVersion:
    """Mend what was written wrong of a decision on an axis; what was written is kept with its reason, authors told of it read the new one.

    Its outcome changes only while nothing followed it: no later version, and the axis not closed.
    """
    axis = access.one(access.axes_visible_to(seat).select_for_update().select_related(None), pk)
    version = _decided(axis, number)
    if not reason.strip():
        raise GovernanceRefused("reason", "Dites pourquoi\u00a0: ces mots restent à côté de la décision.", "reason")
    _check_ruling(seat, axis, version, ruling, at=at)
    before, was_validated, where = said(version), version.validated, version.session
    if ruling.validated != was_validated:
        _refuse_another_outcome(axis, version, ruling)
    _rule(version, replace(ruling, decision=ruling.decision.strip()))
    if said(version) == before and version.session == where:
        raise GovernanceRefused("same", "Rien ne change\u00a0: corrigez la date, l’instance, les mots ou l’issue.")
    told = [
        news.concern
        for news in version.news.filter(kind__in=DECISIONS)
        .exclude(concern__state=ConcernState.WITHDRAWN)
        .select_related("concern__author", "concern__structure")
        .order_by("concern")
    ]
    if ruling.validated and not was_validated:
        for concern in told:
            _carry(concern)
    elif was_validated and not ruling.validated:
        _carry_no_longer(version, told)
    if ruling.validated:
        if version.number >= axis.version:
            _put_in_force(axis, version)
    elif was_validated:
        _put_back(axis, version)
    index(axis)
    kind = NewsKind.AXIS_VALIDATED if ruling.validated else NewsKind.AXIS_REFUSED
    version.news.filter(kind__in=DECISIONS).update(kind=kind, words=version.decision, session=version.session)
    keep_what_was(
        seat,
        axis.mandate,
        Corrected.AXIS,
        before,
        said(version),
        at=at,
        session=where,
        version=version,
        reason=reason,
    )
    for concern in told:
        tell(
            concern,
            NewsKind.AXIS_CORRECTED,
            at=at,
            words=version.decision,
            axis=axis,
            session=version.session,
            version=version,
        )
    record(
        "axis.decision_corrected",
        axis,
        at=at,
        actor=seat.user,
        structure=None,
        version=version.number,
        decided_on=ruling.decided_on.isoformat(),
    )
    return version


def _decided(axis: Axis, number: int) -> AxisVersion:
    """Return a version of an axis a body decided on, or 404."""
    version = axis.versions.exclude(decided_on=None).select_related("body", "session").filter(number=number).first()
    if version is None:
        raise Http404
    return version


def said(version: AxisVersion) -> str:
    """Return the decision on a version in one line, as it is kept when somebody corrects it."""
    outcome = "validé" if version.validated else "non validé"
    return f"{outcome}, {version.body}, {version.decided_on:%d/%m/%Y}\u00a0: {version.decision}"


def may_change_outcome(axis: Axis, version: AxisVersion) -> bool:
    """Say whether nothing followed a decision yet, so that its outcome may still be corrected."""
    return axis.closed_on is None and not axis.versions.filter(number__gt=version.number).exists()


def _check_ruling(seat: NetworkSeat, axis: Axis, version: AxisVersion, ruling: Ruling, *, at: datetime) -> None:
    """Refuse a body that does not decide of axes, a session or a day the decision cannot be of, or no words."""
    body, session, decided_on = ruling.body, ruling.session, ruling.decided_on
    if body.network_id != seat.network_id or body.kind not in VALIDATING:
        raise GovernanceRefused(
            "body", "Un axe se décide en conseil d’administration ou en assemblée générale.", "body"
        )
    if session is not None and session.body_id != body.pk:
        raise GovernanceRefused("session", "Cette séance est d’une autre instance.", "session")
    if session is not None and (session.cancelled_at or session.starts_at > at):
        raise GovernanceRefused(
            "session", "Cette séance n’a pas eu lieu\u00a0: une décision se prend dans une séance tenue.", "session"
        )
    if not axis.mandate.holds(decided_on) or decided_on > timezone.localdate(at):
        raise GovernanceRefused(
            "decided_on",
            f"La décision se date d’un jour de « {axis.mandate} », aujourd’hui au plus tard.",
            "decided_on",
        )
    if session is not None and decided_on != timezone.localdate(session.starts_at):
        raise GovernanceRefused(
            "decided_on",
            f"Cette séance est du {timezone.localdate(session.starts_at):%d/%m/%Y}\u00a0: la décision porte sa date.",
            "decided_on",
        )
    proposed_on = timezone.localdate(version.proposed_at)
    if decided_on < proposed_on:
        raise GovernanceRefused(
            "decided_on",
            f"La version {version.number} de l’axe a été proposée le {proposed_on:%d/%m/%Y}\u00a0: la décision ne peut pas la précéder.",
            "decided_on",
        )
    following = axis.versions.filter(number=version.number + 1).first()
    if following is not None and decided_on > timezone.localdate(following.proposed_at):
        raise GovernanceRefused(
            "decided_on",
            f"La version suivante a été proposée le {timezone.localdate(following.proposed_at):%d/%m/%Y}\u00a0: cette décision la précède.",
            "decided_on",
        )
    if not ruling.decision.strip():
        raise GovernanceRefused("decision", "Donnez les mots de la décision, ou sa référence.", "decision")


def _rule(version: AxisVersion, ruling: Ruling) -> None:
    version.validated, version.body, version.session = ruling.validated, ruling.body, ruling.session
    version.decided_on, version.decision = ruling.decided_on, ruling.decision
    version.save(update_fields=["validated", "body", "session", "decided_on", "decision"])


def _put_in_force(axis: Axis, version: AxisVersion) -> None:
    axis.name, axis.version, axis.validated_on = version.name, version.number, version.decided_on
    axis.save(update_fields=["name", "version", "validated_on"])


def _put_back(axis: Axis, version: AxisVersion) -> None:
    """Put in force again the version validated before this one; none when it was the first."""
    former = axis.versions.filter(validated=True, number__lt=version.number).order_by("-number").first()
    if former is not None:
        _put_in_force(axis, former)
        return
    axis.version, axis.validated_on = 0, None
    axis.save(update_fields=["version", "validated_on"])


def _refuse_another_outcome(axis: Axis, version: AxisVersion, ruling: Ruling) -> None:
    if not may_change_outcome(axis, version):
        raise GovernanceRefused(
            "followed",
            "Une autre version a suivi, ou l’axe est clos\u00a0: l’issue de cette décision ne change plus, sa date et ses mots si.",
            "validated",
        )
    if ruling.validated:
        _refuse_twin(axis.mandate, version.name, own=axis, field="validated")


def _carry(concern: Concern) -> None:
    if concern.state not in SETTLED:
        concern.state = ConcernState.CARRIED
        concern.save(update_fields=["state"])


def _carry_no_longer(version: AxisVersion, told: Sequence[Concern]) -> None:
    """Leave in their theme the concerns that no other validated version stands on."""
    others = AxisVersion.objects.filter(network=version.network_id, validated=True).exclude(pk=version.pk)
    themes = Theme.objects.filter(versions__in=others)
    kept = {*themes.values_list("pk", flat=True), *themes.renewed()}
    for concern in told:
        if concern.state == ConcernState.CARRIED and concern.theme_id not in kept:
            concern.state = ConcernState.GATHERED
            concern.save(update_fields=["state"])


@transaction.atomic
def close_axis(seat: NetworkSeat, pk: int, *, closed_on: date, at: datetime) -> Axis:
    """End an axis; what was said of it stays."""
    axis = access.one(access.axes_visible_to(seat).select_for_update().select_related(None), pk)
    if axis.closed_on:
        raise GovernanceRefused("axis_closed", f"Cet axe est clos depuis le {axis.closed_on:%d/%m/%Y}.", "closed_on")
    axis.closed_on = closed_on
    axis.save(update_fields=["closed_on"])
    index(axis)
    record("axis.closed", axis, at=at, actor=seat.user, structure=None, closed_on=closed_on.isoformat())
    return axis


def _refuse_twin(mandate: Mandate, name: str, own: Axis | None = None, field: str = "name") -> None:
    """Refuse a name another open axis of the mandate has, or is proposed to have, accents and case aside."""
    others = Axis.objects.filter(mandate=mandate, closed_on=None)
    if own is not None:
        others = others.exclude(pk=own.pk)
    awaiting = AxisVersion.objects.filter(axis__in=others, decided_on=None).values_list("name", flat=True)
    twin = next(
        (each for each in [*others.values_list("name", flat=True), *awaiting] if fold(each) == fold(name)), None
    )
    if twin is not None:
        raise GovernanceRefused(
            "axis_taken",
            f"« {mandate} » a déjà un axe « {twin} »\u00a0: faites-le évoluer, ou nommez celui-ci autrement.",
            field,
        )


def _propose(seat: NetworkSeat, axis: Axis, draft: Draft, *, at: datetime) -> AxisVersion:
    name = " ".join(draft.name.split())
    if not name or not draft.statement.strip():
        raise GovernanceRefused("axis", "Donnez le nom de l’axe et ce que le réseau veut.", "name")
    if any(theme.mandate_id != axis.mandate_id for theme in draft.themes):
        raise GovernanceRefused("theme", "Un axe s’appuie sur les thèmes de son mandat.", "themes")
    proposed_at = _proposed_at(axis, draft.proposed_on, at=at)
    number = (axis.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = AxisVersion.objects.create(
        network_id=seat.network_id,
        axis=axis,
        number=number,
        name=name,
        statement=draft.statement.strip(),
        reason=draft.reason.strip(),
        source=draft.source.strip(),
        proposed_at=proposed_at,
        proposed_by=seat.user,
    )
    version.themes.set(draft.themes)
    if not axis.version:
        axis.name = name
        axis.save(update_fields=["name"])
    index(axis)
    for concern in _behind(version):
        tell(concern, NewsKind.AXIS_PROPOSED, at=at, axis=axis, version=version)
    record("axis.proposed", axis, at=at, actor=seat.user, structure=None, version=number, themes=len(draft.themes))
    return version


def _proposed_at(axis: Axis, day: date | None, *, at: datetime) -> datetime:
    """Return when a version was proposed: now, or noon of the day it was, in its mandate and after the last decision."""
    today = timezone.localdate(at)
    if day is None or day == today:
        return at
    decided_on = axis.versions.aggregate(last=Max("decided_on"))["last"]
    if day > today or not axis.mandate.holds(day) or (decided_on and day < decided_on):
        raise GovernanceRefused(
            "proposed_on",
            f"Un axe se propose un jour de « {axis.mandate} », aujourd’hui au plus tard, et après la dernière décision prise sur lui.",
            "proposed_on",
        )
    return timezone.make_aware(datetime.combine(day, NOON))


def _behind(version: AxisVersion) -> list[Concern]:
    """Return the concerns an axis stands on, but those withdrawn or set aside: gathered under its themes, or those they renew."""
    themes = Theme.objects.filter(versions=version)
    return list(
        Concern.objects.filter(theme__in=[*themes.values_list("pk", flat=True), *themes.renewed()])
        .exclude(state__in=[ConcernState.WITHDRAWN, ConcernState.SET_ASIDE])
        .select_related("author", "structure")
        .order_by("pk")
    )
