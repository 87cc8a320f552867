"""Tours and their stages: planned, announced, changed, cancelled, with their programme and documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from dentelle.foundations.documents import sniff
from dentelle.foundations.documents.actions import UploadRefused, receive_upload
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat, Structure
from dentelle.foundations.search.actions import index
from dentelle.network.surveys.models import Campaign
from dentelle.network.tour import access, letters
from dentelle.network.tour.actions.places import give_places
from dentelle.network.tour.hours import clock
from dentelle.network.tour.models import ProgrammeItem, Stage, StageCorrection, StageDocument, Tour
from dentelle.network.tour.refusals import TourRefused, refuse_too_long
from dentelle.network.tour.vocabulary import Audience, Corrected, StageState
from dentelle.rules.disclosure import looks_like_nir, masked
from dentelle.rules.wording import day as in_full

ACCEPTED = (
    sniff.PDF,
    sniff.DOCX,
    sniff.XLSX,
    sniff.ODS,
    sniff.TEXT,
    sniff.PPTX,
    sniff.ODP,
    *sniff.IMAGES,
)
MAX_BYTES = 20 * 1024 * 1024
MOST_ITEMS = 60
CHANGING = (StageState.DRAFT.value, StageState.KNOWN.value, StageState.ANNOUNCED.value)
CANCELLABLE = (StageState.DRAFT.value, StageState.ANNOUNCED.value)
# what people who noted the stage in their calendar must know when it changes
NOTED = ("day", "begins", "finishes", "place", "address")
UNTITLED = "Donnez un intitulé à cette ligne, ou videz-la."
NOTHING = "Rien ne change\u00a0: corrigez d’abord ce qui est faux."


@dataclass(frozen=True, slots=True)
class TourWords:
    """A Tour as typed."""

    name: str
    aim: str
    starts_on: date
    ends_on: date
    campaign: Campaign | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage as typed; what is not known yet is None or empty."""

    region_code: str
    title: str
    summary: str = ""
    day: date | None = None
    begins: time | None = None
    finishes: time | None = None
    place: str = ""
    address: str = ""
    host: Structure | None = None
    capacity: int | None = None
    last_day: date | None = None
    audience: str = Audience.PUBLIC.value


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a programme as typed."""

    title: str
    hour: time | None = None
    speaker: str = ""
    speaker_role: str = ""
    organisation: str = ""

    @property
    def is_filled(self) -> bool:
        """Whether anything of it was typed."""
        said = (self.title, self.speaker, self.speaker_role, self.organisation)
        return self.hour is not None or any(each.strip() for each in said)


@transaction.atomic
def open_tour(seat: NetworkSeat, words: TourWords, *, at: datetime) -> Tour:
    """Begin a Tour of the network. Raises TourRefused."""
    tour = Tour(network=seat.network, created_at=at, created_by=seat.user)
    _save_tour(seat, tour, words)
    record("tour.opened", tour, at=at, actor=seat.user, structure=None)
    return tour


@transaction.atomic
def change_tour(seat: NetworkSeat, pk: int, words: TourWords, *, at: datetime) -> Tour:
    """Change what a Tour says of itself. Raises TourRefused."""
    tour = access.one(access.tours_visible_to(seat).select_for_update(), pk)
    _save_tour(seat, tour, words)
    record("tour.changed", tour, at=at, actor=seat.user, structure=None)
    return tour


@transaction.atomic
def open_synthesis(seat: NetworkSeat, pk: int, *, at: datetime) -> Tour:
    """Show anyone what the told stages of a Tour add up to. Raises TourRefused while none is told to the public."""
    tour = access.one(access.tours_visible_to(seat).select_for_update(), pk)
    if not access.told_to_all().filter(tour=tour).exists():
        raise TourRefused(
            "untold", "Racontez d’abord une étape ouverte à tous\u00a0: la synthèse publique les additionne."
        )
    if tour.synthesis_at is None:
        tour.synthesis_at = at
        tour.save(update_fields=["synthesis_at"])
        record("tour.synthesis_opened", tour, at=at, actor=seat.user, structure=None)
    return tour


@transaction.atomic
def close_synthesis(seat: NetworkSeat, pk: int, *, at: datetime) -> Tour:
    """Keep the synthesis of a Tour in the network again."""
    tour = access.one(access.tours_visible_to(seat).select_for_update(), pk)
    if tour.synthesis_at is not None:
        tour.synthesis_at = None
        tour.save(update_fields=["synthesis_at"])
        record("tour.synthesis_closed", tour, at=at, actor=seat.user, structure=None)
    return tour


@transaction.atomic
def plan_stage(
    seat: NetworkSeat, tour_pk: int, words: StageWords, *, state: StageState = StageState.DRAFT, at: datetime
) -> Stage:
    """Write a stage down as a draft, which the head alone reads; or as ``KNOWN``. Raises TourRefused.

    One whose day is past is entered the same way: saying who came is what makes it held (``registrations``).
    """
    tour = access.one(access.tours_visible_to(seat), tour_pk)
    stage = Stage(network=seat.network, tour=tour, state=state)
    _say(seat, stage, words, at=at)
    stage.save()
    record("stage.planned", stage, at=at, actor=seat.user, structure=None, region=stage.region_code)
    return stage


@transaction.atomic
def change_stage(seat: NetworkSeat, pk: int, words: StageWords, *, at: datetime) -> Stage:
    """Change a stage before it takes place; those registered are written to when the day, the hours or the place change."""
    stage = held_for_change(seat, pk)
    if stage.state not in CHANGING:
        raise TourRefused("state", f"Cette étape est {stage.get_state_display()}\u00a0: elle ne change plus.")
    before = {name: getattr(stage, name) for name in NOTED}
    _say(seat, stage, words, at=at)
    moved = stage.state == StageState.ANNOUNCED and any(getattr(stage, name) != before[name] for name in NOTED)
    if moved:
        _refuse_unready(stage, at)
    if stage.announced_at is not None:
        stage.sequence += 1
    stage.save()
    record("stage.changed", stage, at=at, actor=seat.user, structure=None, moved=moved)
    if stage.state == StageState.ANNOUNCED:
        give_places(stage, at=at)
        if moved:
            letters.tell_everybody(stage, letters.MOVED, at=at)
        index(stage)
    return stage


@transaction.atomic
def correct_stage(seat: NetworkSeat, pk: int, words: StageWords, reason: str, *, at: datetime) -> Stage:
    """Correct what was written of a stage that took place; what it replaces is kept, and readers see what, when and why.

    Of ``words``, its region, its places and who it was open to stay as they were. Raises TourRefused.
    """
    stage = held_for_change(seat, pk)
    if stage.state not in access.TOOK_PLACE:
        raise TourRefused("state", f"Cette étape est {stage.get_state_display()}\u00a0: elle ne se corrige pas.")
    why = said_why(reason)
    before = _said(stage)
    last_day = stage.last_day
    kept = replace(
        words, region_code=stage.region_code, capacity=stage.capacity, audience=stage.audience, last_day=None
    )
    _say(seat, stage, kept, at=at)
    if not stage.place:
        raise TourRefused("place", "Dites où elle a eu lieu.", "place")
    if stage.day is None or not stage.has_come(at):
        raise TourRefused("day", "Cette étape a eu lieu\u00a0: donnez un jour passé.", "day")
    stage.last_day = min(last_day, stage.day) if last_day else None
    after = _said(stage)
    changed = [what for what in before if before[what] != after[what]]
    if not changed:
        raise TourRefused("nothing", NOTHING)
    stage.sequence += 1
    stage.save()
    keep_corrections(seat, stage, {what: (before[what], after[what]) for what in changed}, why, at=at)
    index(stage)
    return stage


@transaction.atomic
def erase_correction(seat: NetworkSeat, pk: int, *, at: datetime) -> Stage:
    """Erase for good the words a correction kept because they name somebody; what was corrected, when and why stay."""
    correction = access.one(access.corrections_run_by(seat), pk)
    if correction.withdrawn_on is None:
        erase_words(correction, at=at)
        record(
            "stage.correction_erased", correction.stage, at=at, actor=seat.user, structure=None, what=correction.what
        )
    return correction.stage


@transaction.atomic
def announce(seat: NetworkSeat, pk: int, *, at: datetime) -> Stage:
    """Show a stage to those it is open to; registrations begin. Raises TourRefused when it does not say where and when."""
    stage = held_for_change(seat, pk)
    if stage.state != StageState.DRAFT:
        raise TourRefused("state", f"Cette étape est déjà {stage.get_state_display()}.")
    _refuse_unready(stage, at)
    stage.state, stage.announced_at, stage.changed_at = StageState.ANNOUNCED, at, at
    stage.save()
    index(stage)
    record("stage.announced", stage, at=at, actor=seat.user, structure=None, region=stage.region_code)
    return stage


@transaction.atomic
def cancel(seat: NetworkSeat, pk: int, reason: str, *, at: datetime) -> Stage:
    """Say a stage will not take place, and why; those registered are written to, calendars told."""
    stage = held_for_change(seat, pk)
    if stage.state not in CANCELLABLE:
        raise TourRefused(
            "state", f"Cette étape est {stage.get_state_display()}\u00a0: elle ne s’annule plus.", "reason"
        )
    if not reason.strip():
        raise TourRefused("reason", "Dites pourquoi\u00a0: les personnes inscrites le liront.", "reason")
    told = stage.announced_at is not None
    refuse_too_long(reason, 500, "reason")
    stage.state, stage.cancelled_at, stage.cancel_reason = StageState.CANCELLED, at, reason.strip()
    stage.changed_at, stage.sequence = at, stage.sequence + 1
    stage.save()
    if told:
        letters.tell_everybody(stage, letters.CANCELLED, at=at)
        index(stage)
    record("stage.cancelled", stage, at=at, actor=seat.user, structure=None)
    return stage


@transaction.atomic
def write_programme(seat: NetworkSeat, pk: int, items: Sequence[Item], *, reason: str = "", at: datetime) -> Stage:
    """Write the programme again, in the order of its hours; items without hour keep their place after the one before.

    Empty items are left out. Raises TourRefused for one that says who speaks but not of what, and for too many: none is lost.
    Once the stage is told it is a correction: ``reason`` says why, the lines that went and those that came are kept.
    """
    stage = held_for_change(seat, pk)
    if stage.state == StageState.CANCELLED:
        raise TourRefused("state", "Cette étape est annulée\u00a0: son programme ne change plus.")
    said = [item for item in items if item.is_filled]
    if any(not item.title.strip() for item in said):
        raise TourRefused("title", UNTITLED)
    if len(said) > MOST_ITEMS:
        raise TourRefused(
            "many",
            f"Un programme tient en {MOST_ITEMS} points, celui-ci en a {len(said)}\u00a0: rien n’est enregistré.",
        )
    latest, ordered = time.min, []
    for place, item in enumerate(said):
        latest = item.hour or latest
        ordered.append((latest, place, item))
    before = list(stage.programme.all())
    after = [
        ProgrammeItem(
            stage=stage,
            rank=rank,
            hour=item.hour,
            title=item.title.strip()[:200],
            speaker=item.speaker.strip()[:150],
            speaker_role=item.speaker_role.strip()[:150],
            organisation=item.organisation.strip()[:150],
        )
        for rank, (_, _, item) in enumerate(sorted(ordered, key=lambda each: each[:2]), start=1)
    ]
    if stage.state == StageState.REPORTED:
        changed = _lines_changed([each.line for each in before], [each.line for each in after])
        keep_corrections(seat, stage, {Corrected.PROGRAMME.value: changed}, said_why(reason), at=at)
    else:
        record("stage.programme_written", stage, at=at, actor=seat.user, structure=None, items=len(ordered))
    stage.programme.all().delete()
    ProgrammeItem.objects.bulk_create(after)
    return stage


def add_document(
    seat: NetworkSeat, pk: int, upload: UploadedFile[bytes], *, title: str, audience: str, alt: str = "", at: datetime
) -> StageDocument:
    """Keep a file of a stage, at any time: slides come before, photographs after. Raises TourRefused.

    An image is shown: ``alt`` says what it shows to those who cannot see it.
    """
    with transaction.atomic():
        stage = held_for_change(seat, pk)
        try:
            stored = receive_upload(
                upload,
                accept=ACCEPTED,
                max_bytes=MAX_BYTES,
                structure=None,
                network=seat.network,
                actor=seat.user,
                at=at,
            )
        except UploadRefused as refused:
            raise TourRefused("file", str(refused), "file") from refused
        if stored.media_type in sniff.IMAGES and not alt.strip():
            raise TourRefused("alt", "Dites ce que montre l’image, pour ceux qui ne la voient pas.", "alt")
        document = StageDocument.objects.create(
            stage=stage,
            file=stored,
            alt=" ".join(alt.split())[:300],
            title=title.strip()[:160] or stored.name[:160],
            audience=audience if audience in Audience.values else Audience.HEAD,
            added_at=at,
        )
        record(
            "stage.document_added", stage, at=at, actor=seat.user, structure=None, size=stored.size, audience=document.audience
        )  # fmt: skip
    return document


@transaction.atomic
def show_document_to(seat: NetworkSeat, pk: int, audience: str, *, at: datetime) -> StageDocument:
    """Change who reads a document of a stage."""
    document = access.one(access.documents_visible_to(seat), pk)
    if audience not in Audience.values:
        raise TourRefused("audience", "Choisissez qui lit ce document.")
    document.audience = audience
    document.save(update_fields=["audience"])
    record("stage.document_shown", document.stage, at=at, actor=seat.user, structure=None, audience=audience)
    return document


def held_for_change(seat: NetworkSeat, pk: int) -> Stage:
    """Return a stage of the head's network, locked until the act ends; or 404."""
    return access.one(access.stages_visible_to(access.run(seat)).select_related(None).select_for_update(), pk)


