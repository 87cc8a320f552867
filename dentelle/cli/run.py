"""``dentelle run``: the whole site on this machine, with demonstration data, started and stopped as one."""

import argparse
import os
import socket
import sys
import time
from pathlib import Path

from dentelle.cli.main import UsageError
from dentelle.cli.together import Part, Together

PROJECT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
SECONDS_TO_ANSWER = 60
RESTARTS = 5  # what stumbles (a database busy for too long) is started again; the site itself falling is the end


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", default="8000", metavar="N", help="port du site (8000)")


def run(arguments: argparse.Namespace) -> int:
    """Prepare, start, and stay until stopped: 0 when asked to stop, 1 when a part stopped by itself."""
    port = _free_port(arguments.port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dentelle.config.settings.dev")
    os.environ.setdefault("DENTELLE_SITE", f"http://localhost:{port}")
    home = _home()
    _say(f"Données dans {home}")
    _prepare()
    together = Together(_parts(port), os.environ)
    try:
        together.start()
        fallen = _announce(together, port) or together.wait()
    finally:
        _say("Arrêt du site, du travail de fond et de l’horloge.")
        together.stop()
    if fallen:
        print(f"dentelle run : « {fallen.name} » s’est arrêté ; la raison est écrite plus haut.", file=sys.stderr)
        return 1
    return 0


def _free_port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise UsageError(f"« {text} » n’est pas un port : donnez un nombre de 1 à 65535.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as failure:
            raise UsageError(
                f"le port {port} n’est pas libre ({failure.strerror}) ; choisissez-en un autre : make run PORT={port % 65535 + 1}"
            ) from None
    return port


def _home() -> Path:
    home = Path(os.environ.get("DENTELLE_HOME") or PROJECT / "var").resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise UsageError(f"le dossier {home} ne peut être créé : {failure.strerror}.") from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise UsageError(f"le dossier {home} n’est pas accessible en écriture ; donnez-en un autre par DENTELLE_HOME.")
    return home


def _prepare() -> None:
    """Everything that must exist before the first page; each step does nothing when it is already done."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from dentelle.demo.load import load_demo

    _say("Base de données : mise à jour du schéma.")
    call_command("migrate", verbosity=0, interactive=False)
    _build_ground(settings.DENTELLE_NODE_MODULES, settings.DENTELLE_GROUND)
    if settings.DENTELLE_DEMO:
        load_demo(at=timezone.now(), say=_say)


def _build_ground(node_modules: Path, ground: Path) -> None:
    from dentelle.cli.ground_common import refusals_in_one_line
    from dentelle.opendata.cog.build import build_ground

    with refusals_in_one_line():
        built = build_ground(node_modules, ground)
    state = "préparé" if built.made else "déjà prêt"
    _say(f"Référentiel des communes (COG {built.metadata['vintage']}) : {state}.")


def _parts(port: int) -> list[Part]:
    manage = [sys.executable, str(PROJECT / "manage.py")]
    site = [sys.executable, "-m", "gunicorn", "dentelle.config.wsgi", "--chdir", str(PROJECT)]
    # the control socket would be written in the person's home folder
    site += ["--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4", "--worker-class", "gthread"]
    site += ["--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"]
    site += ["--limit-request-line", "8190"]  # a long address gets a page that says why, not gunicorn's bare 414
    return [
        Part("le site", site),
        Part(
            "le travail de fond",
            [*manage, "db_worker", "--verbosity", "0", "--interval", "0.5", "--no-reload"],
            RESTARTS,
        ),
        Part("l’horloge", [*manage, "clock"], RESTARTS),
    ]


def _announce(together: Together, port: int) -> Part | None:
    """Say where the site is once it answers; return the part that fell before it could."""
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline and not together.asked_to_stop:
        if part := together.fallen():
            return part
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                break
        time.sleep(0.1)
    if together.asked_to_stop:
        return None
    _say(f"Le site répond : http://localhost:{port} (Ctrl-C l’arrête)")
    _say_accounts()
    return None


def _say_accounts() -> None:
    from django.conf import settings

    from dentelle.foundations.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD

    if settings.DENTELLE_DEMO:
        print(f"  Comptes de démonstration, mot de passe commun « {DEMO_PASSWORD} » :")
        for account in DEMO_ACCOUNTS:
            print(f"    {account.email:<30} {account.full_name}, {account.structure} : {account.sees}")
        sys.stdout.flush()


def _say(sentence: str) -> None:
    print(f"→ {sentence}", flush=True)
