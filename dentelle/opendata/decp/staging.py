"""Read one source into staging: a folder named by the digest of its content, complete or absent, never half written."""

import mmap
import os
import shutil
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from dentelle.opendata.decp import split_json, split_xml
from dentelle.opendata.decp.check import DEFECTS
from dentelle.opendata.decp.durable import sync, sync_folder, write_file
from dentelle.opendata.decp.pieces import Block, BlockResult, Container
from dentelle.opendata.decp.sources import Source, SourceRefused
from dentelle.opendata.decp.workers import Crew

# Changes with the staging tables or with any rule that fills them: a source staged under another version is read again.
STAGING_VERSION: Final = 6
DESCRIPTION: Final = "source.json"
_UTF8_MARK: Final = b"\xef\xbb\xbf"
# Defects that mean « this is something else », as opposed to « this is damaged ».
_FOREIGN: Final = frozenset({"empty_record", "null_contract"})


@dataclass(frozen=True, slots=True)
class Part:
    """One accepted block: how many records and lines precede it in its source."""

    number: int
    first_index: int
    first_line: int


@dataclass(slots=True)
class Staged:
    """What is known of a source once read."""

    version: int
    sha256: str
    name: str
    bytes: int
    format: str
    generation: str | None
    read: int
    rejected: int
    breaks: list[str] = field(default_factory=list)  # sentences on what is cut outside any record
    parts: list[Part] = field(default_factory=list)
    defects: dict[str, int] = field(default_factory=dict)
    key: int | None = None  # absent from what was read when the digest was known first, and gave it


def source_key(source: Staged) -> int:
    """The number its staging tables bear for a source: its own among all sources, without meaning."""
    if source.key is not None:
        return source.key
    return int.from_bytes(bytes.fromhex(source.sha256[:16]), "big", signed=True)


def staged(folder: Path) -> Staged | None:
    """What a staging folder holds, None when it is absent or of another version."""
    try:
        found = msgspec.json.decode((folder / DESCRIPTION).read_bytes(), type=Staged)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.version == STAGING_VERSION else None


def stage(
    source: Source,
    key: int,
    staging: Path,
    crew: Crew,
    heard: Callable[[int, int], None],
    stopped: Callable[[], None],
) -> Staged:
    """Read a source into a folder of ``staging`` named by its digest; raise SourceRefused when it is not DECP.

    ``key`` is a number no other source of the data set bears. ``heard`` receives bytes and records read.
    """
    partial = staging / f"{key:016x}.partial-{os.getpid()}"
    partial.mkdir(parents=True)
    try:
        with source.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
            reading = _Reading(source, key, buffer, partial, crew, heard, stopped)
            found = reading.run()
        write_file(partial / DESCRIPTION, msgspec.json.encode(asdict(found)))
        sync_folder(partial)
        folder = staging / found.sha256
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return found


