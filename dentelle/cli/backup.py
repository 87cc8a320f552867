"""``dentelle backup``: one archive of the database and the files."""

import argparse
from pathlib import Path

from dentelle.cli.installation import open_installation, refusals_in_one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, required=True, metavar="FICHIER", help="archive à écrire (.zip)")
    parser.add_argument("--with-open-data", action="store_true", help="y mettre aussi les données ouvertes importées")
    parser.add_argument("--force", action="store_true", help="remplacer l’archive si elle existe")


def run(arguments: argparse.Namespace) -> int:
    open_installation()
    from django.utils import timezone

    from dentelle.foundations.backup.actions import back_up
    from dentelle.rules.wording import plural

    with refusals_in_one_line():
        saved = back_up(
            arguments.to.absolute(), at=timezone.now(), open_data=arguments.with_open_data, force=arguments.force
        )
    print(
        f"Sauvegarde écrite : {saved.path} ({saved.size / 1e6:.1f} Mo), base de données et {plural(saved.files, 'fichier', 'fichiers')}."
    )
    if arguments.with_open_data:
        print(f"Données ouvertes comprises : {plural(saved.open_data, 'fichier', 'fichiers')}.")
    else:
        print("Données ouvertes non comprises : elles se reconstruisent (dentelle ground build, dentelle decp import,")
        print(
            "dentelle decp publish), ou ajoutez --with-open-data. La clé SECRET_KEY n’est pas dans l’archive : gardez-la à part."
        )
    return 0
