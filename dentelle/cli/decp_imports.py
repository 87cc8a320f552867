"""``dentelle decp imports``: the files of a data set, when each was read and what it alone brings."""

import argparse
import json
import sys
from dataclasses import asdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--into, --format."""
    parser.add_argument("--into", required=True, metavar="DIR", help="dossier du jeu de données")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="forme de la liste")


def run(arguments: argparse.Namespace) -> int:
    """0 when the list could be given; 1 when there is no data set."""
    from dentelle.cli.decp_import import number
    from dentelle.cli.marts_common import print_table
    from dentelle.opendata.decp.dataset import DatasetMissing, DatasetTooNew
    from dentelle.opendata.decp.undoing import imported_files

    try:
        files = imported_files(arguments.into)
    except (DatasetMissing, DatasetTooNew) as refusal:
        print(f"dentelle decp imports : {refusal}", file=sys.stderr)
        return 1
    if arguments.format == "json":
        told = [asdict(file) | {"read_at": file.read_at.isoformat() if file.read_at else None} for file in files]
        print(json.dumps(told, ensure_ascii=False))
        return 0
    lines = [
        [
            file.sha256[:12],
            f"{file.read_at.astimezone():%Y-%m-%d %H:%M}" if file.read_at else "inconnue",
            number(file.read),
            number(file.rejected),
            number(file.only_here),
            file.name,
        ]
        for file in files
    ]
    headers = ["empreinte", "lu le", "lus", "rejetés", "propres", "fichier"]
    print_table(headers, lines, right=frozenset({2, 3, 4}))
    print("« propres » : contrats ou lots qu’aucun autre fichier ne donne ; ils partent avec lui (dentelle decp undo).")
    return 0
