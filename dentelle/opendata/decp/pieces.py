"""What every splitter hands over: the records of a stretch of a file, and what could not be split."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from dentelle.opendata.decp.record import Record

# One block is what a worker holds at once: big enough to amortise a call, small enough to bound memory.
BLOCK_BYTES: Final = 8 * 1024 * 1024


class Bytes(Protocol):
    """What ``bytes`` and ``mmap`` share."""

    def __len__(self) -> int: ...
    def __getitem__(self, at: slice, /) -> bytes: ...
    def find(self, sub: bytes, start: int = ..., end: int = ..., /) -> int: ...
    def rfind(self, sub: bytes, start: int = ..., end: int = ..., /) -> int: ...


@dataclass(frozen=True, slots=True)
class Container:
    """Where records are: a JSON array, lines of JSON, or an XML document, from ``start``; what the place says of them."""

    syntax: str  # array | lines | xml
    start: int
    kind: str | None = None  # contract | concession, when the container says it
    generation: str | None = None
    lead: bytes = b""  # blanks, brace and blanks a record starts with, as seen on the first ones
    keys: tuple[bytes, ...] = ()  # first keys seen
    bracketed: bool = True  # whether something must close the container

    @property
    def seam(self) -> bytes:
        """The signs between the inside of a record and that of the next, empty where records do not all start alike."""
        return b"}," + self.lead + b'"' + self.keys[0] + b'"' if self.lead and len(self.keys) == 1 else b""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a container, from the start of one record to the end of another."""

    number: int
    container: Container
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What came out of a block: counts, where reading stopped, and the names of the files written."""

    number: int
    start: int
    stop: int
    closed: bool
    read: int
    kept: int
    lines: int
    generations: dict[str, int] = field(default_factory=dict)
    defects: dict[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that cannot be read: where its first byte is, and why."""

    local: int | None
    offset: int | None
    line: int | None  # from 0, counted since the start of the block
    defect: str
    excerpt: str


@dataclass(slots=True)
class Reading:
    """The records of a block, in order, with the byte offset (or the line in XML) of each, and the unreadable ones."""

    stop: int = 0
    closed: bool = False
    raws: list[bytes] = field(default_factory=list)
    records: "list[Record | None]" = field(
        default_factory=list
    )  # of each piece, where decoding proved the cuts; None for one refused
    locals: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    lines: int = 0  # line feeds met, where lines count
    follows: bool = False  # whether it goes on with the stretch of the reading before it
    instead: bool = False  # whether it takes the place of all that was read of its stretch

    @property
    def count(self) -> int:
        """Records met, readable or not."""
        return len(self.raws) + len(self.broken)

    def keep(self, raw: bytes, position: int) -> None:
        self.locals.append(self.count)
        self.raws.append(raw)
        self.positions.append(position)

    def reject(self, raw: bytes, offset: int, defect: str, line: int | None = None) -> None:
        self.broken.append(Broken(self.count, offset, line, defect, excerpt(raw)))


def excerpt(raw: bytes) -> str:
    """The first 200 characters of a record, fit for a table."""
    text = raw[:400].decode("utf-8", "replace")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:200]
