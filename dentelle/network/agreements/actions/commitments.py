"""What an agreement promises and how it goes: commitments, actions, indicators, meetings, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import Http404
from django.utils import timezone

from dentelle.foundations.directory.models import Seat
from dentelle.network.agreements.access import Author, Viewer
from dentelle.network.agreements.actions.changing import Change, changing
from dentelle.network.agreements.known import KNOWN
from dentelle.network.agreements.models import (
    ActionSide,
    Agreement,
    AgreementTheme,
    Article,
    Commitment,
    CommitmentAction,
    Indicator,
    Outcome,
    OutcomeStatement,
    TargetSpan,
    Unit,
)
from dentelle.network.agreements.plausible import check_happened
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import AgreementState, Side
from dentelle.network.agreements.wholes import check_whole

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
        given = {"text": text, "own_lead": own_lead, "partner_lead": partner_lead}
        commitment = make_commitment(change.agreement, article, **given, theme=theme, due_on=due_on)
        change.record("agreement.commitment_added", commitment, article=article.pk)
    return commitment


def make_commitment(
    agreement: Agreement,
    article: Article,
    *,
    text: str,
    own_lead: str,
    partner_lead: str,
    theme: str,
    due_on: date | None,
) -> Commitment:
    """Make a commitment once all it needs is said; the caller has checked who acts. Raises AgreementRefused."""
    given = {"text": text.strip(), "own_lead": own_lead.strip(), "partner_lead": partner_lead.strip()}
    for name, value in given.items():
        if not value:
            raise AgreementRefused(name, "Un engagement dit ce qu’il promet et qui le porte de chaque côté.", name)
    if theme and theme not in AgreementTheme.values:
        raise AgreementRefused("theme", "Choisissez le thème dans la liste.", "theme")
    return Commitment.objects.create(
        structure=agreement.structure, agreement=agreement, article=article, theme=theme, due_on=due_on, **given
    )


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
            structure=commitment.structure,
            commitment=commitment,
            side=side,
            what=what.strip(),
            due_on=due_on,
            added_on=timezone.localdate(at),
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
        to_come = "Une action se note une fois faite\u00a0: cette date est à venir."
        check_happened(change.agreement, on, at, "on", to_come)
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
    target_for: str = ""
    adds_up: bool = False


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
            target_for=content.target_for if content.target is not None else "",
            adds_up=content.adds_up,
            frequency=content.frequency,
            added_on=timezone.localdate(at),
        )
        if content.known:
            counted = KNOWN.get(content.known)
            if counted is None or change.agreement.is_framework:
                raise AgreementRefused(
                    "known", "Dentelle compte ceci pour une structure\u00a0: choisissez dans la liste.", "known"
                )
            made.known, made.unit, made.owed_by = counted.code, counted.unit, "own"
            made.name = content.name.strip() or counted.label
            made.definition, made.source, made.adds_up = counted.definition, counted.source, counted.adds_up
        else:
            made.name, made.definition = content.name.strip(), content.definition.strip()
            made.source, made.unit, made.owed_by = content.source.strip(), content.unit, content.owed_by
        for name in ("name", "definition", "source", "unit"):
            if not getattr(made, name):
                raise AgreementRefused(name, "Un indicateur a un nom, une définition, une source et une unité.", name)
        _check_measure(made)
        made.save(force_insert=True)
        change.record("agreement.indicator_added", made, commitment=commitment.pk, known=made.known)
    return made


def _check_measure(indicator: Indicator) -> None:
    if indicator.target_for not in ("", *TargetSpan.values):
        raise AgreementRefused("target_for", "Choisissez ce que vaut la cible dans la liste.", "target_for")
    for name in ("baseline", "target"):
        check_whole(indicator, getattr(indicator, name), name)
    if indicator.adds_up and indicator.unit == Unit.PERCENT:
        raise AgreementRefused("adds_up", "Des pourcentages ne s’additionnent pas.", "adds_up")


def state_target(
    actor: Author,
    pk: int,
    indicator_pk: int,
    *,
    target_for: str,
    adds_up: bool,
    expected_revision: int,
    at: datetime,
) -> Indicator:
    """Say what the target of an indicator is for, and whether its readings add up over a year. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=FOLLOWED) as change:
        indicator = Indicator.objects.filter(commitment__agreement=change.agreement, pk=indicator_pk).first()
        if indicator is None:
            raise Http404
        indicator.target_for = target_for
        counted = KNOWN.get(indicator.known)
        indicator.adds_up = counted.adds_up if counted else adds_up
        _check_measure(indicator)
        indicator.save(update_fields=["target_for", "adds_up"])
        change.record("agreement.target_stated", indicator, target_for=target_for)
    return indicator


def state_outcome(
    actor: Author,
    pk: int,
    commitment_pk: int,
    *,
    outcome: str,
    lesson: str,
    seen_on: date | None = None,
    expected_revision: int,
    at: datetime,
) -> Commitment:
    """Say what a commitment had become on a day (that of the act unless said) and what was learnt; what was said before is kept.

    Raises AgreementRefused, EditedMeanwhile.
    """
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=REVIEWED) as change:
        commitment = _commitment(change, commitment_pk)
        if outcome not in Outcome.values:
            raise AgreementRefused("outcome", "Choisissez le résultat dans la liste.", "outcome")
        seen_on = seen_on or timezone.localdate(at)
        check_happened(change.agreement, seen_on, at, "seen_on", "Un résultat se constate\u00a0: ce jour est à venir.")
        OutcomeStatement.objects.create(
            structure=commitment.structure,
            commitment=commitment,
            seen_on=seen_on,
            outcome=outcome,
            lesson=lesson.strip(),
        )
        # one said afterwards of an earlier day does not replace the last
        last = commitment.statements.last()
        if last is not None:
            commitment.outcome, commitment.lesson = last.outcome, last.lesson
            commitment.save(update_fields=["outcome", "lesson"])
        change.record("agreement.outcome_stated", commitment, outcome=outcome, seen_on=seen_on.isoformat())
    return commitment


def _commitment(change: Change, pk: int) -> Commitment:
    found = change.agreement.commitments.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
