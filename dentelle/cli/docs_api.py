"""``dentelle docs api``: writes the operations and objects of docs/api.md again from the API itself."""

import argparse
from collections.abc import Callable
from pathlib import Path

from dentelle.cli.answering import write
from dentelle.cli.installation import open_installation
from dentelle.cli.main import UsageError

DOCS = Path(__file__).resolve().parents[2] / "docs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the page is."""
    parser.add_argument("--page", default=str(DOCS / "api.md"), metavar="FICHIER", help="page à récrire (docs/api.md)")


def run(arguments: argparse.Namespace) -> int:
    """Write the page of the API and say whether it changed."""
    open_installation()
    from dentelle.web.api.reference import with_operations

    return rewrite(Path(arguments.page), with_operations)


def rewrite(page: Path, made: Callable[[str], str]) -> int:
    """Write ``page`` as ``made`` returns it from its present text."""
    if not page.is_file():
        raise UsageError(
            f"{page} n’existe pas : la commande s’utilise dans le dépôt, où l’en-tête est écrit à la main."
        )
    before = page.read_text(encoding="utf-8")
    after = made(before)
    if after != before:
        page.write_text(after, encoding="utf-8")
    write(f"{page} est {'à jour' if after == before else 'récrit'}.")
    return 0
