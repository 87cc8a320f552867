"""From what the user gives (files, folders, archives) to plain files ready to be read, within bounds.

The content decides, never the name. Nothing is extracted under a name found in an archive: each member is streamed to a file of ours, and a
member that inflates beyond what open data ever does is refused.
"""

import bz2
import codecs
import gzip
import hashlib
import lzma
import mmap
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import IO, Final, Protocol, cast

CHUNK: Final = 1024 * 1024
# What is decompressed at a time: a damaged (not merely cut) archive loses at most this much before the damage.
INFLATED_CHUNK: Final = 64 * 1024
# Real DECP files deflate 10 to 40 times; a bomb, a thousand times.
LARGEST_RATIO: Final = 250
RATIO_MATTERS_FROM: Final = 16 * 1024 * 1024
LARGEST_PLAIN: Final = 64 * 1024**3
MOST_MEMBERS: Final = 100_000
SPREADSHEET_MARKS: Final = frozenset({"[Content_Types].xml", "mimetype"})


class SourceRefused(Exception):
    """A file that cannot be read as DECP: the code of the defect and one French sentence."""

    def __init__(self, defect: str, reason: str) -> None:
        super().__init__(reason)
        self.defect = defect
        self.reason = reason


class Digest:
    """The SHA-256 of a source: known from the start, computed when asked, or computed beside the reading once begun."""

    def __init__(self, path: Path, found: str | None = None) -> None:
        self.path, self.found = path, found
        self.given_up = False
        self.thread: Thread | None = None
        self.failure: OSError | None = None

    def begin(self) -> None:
        """Start computing in a thread: hashing leaves Python to the reading."""
        if self.found is None and self.thread is None:
            self.thread = Thread(target=self._compute, daemon=True)
            self.thread.start()

    def give_up(self) -> None:
        """The source is not wanted any more: a thread stops at its next chunk."""
        self.given_up = True

    def sha256(self, stopped: Callable[[], None] = lambda: None) -> str:
        """The digest, waited for; raise SourceRefused when the file cannot be read to its end."""
        if self.thread is not None:
            self.thread.join()
        elif self.found is None:
            self._compute(stopped)
        if self.found is None:
            why = _plain(self.failure) if self.failure else "la lecture a été abandonnée"
            raise SourceRefused("not_decp", f"le fichier ne peut pas être lu : {why}.")
        return self.found

    def _compute(self, stopped: Callable[[], None] = lambda: None) -> None:
        digest = hashlib.sha256()
        try:
            with (
                self.path.open("rb") as file,
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
                memoryview(mapped) as whole,
            ):
                for start in range(0, len(whole), CHUNK):
                    stopped()
                    if self.given_up:
                        return
                    digest.update(whole[start : start + CHUNK])
        except OSError as error:
            self.failure = error
            return
        self.found = digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """Plain bytes ready to be read: where they are, what they are called, their digest, how many they are."""

    name: str
    path: Path
    digest: Digest
    bytes: int
    temporary: bool
    cut: bool = False  # the archive it comes from stops before its end