def said_why(reason: str) -> str:
    """Return why something told is corrected, with what tells who somebody is masked. Raises TourRefused."""
    if looks_like_nir(reason):
        raise TourRefused(
            "nir", "Ce texte contient ce qui ressemble à un numéro de sécurité sociale\u00a0: retirez-le.", "reason"
        )
    why = masked(" ".join(reason.split()))
    refuse_too_long(why, 300, "reason")
    if not why:
        raise TourRefused("reason", "Dites pourquoi\u00a0: les lecteurs de l’étape le liront.", "reason")
    return why


def keep_corrections(
    seat: NetworkSeat, stage: Stage, changes: Mapping[str, tuple[str, str]], why: str, *, at: datetime
) -> None:
    """Keep what was written, what is written now (``changes``: by ``Corrected``) and why. In the caller's act."""
    StageCorrection.objects.bulk_create(
        StageCorrection(stage=stage, what=what, before=before, after=after, reason=why, at=at, by=seat.user)
        for what, (before, after) in changes.items()
    )
    record("stage.corrected", stage, at=at, actor=seat.user, structure=None, what=",".join(changes))


def erase_words(correction: StageCorrection, *, at: datetime) -> None:
    """Erase what a correction kept of the words it replaced and of those it wrote. In the caller's act."""
    correction.before, correction.after, correction.withdrawn_on = "", "", timezone.localdate(at)
    correction.save(update_fields=["before", "after", "withdrawn_on"])


