"""What an agreement promises and how it goes: commitments, actions, indicators, meetings, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import Http404

from dentelle.foundations.directory.models import Seat
from dentelle.network.agreements.access import Author, Viewer
from dentelle.network.agreements.actions.changing import Change, changing
from dentelle.network.agreements.known import KNOWN
from dentelle.network.agreements.models import (
    ActionSide,
    AgreementTheme,
    Commitment,
    CommitmentAction,
    CommitteeMeeting,
    Indicator,
    Outcome,
)
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import AgreementState, Side

WRITTEN = (AgreementState.DRAFT,)
# how a promise is kept and measured is settled as people go
FOLLOWED = (AgreementState.DRAFT, AgreementState.PROPOSED, AgreementState.SIGNED)
REVIEWED = (AgreementState.SIGNED, AgreementState.ENDED, AgreementState.TERMINATED)


def add_commitment(
    actor: Author,
    pk: int,
    article_pk: int,
    *,
    text: str,
    own_lead: str,
    partner_lead: str,
    theme: str,
    due_on: date | None,
    expected_revision: int,
    at: datetime,
) -> Commitment:
    """Write a commitment under an article of a draft, with its owner on each side. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        article = change.agreement.articles.filter(pk=article_pk).first()
        if article is None:
            raise Http404
        given = {"text": text.strip(), "own_lead": own_lead.strip(), "partner_lead": partner_lead.strip()}
        for name, value in given.items():
            if not value:
                raise AgreementRefused(name, "Un engagement dit ce qu’il promet et qui le porte de chaque côté.", name)
        if theme and theme not in AgreementTheme.values:
            raise AgreementRefused("theme", "Choisissez le thème dans la liste.", "theme")
        commitment = Commitment.objects.create(
            structure=change.agreement.structure,
            agreement=change.agreement,
            article=article,
            theme=theme,
            due_on=due_on,
            **given,
        )
        change.record("agreement.commitment_added", commitment, article=article.pk)
    return commitment


def remove_commitment(actor: Author, pk: int, commitment_pk: int, *, expected_revision: int, at: datetime) -> None:
    """Take a commitment out of a draft, with its actions and indicators. Raises EditedMeanwhile, AgreementRefused."""
    with changing(actor, pk, expected_revision=expected_revision, at=at) as change:
        commitment = _commitment(change, commitment_pk)
        change.record("agreement.commitment_removed", commitment)
        commitment.delete()


def add_action(
    actor: Author,
    pk: int,
    commitment_pk: int,
    *,
    side: str,
    what: str,
    due_on: date | None,
    expected_revision: int,
    at: datetime,
) -> CommitmentAction:
    """Add a thing to do for a commitment. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=FOLLOWED) as change:
        commitment = _commitment(change, commitment_pk)
        if side not in ActionSide.values or not what.strip():
            raise AgreementRefused("action", "Dites ce qu’il y a à faire, et de quel côté.", "what")
        action = CommitmentAction.objects.create(
            structure=commitment.structure, commitment=commitment, side=side, what=what.strip(), due_on=due_on
        )
        change.record("agreement.action_added", action, commitment=commitment.pk)
    return action


def finish_action(
    actor: Viewer, pk: int, action_pk: int, *, on: date, expected_revision: int, at: datetime
) -> CommitmentAction:
    """Note that an action is done; the partner notes its own and those done together. Raises AgreementRefused, EditedMeanwhile."""
    sides = (Side.AUTHOR, Side.PARTNER)
    with changing(actor, pk, expected_revision=expected_revision, at=at, sides=sides, states=REVIEWED) as change:
        found = CommitmentAction.objects.filter(commitment__agreement=change.agreement, pk=action_pk)
        if isinstance(actor, Seat):
            found = found.filter(side__in=(ActionSide.PARTNER, ActionSide.BOTH))
        action = found.first()
        if action is None:
            raise Http404
        if action.done_on is not None:
            raise AgreementRefused("done", "Cette action est déjà notée comme faite.")
        if on > at.date():
            raise AgreementRefused("future", "Une action se note une fois faite\u00a0: cette date est à venir.", "on")
        action.done_on = on
        action.save(update_fields=["done_on"])
        change.record("agreement.action_done", action, on=on.isoformat())
    return action


@dataclass(frozen=True, slots=True)
class IndicatorContent:
    """An indicator as typed; ``known`` is the code of what Dentelle counts, empty when readings are typed."""

    name: str
    definition: str
    source: str
    unit: str
    frequency: str
    owed_by: str
    known: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None


def add_indicator(
    actor: Author,
    pk: int,
    commitment_pk: int,
    content: IndicatorContent,
    *,
    expected_revision: int,
    at: datetime,
) -> Indicator:
    """Say how a commitment is measured; what Dentelle counts brings its own definition. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=FOLLOWED) as change:
        commitment = _commitment(change, commitment_pk)
        made = Indicator(
            structure=commitment.structure,
            commitment=commitment,
            baseline=content.baseline,
            target=content.target,
            frequency=content.frequency,
        )
        if content.known:
            counted = KNOWN.get(content.known)
            if counted is None or change.agreement.is_framework:
                raise AgreementRefused(
                    "known", "Dentelle compte ceci pour une structure\u00a0: choisissez dans la liste.", "known"
                )
            made.known, made.unit, made.owed_by = counted.code, counted.unit, "own"
            made.name = content.name.strip() or counted.label
            made.definition, made.source = counted.definition, counted.source
        else:
            made.name, made.definition = content.name.strip(), content.definition.strip()
            made.source, made.unit, made.owed_by = content.source.strip(), content.unit, content.owed_by
        for name in ("name", "definition", "source", "unit"):
            if not getattr(made, name):
                raise AgreementRefused(name, "Un indicateur a un nom, une définition, une source et une unité.", name)
        made.save(force_insert=True)
        change.record("agreement.indicator_added", made, commitment=commitment.pk, known=made.known)
    return made


def state_outcome(
    actor: Author, pk: int, commitment_pk: int, *, outcome: str, lesson: str, expected_revision: int, at: datetime
) -> Commitment:
    """Say what became of a commitment and what was learnt. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=REVIEWED) as change:
        commitment = _commitment(change, commitment_pk)
        if outcome not in Outcome.values:
            raise AgreementRefused("outcome", "Choisissez le résultat dans la liste.", "outcome")
        commitment.outcome, commitment.lesson = outcome, lesson.strip()
        commitment.save(update_fields=["outcome", "lesson"])
        change.record("agreement.outcome_stated", commitment, outcome=outcome)
    return commitment


def hold_meeting(
    actor: Author,
    pk: int,
    *,
    kind: str,
    held_on: date,
    agenda: str,
    attendance: str,
    decisions: str,
    next_on: date | None,
    expected_revision: int,
    at: datetime,
) -> CommitteeMeeting:
    """Write down a committee meeting. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=REVIEWED) as change:
        if next_on is not None and next_on <= held_on:
            raise AgreementRefused("next_on", "La prochaine réunion suit celle-ci.", "next_on")
        meeting = CommitteeMeeting.objects.create(
            structure=change.agreement.structure,
            agreement=change.agreement,
            kind=kind,
            held_on=held_on,
            agenda=agenda.strip(),
            attendance=attendance.strip(),
            decisions=decisions.strip(),
            next_on=next_on,
        )
        change.record("agreement.meeting_held", meeting, held_on=held_on.isoformat())
    return meeting


def _commitment(change: Change, pk: int) -> Commitment:
    found = change.agreement.commitments.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
