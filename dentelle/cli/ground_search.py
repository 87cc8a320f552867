"""``dentelle ground search TEXT``: find a territory and the words that designate it in the other commands."""

import argparse
import json
from dataclasses import asdict

from dentelle.cli.ground_common import add_directory, add_format, directory_of, refusals_in_one_line
from dentelle.cli.main import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the words to look for and how many answers to give."""
    parser.add_argument("text", nargs="+", metavar="TEXTE", help="nom, code postal, code INSEE ou SIREN")
    parser.add_argument(
        "--kind", action="append", default=None, help="commune, epci, department, region, zone ou committee"
    )
    parser.add_argument("--limit", type=int, default=10, help="nombre de réponses (défaut : 10)")
    add_directory(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the answers, best first; exit code 1 when there is none."""
    from dentelle.opendata.ground import KIND_LABELS, load_ground

    for kind in arguments.kind or ():
        if kind not in KIND_LABELS or kind == "list":
            raise UsageError(f"genre inconnu « {kind} » (commune, epci, department, region, zone, committee).")
    with refusals_in_one_line():
        ground = load_ground(directory_of(arguments))
        hits = ground.search(" ".join(arguments.text), kinds=arguments.kind, limit=arguments.limit)
    if arguments.format == "json":
        print(json.dumps([asdict(hit) for hit in hits], ensure_ascii=False))
    elif not hits:
        print(f"Aucun territoire ne répond à « {' '.join(arguments.text)} ».")
    for hit in hits if arguments.format == "text" else ():
        people = "" if hit.population is None else f"{hit.population:,} hab.".replace(",", " ")
        where = f" ({hit.department_code})" if hit.department_code else ""
        via = f", par {hit.via}" if hit.via else ""
        print(f"{hit.kind + ':' + hit.code:<22} {hit.name}{where}, {KIND_LABELS[hit.kind]}{via}  {people}".rstrip())
    return 0 if hits else 1