def _lines_changed(before: Sequence[str], after: Sequence[str]) -> tuple[str, str]:
    """Return the lines that went and those that came; all of them when their order alone changed. Raises TourRefused."""
    if before == after:
        raise TourRefused("nothing", NOTHING)
    gone, come = [each for each in before if each not in after], [each for each in after if each not in before]
    return ("\n".join(gone), "\n".join(come)) if gone or come else ("\n".join(before), "\n".join(after))


def _say(seat: NetworkSeat, stage: Stage, words: StageWords, *, at: datetime) -> None:
    _refuse_outside(stage.tour, words.day)
    if words.host is not None and words.host.network_id != seat.network_id:
        raise TourRefused("host", "Choisissez une structure du réseau.", "host")
    if words.finishes and not words.begins:
        raise TourRefused("begins", "Donnez aussi l’heure à laquelle elle commence.", "begins")
    if words.begins and words.finishes and words.finishes <= words.begins:
        raise TourRefused("finishes", "L’étape se termine après avoir commencé.", "finishes")
    if words.last_day and (words.day is None or words.last_day > words.day):
        raise TourRefused("last_day", "Les inscriptions se closent au plus tard le jour de l’étape.", "last_day")
    stage.region_code, stage.title, stage.summary = words.region_code, words.title.strip(), words.summary.strip()
    stage.day, stage.begins, stage.finishes = words.day, words.begins, words.finishes
    stage.place, stage.address, stage.host = words.place.strip(), words.address.strip(), words.host
    stage.capacity, stage.last_day, stage.audience = words.capacity, words.last_day, words.audience
    stage.changed_at = at


