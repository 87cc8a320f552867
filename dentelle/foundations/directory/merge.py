"""Two records of the same organisation become one: everything that points to the duplicate points to the record kept.

Rows that cannot simply follow (a unique constraint: both records already have such a row) are settled by a function their
app registers; without one the merge is refused, never guessed. The duplicate stays as a signpost. There is no undo: the
history says what was merged, by whom and when.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from dentelle.foundations.directory import access
from dentelle.foundations.directory.models import Organisation, OrganisationKind, Seat
from dentelle.foundations.directory.refusals import DirectoryRefused
from dentelle.foundations.journal.actions import record
from dentelle.foundations.organisations.models import Membership
from dentelle.foundations.search.actions import index, index_many
from dentelle.foundations.search.registry import searchable_of

# settle(row of the duplicate that clashes, record kept, when): changes or deletes the row so that nothing clashes
Settle = Callable[[Any, Organisation, datetime], None]

_settlements: dict[str, Settle] = {}
_left_alone: set[str] = set()


def settle_with(model: type[models.Model], settle: Settle) -> None:
    """Say what becomes of a row of ``model`` that both records have. Called once by the app that owns the model."""
    _settlements[model._meta.label_lower] = settle


def leave_alone(model: type[models.Model]) -> None:
    """Say that rows of ``model`` are never rewritten (an append-only ledger): they keep the duplicate, whose signpost is followed."""
    _left_alone.add(model._meta.label_lower)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: the record kept, rows moved by model, rows that both had and that were settled."""

    kept: Organisation
    moved: dict[str, int]
    settled: dict[str, int]


def references() -> list[models.ForeignKey[Any, Any]]:
    """Return every foreign key of the installation that points to an organisation, hidden ones included."""
    found = [
        relation.field
        for relation in Organisation._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and isinstance(relation.field, models.ForeignKey)
    ]
    return sorted(found, key=lambda field: (field.model._meta.label_lower, field.name))


def merge(actor: Membership, kept_pk: int, duplicate_pk: int, *, at: datetime, other_siren: bool = False) -> Merged:
    """Merge a duplicate into the record kept. ``other_siren`` accepts two legal units (a firm taken over by another).

    Raises DirectoryRefused: ``same``, ``already_merged``, ``other_siren``, ``clash``; then nothing is written.
    """
    with transaction.atomic():
        kept, duplicate = _both(actor, kept_pk, duplicate_pk)
        if kept.siren != duplicate.siren and not other_siren:
            raise DirectoryRefused(
                "other_siren",
                "Ces deux fiches n’ont pas le même SIREN : ce sont deux entreprises. Cochez la case pour les fusionner quand "
                "même, par exemple après une reprise.",
            )
        _join_identity(kept, duplicate, at)
        moved: Counter[str] = Counter()
        settled: Counter[str] = Counter()
        rows: list[models.Model] = []
        for field in references():
            if field.model._meta.label_lower not in _left_alone:
                rows += _repoint(field, kept, duplicate, at, moved, settled)
        _tell(actor, kept, duplicate, at, sum(moved.values()), sum(settled.values()))
        _index_again([kept, duplicate, *rows])
    return Merged(kept, dict(moved), dict(settled))


def _both(actor: Membership, kept_pk: int, duplicate_pk: int) -> tuple[Organisation, Organisation]:
    if not access.may_write(actor):
        raise DirectoryRefused("reader", "Votre rôle permet de lire l’annuaire, pas de le modifier.")
    # in the order of keys, so that two merges of the same records wait for each other instead of locking each other
    locked = Organisation.objects.select_for_update().filter(pk__in={kept_pk, duplicate_pk}).order_by("pk")
    rows = {row.pk: row for row in locked}
    if kept_pk == duplicate_pk:
        raise DirectoryRefused("same", "C’est la même fiche : choisissez-en une autre à fusionner.")
    if len(rows) < 2:
        raise DirectoryRefused("unknown", "Une des deux fiches n’existe pas.")
    # both must be living: a record already merged cannot receive another, so signposts never lead back to themselves
    if any(row.merged_into_id is not None for row in rows.values()):
        raise DirectoryRefused("already_merged", "Une des deux fiches a déjà été fusionnée. Ouvrez la fiche qui reste.")
    return rows[kept_pk], rows[duplicate_pk]


