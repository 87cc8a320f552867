"""Entry point of the ``dentelle`` command: finds the verb, imports only its module, answers in plain French."""

import argparse
import importlib
import sys
from collections.abc import Sequence

# verb → (module of dentelle.cli, what it does). Each module offers add_arguments(parser) and run(arguments) -> int.
VERBS: dict[str, tuple[str, str]] = {
    "ground build": ("ground_build", "préparer le référentiel des communes, EPCI, départements et régions"),
    "ground search": ("ground_search", "chercher un territoire par son nom, son code postal ou son code"),
    "run": ("run", "lance le site, le travail de fond et l’horloge, avec des données de démonstration"),
    "decp import": ("decp_import", "importe des données essentielles de la commande publique (DECP)"),
    "decp rejects": ("decp_rejects", "liste ce que l’import n’a pas pu lire, où et pourquoi"),
    "decp renewals": ("decp_renewals", "liste les marchés qui reviennent sur un territoire"),
    "decp clause-rate": ("decp_clause_rate", "mesure la part des marchés à considération sociale"),
    "decp hours-potential": (
        "decp_hours_potential",
        "estime les heures que les marchés qui reviennent pourraient porter",
    ),
    "decp backtest": ("decp_backtest", "éprouve la prévision sur le passé : ce qui était annoncé, ce qui est venu"),
}


class UsageError(Exception):
    """What the user asked cannot be done: one clear line, exit code 2."""


class FrenchParser(argparse.ArgumentParser):
    """Refuses in one line, without the usage block."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise UsageError(message)


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
    print(
        f"dentelle : commande inconnue « {' '.join(words[:2])} » ; « dentelle help » les liste toutes.", file=sys.stderr
    )
    return 2


def _run(verb: str, words: list[str]) -> int:
    module_name, help_line = VERBS[verb]
    module = importlib.import_module(f"dentelle.cli.{module_name}")
    parser = FrenchParser(prog=f"dentelle {verb}", description=help_line)
    module.add_arguments(parser)
    try:
        return int(module.run(parser.parse_args(words)))
    except UsageError as refusal:
        print(f"dentelle {verb} : {refusal}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"dentelle {verb} : interrompu ; rien de ce qui existait n’a été changé.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
