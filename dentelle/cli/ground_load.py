"""``dentelle ground load KIND FILE --vintage 2026``: take an official file in beside the ground."""

import argparse
import json
from pathlib import Path
from typing import Any

from dentelle.cli.ground_common import add_directory, add_format, directory_of, refusals_in_one_line
from dentelle.cli.main import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the kind, the file, its vintage and validity."""
    parser.add_argument(
        "kind", metavar="GENRE", help="zones, committees, priority_neighbourhoods, sirene ou sirene_units"
    )
    parser.add_argument("file", type=Path, metavar="FICHIER", help="fichier officiel")
    parser.add_argument("--vintage", required=True, metavar="AAAA[-MM[-JJ]]", help="millésime du fichier")
    parser.add_argument("--valid-from", default=None, metavar="AAAA-MM-JJ", help="premier jour de validité")
    parser.add_argument("--valid-to", default=None, metavar="AAAA-MM-JJ", help="dernier jour de validité")
    parser.add_argument(
        "--only",
        type=Path,
        default=None,
        metavar="FICHIER",
        help="Sirene : ne garder que ces SIRET ou SIREN (un par ligne)",
    )
    add_directory(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Load the file and tell what was kept and what was not."""
    from dentelle.opendata.ground import load_ground
    from dentelle.opendata.layers import Loading, read_day
    from dentelle.opendata.loading import LOAD_KINDS, read_identifiers

    kind = LOAD_KINDS.get(arguments.kind)
    if kind is None:
        raise UsageError(f"genre inconnu « {arguments.kind} » ; genres connus : {', '.join(LOAD_KINDS)}.")
    if arguments.only is not None and not kind.restrictable:
        raise UsageError("--only ne s’applique qu’aux fichiers Sirene.")
    with refusals_in_one_line():
        directory = directory_of(arguments)
        loading = Loading(
            source=arguments.file,
            directory=directory,
            vintage=arguments.vintage,
            valid_from=read_day(arguments.valid_from, "--valid-from"),
            valid_to=read_day(arguments.valid_to, "--valid-to"),
        )
        only = read_identifiers(arguments.only) if arguments.only is not None else None
        loaded = kind.load(load_ground(directory), loading, only)
    if arguments.format == "json":
        print(json.dumps({"path": str(loaded.path), "made": loaded.made, **loaded.metadata}, ensure_ascii=False))
        return 0
    state = "chargé" if loaded.made else "déjà chargé, rien à faire"
    print(f"{arguments.file.name} : {state} ({kind.label}, millésime {arguments.vintage}).")
    for sentence in _told(loaded.metadata):
        print(f"  {sentence}")
    return 0


def _told(metadata: dict[str, Any]) -> list[str]:
    """Return what a person needs to know of a loading, one sentence each; nothing is said of what did not happen."""
    rows = f"lignes gardées : {metadata['rows']}"
    told = [f"{rows} ; territoires : {metadata['areas']}" if "areas" in metadata else rows]
    if metadata.get("unmatched"):
        examples = ", ".join(metadata["unmatched"][:10])
        told.append(f"codes sans commune actuelle : {metadata['unmatched_count']} ({examples})")
    elif metadata.get("unmatched_count"):
        told.append(f"établissements sans commune actuelle : {metadata['unmatched_count']}")
    for key, sentence in (
        ("repaired_count", "zéros de tête perdus, restitués sur preuve : {}"),
        ("not_public", "écartés (diffusion non publique ou personnes physiques) : {}"),
        ("malformed", "écartés (identifiant mal formé) : {}"),
        ("unreadable", "lignes illisibles, écartées : {}"),
    ):
        if metadata.get(key):
            told.append(sentence.format(metadata[key]))
    if metadata.get("former"):
        told.append(f"anciens codes rattachés à leur commune actuelle : {len(metadata['former'])}")
    if metadata.get("conflicts"):
        told.append(
            f"communes laissées de côté, leurs anciennes parties divergent : {', '.join(metadata['conflicts'][:10])}"
        )
    if metadata.get("mended"):
        told.append(f"contours qui se recoupaient, réparés : {len(metadata['mended'])}")
    if metadata.get("valid_from") is None and metadata["kind"] == "priority_neighbourhoods":
        told.append("premier jour de validité inconnu (--valid-from) : ces périmètres ne répondront pour aucune date")
    return told
