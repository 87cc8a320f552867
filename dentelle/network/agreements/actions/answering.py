"""Readings confirmed, several at once, or disputed, one at a time with its reason, by the side that did not give them."""

from collections.abc import Collection
from datetime import datetime

from django.http import Http404

from dentelle.network.agreements.access import Viewer, readings_of
from dentelle.network.agreements.actions.changing import Change, changing
from dentelle.network.agreements.actions.readings import BOTH, READ, owes
from dentelle.network.agreements.models import Reading, ReadingAnswer
from dentelle.network.agreements.refusals import AgreementRefused, EditedMeanwhile
from dentelle.network.agreements.seen import Seen


def answer_readings(
    actor: Viewer, pk: int, seen: Collection[Seen], *, answer: str, words: str, at: datetime
) -> list[Reading]:
    """Confirm readings the other side gave, as they were seen, or dispute one, saying why; return those answered by this.

    What is already confirmed stays as it is. All or none: raises EditedMeanwhile, naming them, when some were written or answered
    otherwise since they were seen; AgreementRefused.
    """
    with changing(actor, pk, expected_revision=None, at=at, sides=BOTH, states=READ) as change:
        _check(seen, answer, words)
        waiting = _waiting(change, seen, answer)
        answered = {"answer": answer, "answer_words": words.strip() if answer == ReadingAnswer.DISPUTED else ""}
        Reading.objects.filter(pk__in=[each.pk for each in waiting]).update(
            **answered, answered_by=actor.user, answered_at=at
        )
        change.record_each("agreement.reading_answered", waiting, answer=answer)
    return waiting


def _check(seen: Collection[Seen], answer: str, words: str) -> None:
    if answer not in (ReadingAnswer.CONFIRMED, ReadingAnswer.DISPUTED):
        raise AgreementRefused("answer", "Confirmez ces relevés, ou contestez-en un.", "answer")
    if not seen:
        raise AgreementRefused("readings", "Cochez au moins un relevé.", "readings")
    if answer == ReadingAnswer.CONFIRMED:
        return
    if len(seen) > 1:
        raise AgreementRefused(
            "one_at_a_time",
            "On conteste un relevé à la fois, avec son motif\u00a0: n’en gardez qu’un de coché.",
            "readings",
        )
    if not words.strip():
        raise AgreementRefused("words", "Dites ce que vous contestez\u00a0: l’autre partie le lira.", "words")


def _waiting(change: Change, seen: Collection[Seen], answer: str) -> list[Reading]:
    """The readings seen that are still to answer; none of them changed."""
    wanted = {each.pk: each for each in seen}
    found = list(readings_of(change.agreement).filter(pk__in=wanted).select_related("indicator").order_by("pk"))
    if len(found) < len(wanted) or not all(owes(change, side) for side in {not each.by_partner for each in found}):
        raise Http404
    changed = [each for each in found if not _stands(wanted[each.pk], each, answer)]
    if changed:
        raise EditedMeanwhile(change.agreement, _changed(changed))
    return [each for each in found if not each.answer == answer == ReadingAnswer.CONFIRMED]


def _stands(seen: Seen, reading: Reading, answer: str) -> bool:
    now = Seen.of(reading)
    # the same answer sent twice finds it already given
    return now.written == seen.written and (
        now.answer == seen.answer or now.answer == answer == ReadingAnswer.CONFIRMED
    )


def _changed(readings: Collection[Reading]) -> str:
    named = ", ".join(f"«\u00a0{each.indicator.name}\u00a0» {each.period}" for each in readings)
    return (
        f"Changé depuis que vous avez ouvert cette page\u00a0: {named}. Rien n’a été enregistré. "
        "Relisez, cochez de nouveau ce qui convient, puis renvoyez."
    )
