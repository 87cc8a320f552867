"""One export alone in its process, so that its memory can be measured: ``python -m benchmarks.export_once STORE FORM OUT ORDER``.

ORDER is one of the orders of the list (``end`` is the one rows are stored in, ``amount`` any other).
"""

import sys
from pathlib import Path

import django


def main(store: str, form: str, out: str, order: str) -> None:
    django.setup()
    from dentelle.foundations.sheets import write_csv, write_xlsx
    from dentelle.opendata.marts.serving_filters import PurchaseFilters, Sort
    from dentelle.opendata.marts.serving_store import ServingStore
    from dentelle.thread.purchases import columns, exports
    from dentelle.thread.purchases.tasks import EXPORT_MEMORY

    read = ServingStore(Path(store), threads=1, memory=EXPORT_MEMORY)
    batches = exports.rows_of(read, PurchaseFilters(), columns.BY_DEFAULT, Sort(order))
    header = exports.header_of(columns.BY_DEFAULT)
    path = Path(out)
    if form == "csv":
        total = write_csv(path, header, batches, on_batch=lambda _: None)
    else:
        total = write_xlsx(path, header, batches, on_batch=lambda _: None, scratch=path.parent)
    print(total)


if __name__ == "__main__":
    main(*sys.argv[1:])
