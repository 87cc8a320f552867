"""``dentelle ground list``: what the ground is made of, with vintages, rows and codes without commune."""

import argparse
import json
from typing import Any

from dentelle.cli.ground_common import add_directory, add_format, directory_of, refusals_in_one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to look and how to answer."""
    add_directory(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print one line per file."""
    from dentelle.opendata.ground import load_ground

    with refusals_in_one_line():
        ground = load_ground(directory_of(arguments))
    rows: list[dict[str, Any]] = [_described("cog", ground.metadata)]
    rows += [_described(layer.kind, layer.metadata) for layer in ground.layers]
    if arguments.format == "json":
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    print(f"{'genre':<24}{'millésime':<12}{'valable du':<12}{'au':<12}{'lignes':>9}{'sans commune':>14}  fichier")
    for row in rows:
        print(
            f"{row['kind']:<24}{row['vintage']:<12}{row['valid_from'] or '?':<12}{row['valid_to'] or '':<12}"
            f"{row['rows']:>9}{row['unmatched']:>14}  {row['source']}"
        )
    return 0


def _described(kind: str, metadata: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": kind,
        "vintage": metadata["vintage"],
        "valid_from": metadata.get("valid_from"),
        "valid_to": metadata.get("valid_to"),
        "rows": metadata.get("rows", 0),
        "unmatched": metadata.get("unmatched_count", 0),
        "source": metadata.get("source_name") or f"{metadata.get('package')} {metadata.get('package_version')}",
        "attribution": metadata.get("attribution"),
    }
