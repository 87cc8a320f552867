"""Entry point of the ``dentelle`` command: finds the verb, imports only its module, answers in plain French."""

import argparse
import importlib
import os
import re
import sys
from collections.abc import Sequence

# verb → (module of dentelle.cli, what it does). Each module offers add_arguments(parser) and run(arguments) -> int.
VERBS: dict[str, tuple[str, str]] = {
    "account create": ("account_create", "ouvre un compte dans une structure"),
    "backup": ("backup", "sauvegarde la base de données et les fichiers dans une archive"),
    "calibrate": ("calibrate", "Calcule les heures d’une clause, pas à pas, avec ses sources"),
    "decp backtest": ("decp_backtest", "éprouve la prévision sur le passé : ce qui était annoncé, ce qui est venu"),
    "decp clause-rate": ("decp_clause_rate", "mesure la part des marchés à considération sociale"),
    "decp hours-potential": ("decp_hours_potential", "estime les heures que ces marchés pourraient porter"),
    "decp import": ("decp_import", "importe des données essentielles de la commande publique (DECP)"),
    "decp imports": ("decp_imports", "liste les fichiers d’un jeu de données et ce qu’eux seuls apportent"),
    "decp publish": ("decp_publish", "fait voir au site les données importées en ligne de commande"),
    "decp rejects": ("decp_rejects", "liste ce que l’import n’a pas pu lire, où et pourquoi"),
    "decp renewals": ("decp_renewals", "liste les marchés qui reviennent sur un territoire"),
    "decp undo": ("decp_undo", "retire des fichiers d’un jeu de données, comme s’ils n’avaient pas été importés"),
    "docs access": ("docs_access", "Récrit docs/access.md à partir des portes des pages"),
    "docs api": ("docs_api", "Récrit docs/api.md à partir de l’API"),
    "docs export": ("docs_export", "Récrit docs/export.md à partir des tables exportées"),
    "docs papers": ("docs_papers", "Récrit docs/papers.md à partir des pièces et de leurs variables"),
    "docs sources": ("docs_sources", "Récrit docs/sources.md à partir des paramètres"),
    "ground build": ("ground_build", "préparer le référentiel des communes, EPCI, départements et régions"),
    "ground list": ("ground_list", "dire ce que contient le référentiel : millésimes, lignes, codes sans commune"),
    "ground load": ("ground_load", "charger un fichier officiel : zones d’emploi, CLPE, QPV, Sirene"),
    "ground search": ("ground_search", "chercher un territoire par son nom, son code postal ou son code"),
    "obligation": ("obligation", "Dit si une condition sociale est obligatoire pour un contrat"),
    "restore": ("restore", "remet en place une sauvegarde, après l’avoir vérifiée"),
    "run": ("run", "lance le site, le travail de fond et l’horloge, avec des données de démonstration"),
    "search rebuild": ("search_rebuild", "reconstruit l’index de recherche à partir des fiches"),
    "structure create": ("structure_create", "ajoute une structure à un réseau, en attente d’agrément ou agréée"),
    "structure export": ("structure_export", "écrit toutes les données d’une structure dans des formats ouverts"),
}


class UsageError(Exception):
    """What the user asked cannot be done: one clear line, exit code 2.

    Whatever text is quoted in it, the message stays on one line and sends no control character to the terminal.
    """

    def __init__(self, message: str) -> None:
        super().__init__("".join(letter if letter.isprintable() or letter in _SPACES else "·" for letter in message))


_SPACES = "\u00a0\u202f"


class FrenchParser(argparse.ArgumentParser):
    """Refuses in one line, without the usage block."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise UsageError(_in_french(message))


def _in_french(message: str) -> str:
    """Say in French what argparse says in English; an unforeseen message passes as it is."""
    for pattern, french in _MESSAGES:
        message, changed = re.subn(pattern, french, message)
        if changed:
            break
    return message


_MESSAGES = (
    (r"^argument (\S+).*: expected (?:one|at least one) argument$", r"\1 attend une valeur."),
    (r"^argument (\S+).*: ignored explicit argument .*$", r"\1 n’attend pas de valeur."),
    (r"^unrecognized arguments: (.*)$", r"option inconnue : \1 (« --help » les liste)."),
    (r"^the following arguments are required: (.*)$", r"il manque : \1."),
    (
        r"^argument (\S+): invalid choice: (\S+) \(choose from (.*)\)$",
        r"\1 : \2 n’est pas accepté ; choisissez parmi \3.",
    ),
    (r"^argument (\S+): invalid \S+ value: (.*)$", r"\1 : \2 n’est pas accepté."),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code: 0 done, 1 failed, 2 badly asked."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help", "help"}:
        print("dentelle : de la donnée d’achat public aux heures d’insertion\n")
        for verb, (_, help_line) in sorted(VERBS.items()):
            print(f"  dentelle {verb:<22} {help_line}")
        return 0 if words else 2
    # two-word verbs (« decp import ») are looked up before one-word ones
    for size in (2, 1):
        verb = " ".join(words[:size])
        if verb in VERBS and len(words) >= size:
            return _run(verb, words[size:])
    unknown = UsageError(f"commande inconnue « {' '.join(words[:2])} » ; « dentelle help » les liste toutes.")
    print(f"dentelle : {unknown}", file=sys.stderr)
    return 2


def _run(verb: str, words: list[str]) -> int:
    module_name, help_line = VERBS[verb]
    module = importlib.import_module(f"dentelle.cli.{module_name}")
    parser = FrenchParser(prog=f"dentelle {verb}", description=help_line)
    module.add_arguments(parser)
    try:
        code = int(module.run(parser.parse_args(words)))
        sys.stdout.flush()
        return code
    except UsageError as refusal:
        print(f"dentelle {verb} : {refusal}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # the reader (head, less) has gone: nothing more to say, and nothing to complain about at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        print(f"dentelle {verb} : interrompu ; rien de ce qui existait n’a été changé.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
