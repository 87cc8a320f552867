import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from dentelle.foundations.jobs.clock import run_due

logger = logging.getLogger("dentelle.clock")


class Command(BaseCommand):
    help = "Fait tourner l’horloge : les devoirs périodiques, chacun à son heure, jusqu’à l’arrêt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=20.0, help="secondes entre deux regards (20)")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            try:
                outcomes = run_due(timezone.now())
            except OperationalError:
                # the database is away or busy: the next look will do
                logger.exception("the clock could not reach the database")
                outcomes = []
            for outcome in outcomes:
                if outcome.failed or options["verbosity"] > 1:
                    self.stdout.write(f"{outcome.name} : {outcome.text}")
            stop.wait(options["interval"])
