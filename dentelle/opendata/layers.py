"""Official files taken in beside the ground: one Parquet file per kind and vintage, with what is known of its validity."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dentelle.opendata.refusal import SourceRefused
from dentelle.opendata.storage import read_metadata, sha256_of

LOADER_VERSION = 1  # changes when the same file would give other rows
VINTAGE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
LAYER_KINDS = ("zones", "committees", "priority_neighbourhoods", "sirene", "sirene_units")


@dataclass(frozen=True, slots=True)
class Layer:
    """One loaded file. Dates are inclusive; None means that nobody said."""

    kind: str
    vintage: str
    path: Path
    metadata: dict[str, Any]

    @property
    def valid_from(self) -> date | None:
        """Return the first day of validity, None when unknown."""
        return _day(self.metadata.get("valid_from"))

    @property
    def valid_to(self) -> date | None:
        """Return the last day of validity, None when unknown or still valid."""
        return _day(self.metadata.get("valid_to"))

    @property
    def rows(self) -> int:
        """Return the number of rows kept."""
        return int(self.metadata.get("rows", 0))

    @property
    def unmatched(self) -> int:
        """Return how many commune codes of the source lead to no current commune."""
        return int(self.metadata.get("unmatched_count", 0))

    def is_valid_on(self, day: date) -> bool:
        """Say whether the file is known to hold on ``day``: an unknown first day is never taken for a yes."""
        start, end = self.valid_from, self.valid_to
        return start is not None and start <= day and (end is None or day <= end)


@dataclass(frozen=True, slots=True)
class Loading:
    """What is asked: take ``source`` in, as this vintage, valid from and to these days (inclusive), into ``directory``."""

    source: Path
    directory: Path
    vintage: str
    valid_from: date | None = None
    valid_to: date | None = None

    def identity(self, kind: str, cog: str, attribution: str) -> dict[str, Any]:
        """Return what makes this loading the same as another one, and refuse what cannot be one.

        ``cog`` is the fingerprint of the communes the codes of the source are led to.
        """
        checked_vintage(self.vintage)
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise SourceRefused("validity_backwards", f"la validité finit ({self.valid_to}) avant de commencer.")
        if not self.source.is_file():
            raise SourceRefused("file_absent", f"le fichier {self.source} n’existe pas.")
        return {
            "kind": kind,
            "loader_version": LOADER_VERSION,
            "vintage": self.vintage,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "source_name": self.source.name,
            "source_sha256": sha256_of(self.source),
            "cog": cog,
            "attribution": attribution,
        }


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading gave: the file, its metadata (rows, unmatched…), and whether it had to be made."""

    path: Path
    metadata: dict[str, Any]
    made: bool


def read_day(text: str | None, option: str) -> date | None:
    """Return the day written AAAA-MM-JJ, None for none; refuse anything else."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as malformed:
        raise SourceRefused("day_malformed", f"{option} « {text} » : une date AAAA-MM-JJ est attendue.") from malformed


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None


def checked_vintage(vintage: str) -> str:
    """Return the vintage (year, month or day) or refuse it: it becomes part of a file name."""
    if not VINTAGE.fullmatch(vintage):
        raise SourceRefused(
            "vintage_malformed",
            f"millésime « {vintage} » : une année, un mois ou un jour est attendu (2026, 2026-05…).",
        )
    return vintage


def layer_path(directory: Path, kind: str, vintage: str) -> Path:
    """Return where the file of this kind and vintage is or would be."""
    return directory / f"{kind}-{checked_vintage(vintage)}.parquet"


def loaded_layers(directory: Path) -> list[Layer]:
    """Return the files present, by kind then vintage; a file that cannot be read as ours is left out."""
    layers = []
    for kind in LAYER_KINDS:
        for path in sorted(directory.glob(f"{kind}-*.parquet")):
            vintage = path.stem.removeprefix(f"{kind}-")
            metadata = read_metadata(path) if VINTAGE.fullmatch(vintage) else None
            if metadata is not None and metadata.get("kind") == kind:
                layers.append(Layer(kind, vintage, path, metadata))
    return layers


def latest(layers: list[Layer], kind: str, vintage: str | None = None) -> Layer | None:
    """Return the layer of this kind and vintage, or the last vintage when none is asked; None when absent."""
    found = [layer for layer in layers if layer.kind == kind and vintage in {None, layer.vintage}]
    return max(found, key=lambda layer: layer.vintage) if found else None
