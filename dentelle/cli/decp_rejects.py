"""``dentelle decp rejects``: what could not be read, where and why."""

import argparse
import csv
import json
import sys

from dentelle.cli.marts_common import csv_value, short

COLUMNS = ("source_name", "record_index", "byte_offset", "line", "defect", "reason", "excerpt")
HEADINGS = ("fichier", "rang", "octet", "ligne", "défaut", "raison", "extrait")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", required=True, metavar="DIR", help="dossier du jeu de données")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table", help="forme de la liste")


def run(arguments: argparse.Namespace) -> int:
    """0 when the list could be given, even empty; 1 when there is no data set."""
    import duckdb

    from dentelle.opendata.decp.dataset import DatasetMissing, DatasetTooNew, open_dataset

    try:
        dataset = open_dataset(arguments.data)
    except (DatasetMissing, DatasetTooNew) as refusal:
        print(f"dentelle decp rejects : {refusal}", file=sys.stderr)
        return 1
    rows = duckdb.execute(
        f"SELECT {', '.join(COLUMNS)} FROM read_parquet(?) ORDER BY source_name, record_index NULLS FIRST, reason",  # noqa: S608 -- fixed columns
        [str(dataset.path("rejects"))],
    ).fetchall()
    if arguments.format == "json":
        print(json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in rows], ensure_ascii=False))
    elif arguments.format == "csv":
        writer = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
        writer.writerow(HEADINGS)
        writer.writerows([[csv_value(value) for value in row] for row in rows])
    elif not rows:
        print("Aucun rejet.")
    else:
        for name, index, offset, line, defect, reason, excerpt in rows:
            where = [
                f"contrat n° {index + 1}" if index is not None else "",
                f"octet {offset}" if offset is not None else "",
                f"ligne {line}" if line is not None else "",
            ]
            place = ", ".join(part for part in where if part)
            print(f"{name}{f' ({place})' if place else ''} : {reason} [{defect}]")
            if excerpt:
                print(f"    {short(excerpt, 160)}")
    return 0
