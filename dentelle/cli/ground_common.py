"""What the ``ground`` verbs share: where the ground is, and refusals told in one line."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dentelle.cli.disk import disk_said
from dentelle.cli.main import UsageError


def add_directory(parser: argparse.ArgumentParser) -> None:
    """Let the user say where the ground is; ``$DENTELLE_HOME/ground`` otherwise."""
    parser.add_argument(
        "--into", type=Path, default=None, metavar="DIR", help="dossier du référentiel (défaut : $DENTELLE_HOME/ground)"
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    """Let the user ask for JSON instead of text."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text (défaut) ou json")


def directory_of(arguments: argparse.Namespace) -> Path:
    """Return the folder of the ground."""
    from dentelle.opendata.ground import ground_directory

    return arguments.into if arguments.into is not None else ground_directory(os.environ)


@contextmanager
def refusals_in_one_line() -> Iterator[None]:
    """Turn a refusal of the ground into the one line the command prints, with exit code 2."""
    from dentelle.opendata.ground import GroundMissing, UnknownPlace
    from dentelle.opendata.refusal import SourceRefused

    try:
        yield
    except (GroundMissing, UnknownPlace, SourceRefused) as refusal:
        raise UsageError(str(refusal)) from refusal
    except OSError as failure:
        raise UsageError(disk_said(failure, "fichier")) from failure
