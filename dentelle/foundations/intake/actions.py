"""What people do to drops. Each act: access, rule, write, one journal entry, one transaction. The file never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from dentelle.foundations.directory.models import Organisation
from dentelle.foundations.documents import sniff, storage
from dentelle.foundations.documents.actions import receive_upload
from dentelle.foundations.documents.models import FileState, StoredFile
from dentelle.foundations.intake.columns import Match
from dentelle.foundations.intake.droppers import Dropper, where_of
from dentelle.foundations.intake.judging import Judged, judge, tally
from dentelle.foundations.intake.models import Correction, Drop, DropLine, DropStatus, LineAct, RememberedMapping
from dentelle.foundations.intake.reading import IntakeRefused, read_grid, refuse_hostile
from dentelle.foundations.intake.targets import Sheet, Target, Where
from dentelle.foundations.jobs.actions import start_job
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Structure
from dentelle.opendata.text import fold

ACCEPTED = (sniff.XLSX, sniff.XLS, sniff.ODS, sniff.TEXT)
MAX_BYTES = 20_000_000
LONG_BYTES = 3_000_000  # beyond, reading is background work: 20 000 lines of ten columns are about 1,5 Mo
KEPT = timedelta(days=90)  # the file and its grid; what was written stays
BATCH = 2_000
CHANGED_ONE_BY_ONE = 200


class DropRefused(Exception):
    """A business refusal, French, meant to be shown; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def receive(
    dropper: Dropper,
    target: Target,
    upload: UploadedFile[bytes],
    *,
    structure: Structure,
    organisation: Organisation | None,
    options: Mapping[str, Any],
    at: datetime,
) -> Drop:
    """Keep a file and read it at once, or in the background when it is long or waits for the antivirus.

    Raises UploadRefused and IntakeRefused: nothing is kept then.
    """
    stored: StoredFile | None = None
    try:
        with transaction.atomic():
            stored = receive_upload(
                upload,
                accept=ACCEPTED,
                max_bytes=MAX_BYTES,
                structure=structure,
                actor=dropper.user,
                at=at,
                purge_after=at + KEPT,
            )
            drop = Drop.objects.create(
                structure=structure,
                purpose=target.code,
                organisation=organisation,
                seat=dropper.seat,
                author=dropper.user,
                file=stored,
                options=dict(options),
                created_at=at,
            )
            record("drop.received", drop, at=at, actor=dropper.user, structure=structure, purpose=target.code)
            if stored.state == FileState.AVAILABLE:
                if stored.size > LONG_BYTES:
                    refuse_hostile(storage.full_path(stored.path), name=stored.name)
                    _in_background("intake.read", drop, dropper, at=at)
                else:
                    read_drop(drop, target, where_of(drop, dropper), at=at)
    except IntakeRefused:
        if stored is not None:
            storage.remove(stored.path)  # its row went with the transaction
        raise
    return drop


def read_now(dropper: Dropper, drop: Drop, target: Target, *, at: datetime) -> None:
    """Read a file that waited (for the antivirus). Raises DropRefused, IntakeRefused."""
    with transaction.atomic():
        drop = _locked(drop, DropStatus.RECEIVED)
        if drop.file.state != FileState.AVAILABLE:
            raise DropRefused("quarantined", "L’antivirus n’a pas encore répondu : réessayez dans quelques minutes.")
        read_drop(drop, target, where_of(drop, dropper), at=at)
        record("drop.read", drop, at=at, actor=dropper.user, structure=drop.structure, lines=drop.line_count)


