"""``dentelle search rebuild``: writes the search index again from the objects."""

import argparse

from dentelle.cli.installation import open_installation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No option: everything is rebuilt, and people keep searching meanwhile."""


def run(arguments: argparse.Namespace) -> int:
    """Rebuild and say how many objects of each kind are found."""
    open_installation()
    from dentelle.foundations.search.actions import rebuild

    total = rebuild(say=lambda label, count: print(f"  {label} : {count}"))
    print(f"Index de recherche reconstruit : {total} fiches.")
    return 0