def _said(stage: Stage) -> dict[str, str]:
    """Return what a correction may change of a stage, as it is read."""
    return {
        Corrected.TITLE.value: stage.title,
        Corrected.SUMMARY.value: stage.summary,
        Corrected.DAY.value: in_full(stage.day) if stage.day else "",
        Corrected.HOURS.value: " à ".join(filter(None, (stage.hour, clock(stage.finishes)))),
        Corrected.PLACE.value: stage.place,
        Corrected.ADDRESS.value: stage.address,
        Corrected.HOST.value: stage.host.name if stage.host else "",
    }


def _refuse_unready(stage: Stage, at: datetime) -> None:
    missing = [
        word
        for word, known in (("le jour", stage.day), ("l’heure de début", stage.begins), ("le lieu", stage.place))
        if not known
    ]
    if missing:
        raise TourRefused("unready", f"Avant de l’annoncer, il manque\u00a0: {', '.join(missing)}.", "day")
    if stage.has_come(at):
        raise TourRefused("past", "Ce jour est passé\u00a0: notez qui est venu, ou choisissez un jour à venir.", "day")


def _refuse_outside(tour: Tour, day: date | None) -> None:
    if day is not None and not tour.starts_on <= day <= tour.ends_on:
        raise TourRefused(
            "outside",
            f"Ce Tour va du {in_full(tour.starts_on)} au {in_full(tour.ends_on)}\u00a0: choisissez un jour entre les deux, "
            "ou changez d’abord les dates du Tour.",
            "day",
        )


def _save_tour(seat: NetworkSeat, tour: Tour, words: TourWords) -> None:
    if words.ends_on < words.starts_on:
        raise TourRefused("ends_on", "Le Tour se termine après avoir commencé.", "ends_on")
    days = [day for day in tour.stages.values_list("day", flat=True) if day] if tour.pk else []
    if days and not words.starts_on <= min(days) <= max(days) <= words.ends_on:
        raise TourRefused(
            "outside",
            f"Des étapes ont leur jour entre le {in_full(min(days))} et le {in_full(max(days))}\u00a0: gardez-les dans le Tour.",
            "starts_on" if min(days) < words.starts_on else "ends_on",
        )
    if words.campaign is not None and words.campaign.network_id != seat.network_id:
        raise TourRefused("campaign", "Choisissez une enquête du réseau.", "campaign")
    tour.name, tour.aim, tour.source = " ".join(words.name.split()), words.aim.strip(), words.source.strip()
    tour.starts_on, tour.ends_on, tour.campaign = words.starts_on, words.ends_on, words.campaign
    try:
        with transaction.atomic():
            tour.save()
    except IntegrityError as taken:
        raise TourRefused("name", f"Le réseau a déjà un Tour « {tour.name} ».", "name") from taken