def _join_identity(kept: Organisation, duplicate: Organisation, at: datetime) -> None:
    """The kept record takes what it lacks; the duplicate becomes its signpost."""
    duplicate.merged_into, duplicate.updated_at = kept, at
    duplicate.revision += 1
    duplicate.save()
    names = ["commune_code", "address", "legal_category"]
    if kept.siren == duplicate.siren:
        names.append("siret")
    for name in names:
        setattr(kept, name, getattr(kept, name) or getattr(duplicate, name))
    kept.updated_at = at
    kept.revision += 1
    kept.save()


def _repoint(
    field: models.ForeignKey[Any, Any],
    kept: Organisation,
    duplicate: Organisation,
    at: datetime,
    moved: Counter[str],
    settled: Counter[str],
) -> list[models.Model]:
    """Move the rows of one foreign key; return those moved."""
    rows = field.model._base_manager.filter(**{field.name: duplicate})
    if field.model is Organisation and field.name == "merged_into":
        rows = rows.exclude(pk=duplicate.pk)
    label = f"{field.model._meta.label_lower}.{field.name}"
    followed = []
    for row in list(rows.order_by("pk")):
        if _follows(row, field, kept):
            moved[label] += 1
            followed.append(row)
        else:
            _settle(row, field, kept, at)
            settled[label] += 1
    return followed


def _follows(row: models.Model, field: models.ForeignKey[Any, Any], kept: Organisation) -> bool:
    """Point the row to the record kept; False when a constraint refuses it (the row is then as it was)."""
    before = getattr(row, field.attname)
    setattr(row, field.attname, kept.pk)
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{field.attname: kept.pk})
    except IntegrityError:
        setattr(row, field.attname, before)
        return False
    return True


def _settle(row: models.Model, field: models.ForeignKey[Any, Any], kept: Organisation, at: datetime) -> None:
    settle = _settlements.get(row._meta.label_lower)
    if settle is None:
        raise DirectoryRefused(
            "clash",
            f"Les deux fiches ont chacune « {row._meta.verbose_name} » ({row}) : réglez ce double avant de fusionner.",
        )
    settle(row, kept, at)
    duplicate_rows = type(row)._base_manager.filter(pk=row.pk).exclude(**{field.name: kept})
    if duplicate_rows.exists() and not _follows(duplicate_rows.get(), field, kept):
        raise DirectoryRefused(
            "clash", f"« {row._meta.verbose_name} » ({row}) n’a pas pu être rattaché à la fiche gardée."
        )


def _tell(
    actor: Membership, kept: Organisation, duplicate: Organisation, at: datetime, moved: int, settled: int
) -> None:
    by, structure = actor.user, actor.structure
    facts: dict[str, Any] = {
        "duplicate": duplicate.pk,
        "siret": duplicate.identifier,
        "moved": moved,
        "settled": settled,
    }
    record("organisation.merged", kept, at=at, actor=by, structure=structure, **facts)
    away: dict[str, Any] = {"kept": kept.pk, "siret": kept.identifier}
    record("organisation.merged_away", duplicate, at=at, actor=by, structure=structure, **away)


def _index_again(rows: list[models.Model]) -> None:
    """The kept record answers to the duplicate's name and number; what moved may answer to other names."""
    for row in rows:
        try:
            searchable_of(row)
        except LookupError:
            continue
        if isinstance(row, Organisation):
            index(row)
        else:
            index_many([type(row)._base_manager.get(pk=row.pk)])


def preview(membership: Membership, duplicate: Organisation) -> Iterator[tuple[str, int]]:
    """Say what a merge would move, as far as this member may know: (name of the rows, how many), of their structure or shared."""
    for field in references():
        rows = field.model._base_manager.filter(**{field.name: duplicate})
        if any(one.name == "structure" for one in field.model._meta.concrete_fields):
            rows = rows.filter(structure_id=membership.structure_id)
        count = rows.count()
        if count and field.model is not Organisation:
            yield str(field.model._meta.verbose_name_plural), count


def _settle_kind(row: OrganisationKind, kept: Organisation, at: datetime) -> None:
    """Both are of the kind today: one period, from the earlier of the two days."""
    same = kept.kinds.get(kind=row.kind, valid_to=None)
    starts = [same.valid_from, row.valid_from]
    same.valid_from = None if None in starts else min(day for day in starts if day is not None)
    same.save(update_fields=["valid_from"])
    row.delete()


def _settle_seat(row: Seat, kept: Organisation, at: datetime) -> None:
    """The person already acts for the record kept: the seat of the duplicate ends, and follows as history."""
    row.closed_at = max(at, row.opened_at)
    row.save(update_fields=["closed_at"])


settle_with(OrganisationKind, _settle_kind)
settle_with(Seat, _settle_seat)
