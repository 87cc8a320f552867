"""``dentelle decp undo``: take files out of a data set, as if they had never been imported."""

import argparse
import json
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILES, --into, --format."""
    parser.add_argument(
        "files", nargs="+", metavar="FICHIER", help="empreinte (6 signes au moins) ou nom, d’après « decp imports »"
    )
    parser.add_argument("--into", required=True, metavar="DIR", help="dossier du jeu de données")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="forme du compte rendu")


def run(arguments: argparse.Namespace) -> int:
    """0 when the files are out, 1 when the data set could not be changed, 2 when a file is not one of it."""
    from dentelle.cli.decp_import import number
    from dentelle.cli.main import UsageError
    from dentelle.opendata.decp.dataset import DatasetMissing, DatasetTooNew
    from dentelle.opendata.decp.importing import ImportBusy
    from dentelle.opendata.decp.undoing import SourceUnknown, undo_import

    try:
        undone = undo_import(arguments.files, arguments.into)
    except SourceUnknown as unknown:
        raise UsageError(str(unknown)) from unknown
    except (ImportBusy, DatasetMissing, DatasetTooNew) as refusal:
        print(f"dentelle decp undo : {refusal}", file=sys.stderr)
        return 1
    if arguments.format == "json":
        told = {
            "removed": [{"sha256": entry.sha256, "name": entry.name, "read": entry.read} for entry in undone.removed],
            "contracts": undone.contracts,
            "uids": undone.uids,
            "sources": undone.sources,
            "digest": undone.digest,
        }
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for entry in undone.removed:
        print(f"Retiré : {entry.name} ({number(entry.read)} enregistrements).")
    if undone.sources:
        print(f"Il reste {number(undone.contracts)} contrats ou lots, de {number(undone.sources)} fichiers.")
    else:
        print("Il ne reste aucun fichier : le jeu de données n’existe plus.")
    return 0
