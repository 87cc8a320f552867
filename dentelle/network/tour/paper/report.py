"""The report of a stage: one page of A4, whatever was said; what does not fit is told with its address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from dentelle.network.tour import letters
from dentelle.network.tour.paper.setting import cut, pages_of, pdf_of, tile
from dentelle.network.tour.queries.fates import Fate
from dentelle.network.tour.queries.stages import Attendance, StageSheet
from dentelle.network.tour.queries.voices import Voices
from dentelle.rules.wording import day
from dentelle.web.formatting import number, plural

TEMPLATE = "report.typ"


@dataclass(frozen=True, slots=True)
class Room:
    """How much is said: items of the programme, findings, needs (shared between kinds), characters of each text, corrections."""

    programme: int
    findings: int
    needs: int
    longest: int
    lessons: int
    corrections: int = 3


# from all there is to what always fits, whatever the words
ROOMS = (
    Room(60, 30, 60, 600, 1_500, 8),
    Room(14, 14, 24, 400, 1_500),
    Room(10, 12, 18, 300, 1_500),
    Room(8, 10, 14, 240, 1_500),
    Room(6, 8, 12, 200, 1_200),
    Room(4, 6, 10, 180, 1_000),
    Room(3, 5, 8, 160, 900),
    Room(0, 4, 6, 150, 800),
    Room(0, 3, 4, 140, 700),
    Room(0, 2, 3, 120, 500),
)


def report_pdf(sheet: StageSheet, *, public: bool, at: datetime) -> bytes:
    """Return the report of a stage that took place, as a tagged PDF of one page."""
    content = fitted(sheet, public=public, at=at)
    return pdf_of(TEMPLATE, content, at=at)


def fitted(sheet: StageSheet, *, public: bool, at: datetime) -> dict[str, Any]:
    """Return as much of the report as one page holds."""
    content: dict[str, Any] = {}
    for room in ROOMS:
        content = report_content(sheet, room, public=public, at=at)
        if pages_of(TEMPLATE, content) == 1:
            break
    return content


def report_content(sheet: StageSheet, room: Room, *, public: bool, at: datetime) -> dict[str, Any]:
    """Return what the report says in the room it has, as plain texts."""
    stage = sheet.stage
    findings = [_finding(fate, room) for fate in sheet.fates[: room.findings]]
    needs = _shared(sheet.kinds, room.needs)
    programme = [_item(item, room) for item in sheet.programme[: room.programme]]
    lessons = cut_paragraphs(stage.lessons, room.lessons)
    came = sheet.attendance
    left = _left(
        [
            (len(sheet.fates) - len(findings), "constat", "constats"),
            (
                sum(len(_words(each)) for each in sheet.kinds) - sum(len(words) for _, words in needs),
                "besoin",
                "besoins",
            ),
            (len(sheet.programme) - len(programme), "point du programme", "points du programme"),
            (len(sheet.corrections) - room.corrections, "correction", "corrections"),
        ],
        letters.address("tour:public-stage" if public else "tour:stage", stage.pk),
    )
    total = came.total if came else None
    return {
        "document_title": stage.title,
        "network": stage.tour.network.name,
        "over": f"{stage.tour.name} · {stage.tour.network.name}",
        "answer": _people(total, came),
        "under": f"{stage.region}, {letters.when(stage)}{_where(sheet)}.",
        "figures": [
            tile(sheet.need_count, "besoin exprimé", "besoins exprimés"),
            tile(len(sheet.fates), "constat", "constats"),
            tile(sum(fate.sheets for fate in sheet.fates), "fiche pratique commencée", "fiches pratiques commencées"),
            tile(sum(fate.concerns for fate in sheet.fates), "préoccupation d’élu", "préoccupations d’élus"),
        ],
        "lessons": lessons,
        "findings": findings,
        "needs": [{"label": label, "words": [cut(each, room.longest) for each in words]} for label, words in needs],
        "attendance": attendance_words(came),
        "programme": programme,
        "corrections": _corrections(sheet, room),
        "left": left,
        "footer": f"Besoins dans les mots de ceux qui les ont exprimés\u00a0; page éditée le {day(timezone.localdate(at))}",
    }


def _corrections(sheet: StageSheet, room: Room) -> list[str]:
    """Return what was corrected since the stage took place, the latest first; what is left out is on its page."""
    told = [
        f"{each.get_what_display()}, le {day(timezone.localdate(each.at))}\u00a0: {cut(each.reason, room.longest)}"
        for each in sheet.corrections[: room.corrections]
    ]
    return [f"{each[:1].upper()}{each[1:]}" for each in told]


def _people(total: int | None, came: Attendance | None) -> str:
    if came is None or (total == 0):
        return "Aucune présence notée"
    if total is None:
        return f"Moins de {came.minimum} personnes réunies"
    return plural(total, "personne réunie", "personnes réunies")


def attendance_words(came: Attendance | None) -> list[str]:
    """Return who came, kind by kind; what is kept quiet is said as such."""
    if came is None:
        return []
    return [
        f"{label[:1].upper()}{label[1:]}\u00a0: {'compte masqué' if count is None else number(count)}"
        for label, count in came.rows
        if count != 0
    ]


def cut_paragraphs(text: str, most: int) -> list[str]:
    """Return the paragraphs of a text, cut at ``most`` characters in all."""
    found, room = [], most
    for paragraph in filter(None, (" ".join(each.split()) for each in text.splitlines())):
        if room <= 20:
            break
        found.append(cut(paragraph, room))
        room -= len(paragraph)
    return found


def _where(sheet: StageSheet) -> str:
    host = f", accueillie par {sheet.stage.host.name}" if sheet.stage.host else ""
    return f", {sheet.stage.place}{host}" if sheet.stage.place else host


def _finding(fate: Fate, room: Room) -> dict[str, str]:
    return {"text": cut(fate.finding.told, room.longest), "became": became(fate)}


def became(fate: Fate) -> str:
    """Return in a few words what became of a finding; empty when nothing has yet."""
    parts = []
    if fate.published:
        parts.append(plural(fate.published, "fiche publiée", "fiches publiées"))
    if fate.sheets > fate.published:
        parts.append(plural(fate.sheets - fate.published, "fiche en préparation", "fiches en préparation"))
    if fate.concerns:
        parts.append(plural(fate.concerns, "préoccupation d’élu", "préoccupations d’élus"))
    return ", ".join(parts)


def _item(item: Any, room: Room) -> str:
    return cut(item.line, room.longest)


def _shared(kinds: Sequence[Voices], most: int) -> list[tuple[str, list[str]]]:
    """Take ``most`` needs, one of each kind in turn, so that no kind is silenced by another."""
    taken: dict[str, list[str]] = {voices.label: [] for voices in kinds}
    for turn in range(max((len(voices.needs) for voices in kinds), default=0)):
        for voices in kinds:
            words = _words(voices)
            if turn < len(words) and sum(map(len, taken.values())) < most:
                taken[voices.label].append(words[turn])
    return [(label, words) for label, words in taken.items() if words]


def _words(voices: Voices) -> list[str]:
    """The needs that still have their words."""
    return [need.words for need in voices.needs if need.words]


def _left(counts: Sequence[tuple[int, str, str]], address: str) -> str:
    told = [plural(count, one, many) for count, one, many in counts if count > 0]
    return f"À lire aussi\u00a0: {', '.join(told)}, à l’adresse {address}." if told else ""
