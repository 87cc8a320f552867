"""One export alone in its process, so that its memory can be measured: ``python -m benchmarks.export_once STORE FORM OUT``."""

import sys
from pathlib import Path

import django


def main(store: str, form: str, out: str) -> None:
    django.setup()
    from dentelle.opendata.marts.serving_filters import PurchaseFilters
    from dentelle.opendata.marts.serving_store import ServingStore
    from dentelle.thread.purchases import columns, exports
    from dentelle.thread.purchases.tasks import EXPORT_MEMORY

    read = ServingStore(Path(store), threads=1, memory=EXPORT_MEMORY)
    batches = exports.rows_of(read, PurchaseFilters(), columns.BY_DEFAULT)
    header = exports.header_of(columns.BY_DEFAULT)
    path = Path(out)
    if form == "csv":
        total = exports.write_csv(path, header, batches, on_batch=lambda _: None)
    else:
        total = exports.write_xlsx(path, header, batches, on_batch=lambda _: None, scratch=path.parent)
    print(total)


if __name__ == "__main__":
    main(*sys.argv[1:])
