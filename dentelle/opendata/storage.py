"""Whole files or nothing: tables are written beside their place, then put there in one move."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

METADATA_KEY = b"dentelle"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal, reading it by blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; move it there when the block succeeds, remove it when it does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.chmod(0o644)
        draft.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            draft.unlink()
        raise


def encoded_metadata(metadata: Mapping[str, Any]) -> bytes:
    """Return ``metadata`` as it is kept in a file: JSON with sorted keys, so that equal things have equal bytes."""
    return json.dumps(metadata, ensure_ascii=False, sort_keys=True).encode()


def write_table(table: pa.Table, path: Path, metadata: Mapping[str, Any]) -> None:
    """Write one Parquet file atomically; the same table and metadata always give the same bytes."""
    with replacing(path) as draft:
        pq.write_table(
            table.replace_schema_metadata({METADATA_KEY: encoded_metadata(metadata)}), draft, compression="zstd"
        )


def read_metadata(path: Path) -> dict[str, Any] | None:
    """Return what ``write_table`` recorded, or None when the file is absent, unreadable or of another make."""
    try:
        found = pq.read_metadata(path).metadata
    except (OSError, pa.ArrowInvalid):
        return None
    text = (found or {}).get(METADATA_KEY)
    if text is None:
        return None
    try:
        metadata = json.loads(text)
    except ValueError:
        return None
    return metadata if isinstance(metadata, dict) else None
