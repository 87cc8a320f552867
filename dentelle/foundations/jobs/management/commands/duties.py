from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dentelle.foundations.jobs import clock


class Command(BaseCommand):
    help = "Exécute une fois les devoirs de l’horloge dont l’heure est venue (pour un minuteur systemd)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="un seul passage, puis fin")
        parser.add_argument("--list", action="store_true", help="montre les devoirs sans rien exécuter")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for duty in clock.DUTIES.values():
                self.stdout.write(f"{duty.name} : {duty.when}")
            return
        if not options["once"]:
            raise CommandError("Dites --once pour un passage, ou --list ; pour une horloge continue : manage.py clock.")
        outcomes = clock.run_due(timezone.now())
        for outcome in outcomes:
            self.stdout.write(f"{outcome.name} : {outcome.text}")
        if any(outcome.failed for outcome in outcomes):
            raise CommandError("Au moins un devoir a échoué ; les autres ont été faits. Voir le journal du serveur.")
