"""What the verbs over a DECP data set share: arguments, territory, engine, and the three ways to print rows."""

import argparse
import csv
import datetime as dt
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dentelle.cli.main import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from dentelle.opendata.decp.dataset import Dataset
    from dentelle.opendata.engines import Frame, Session
    from dentelle.opendata.ground import Ground, Territory
    from dentelle.opendata.marts.ground_frames import GroundFrames

KINDS = "commune, epci, department, region, zone, committee"


def add_common(parser: argparse.ArgumentParser) -> None:
    """--data, --territory, --ground, --engine, --as-of, --format."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="jeu de données (dentelle decp import)")
    parser.add_argument(
        "--territory",
        nargs="+",
        action="extend",
        default=[],
        metavar="KIND:CODE",
        help=f"un ou plusieurs territoires réunis, option répétable ({KINDS}) ; la France entière sinon",
    )
    parser.add_argument(
        "--ground", type=Path, metavar="DIR", help="référentiel des communes (défaut : $DENTELLE_HOME/ground)"
    )
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="moteur de calcul")
    parser.add_argument("--as-of", metavar="AAAA-MM-JJ", help="jour où l’on se place (défaut : aujourd’hui)")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table", help="forme de la réponse")


def day(text: str | None) -> dt.date:
    """A day written AAAA-MM-JJ; today when nothing is given."""
    if text is None:
        return dt.datetime.now().astimezone().date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"« {text} » n’est pas une date AAAA-MM-JJ.") from error


def month(text: str | None, default: dt.date) -> tuple[int, int]:
    """A month written AAAA-MM; the one of ``default`` when nothing is given."""
    if text is None:
        return default.year, default.month
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    if found is None or not 2000 <= int(found[1]) <= 2100:
        raise UsageError(f"« {text} » n’est pas un mois AAAA-MM, par exemple 2026-12.")
    return int(found[1]), int(found[2])


@dataclass(frozen=True, slots=True)
class Desk:
    """An engine with a data set and the ground open on it."""

    session: "Session"
    dataset: "Dataset"
    ground: "Ground | None"
    tables: "dict[str, pa.Table]"
    frames: "GroundFrames | None"

    def table(self, name: str) -> "Frame":
        """A canonical table of the data set."""
        return self.session.parquet([self.dataset.path(name)])


@contextmanager
def desk(arguments: argparse.Namespace, *, ground: bool = True) -> Iterator[Desk]:
    """Open what the arguments name; every refusal is one line and exit code 2."""
    from dentelle.opendata.decp.dataset import DatasetMissing, DatasetTooNew, open_dataset
    from dentelle.opendata.engines import MARTS_MEMORY, EngineMissingError, session
    from dentelle.opendata.ground import GroundMissing, UnknownPlace, ground_directory, load_ground
    from dentelle.opendata.marts.ground_frames import ground_frames, ground_tables
    from dentelle.opendata.marts.legal_units import legal_units_of

    try:
        dataset = open_dataset(arguments.data)
        loaded = load_ground(arguments.ground or ground_directory(os.environ)) if ground else None
        tables = ground_tables(loaded, legal_units_of(loaded, dataset)) if loaded is not None else {}
        with (
            tempfile.TemporaryDirectory(prefix="dentelle-") as scratch,
            session(arguments.engine, scratch=Path(scratch), memory=MARTS_MEMORY) as engine,
        ):
            yield Desk(engine, dataset, loaded, tables, ground_frames(engine, tables) if tables else None)
    except (DatasetMissing, DatasetTooNew, EngineMissingError, GroundMissing, UnknownPlace) as refusal:
        raise UsageError(str(refusal)) from refusal


def territory_of(opened: Desk, specs: Sequence[str]) -> "Territory | None":
    """The union of the territories asked, None for the whole country."""
    from dentelle.opendata.ground import parse_territory

    if not specs or opened.ground is None:
        return None
    return parse_territory(opened.ground, specs)


def areas_frame(opened: Desk, communes: frozenset[str]) -> "Frame":
    """The areas inside a set of communes, in the engine."""
    from dentelle.opendata.marts.location import areas_of

    return opened.session.arrow(areas_of(communes, opened.tables["communes"], opened.tables["postal_codes"]))


def write_rows(rows: Sequence[dict[str, Any]], columns: Sequence[str], form: str) -> None:
    """Print ``rows`` as a JSON array of flat objects, or as CSV (semicolons, UTF-8 with its mark)."""
    if form == "json":
        print(json.dumps(rows, ensure_ascii=False, default=_json_value, indent=None if len(rows) > 1000 else 1))
        return
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([csv_value(row[column]) for column in columns] for row in rows)
    sys.stdout.write("\ufeff" + text.getvalue())


def _json_value(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value))


def csv_value(value: Any) -> str:
    """A cell a spreadsheet shows and never runs: text that looks like a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:.6g}".replace(".", ",")
    text = str(value)
    if isinstance(value, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + text
    return text


def print_table(headers: Sequence[str], lines: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> None:
    """Columns aligned with two spaces between; those of ``right`` on the right."""
    widths = [max(len(line[i]) for line in [headers, *lines]) for i in range(len(headers))]
    for line in [headers, *lines]:
        cells = [
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def euros(cents: int | None) -> str:
    """« 1 250 000 € », or « inconnu »."""
    return "inconnu" if cents is None else f"{number(round(cents / 100))} €"


def number(value: int) -> str:
    """Thousands separated by a narrow no-break space."""
    return f"{value:,}".replace(",", "\u202f")


def short(text: str | None, width: int) -> str:
    """``text`` on one line, cut with « … »; what a terminal would obey instead of showing is dropped."""
    line = "".join(sign for sign in " ".join((text or "").split()) if sign.isprintable())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
