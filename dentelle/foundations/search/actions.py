"""Keeping the index: called by the actions that change an object, in their transaction."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model

from dentelle.foundations.search.models import SearchEntry, SearchText
from dentelle.foundations.search.registry import Searchable, searchable_of, searchables
from dentelle.foundations.search.stems import indexed
from dentelle.foundations.search.words import words_of

BATCH = 2_000


def index(*instances: Model) -> None:
    """Write under which words these objects are found; an object nobody should find is taken out."""
    for instance in instances:
        _write(searchable_of(instance), [instance])


def forget(instance: Model) -> None:
    """Take an object out of the index; before it is deleted, while it has its key."""
    _forget(searchable_of(instance), [instance.pk])


def index_many(instances: Iterable[Model]) -> None:
    """Same as ``index`` for many objects of one model, in batches: for imports."""
    batch: list[Model] = []
    for instance in instances:
        batch.append(instance)
        if len(batch) == BATCH:
            _write(searchable_of(instance), batch)
            batch = []
    if batch:
        _write(searchable_of(batch[0]), batch)


def rebuild(*, say: Callable[[str, int], None] = lambda label, count: None) -> int:
    """Write the whole index again from the objects; return how many are in it. ``say`` gets each kind and its count.

    One transaction per kind: people keep finding while it runs.
    """
    for model in (SearchEntry, SearchText):
        model.objects.exclude(kind__in=[one.kind for one in searchables()]).delete()
    total = 0
    for one in searchables():
        with transaction.atomic():
            for model in (SearchEntry, SearchText):
                model.objects.filter(kind=one.kind).delete()
            count = 0
            batch: list[Any] = []
            for instance in one.queryset().iterator(chunk_size=BATCH):
                batch.append(instance)
                if len(batch) == BATCH:
                    count += _write(one, batch)
                    batch = []
            count += _write(one, batch)
        say(one.label, count)
        total += count
    return total


def _write(one: Searchable, instances: list[Any]) -> int:
    entries, texts, gone = [], [], []
    for instance in instances:
        document = one.text_of(instance)
        words = words_of(f"{document.title} {document.words}", document.identifiers) if document else ""
        if document is None or not words or not document.scopes:
            gone.append(instance.pk)
            continue
        scopes = " ".join(f"={scope}" for scope in (f"k{one.kind}", *document.scopes))
        entries.append(
            SearchEntry(kind=one.kind, object_id=instance.pk, scopes=scopes, words=words, weight=len(document.title))
        )
        if one.long_text is not None:
            said = one.long_text(instance)
            texts.append(
                SearchText(
                    kind=one.kind,
                    object_id=instance.pk,
                    scopes=scopes,
                    title=indexed(said.title),
                    keys=indexed(said.keys),
                    body=indexed(said.body),
                )
            )
    if gone:
        _forget(one, gone)
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["scopes", "words", "weight"],
    )
    SearchText.objects.bulk_create(
        texts,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["scopes", "title", "keys", "body"],
    )
    return len(entries)


def _forget(one: Searchable, keys: list[int]) -> None:
    SearchEntry.objects.filter(kind=one.kind, object_id__in=keys).delete()
    if one.long_text is not None:
        SearchText.objects.filter(kind=one.kind, object_id__in=keys).delete()
