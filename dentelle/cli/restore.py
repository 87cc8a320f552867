"""``dentelle restore``: put an archive back, after verifying all of it."""

import argparse
from pathlib import Path

from dentelle.cli.installation import open_installation, refusals_in_one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("archive", type=Path, metavar="FICHIER", help="archive faite par dentelle backup")
    parser.add_argument("--force", action="store_true", help="remplacer une installation qui contient déjà des données")


def run(arguments: argparse.Namespace) -> int:
    open_installation()
    from django.core.management import call_command
    from django.utils import timezone

    from dentelle.foundations.backup.actions import restore
    from dentelle.rules.wording import plural

    with refusals_in_one_line():
        restored = restore(arguments.archive.absolute(), at=timezone.now(), force=arguments.force)
    # an archive made by an earlier version meets the schema of this one
    call_command("migrate", verbosity=0, interactive=False)
    print(
        f"Sauvegarde du {restored.made_at} restaurée : base de données et {plural(restored.files, 'fichier', 'fichiers')}."
    )
    for place in restored.set_aside:
        print(f"Ce qui s’y trouvait est gardé dans {place} ; effacez-le quand vous n’en avez plus besoin.")
    if restored.open_data:
        print(f"Données ouvertes restaurées : {plural(restored.open_data, 'fichier', 'fichiers')}.")
    else:
        print(
            "Cette sauvegarde n’a pas de données ouvertes : dentelle ground build, dentelle decp import, dentelle decp publish."
        )
    print("Relancez le site, le travail de fond et l’horloge.")
    return 0
