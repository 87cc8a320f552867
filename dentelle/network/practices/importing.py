"""Sheets written from a file, in the caller's transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from dentelle.foundations.intake.targets import Where
from dentelle.foundations.journal.actions import record
from dentelle.network.practices.access import may_write
from dentelle.network.practices.actions import begin, write
from dentelle.network.practices.models import Origin, PracticeVersion
from dentelle.network.practices.refusals import PracticeRefused

Line = tuple[str, Mapping[str, Any], int | None]  # key of origin, content, sheet it is already


@transaction.atomic
def write_sheets(where: Where, lines: Iterable[Line], *, at: datetime) -> tuple[int, int]:
    """Write each line as a draft, new or again; return how many of each. Raises PracticeRefused."""
    member = where.membership
    if member is None or not may_write(member) or member.structure_id != where.structure.pk:
        raise PracticeRefused("role", "Vous ne pouvez pas reprendre de fiches ici.")
    created = updated = 0
    for key, content, known in lines:
        if known is None:
            begin(member, content, at=at, origin=Origin.IMPORTED, origin_key=key[:120])
            created += 1
        else:
            write(member, known, completed(known, content), at=at)
            updated += 1
    record(
        "practice.imported", where.structure, at=at, actor=where.user, structure=where.structure, created=created, updated=updated
    )  # fmt: skip
    return created, updated


def completed(known: int, content: Mapping[str, Any]) -> dict[str, Any]:
    """A file that says nothing of a field does not erase what was typed here."""
    latest = PracticeVersion.objects.filter(practice=known).order_by("-number").first()
    said = {name: value for name, value in content.items() if value not in (None, "", [], [""])}
    return {**(latest.content if latest else {}), **said}
