"""``dentelle account create``: the first account of an installation, and the next ones."""

import argparse
import getpass
import sys

from dentelle.cli.installation import open_installation
from dentelle.cli.main import UsageError

NETWORK_HEAD = "network_head"
ROLES = ("facilitator", "pathway_advisor", "manager", "reader", "elected_official", "auditor", NETWORK_HEAD)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--email", required=True, metavar="ADRESSE", help="adresse électronique, qui sert à se connecter"
    )
    parser.add_argument("--name", required=True, metavar="NOM", help="nom de la personne")
    parser.add_argument(
        "--structure", metavar="NOM", help="structure pour laquelle elle agit (créée si elle manque, et agréée)"
    )
    parser.add_argument("--role", required=True, choices=ROLES, help="son rôle dans la structure, ou tête de réseau")
    parser.add_argument(
        "--network",
        default="Réseau",
        metavar="NOM",
        help="réseau de la structure, ou à la tête duquel elle siège (« Réseau »)",
    )
    parser.add_argument(
        "--password-stdin", action="store_true", help="lire le mot de passe sur l’entrée, sans le demander"
    )


def run(arguments: argparse.Namespace) -> int:
    """Open the account; 0 when it was made or was already there, 2 when it is refused."""
    open_installation()
    from django.utils import timezone

    from dentelle.foundations.structures.actions import AccountRefused, open_account, open_network_seat

    _check_place(arguments)
    person = {
        "email": arguments.email.strip().lower(),
        "full_name": arguments.name,
        "password": _password(arguments.password_stdin),
        "network_name": arguments.network,
        "at": timezone.now(),
    }
    held: object
    try:
        if arguments.role == NETWORK_HEAD:
            held, made = open_network_seat(**person)
        else:
            held, made = open_account(**person, structure_name=arguments.structure, role=arguments.role)
    except AccountRefused as refusal:
        raise UsageError(str(refusal)) from refusal
    print(f"{'Compte ouvert' if made else 'Déjà là, rien n’a changé'} : {held}.")
    return 0


def _check_place(arguments: argparse.Namespace) -> None:
    if arguments.role == NETWORK_HEAD and arguments.structure:
        raise UsageError("la tête de réseau n’agit pour aucune structure : retirez --structure.")
    if arguments.role != NETWORK_HEAD and not arguments.structure:
        raise UsageError("il manque : --structure.")


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise UsageError(
            "aucun terminal pour demander le mot de passe : ajoutez --password-stdin et donnez-le sur l’entrée."
        )
    first = getpass.getpass("Mot de passe (12 caractères au moins) : ")
    if first != getpass.getpass("Le même, encore : "):
        raise UsageError("les deux mots de passe diffèrent ; rien n’a été créé.")
    return first
