"""``dentelle structure create``: a structure of a network, which its head then approves."""

import argparse

from dentelle.cli.installation import open_installation
from dentelle.cli.main import UsageError

KINDS = ("plie", "maison_emploi", "epci", "association", "other")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, metavar="NOM", help="nom de la structure")
    parser.add_argument("--kind", default="other", choices=KINDS, help="sa nature (other par défaut)")
    parser.add_argument("--network", default="Réseau", metavar="NOM", help="son réseau, créé s’il manque (« Réseau »)")
    parser.add_argument("--approved", action="store_true", help="agréée aussitôt, sans attendre la tête de réseau")


def run(arguments: argparse.Namespace) -> int:
    """Add the structure; 0 when it was made, 2 when it is refused."""
    open_installation()
    from django.utils import timezone

    from dentelle.foundations.structures.approvals import StructureRefused, create_structure_in

    try:
        structure = create_structure_in(
            arguments.network,
            name=arguments.name,
            kind=arguments.kind,
            approved=arguments.approved,
            at=timezone.now(),
        )
    except StructureRefused as refusal:
        raise UsageError(str(refusal)) from refusal
    print(f"Structure créée : {structure} ({structure.get_status_display()}).")
    return 0
