"""A spreadsheet of sheets taken by the head of the network: each line a draft of its own, or of the member it names.

The file is read and judged like those members drop (``target``), in one go: a line that cannot be read is told with its number and
its reason, to mend in the file; the others are not written unless the head leaves those aside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from dentelle.foundations.documents import sniff, storage
from dentelle.foundations.documents.actions import UploadRefused, receive_upload
from dentelle.foundations.documents.models import FileState
from dentelle.foundations.intake.judging import Judged, judge
from dentelle.foundations.intake.models import LineAct
from dentelle.foundations.intake.reading import Grid, IntakeRefused, read_grid, refuse_hostile
from dentelle.foundations.intake.targets import Known, Where
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import NetworkSeat, Structure
from dentelle.network.practices.actions import begin, write
from dentelle.network.practices.importing import completed
from dentelle.network.practices.models import Origin, Practice
from dentelle.network.practices.refusals import PracticeRefused
from dentelle.network.practices.target import PracticeTarget, content_of, known_among
from dentelle.opendata.text import fold

ACCEPTED = (sniff.XLSX, sniff.XLS, sniff.ODS, sniff.TEXT)
MAX_BYTES = 10 * 1024 * 1024
MOST_LINES = 500
KEPT_FOR = timedelta(days=30)
BEGINS = "reseau:"  # a member may take the same reference of its own


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: drafts begun, completed, left as they were; lines to mend as (number, field, reason).

    ``columns``: field → title it was read in; ``unread``: titles nothing was read from.
    """

    created: int
    updated: int
    unchanged: int
    refused: tuple[tuple[int, str, str], ...]
    columns: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]
    is_written: bool


class _HeadTarget(PracticeTarget):
    """The same reading, among the sheets the head has taken already."""

    def __init__(self, seat: NetworkSeat) -> None:
        self._seat = seat

    def known(self, where: Where) -> Mapping[str, Known]:
        mine = Practice.objects.filter(network=self._seat.network_id, by_head=True, origin_key__startswith=BEGINS)
        return {key.removeprefix(BEGINS): each for key, each in known_among(mine).items()}


def take_sheets(seat: NetworkSeat, upload: UploadedFile[bytes], *, leave_wrong: bool, at: datetime) -> Taken:
    """Read a file and write its lines as drafts, all of them or none; ``leave_wrong`` writes those that can be read.

    Raises PracticeRefused for a file that cannot be read at all.
    """
    target = _HeadTarget(seat)
    try:
        grid = _read(seat, upload, target, at=at)
    except (UploadRefused, IntakeRefused) as refused:
        raise PracticeRefused("file", str(refused)) from refused
    if len(grid.lines) > MOST_LINES:
        raise PracticeRefused("long", f"Au plus {MOST_LINES} fiches à la fois\u00a0: coupez le fichier en plusieurs.")
    columns = {name: found.column for name, found in grid.mapping.items()}
    nobody = Where(None, None, {}, seat.user, 0)  # type: ignore[arg-type]  # sheets of the network: no structure
    judged = judge(((line.number, line.cells) for line in grid.lines), columns, {}, target, nobody)
    wrong = [each for each in judged if each.act == LineAct.REFUSED]
    writes = leave_wrong or not wrong
    if writes:
        _write(seat, [each for each in judged if each.act in (LineAct.CREATE, LineAct.UPDATE)], at=at)
    counts = {act: sum(each.act == act for each in judged) for act in LineAct}
    labels = {field.name: field.label for field in target.fields}
    return Taken(
        created=counts[LineAct.CREATE],
        updated=counts[LineAct.UPDATE],
        unchanged=counts[LineAct.UNCHANGED],
        refused=tuple(
            (each.number, labels.get(name, ""), message) for each in wrong for name, _, message in each.problems
        ),
        columns=tuple((labels[name], grid.titles[column]) for name, column in columns.items()),
        unread=tuple(title for rank, title in enumerate(grid.titles) if title.strip() and rank not in columns.values()),
        is_written=writes,
    )


def _read(seat: NetworkSeat, upload: UploadedFile[bytes], target: PracticeTarget, *, at: datetime) -> Grid:
    stored = receive_upload(
        upload,
        accept=ACCEPTED,
        max_bytes=MAX_BYTES,
        structure=None,
        network=seat.network,
        actor=seat.user,
        at=at,
        purge_after=at + KEPT_FOR,
    )
    if stored.state != FileState.AVAILABLE:
        raise UploadRefused("waiting", "L’antivirus ne répond pas\u00a0: recommencez dans un moment.")
    path = storage.full_path(stored.path)
    refuse_hostile(path, name=stored.name)
    return read_grid(path, target.fields, name=stored.name)


@transaction.atomic
def _write(seat: NetworkSeat, lines: Sequence[Judged], *, at: datetime) -> None:
    members = {
        fold(each.name): each for each in Structure.objects.approved().filter(network=seat.network_id).order_by("-pk")
    }
    created = updated = 0
    for each in lines:
        read = each.read
        if read is None:
            continue
        content = content_of(read.values)
        if read.known is not None:
            write(seat, read.known.pk, completed(read.known.pk, content), at=at)
            updated += 1
            continue
        begin(
            seat,
            content,
            at=at,
            origin=Origin.IMPORTED,
            origin_key=f"{BEGINS}{read.keys[0]}"[:120],
            structure=_owner(content, members),
        )
        created += 1
    record(
        "practice.imported", seat.network, at=at, actor=seat.user, structure=None, created=created, updated=updated
    )  # fmt: skip


def _owner(content: Mapping[str, Any], members: Mapping[str, Structure]) -> Structure | None:
    """Return the member a sheet names as its own: it will be asked for its agreement."""
    return members.get(fold(str(content.get("host") or "")))
