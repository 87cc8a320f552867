"""``dentelle docs export``: writes the tables of docs/export.md again from the models."""

import argparse
from pathlib import Path

from dentelle.cli.docs_api import DOCS, rewrite
from dentelle.cli.installation import open_installation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the page is."""
    parser.add_argument(
        "--page", default=str(DOCS / "export.md"), metavar="FICHIER", help="page à récrire (docs/export.md)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the page and say whether it changed."""
    open_installation()
    from dentelle.foundations.takeout.reference import with_tables

    return rewrite(Path(arguments.page), with_tables)
