"""What a stage teaches: needs in people's words, findings, what becomes of them, and the report that closes it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership, NetworkSeat
from dentelle.foundations.search.actions import index
from dentelle.network.governance.actions.concerns import Words, write_concern
from dentelle.network.governance.models import Concern
from dentelle.network.practices import actions as practices
from dentelle.network.practices.access import may_write as may_write_sheets
from dentelle.network.practices.models import Origin, Practice
from dentelle.network.tour import access
from dentelle.network.tour.actions.stages import NOTHING, erase_words, held_for_change, keep_corrections, said_why
from dentelle.network.tour.models import Finding, Need, Stage
from dentelle.network.tour.refusals import TourRefused, refuse_too_long
from dentelle.network.tour.vocabulary import THEMES, Corrected, StageState, Stakeholder
from dentelle.rules.disclosure import looks_like_nir, masked
from dentelle.rules.wording import day as in_full

TITLE_MOST = 160
KEY_BEGINS = "constat:"
WITHDRAWN = "Les mots de ce constat sont retirés\u00a0: rien de nouveau n’en part."


@transaction.atomic
def note_need(viewer: access.Viewer, pk: int, *, kind: str, words: str, theme: str = "", at: datetime) -> Need:
    """Write down what somebody asked for, in their words. Raises TourRefused before the stage begins and once it is told.

    What would tell who somebody is (a name after a title, an address, a number) is masked before anything is kept.
    """
    if not access.may_note(viewer):
        raise Http404
    stage = access.one(access.stages_visible_to(viewer), pk)
    _refuse_before(stage, at)
    if stage.state == StageState.REPORTED:
        raise TourRefused("reported", "L’étape est racontée\u00a0: ses besoins ne changent plus.")
    said = _words(words, "words")
    structure = viewer.structure if isinstance(viewer, Membership) else None
    if kind not in Stakeholder.values:
        raise TourRefused("kind", "Dites qui exprime ce besoin.", "kind")
    need = Need.objects.create(
        stage=stage,
        structure=structure,
        kind=kind,
        words=said,
        theme=theme if theme in THEMES else "",
        noted_by=viewer.user,
        noted_at=at,
    )
    record("need.noted", stage, at=at, actor=viewer.user, structure=structure, kind=kind)
    return need


@transaction.atomic
def withdraw_need(viewer: access.Viewer, pk: int, *, names_somebody: bool = False, at: datetime) -> Stage:
    """Take a need back: whoever noted it, or the head. Once the stage is told, only words that name somebody: they are
    erased, the need stays counted and says the day they went. Raises TourRefused.
    """
    need = access.one(access.needs_visible_to(viewer).select_related("stage"), pk)
    if not access.may_note(viewer) or not (access.may_run(viewer) or need.noted_by_id == viewer.user_id):
        raise Http404
    stage, structure = need.stage, need.structure
    if stage.state != StageState.REPORTED:
        need.delete()
    elif not names_somebody:
        raise TourRefused(
            "reported", "L’étape est racontée\u00a0: un besoin ne s’en retire que s’il désigne quelqu’un."
        )
    elif need.withdrawn_on is None:
        need.words, need.withdrawn_on = "", timezone.localdate(at)
        need.save(update_fields=["words", "withdrawn_on"])
    else:
        return stage
    record("need.withdrawn", stage, at=at, actor=viewer.user, structure=structure, names_somebody=names_somebody)
    return stage


@transaction.atomic
def state_finding(
    seat: NetworkSeat,
    pk: int,
    *,
    text: str,
    theme: str = "",
    needs: Collection[int] = (),
    reason: str = "",
    at: datetime,
) -> Finding:
    """Say what a stage taught, from the needs voiced there; what would tell who somebody is is masked.

    Once the stage is told it is a correction, and ``reason`` says why. Raises TourRefused before it begins.
    """
    stage = held_for_change(seat, pk)
    _refuse_before(stage, at)
    finding = Finding.objects.create(
        network=seat.network,
        stage=stage,
        text=_words(text, "text"),
        theme=theme if theme in THEMES else "",
        stated_at=at,
        stated_by=seat.user,
    )
    chosen = list(stage.needs.filter(pk__in=list(needs), withdrawn_on=None).values_list("pk", flat=True))
    finding.needs.set(chosen)
    if stage.state == StageState.REPORTED:
        keep_corrections(seat, stage, {Corrected.FINDING.value: ("", finding.text)}, said_why(reason), at=at)
    record("finding.stated", stage, at=at, actor=seat.user, structure=None, finding=finding.pk, needs=len(chosen))
    return finding


@transaction.atomic
def withdraw_finding(
    seat: NetworkSeat, pk: int, *, names_somebody: bool = False, reason: str = "", at: datetime
) -> Stage:
    """Take a finding back while nothing was made of it; once the stage is told it is a correction, and ``reason`` says why.

    Words that name somebody are erased at any time, from corrections too: what was made of it stays, and the finding says
    the day they went. Raises TourRefused.
    """
    finding = access.one(access.findings_visible_to(access.run(seat)), pk)
    stage = finding.stage
    if names_somebody:
        if finding.withdrawn_on is not None:
            return stage
        for correction in stage.corrections.filter(
            Q(before=finding.text) | Q(after=finding.text), what=Corrected.FINDING
        ):
            erase_words(correction, at=at)
        finding.text, finding.withdrawn_on = "", timezone.localdate(at)
        finding.save(update_fields=["text", "withdrawn_on"])
    elif sheets_of(finding).exists() or finding.concerns.exists():
        raise TourRefused("used", "Une fiche ou une préoccupation vient de ce constat\u00a0: il ne se retire plus.")
    else:
        if stage.state == StageState.REPORTED:
            keep_corrections(seat, stage, {Corrected.FINDING.value: (finding.text, "")}, said_why(reason), at=at)
        try:
            with transaction.atomic():
                finding.delete()
        except ProtectedError as cited:
            raise TourRefused("cited", "Ce constat est cité ailleurs\u00a0: il ne se retire plus.") from cited
    record("finding.withdrawn", stage, at=at, actor=seat.user, structure=None, names_somebody=names_somebody)
    return stage


@transaction.atomic
def begin_sheet(viewer: access.Viewer, pk: int, *, at: datetime) -> Practice:
    """Begin a practice sheet from a finding, for the person's structure or the network; asked twice, return the same sheet."""
    finding = access.one(access.findings_visible_to(viewer), pk)
    if not may_write_sheets(viewer):
        raise Http404
    if finding.withdrawn_on is not None:
        raise TourRefused("withdrawn", WITHDRAWN)
    Finding.objects.select_for_update().get(pk=finding.pk)
    owner = viewer.structure_id if isinstance(viewer, Membership) else None
    known = sheets_of(finding).filter(structure=owner).first()
    if known is not None:
        return known
    host = viewer.structure.name if isinstance(viewer, Membership) else viewer.network.name
    sheet = practices.begin(
        viewer, _content(finding, host), at=at, origin=Origin.FINDING, origin_key=origin_key(finding)
    )
    record(
        "finding.made_a_sheet", finding.stage, at=at, actor=viewer.user, structure=sheet.structure, finding=finding.pk
    )
    return sheet