class _Reading:
    """The walk through one source: containers, blocks, accepted results."""

    def __init__(
        self,
        source: Source,
        key: int,
        buffer: mmap.mmap,
        folder: Path,
        crew: Crew,
        heard: Callable[[int, int], None],
        stopped: Callable[[], None],
    ) -> None:
        self.source, self.key, self.buffer, self.folder, self.crew = source, key, buffer, folder, crew
        self.heard, self.stopped = heard, stopped
        self.next_number = 0
        self.read = self.kept = self.lines = 0
        self.generations: Counter[str] = Counter()
        self.defects: Counter[str] = Counter()
        self.parts: list[Part] = []
        self.breaks: list[str] = []

    def run(self) -> Staged:
        start = len(_UTF8_MARK) if self.buffer[:3] == _UTF8_MARK else 0
        head = self.buffer[start : start + 4096].lstrip()
        syntax = "xml" if head[:1] == b"<" else "json"
        if syntax == "xml":
            found = self.walk_xml(start)
        elif head[:1] in (b"{", b"["):
            found = self.walk_json(start)
        else:
            found = ""
        if not found:
            raise SourceRefused("not_decp", _NEITHER)
        if self.read and not self.kept:
            raise self.refusal()
        if self.source.cut and not self.breaks and not self.defects.get("truncated"):
            self.breaks.append(
                f"l’archive est coupée après l’octet {self.source.bytes} de son contenu : il en manque la fin."
            )
        if start:
            self.defects["bom"] += 1
        generations = sorted(self.generations)
        return Staged(
            STAGING_VERSION, self.source.digest.sha256(self.stopped), self.source.name, self.source.bytes, found,
            "+".join(generations) or None, self.read, self.read - self.kept, self.breaks, self.parts, dict(self.defects), self.key,
        )  # fmt: skip

    def refusal(self) -> SourceRefused:
        """Nothing could be kept: say whether it is something else, or DECP beyond repair."""
        hallmark = (
            b'"objet' in self.buffer[:_HALLMARK_BYTES]
            or b'"acheteur' in self.buffer[:_HALLMARK_BYTES]
            or b"<objet>" in self.buffer[:_HALLMARK_BYTES]
        )
        told = next((code for code in sorted(self.defects) if code not in _FOREIGN and code in DEFECTS), None)
        if told is None or not hallmark:
            return SourceRefused("not_decp", _NO_FIELD)
        return SourceRefused(told, f"rien n’y est lisible. {DEFECTS[told].sentence}")

    def walk_json(self, start: int) -> str:
        walk = split_json.containers(self.buffer, start)
        syntax = ""
        try:
            container = next(walk)
            while True:
                container = split_json.learn(self.buffer, container)
                syntax = "ndjson" if container.syntax == "lines" else "json"
                stop, closed = self.through(container, split_json.next_cut)
                if not closed and container.bracketed:
                    self.breaks.append(
                        f"le fichier s’arrête à l’octet {stop} sans que sa liste soit fermée : il est tronqué."
                    )
                    break
                container = walk.send(stop)
        except StopIteration:
            pass
        return syntax

    def walk_xml(self, start: int) -> str:
        if split_xml.declares_entities(self.buffer[start : start + split_xml.HEAD_BYTES]):
            raise SourceRefused("xml_dtd", DEFECTS["xml_dtd"].sentence)
        first = split_xml.start_of_records(self.buffer, start)
        if first is None:
            return "xml" if b"<marches" in self.buffer[start : start + 4096] else ""
        self.lines = self.buffer[:first].count(b"\n")
        stop, closed = self.through(Container("xml", first), split_xml.next_cut)
        if not closed and not self.defects.get("truncated"):
            self.breaks.append(f"le fichier s’arrête à l’octet {stop} sans que <marches> soit fermé : il est tronqué.")
        return "xml"

    def through(self, container: Container, cut: Callable[[mmap.mmap, Container, int], int]) -> tuple[int, bool]:
        """Read a container to its end; return where it stopped and whether it was closed.

        Blocks are planned ahead of the answers. When a block ends elsewhere than planned, what was planned after it is thrown away.
        """
        pending: deque[Block] = deque()
        try:
            return self.advance(container, cut, pending)
        except SourceRefused:
            for _ in range(len(pending)):
                self.discard(self.crew.take())
            raise

    def advance(
        self, container: Container, cut: Callable[[mmap.mmap, Container, int], int], pending: deque[Block]
    ) -> tuple[int, bool]:
        size, position, planned = len(self.buffer), container.start, container.start
        closed = False
        while not closed and position < size:
            while planned < size and len(pending) < self.crew.depth:
                block = Block(
                    self.next_number, container, planned, max(cut(self.buffer, container, planned), planned + 1)
                )
                self.next_number += 1
                self.crew.submit(self.source.path, self.key, block, self.folder)
                pending.append(block)
                planned = block.end
            self.stopped()
            block = pending.popleft()
            result = self.crew.take()
            self.accept(result)
            position, closed = result.stop, result.closed
            if position != block.end or closed:
                for _ in range(len(pending)):
                    self.discard(self.crew.take())
                pending.clear()
                planned = position
        return position, closed

    def accept(self, result: BlockResult) -> None:
        for name in result.files:  # the disk takes each block while the next ones are read
            sync(self.folder / name)
        self.parts.append(Part(result.number, self.read, self.lines))
        self.read += result.read
        self.kept += result.kept
        self.lines += result.lines
        self.generations.update(result.generations)
        self.defects.update(result.defects)
        self.heard(result.stop - result.start, result.read)
        if self.read and not self.kept and set(self.defects) <= _FOREIGN and self.read > _ENOUGH_TO_TELL:
            raise SourceRefused("not_decp", _NO_FIELD)

    def discard(self, result: BlockResult) -> None:
        for name in result.files:
            (self.folder / name).unlink(missing_ok=True)


_ENOUGH_TO_TELL: Final = 1000
_HALLMARK_BYTES: Final = 1024 * 1024
_NEITHER: Final = "ce n’est ni du JSON ni du XML de données essentielles (marches, marche, contrat-concession)."
_NO_FIELD: Final = "aucun champ des DECP n’y a été reconnu (acheteur, objet, titulaires, code CPV)."