class Inflating(Protocol):
    """A file that decompresses as it is read: ``read1`` hands over what one step gave, so that a break loses nothing."""

    def read1(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not read, and why."""

    name: str
    defect: str
    reason: str


def files_under(paths: list[Path]) -> Iterator[Path | Refusal]:
    """The files given, those of the folders given, in order of name, each once; hidden files are left out.

    A folder that may not be opened is told: what it holds is missing from the data set, and nobody would know.
    """
    seen: set[Path] = set()
    for path in paths:
        found = [path]
        if path.is_dir():
            denied: list[OSError] = []
            found = sorted(
                item
                for place, _, names in os.walk(path, onerror=denied.append)
                for item in (Path(place, name) for name in names)
                if not _hidden(item.relative_to(path)) and item.is_file()
            )
            yield from (
                Refusal(str(error.filename), "not_decp", f"le dossier ne peut pas être lu : {_plain(error)}.")
                for error in denied
                if not _hidden(Path(error.filename).relative_to(path))
            )
        for item in found:
            real = item.resolve()
            if real not in seen:
                seen.add(real)
                yield item


def _hidden(relative: Path) -> bool:
    return any(part.startswith(".") for part in relative.parts)


def open_sources(
    path: Path, scratch: Path, heard: Callable[[int], None], stopped: Callable[[], None]
) -> Iterator[Source | Refusal]:
    """The sources of one file: itself, what it decompresses to, or the members of an archive.

    ``heard`` receives the bytes read, ``stopped`` raises when the user gave up. A temporary source belongs to the caller.
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
            if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
                yield from _members(path, scratch, heard, stopped)
                return
            file.seek(0)
            name = path.name
            opened = _decompressor(head, file)
            if opened is not None:
                with opened:
                    yield _inflated(name, opened, os.fstat(file.fileno()).st_size, scratch, heard, stopped)
                return
            size = os.fstat(file.fileno()).st_size
        if not size:
            raise SourceRefused("not_decp", "le fichier est vide.")
        yield _transcoded(Source(name, path, Digest(path), size, temporary=False), scratch)
    except SourceRefused as refusal:
        yield Refusal(path.name, refusal.defect, refusal.reason)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        yield Refusal(path.name, "not_decp", f"le fichier ne peut pas être lu : {_plain(error)}.")


def _decompressor(head: bytes, file: IO[bytes]) -> gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile | None:
    if head[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=file)
    if head[:3] == b"BZh":
        return bz2.BZ2File(file)
    return lzma.LZMAFile(file) if head[:6] == b"\xfd7zXZ\x00" else None


def _plain(error: BaseException) -> str:
    if isinstance(error, PermissionError):
        return "le droit de le lire manque"
    return str(getattr(error, "strerror", None) or error).rstrip(".") or type(error).__name__


# The list of what a .zip holds is written last: without it, what the sizes and names of members are would be a guess.
_CUT_ZIP: Final = (
    "cette archive .zip est incomplète ou abîmée (la liste de ce qu’elle contient, écrite à la fin, manque) : téléchargez-la "
    "de nouveau, ou demandez les fichiers sans archive ; rien n’en a été importé."
)
_NOTHING_OUT: Final = "l’archive est coupée ou abîmée avant le premier octet lisible : téléchargez-la de nouveau ; rien n’en a été importé."


def _members(
    path: Path, scratch: Path, heard: Callable[[int], None], stopped: Callable[[], None]
) -> Iterator[Source | Refusal]:
    try:
        opened = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise SourceRefused("not_decp", _CUT_ZIP) from error
    with opened as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if SPREADSHEET_MARKS & {member.filename for member in members}:
            raise SourceRefused(
                "not_decp", "c’est un classeur ou un document bureautique, pas un fichier DECP (JSON ou XML)."
            )
        if len(members) > MOST_MEMBERS:
            raise SourceRefused("bomb", f"l’archive contient plus de {MOST_MEMBERS} fichiers.")
        for member in members:
            name = f"{path.name} › {member.filename}"
            try:
                if member.flag_bits & 1:
                    raise SourceRefused("not_decp", "ce membre de l’archive est chiffré.")
                with archive.open(member) as file:
                    yield _inflated(
                        name, cast("Inflating", file), max(member.compress_size, 1), scratch, heard, stopped
                    )
            except SourceRefused as refusal:
                yield Refusal(name, refusal.defect, refusal.reason)
            except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
                yield Refusal(name, "not_decp", f"ce membre de l’archive ne peut pas être lu : {_plain(error)}.")


def _inflated(
    name: str,
    file: Inflating,
    compressed: int,
    scratch: Path,
    heard: Callable[[int], None],
    stopped: Callable[[], None],
) -> Source:
    digest, size, broken = hashlib.sha256(), 0, False
    scratch.mkdir(parents=True, exist_ok=True)
    target = scratch / f"plain-{os.urandom(8).hex()}"
    try:
        with target.open("wb") as plain:
            while True:
                stopped()
                try:
                    chunk = file.read1(INFLATED_CHUNK)
                except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
                    if isinstance(error, OSError) and error.errno is not None:
                        raise  # the disk, not the archive
                    # a cut archive gives what came before, and the text it held says where it stops
                    broken = True
                    break
                if not chunk:
                    break
                if not size and _compressed_again(chunk):
                    raise SourceRefused("not_decp", "c’est une archive dans une archive : décompressez-la d’abord.")
                digest.update(chunk)
                size += len(chunk)
                heard(0)
                if size > LARGEST_PLAIN or (size > RATIO_MATTERS_FROM and size > LARGEST_RATIO * compressed):
                    raise SourceRefused(
                        "bomb", "le contenu se décompresse au-delà de ce qu’une donnée publique peut être."
                    )
                plain.write(chunk)
        if not size:
            raise SourceRefused("not_decp", _NOTHING_OUT if broken else "le fichier est vide.")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    heard(compressed)
    return _transcoded(
        Source(name, target, Digest(target, digest.hexdigest()), size, temporary=True, cut=broken), scratch
    )


def _compressed_again(head: bytes) -> bool:
    return head[:4] == b"PK\x03\x04" or head[:2] == b"\x1f\x8b" or head[:3] == b"BZh" or head[:6] == b"\xfd7zXZ\x00"


_XML_ENCODING: Final = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.-]{1,40})["']""")
_UTF16_MARKS: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def _transcoded(source: Source, scratch: Path) -> Source:
    """The same source in UTF-8, when it is written otherwise and says so."""
    with source.path.open("rb") as file:
        head = file.read(1024)
    encoding = _UTF16_MARKS.get(head[:2], "")
    if not encoding and (declared := _XML_ENCODING.search(head)):
        encoding = declared[1].decode().lower()
    if encoding in {"", "utf-8", "utf8", "us-ascii", "ascii"}:
        return source
    try:
        decoder = codecs.getincrementaldecoder(
            "cp1252" if encoding in {"iso-8859-1", "latin1", "latin-1"} else encoding
        )("replace")
    except LookupError as error:
        raise SourceRefused("not_decp", f"l’encodage « {encoding} » est inconnu.") from error
    scratch.mkdir(parents=True, exist_ok=True)
    target = scratch / f"plain-{os.urandom(8).hex()}"
    with source.path.open("rb") as file, target.open("wb") as plain:
        while chunk := file.read(CHUNK):
            plain.write(decoder.decode(chunk).encode())
    if source.temporary:
        source.path.unlink()
    return replace(source, path=target, temporary=True)
