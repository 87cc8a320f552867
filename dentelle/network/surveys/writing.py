"""Writing questionnaires. Each act: access, rule, write, one journal entry, one transaction.

A draft is changed piece by piece; published, it is frozen: a change is the next version of its code. What is wrong is refused
before it is written (``Flawed``), so that a draft only ever lacks things.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.http import Http404

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat
from dentelle.network.surveys.access import questionnaire_of, questionnaires_of
from dentelle.network.surveys.documents import document_of, store
from dentelle.network.surveys.models import Questionnaire
from dentelle.network.surveys.refusals import SurveyRefused
from dentelle.network.surveys.shipped import CODES, shipped
from dentelle.rules.questionnaires import (
    Ask,
    Control,
    Document,
    Flaw,
    Part,
    flaws,
    moved_ask,
    moved_part,
    with_ask,
    with_part,
    without_ask,
    without_part,
)


class Flawed(SurveyRefused):
    """What is wrong with the questionnaire that would be written."""

    def __init__(self, found: list[Flaw]) -> None:
        super().__init__("flawed", " ".join(flaw.sentence for flaw in found))
        self.flaws = found


@transaction.atomic
def begin(seat: NetworkSeat, title: str, *, origin: int | None, at: datetime) -> Questionnaire:
    """Begin a questionnaire, blank or copied from another one of the network. Raises Flawed."""
    document = Document(title) if origin is None else replace(document_of(questionnaire_of(seat, origin)), title=title)
    return _made(seat, document, at)


@transaction.atomic
def begin_from_file(seat: NetworkSeat, document: Document, *, at: datetime) -> Questionnaire:
    """Begin a questionnaire read from a file. Raises Flawed."""
    return _made(seat, document, at)


def _made(seat: NetworkSeat, document: Document, at: datetime) -> Questionnaire:
    _refuse_flaws(document, [])
    taken = {*questionnaires_of(seat).values_list("code", flat=True), *CODES}
    made = Questionnaire(network=seat.network, code=coded(document.title, taken), created_at=at)
    store(made, document)
    record("questionnaire.begun", made, at=at, actor=seat.user, structure=None)
    return made


@transaction.atomic
def prepare_next(seat: NetworkSeat, pk: int, *, at: datetime, from_shipped: bool = False) -> Questionnaire:
    """Copy the last published version as the next one, or take what Dentelle ships today as the next one; the draft already
    begun when there is one. Raises SurveyRefused."""
    found = questionnaire_of(seat, pk)
    versions = list(questionnaires_of(seat).select_for_update().filter(code=found.code).order_by("-version"))
    if versions[0].published_at is None:
        return versions[0]
    if from_shipped and found.code not in CODES:
        raise Http404
    document = shipped(found.code) if from_shipped else document_of(versions[0])
    _refuse_flaws(document, former_of(seat, found.code))
    made = Questionnaire(network=found.network, code=found.code, version=versions[0].version + 1, created_at=at)
    store(made, document)
    record("questionnaire.copied", made, at=at, actor=seat.user, structure=None, version=made.version)
    return made


@transaction.atomic
def present(seat: NetworkSeat, pk: int, *, title: str, intro: str, source: str, at: datetime) -> None:
    """Write the title, the presentation and the source. Raises SurveyRefused."""
    _write(seat, pk, lambda document: replace(document, title=title, intro=intro, source=source), at)


@transaction.atomic
def write_part(seat: NetworkSeat, pk: int, part: Part, *, at: datetime) -> str:
    """Write a part: that of its code, or a new one when it has none. Its questions stay. Return its code."""
    document = document_of(draft_of(seat, pk))
    former = document.part(part.code)
    if part.code and former is None:
        raise Http404
    code = part.code or coded(part.title, [each.code for each in document.parts] + ["fin"])
    whole = replace(part, code=code, asks=former.asks if former else ())
    _write(seat, pk, lambda document: with_part(document, whole), at)
    return code


@transaction.atomic
def write_ask(seat: NetworkSeat, pk: int, part_code: str, ask: Ask, *, new: bool, at: datetime) -> str:
    """Write a question in a part; a new one may come with the code typed for it, or is given one. Return its code."""
    draft = draft_of(seat, pk)
    document = document_of(draft)
    if document.part(part_code) is None or (not new and document.ask(ask.code) is None):
        raise Http404
    if new:
        former = former_of(seat, draft.code)
        used = {each.code: each.label for _, version in former for each in version.asks()}
        used |= {each.code: each.label for each in document.asks()}
        if ask.code in {each.code for each in document.asks()}:
            label = used[ask.code]
            sentence = f"L’identifiant «\u00a0{ask.code}\u00a0» est déjà celui de «\u00a0{label}\u00a0»\u00a0: prenez-en un autre."
            raise Flawed([Flaw(("ask",), "code", sentence)])
        ask = replace(ask, code=ask.code or coded(ask.label, used))
    _write(seat, pk, lambda document: with_ask(document, part_code, ask), at)
    return ask.code


@transaction.atomic
def write_control(seat: NetworkSeat, pk: int, control: Control, *, rank: int | None, at: datetime) -> None:
    """Write a control, a new one when it has no rank. Raises SurveyRefused."""

    def changed(document: Document) -> Document:
        controls = list(document.controls)
        if rank is None:
            controls.append(control)
        elif rank < len(controls):
            controls[rank] = control
        else:
            raise Http404
        return replace(document, controls=tuple(controls))

    _write(seat, pk, changed, at)


@transaction.atomic
def move(seat: NetworkSeat, pk: int, what: str, code: str, *, by: int, at: datetime) -> None:
    """Move a part or a question by one place. Raises SurveyRefused when something depends on the order."""
    moved = {"partie": moved_part, "question": moved_ask}[what]
    _write(seat, pk, lambda document: moved(document, code, by), at)


@transaction.atomic
def remove(seat: NetworkSeat, pk: int, what: str, code: str, *, at: datetime) -> None:
    """Take away a part with its questions, a question, or a control (its rank). Raises SurveyRefused when something else
    depends on it."""

    def changed(document: Document) -> Document:
        if what == "partie":
            return without_part(document, code)
        if what == "question":
            return without_ask(document, code)
        kept = (each for rank, each in enumerate(document.controls) if str(rank) != code)
        return replace(document, controls=tuple(kept))

    _write(seat, pk, changed, at)


@transaction.atomic
def replace_by(seat: NetworkSeat, pk: int, document: Document, *, at: datetime) -> None:
    """Put what a file says in the place of a draft. Raises SurveyRefused."""
    _write(seat, pk, lambda _: document, at)


@transaction.atomic
def publish(seat: NetworkSeat, pk: int, *, at: datetime) -> Questionnaire:
    """Freeze a draft: it may be asked, and does not change any more. Raises SurveyRefused."""
    draft = draft_of(seat, pk)
    found = flaws(document_of(draft), former_of(seat, draft.code))
    if found:
        raise Flawed(found)
    draft.published_at = at
    draft.save(update_fields=["published_at"])
    record("questionnaire.published", draft, at=at, actor=seat.user, structure=None, version=draft.version)
    return draft


@transaction.atomic
def drop(seat: NetworkSeat, pk: int, *, at: datetime) -> None:
    """Throw a draft away; nobody was asked anything by it. Raises SurveyRefused."""
    draft = draft_of(seat, pk)
    record("questionnaire.dropped", draft, at=at, actor=seat.user, structure=None, version=draft.version)
    draft.delete()


def draft_of(seat: NetworkSeat, pk: int) -> Questionnaire:
    """Return a draft of the head's network, held until the end of the transaction. Raises SurveyRefused once published."""
    found = questionnaires_of(seat).select_for_update().filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.published_at is not None:
        raise SurveyRefused(
            "published", "Cette version est publiée\u00a0: elle ne change plus. Préparez la version suivante."
        )
    return found