def choose_columns(
    dropper: Dropper, drop: Drop, target: Target, chosen: Mapping[str, int | None], *, at: datetime
) -> Drop:
    """Say which column each field is, None for none; the lines are judged again. Raises DropRefused."""
    columns = [column for column in chosen.values() if column is not None]
    if len(set(columns)) != len(columns):
        raise DropRefused("column_twice", "Une colonne ne peut donner qu’une information : choisissez-en une autre.")
    with transaction.atomic():
        drop = _locked(drop, DropStatus.READY, DropStatus.WRITTEN)
        if any(not 0 <= column < len(drop.titles) for column in columns):
            raise DropRefused("column_unknown", "Cette colonne n’est pas dans le fichier.")
        kept = {}
        for field in target.fields:
            column = chosen.get(field.name)
            if column is None:
                continue
            before = drop.mapping.get(field.name)
            same = before is not None and before["column"] == column
            kept[field.name] = before if same else {"column": column, "match": Match.CHOSEN.value}
        drop.mapping = kept
        _remember(drop, target, at=at)
        _judge_again(drop, target, where_of(drop, dropper))
        record("drop.columns_changed", drop, at=at, actor=dropper.user, structure=drop.structure, fields=len(kept))
    return drop


@dataclass(frozen=True, slots=True)
class Disputed:
    """A cell somebody else corrected while this person did: ``kept`` is theirs, ``typed`` was not written."""

    number: int
    title: str
    kept: str
    typed: str


def correct(
    dropper: Dropper,
    drop: Drop,
    target: Target,
    texts: Mapping[tuple[int, int], str],
    *,
    opened: Mapping[tuple[int, int], str] | None = None,
    at: datetime,
) -> list[Disputed]:
    """Write in the grid in place of cells (line number, column); the lines are judged again. Raises DropRefused.

    ``opened``: what the cells held when the page was opened. A cell left as it was opened is nobody's correction; one that
    another person corrected meanwhile is not written over, and is returned.
    """
    opened, disputed = opened or {}, []
    with transaction.atomic():
        drop = _locked(drop, DropStatus.READY, DropStatus.WRITTEN)
        numbers = {number for number, _ in texts}
        cells = dict(drop.lines.filter(number__in=numbers).values_list("number", "cells"))
        corrections = {(each.number, each.column): each.text for each in drop.corrections.filter(number__in=numbers)}
        changed = {}
        for place, text in texts.items():
            number, column = place
            if number not in cells or not 0 <= column < len(cells[number]):
                continue
            kept, typed = corrections.get(place, cells[number][column]), text.strip()
            seen = opened.get(place, kept)
            if _on_one_line(typed) in (_on_one_line(kept), _on_one_line(seen)):
                continue
            if _on_one_line(seen) != _on_one_line(kept):
                disputed.append(Disputed(number, str(drop.titles[column]), kept, typed))
            else:
                changed[place] = typed
        if changed:
            _keep_corrections(drop, dropper, changed, at=at)
            _judge_again(drop, target, where_of(drop, dropper))
            record("drop.corrected", drop, at=at, actor=dropper.user, structure=drop.structure, cells=len(changed))
    return disputed


def _on_one_line(text: str) -> str:
    """A cell as its box sends it back: a browser takes the line ends out of a box of one line."""
    return text.replace("\r", "").replace("\n", "").strip()


def make_unknown(dropper: Dropper, drop: Drop, target: Target, field_name: str, *, at: datetime) -> Drop:
    """Hold every unreadable cell of one optional column for unknown: said so, never guessed. Raises DropRefused."""
    field = next((each for each in target.fields if each.name == field_name), None)
    if field is None or field.required:
        raise DropRefused("field_required", "Cette information est nécessaire : elle ne peut pas rester inconnue.")
    with transaction.atomic():
        drop = _locked(drop, DropStatus.READY, DropStatus.WRITTEN)
        refused = drop.lines.filter(act=LineAct.REFUSED).values_list("number", "problems")
        places = {
            (number, column): ""
            for number, problems in refused
            for name, column, _ in problems
            if name == field_name and column is not None
        }
        if places:
            _keep_corrections(drop, dropper, places, at=at)
            _judge_again(drop, target, where_of(drop, dropper))
            record("drop.made_unknown", drop, at=at, actor=dropper.user, structure=drop.structure, cells=len(places))
    return drop


