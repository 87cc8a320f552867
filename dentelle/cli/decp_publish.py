"""``dentelle decp publish``: foresee from the imported data and put the answers in place for the pages of the site."""

import argparse
import os
import sys
from pathlib import Path

from dentelle.cli.disk import disk_said, is_disk
from dentelle.cli.main import UsageError
from dentelle.cli.marts_common import day

PROJECT = Path(__file__).resolve().parents[2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(
            os.environ.get("DENTELLE_DECP") or Path(os.environ.get("DENTELLE_HOME") or PROJECT / "var") / "decp"
        ),
        metavar="DIR",
        help="jeu de données (défaut : $DENTELLE_DECP, sinon $DENTELLE_HOME/decp, celui que le site lit)",
    )
    parser.add_argument(
        "--ground", type=Path, metavar="DIR", help="référentiel des communes (défaut : $DENTELLE_HOME/ground)"
    )
    parser.add_argument("--as-of", metavar="AAAA-MM-JJ", help="jour où l’on se place (défaut : aujourd’hui)")


def run(arguments: argparse.Namespace) -> int:
    """0 when the pages have their file, 1 when it could not be written, 2 when the data or the ground are missing."""
    import duckdb

    from dentelle.opendata.decp.dataset import DatasetMissing, DatasetTooNew
    from dentelle.opendata.ground import GroundMissing, ground_directory
    from dentelle.opendata.marts.serving import build_serving
    from dentelle.opendata.marts.serving_store import STORE_FILE, ServingStore

    into = arguments.data / STORE_FILE
    try:
        build_serving(
            arguments.data, arguments.ground or ground_directory(os.environ), as_of=day(arguments.as_of), into=into
        )
    except (DatasetMissing, DatasetTooNew, GroundMissing) as refusal:
        raise UsageError(str(refusal)) from refusal
    except (OSError, duckdb.Error) as failure:
        if not is_disk(failure):
            raise
        print(f"dentelle decp publish : {disk_said(failure, into)} Le site garde ce qu’il montrait.", file=sys.stderr)
        return 1
    meta = ServingStore(into).meta()
    print(f"Le site montre ces données, prévues au {meta['as_of']} : {into} ({into.stat().st_size / 1e6:.1f} Mo).")
    return 0
