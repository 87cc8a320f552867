"""``dentelle ground build``: make the one compact file of the ground from the npm package."""

import argparse
import json
from pathlib import Path

from dentelle.cli.ground_common import add_directory, add_format, directory_of, refusals_in_one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the npm packages are and where the file goes."""
    project = Path(__file__).resolve().parents[2]
    parser.add_argument(
        "--from",
        dest="node_modules",
        type=Path,
        default=project / "node_modules",
        metavar="DIR",
        help="dossier node_modules (défaut : celui du projet)",
    )
    add_directory(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Build the file, or say that it was already there."""
    from dentelle.opendata.cog.build import build_ground

    with refusals_in_one_line():
        built = build_ground(arguments.node_modules, directory_of(arguments))
    if arguments.format == "json":
        print(
            json.dumps(
                {
                    "path": str(built.path),
                    "sha256": built.sha256,
                    "bytes": built.size,
                    "made": built.made,
                    **built.metadata,
                },
                ensure_ascii=False,
            )
        )
        return 0
    state = "préparé" if built.made else "déjà prêt, rien à faire"
    print(f"Référentiel des communes (COG {built.metadata['vintage']}) : {state}.")
    print(f"  {built.path} ({built.size / 1e6:.1f} Mo, sha256 {built.sha256[:16]}…)")
    print(
        f"  source : {built.metadata['package']} {built.metadata['package_version']} ; {built.metadata['attribution']}"
    )
    return 0