def ask_write(dropper: Dropper, drop: Drop, target: Target, *, at: datetime) -> Drop:
    """Write what the dry run announces: at once, or in the background when it is long. Raises DropRefused, WriteRefused."""
    with transaction.atomic():
        drop = _locked(drop, DropStatus.READY, DropStatus.WRITTEN)
        asked = drop.counts.get(LineAct.CREATE, 0) + drop.counts.get(LineAct.UPDATE, 0)
        if not asked and not drop.counts.get(LineAct.UNCHANGED, 0):
            raise DropRefused(
                "nothing_to_write", "Aucune ligne n’est prête : corrigez-en une, ou changez les colonnes."
            )
        if asked >= target.long_from:
            drop.status = DropStatus.WRITING
            drop.save(update_fields=["status"])
            _in_background("intake.write", drop, dropper, at=at)
            return drop
        write(drop, target, where_of(drop, dropper), at=at)
    return drop


def abandon(dropper: Dropper, drop: Drop, *, at: datetime) -> Drop:
    """Leave a drop without writing it; its grid goes with the file's own time. Raises DropRefused."""
    with transaction.atomic():
        drop = _locked(drop, DropStatus.READY, DropStatus.RECEIVED)
        drop.status = DropStatus.ABANDONED
        drop.save(update_fields=["status"])
        record("drop.abandoned", drop, at=at, actor=dropper.user, structure=drop.structure)
    return drop


@transaction.atomic
def write(drop: Drop, target: Target, where: Where, *, at: datetime) -> str:
    """Judge again against what is stored now, have the room write, and remember the columns. Raises WriteRefused."""
    lines = _lines(drop)
    judged = judge(lines, _columns(drop), _corrections(drop), target, where)
    ready = [each.read for each in judged if each.act in (LineAct.CREATE, LineAct.UPDATE) and each.read is not None]
    unchanged = [each.read for each in judged if each.act is LineAct.UNCHANGED and each.read is not None]
    leads_to = target.write(where, Sheet(drop.titles, _columns(drop), ready, unchanged), at=at)
    counts = tally(judged)
    drop.lines.filter(act__in=(LineAct.CREATE, LineAct.UPDATE)).update(act=LineAct.UNCHANGED, changes=[])
    drop.counts = {
        **counts,
        LineAct.CREATE.value: 0,
        LineAct.UPDATE.value: 0,
        LineAct.UNCHANGED.value: len(ready) + len(unchanged),
    }
    drop.status, drop.written_at, drop.leads_to = DropStatus.WRITTEN, at, leads_to
    drop.save(update_fields=["counts", "status", "written_at", "leads_to"])
    _remember(drop, target, at=at)
    record(
        "drop.written",
        drop,
        at=at,
        actor=where.user,
        structure=drop.structure,
        created=counts[LineAct.CREATE.value],
        updated=counts[LineAct.UPDATE.value],
        refused=counts[LineAct.REFUSED.value],
    )
    return leads_to


def forget_old(at: datetime) -> int:
    """Remove the grids whose file has gone; return how many lines. What was written stays."""
    deleted, _ = DropLine.objects.filter(drop__file__state=FileState.PURGED).delete()
    Correction.objects.filter(drop__file__state=FileState.PURGED).delete()
    return deleted


def _in_background(kind: str, drop: Drop, dropper: Dropper, *, at: datetime) -> None:
    drop.job = start_job(kind, actor=dropper.user, structure=drop.structure, at=at, drop=drop.pk, seated=dropper.seated)
    drop.save(update_fields=["job"])


def _locked(drop: Drop, *statuses: DropStatus) -> Drop:
    """Return the drop as it is now, held until the end of the transaction. Raises DropRefused in any other status."""
    found = (
        Drop.objects.select_for_update(of=("self",)).select_related("file", "structure", "organisation").get(pk=drop.pk)
    )
    if found.status not in statuses:
        raise DropRefused(
            "status", f"Ce dépôt est « {found.get_status_display()} » : cette action n’y est plus possible."
        )
    return found


