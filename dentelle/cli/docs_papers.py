"""``dentelle docs papers``: writes docs/papers.md again from the papers and their variables, its hand-written head kept."""

import argparse
from pathlib import Path

from dentelle.cli.answering import write
from dentelle.cli.installation import open_installation
from dentelle.cli.main import UsageError

PAGE = Path(__file__).resolve().parents[2] / "docs" / "papers.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the page is."""
    parser.add_argument("--page", default=str(PAGE), metavar="FICHIER", help="page à récrire (docs/papers.md)")


def run(arguments: argparse.Namespace) -> int:
    """Write the page and say whether it changed."""
    page = Path(arguments.page)
    if not page.is_file():
        raise UsageError(
            f"{page} n’existe pas : la commande s’utilise dans le dépôt, où l’en-tête est écrit à la main."
        )
    open_installation()
    from dentelle.thread.papers.page import with_papers

    before = page.read_text(encoding="utf-8")
    after = with_papers(before)
    if after == before:
        write(f"{page} est à jour.")
        return 0
    page.write_text(after, encoding="utf-8")
    write(f"{page} est récrit.")
    return 0
