"""``dentelle account create``: the first account of an installation, and the next ones."""

import argparse
import getpass
import sys

from dentelle.cli.installation import open_installation
from dentelle.cli.main import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--email", required=True, metavar="ADRESSE", help="adresse électronique, qui sert à se connecter"
    )
    parser.add_argument("--name", required=True, metavar="NOM", help="nom de la personne")
    parser.add_argument(
        "--structure", required=True, metavar="NOM", help="structure pour laquelle elle agit (créée si elle manque)"
    )
    parser.add_argument(
        "--role", required=True, choices=("facilitator", "manager", "reader"), help="son rôle dans la structure"
    )
    parser.add_argument(
        "--network", default="Réseau", metavar="NOM", help="réseau d’une structure à créer (« Réseau » par défaut)"
    )
    parser.add_argument(
        "--password-stdin", action="store_true", help="lire le mot de passe sur l’entrée, sans le demander"
    )


def run(arguments: argparse.Namespace) -> int:
    """Open the account; 0 when it was made or was already there, 2 when it is refused."""
    open_installation()
    from django.utils import timezone

    from dentelle.foundations.organisations.actions import AccountRefused, open_account

    try:
        membership, made = open_account(
            email=arguments.email.strip().lower(),
            full_name=arguments.name,
            password=_password(arguments.password_stdin),
            structure_name=arguments.structure,
            network_name=arguments.network,
            role=arguments.role,
            at=timezone.now(),
        )
    except AccountRefused as refusal:
        raise UsageError(str(refusal)) from refusal
    print(f"{'Compte ouvert' if made else 'Déjà là, rien n’a changé'} : {membership}.")
    return 0


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