def read_drop(drop: Drop, target: Target, where: Where, *, at: datetime) -> None:
    """Read the file into the grid and judge its lines, in the caller's transaction. Raises IntakeRefused."""
    grid = read_grid(
        storage.full_path(drop.file.path), target.fields, name=drop.file.name, remembered=_remembered(drop)
    )
    drop.sheet = grid.sheet[:200]
    drop.header_number = grid.header_number
    drop.titles = list(grid.titles)
    drop.line_count = len(grid.lines)
    drop.mapping = {name: {"column": found.column, "match": found.match.value} for name, found in grid.mapping.items()}
    judged = judge(((line.number, line.cells) for line in grid.lines), _columns(drop), {}, target, where)
    drop.counts = tally(judged)
    drop.status = DropStatus.READY
    drop.save()
    drop.lines.all().delete()
    DropLine.objects.bulk_create(
        (_row(drop, line.cells, each) for line, each in zip(grid.lines, judged, strict=True)), batch_size=BATCH
    )


def _row(drop: Drop, cells: Sequence[str], judged: Judged) -> DropLine:
    return DropLine(
        structure_id=drop.structure_id,
        drop=drop,
        number=judged.number,
        cells=list(cells),
        act=judged.act,
        problems=[list(each) for each in judged.problems],
        changes=list(judged.changes),
    )


def _judge_again(drop: Drop, target: Target, where: Where) -> None:
    rows = list(drop.lines.order_by("number"))
    judged = judge(((row.number, row.cells) for row in rows), _columns(drop), _corrections(drop), target, where)
    moved = []
    for row, each in zip(rows, judged, strict=True):
        now = (each.act.value, [list(problem) for problem in each.problems], list(each.changes))
        if (row.act, row.problems, row.changes) != now:
            row.act, row.problems, row.changes = now
            moved.append(row)
    if len(moved) <= CHANGED_ONE_BY_ONE:
        DropLine.objects.bulk_update(moved, ["act", "problems", "changes"], batch_size=BATCH)
    else:
        # one long CASE per column is slower than writing the rows anew
        drop.lines.all().delete()
        for row in rows:
            row.pk, row._state.adding = None, True
        DropLine.objects.bulk_create(rows, batch_size=BATCH)
    drop.counts = tally(judged)
    drop.save(update_fields=["counts", "mapping"])


def _keep_corrections(drop: Drop, dropper: Dropper, texts: Mapping[tuple[int, int], str], *, at: datetime) -> None:
    Correction.objects.bulk_create(
        (
            Correction(
                structure_id=drop.structure_id,
                drop=drop,
                number=number,
                column=column,
                text=text[:5000],
                author=dropper.user,
                at=at,
            )
            for (number, column), text in texts.items()
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["drop", "number", "column"],
        update_fields=["text", "author", "at"],
    )


def _lines(drop: Drop) -> list[tuple[int, list[str]]]:
    return list(drop.lines.order_by("number").values_list("number", "cells"))


def _columns(drop: Drop) -> dict[str, int]:
    return {name: int(found["column"]) for name, found in drop.mapping.items()}


def _corrections(drop: Drop) -> dict[tuple[int, int], str]:
    return {(number, column): text for number, column, text in drop.corrections.values_list("number", "column", "text")}


def _remembered(drop: Drop) -> dict[str, str]:
    found = RememberedMapping.objects.filter(
        structure_id=drop.structure_id, purpose=drop.purpose, organisation=drop.organisation
    ).first()
    return dict(found.titles) if found else {}


def _remember(drop: Drop, target: Target, *, at: datetime) -> None:
    """Keep which title meant which field; only of a file that has titles."""
    if not drop.header_number:
        return
    columns = _columns(drop)
    titles = {
        field.name: fold(drop.titles[columns[field.name]]) if field.name in columns else "" for field in target.fields
    }
    RememberedMapping.objects.update_or_create(
        structure_id=drop.structure_id,
        purpose=drop.purpose,
        organisation=drop.organisation,
        defaults={"titles": titles, "updated_at": at},
    )
