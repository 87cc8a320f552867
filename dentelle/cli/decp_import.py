"""``dentelle decp import``: public award data in, canonical tables out."""

import argparse
import json
import os
import sys
import time
from datetime import date, datetime
from pathlib import Path

from dentelle.cli.disk import disk_said, is_disk
from dentelle.cli.main import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="fichiers ou dossiers (JSON, NDJSON, XML, gzip, zip)")
    parser.add_argument("--into", required=True, metavar="DIR", help="dossier du jeu de données")
    parser.add_argument(
        "--as-of", metavar="AAAA-MM-JJ", help="date de référence (aujourd’hui) : au-delà, une date est « future »"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="forme du compte rendu")
    parser.add_argument(
        "--workers", type=int, choices=range(9), help="processus de lecture (par défaut selon la taille)"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when a data set is there and something was read, 1 when nothing was readable, 2 when badly asked."""
    from dentelle.opendata.decp.dataset import DatasetMissing, DatasetTooNew
    from dentelle.opendata.decp.importing import ImportBusy, ImportSummary, import_files
    from dentelle.opendata.decp.workers import WorkerLost

    try:
        # read here, at the edge: a gap in old files must not make honest newer dates look « future »
        as_of = date.fromisoformat(arguments.as_of) if arguments.as_of else datetime.now().astimezone().date()
    except ValueError as error:
        raise UsageError(f"« {arguments.as_of} » n’est pas une date AAAA-MM-JJ") from error
    # os.path: a file below a folder one may not enter is out of reach, whether it exists or not
    missing = [path for path in arguments.paths if not os.path.exists(path)]
    if missing:
        raise UsageError(f"« {missing[0]} » n’existe pas, ou son dossier ne peut pas être ouvert")
    if Path(arguments.into).exists() and not Path(arguments.into).is_dir():
        raise UsageError(f"« {arguments.into} » n’est pas un dossier")
    bar = _Bar(shown=sys.stderr.isatty())
    try:
        summary: ImportSummary = import_files(
            arguments.paths, arguments.into, progress=bar.show, as_of=as_of, workers=arguments.workers
        )
    except (ImportBusy, DatasetMissing, DatasetTooNew, WorkerLost) as refusal:
        print(f"dentelle decp import : {refusal}", file=sys.stderr)
        return 1
    except Exception as failure:
        if not is_disk(failure):
            raise
        bar.clear()
        told = disk_said(failure, arguments.into)
        print(f"dentelle decp import : {told} Le jeu de données n’a pas changé.", file=sys.stderr)
        return 1
    finally:
        bar.clear()
    if arguments.format == "json":
        print(json.dumps(_as_json(summary), ensure_ascii=False))
    else:
        _print_summary(summary, arguments.into)
    read_something = summary.new_sources or summary.already_imported
    return 0 if read_something else 1


class _Bar:
    """A progress bar on one line: share done, rate, time left."""

    WIDTH = 28

    def __init__(self, *, shown: bool) -> None:
        self.shown = shown
        self.started = time.monotonic()
        self.dirty = False

    def show(self, progress: object) -> None:
        from dentelle.opendata.decp.importing import Progress

        if not self.shown or not isinstance(progress, Progress):
            return
        share = progress.done / progress.total if progress.total else 1.0
        filled = round(share * self.WIDTH)
        elapsed = time.monotonic() - self.started
        line = f"{progress.step} [{'█' * filled}{'·' * (self.WIDTH - filled)}] {share:4.0%}"
        if progress.step == "lecture":
            rate = progress.done / elapsed if elapsed > 0 else 0.0
            left = (progress.total - progress.done) / rate if rate else 0.0
            line += f" · {rate / 1e6:.0f} Mo/s · {number(progress.records)} contrats · reste {left:.0f} s"
        else:
            line += f" · {progress.detail}"
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()
        self.dirty = True

    def clear(self) -> None:
        if self.dirty:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def number(value: int) -> str:
    """1 250 000, with the narrow no-break space of French typography."""
    return f"{value:,}".replace(",", "\u202f")


def _as_json(summary: object) -> dict[str, object]:
    from dataclasses import asdict

    from dentelle.opendata.decp.importing import ImportSummary

    assert isinstance(summary, ImportSummary)  # noqa: S101 -- told by the caller
    told = asdict(summary)
    told["as_of"] = summary.as_of.isoformat() if summary.as_of else None
    return told


def _print_summary(summary: object, into: str) -> None:
    from dentelle.opendata.decp.check import DEFECTS
    from dentelle.opendata.decp.importing import ImportSummary

    assert isinstance(summary, ImportSummary)  # noqa: S101 -- told by the caller
    files = f"{number(summary.files)} fichier{'s' if summary.files > 1 else ''}"
    if summary.unchanged and summary.read:
        print(f"{files} : rien de nouveau, le jeu de données est inchangé.")
    elif summary.read:
        print(f"{files} en {summary.seconds:.1f} s ({summary.peak_mb:.0f} Mo au plus).")
    else:
        print(f"{files} : rien n’a pu être lu.")
    if summary.read:
        print(
            f"Lus {number(summary.read)} = gardés {number(summary.kept)} + répétés {number(summary.duplicates)}"
            f" + rejetés {number(summary.rejected)}."
        )
        as_of = f", au {summary.as_of:%d/%m/%Y}" if summary.as_of else ""
        contracts = f"{number(summary.contracts)} {'contrats ou lots' if summary.contracts > 1 else 'contrat ou lot'}"
        numbers = f"{number(summary.uids)} numéro{'s' if summary.uids > 1 else ''}"
        print(f"Le jeu de données compte {contracts}, {numbers}{as_of}.")
    for refusal in summary.refused:
        print(f"Refusé : {refusal.name} — {refusal.reason}")
    for sentence in summary.breaks:
        print(f"Attention : {sentence}")
    for code, count in sorted(summary.defects.items()):
        if code in DEFECTS:
            print(f"{number(count)} × {DEFECTS[code].sentence}")
    if summary.read and (summary.rejected or summary.refused or summary.breaks):
        print(f"Le détail des rejets : dentelle decp rejects --data {into}")
    if summary.read and not summary.unchanged:
        print(f"Pour que le site le montre : dentelle decp publish --data {into}")