@transaction.atomic
def carry(member: Membership, pk: int, words: Words, *, at: datetime) -> Concern:
    """Make a finding the concern of an elected official, in their words, and keep that it carries it.

    Raises GovernanceRefused like any concern.
    """
    finding = access.one(access.findings_visible_to(member), pk)
    if finding.withdrawn_on is not None:
        raise TourRefused("withdrawn", WITHDRAWN)
    concern = write_concern(member, words, at=at)
    finding.concerns.add(concern)
    record(
        "finding.carried", finding.stage, at=at, actor=member.user, structure=member.structure, finding=finding.pk
    )  # fmt: skip
    return concern


@transaction.atomic
def report(seat: NetworkSeat, pk: int, lessons: str, *, reason: str = "", at: datetime) -> Stage:
    """Close a stage: what it taught is said to those it was open to. Raises TourRefused when something is missing.

    Said again, it is a correction: ``reason`` says why, the former words are kept.
    """
    stage = held_for_change(seat, pk)
    if stage.state not in access.TOOK_PLACE:
        raise TourRefused(
            "state", "Notez d’abord qui est venu\u00a0: c’est ce qui dit que l’étape a eu lieu.", "lessons"
        )
    if not (stage.findings.exists() or stage.needs.exists()):
        raise TourRefused("nothing", "Écrivez au moins un besoin exprimé, ou un constat.", "lessons")
    said, again = _words(lessons, "lessons", 1_500), stage.state == StageState.REPORTED
    if again:
        if said == stage.lessons:
            raise TourRefused("nothing", NOTHING, "lessons")
        keep_corrections(seat, stage, {Corrected.LESSONS.value: (stage.lessons, said)}, said_why(reason), at=at)
    stage.lessons = said
    stage.state, stage.reported_at = StageState.REPORTED, stage.reported_at or at
    stage.save(update_fields=["lessons", "state", "reported_at"])
    index(stage)
    if not again:
        record("stage.reported", stage, at=at, actor=seat.user, structure=None)
    return stage


def origin_key(finding: Finding) -> str:
    """Return the text that finds again which finding a sheet comes from."""
    return f"{KEY_BEGINS}{finding.pk}"


def sheets_of(finding: Finding) -> QuerySet[Practice]:
    """Return the sheets begun from a finding, whoever wrote them; ``practices.access`` says who reads which."""
    return Practice.objects.filter(network=finding.network_id, origin=Origin.FINDING, origin_key=origin_key(finding))


def _content(finding: Finding, host: str) -> dict[str, object]:
    stage = finding.stage
    told = [need.words for need in finding.needs.filter(withdrawn_on=None)[:12]]
    when = f" ({in_full(stage.day)})" if stage.day else ""
    start = "\n".join(
        [f"Constat de l’étape {stage.region} du Tour{when}\u00a0: {finding.text}", *(f"« {each} »" for each in told)]
    )
    text = finding.text
    return {
        "title": text if len(text) <= TITLE_MOST else text[: TITLE_MOST - 1].rpartition(" ")[0] + "…",
        "starting_point": start,
        "themes": [finding.theme] if finding.theme else [],
        "axis": "purchasing",
        "device": "social_clause",
        "host": host,
        "place": f"region:{stage.region_code}",
    }


def _refuse_before(stage: Stage, at: datetime) -> None:
    if stage.state in (StageState.DRAFT, StageState.KNOWN, StageState.CANCELLED) or not stage.has_come(at):
        raise TourRefused("early", "Cette étape n’a pas encore eu lieu.")


def _words(text: str, field: str, most: int = 600) -> str:
    said = text.strip()
    if not said:
        raise TourRefused("words", "Écrivez-le, même en une phrase.", field)
    if looks_like_nir(said):
        raise TourRefused(
            "nir", "Ce texte contient ce qui ressemble à un numéro de sécurité sociale\u00a0: retirez-le.", field
        )
    refuse_too_long(said, most, field)
    return masked(said)
