"""What a file of the list holds: the rows of the store, written as the columns say, in batches."""

from collections.abc import Iterator, Sequence

from dentelle.foundations.sheets import Cell
from dentelle.opendata.marts.serving_filters import PurchaseFilters, Sort
from dentelle.opendata.marts.serving_store import ServingStore
from dentelle.thread.purchases.columns import COLUMNS


def rows_of(
    store: ServingStore, filters: PurchaseFilters, columns: Sequence[str], sort: Sort | None = None
) -> Iterator[list[list[Cell]]]:
    """Yield the rows of an export in batches, in the order of the list (of estimated end without ``sort``)."""
    chosen = [COLUMNS[code] for code in columns]
    reads = [name for column in chosen for name in column.reads]
    names = list(dict.fromkeys(reads))
    places = [tuple(names.index(name) for name in column.reads) for column in chosen]
    writers = [(column.prepare() if column.prepare else column.write) for column in chosen]
    for batch in store.stream(filters, names, sort):
        yield [
            [write(*(row[place] for place in where)) for write, where in zip(writers, places, strict=True)]
            for row in batch
        ]


def header_of(columns: Sequence[str]) -> list[str]:
    return [COLUMNS[code].label for code in columns]