def former_of(seat: NetworkSeat, code: str) -> list[tuple[int, Document]]:
    """Return the published versions of a questionnaire, the latest first."""
    published = questionnaires_of(seat).filter(code=code, published_at__isnull=False).order_by("-version")
    return [(each.version, document_of(each)) for each in published[:10]]


def _write(seat: NetworkSeat, pk: int, changed: Callable[[Document], Document], at: datetime) -> None:
    draft = draft_of(seat, pk)
    document = changed(document_of(draft))
    _refuse_flaws(document, former_of(seat, draft.code))
    store(draft, document)
    record("questionnaire.written", draft, at=at, actor=seat.user, structure=None, version=draft.version)


def _refuse_flaws(document: Document, former: list[tuple[int, Document]]) -> None:
    found = [flaw for flaw in flaws(document, former) if not flaw.later]
    if found:
        raise Flawed(found)


def coded(words: str, taken: Iterable[str]) -> str:
    """Return a short code made of words, that nobody has: « Dont femmes » → ``dont_femmes``."""
    bare = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    code = re.sub(r"[^a-z0-9]+", "_", bare.replace("'", " ")).strip("_")[:32].strip("_")
    if not code or not code[0].isalpha():
        code = f"q_{code}".strip("_")
    known = set(taken)
    rank, found = 1, code
    while found in known:
        rank += 1
        found = f"{code}_{rank}"
    return found
