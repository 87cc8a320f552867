"""Cut JSON into records: at full speed where it is sound, one accident at a time where it is not.

A stretch is cut where « }, » and the first key of a record meet, and decoding every piece, a handful at a time, proves the cuts right. Where one
is not, the stretch is split by the strict decoder. When that one refuses it too, the records are found by the signature a record starts with in
this file; a piece that cannot be read is searched for whole contracts inside it, and what remains is one reject.
"""

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import cache
from itertools import accumulate, islice
from typing import Final

import msgspec

from dentelle.opendata.decp.extents import HALLMARK, MOST_ATTEMPTS, Effort, balanced_end
from dentelle.opendata.decp.pieces import BLOCK_BYTES, Bytes, Container, Reading
from dentelle.opendata.decp.record import MAX_RECORD_BYTES, Record, RecordRefused, decode, mend

_BLANKS: Final = re.compile(rb"[\s,]*")
_BLANK_SIGNS: Final = b" \t\r\n,"
_FIRST_KEY: Final = re.compile(rb'\s*\{\s*"((?:[^"\\]|\\.){0,200})"')
_STRAY: Final = re.compile(rb"[\]}]\s*(?:,\s*\{|\{)")
_STRICT: Final = msgspec.json.Decoder(msgspec.Raw)
_STRICT_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
# How much is searched for one accident.
STRETCH_BYTES: Final = 512 * 1024
# How much is decoded at once: what its records become, several times its size, stays in the processor's nearest cache until its values are read.
HANDFUL_BYTES: Final = 128 * 1024
# How many pieces more a record may have been cut into by what looks like the start of another.
MOST_JOINED: Final = 16
# How many different first keys are looked for, in the first records.
LEARNED: Final = 4
# How far the start of a container is searched for in a file.
HEAD_BYTES: Final = 1024 * 1024


def stretches(buffer: Bytes, container: Container, start: int, end: int) -> Iterator[Reading]:
    """The records between two cuts of an array: a handful at a time where each piece is sound, else a whole stretch, searched for the accident.

    A stretch is read one way or the other: its last reading, when ``instead``, takes the place of the handfuls it already gave.
    """
    stop, closed = start, False
    while stop < end and not closed:
        begun, cut = stop, max(min(next_cut(buffer, container, stop, STRETCH_BYTES), end), stop + 1)
        while stop < cut:
            reading = read_seams(buffer, container, stop, _short_cut(buffer, container, stop, cut))
            if reading is None:
                reading = read_array(buffer, container, begun, cut)
                reading.instead = stop > begun
                cut = reading.stop
            else:
                reading.follows = stop > begun
            stop, closed = reading.stop, reading.closed
            yield reading


def _short_cut(buffer: Bytes, container: Container, start: int, end: int) -> int:
    """The last seam of a handful from ``start``; ``end`` where it is near, or no seam is."""
    if not container.seam or end - start <= 2 * HANDFUL_BYTES:
        return end
    seam = buffer.rfind(container.seam, start, start + HANDFUL_BYTES)
    return seam + 1 if seam > start else end


def read_seams(buffer: Bytes, container: Container, start: int, end: int) -> Reading | None:
    """The records between two cuts of an array, already decoded; None unless each piece proves to be one sound value."""
    window = buffer[start:end].rstrip(_BLANK_SIGNS)
    blanks = _BLANKS.match(window)
    first = blanks.end() if blanks else 0
    # each record ends before a seam, and the next one starts at its brace
    ended = [match.start() + 1 for match in _pattern(container.seam).finditer(window)] if container.seam else []
    if not ended or window[first : first + 1] != b"{":
        return None
    between = container.seam.index(b"{") - 1
    begun = [first, *[at + between for at in ended]]
    ended.append(len(window))
    raws = list(map(window.__getitem__, map(slice, begun, ended)))
    records = decoded(raws, split_right=_sound)
    if len(records) < len(raws):
        return None
    return Reading(
        end, raws=raws, records=records, locals=list(range(len(raws))), positions=[start + at for at in begun]
    )


@cache
def _pattern(seam: bytes) -> re.Pattern[bytes]:
    return re.compile(re.escape(seam))


def decoded(raws: list[bytes], split_right: Callable[[bytes], bool] = lambda _: True) -> list[Record | None]:
    """The record of each piece, None where it is refused; they end before the first refused piece that is not ``split_right``."""
    records: list[Record | None] = []
    following = iter(raws)
    while len(records) < len(raws):
        try:
            records.extend(map(decode, following))  # keeps what came before the piece that is refused
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            if not split_right(raws[len(records)]):
                break
            records.append(None)
    return records


def read_array(buffer: Bytes, container: Container, start: int, end: int) -> Reading:
    """The records between two cuts of an array, read as one."""
    first = _BLANKS.match(buffer, start, end)  # type: ignore[call-overload]
    skipped = first.end() - start if first else 0
    wrapped = b"".join((b"[", buffer[start + skipped : end].rstrip(b" \t\r\n,"), b"]"))
    reading = Reading(stop=end)
    try:
        raws = _STRICT_LIST.decode(wrapped)
    except (msgspec.DecodeError, RecursionError) as error:
        closing = _closing(wrapped, str(error))
        if closing is None:
            return _recover(buffer, container, start, end)
        raws = _STRICT_LIST.decode(wrapped[:closing])
        reading.closed, reading.stop = True, start + skipped + closing - 1
    reading.raws = list(map(bytes, raws))
    reading.positions = _positions(wrapped, reading.raws, start + skipped - 1)
    reading.locals = list(range(len(raws)))
    return reading


def _positions(wrapped: bytes, raws: list[bytes], origin: int) -> list[int]:
    """Where each record starts in the file: after blanks and a comma, which are the same everywhere in most files."""
    joint = b","
    if len(wrapped) == 2 + sum(map(len, raws)) + len(joint) * (len(raws) - 1):  # nothing but a comma between any two
        ends = accumulate([len(raw) + len(joint) for raw in raws], initial=origin + 1)
        return list(islice(ends, len(raws)))
    positions: list[int] = []
    position = 1
    for raw in raws:
        if not wrapped.startswith(b"{", position + len(joint)) or not wrapped.startswith(joint, position):
            begun = _BLANKS.match(wrapped, position)
            finish = begun.end() if begun else position
            joint = wrapped[position:finish]
        position += len(joint)
        positions.append(position + origin)
        position += len(raw)
    return positions


def _closing(wrapped: bytes, message: str) -> int | None:
    """Length of the array when it closes before the end of the block, None when the block is broken."""
    found = re.search(r"trailing characters \(byte (\d+)\)", message)
    if not found:
        return None
    closing = wrapped.rfind(b"]", 0, int(found[1]) - 1) + 1
    # the bracket we added ourselves closes nothing, nor does one that a record follows
    return closing if 0 < closing < len(wrapped) and not _STRAY.match(wrapped, closing - 1) else None


def read_lines(buffer: Bytes, start: int, end: int) -> Reading:
    """The records of lines of JSON: a broken line is a broken record."""
    reading = Reading(stop=end)
    position = start
    for number, line in enumerate(buffer[start:end].split(b"\n")):
        record = line.strip(b" \t\r,\x1e")
        if record:
            at = position + line.find(record[:1])
            if _sound(record):
                reading.keep(record, at)
            else:
                _search(record, at, reading, at_end=end >= len(buffer) and position + len(line) >= end, line=number)
        position += len(line) + 1
        reading.lines = number
    return reading


def _sound(piece: bytes) -> bool:
    try:
        _STRICT.decode(piece)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _mendable(piece: bytes) -> bool:
    try:
        mend(piece)
    except RecordRefused:
        return False
    return True


def signature(container: Container) -> re.Pattern[bytes] | None:
    """What a record starts with in this file: the brace is the end of the match's group 1."""
    if not container.keys:
        return None
    blanks, _, inner = container.lead.partition(b"{")
    # a comma comes first, else the value of a member of a record would do
    before = rb"[,\[]" + (re.escape(blanks) if blanks else rb"\s*")
    keys = b"|".join(re.escape(key) for key in container.keys)
    return re.compile(b"(" + before + rb")\{" + re.escape(inner) + b'"(?:' + keys + b')"')


def _recover(buffer: Bytes, container: Container, start: int, end: int) -> Reading:
    """Split a broken block piece by piece."""
    reading = Reading(stop=end)
    pattern = signature(container)
    window = buffer[start:end]
    starts = [0]
    if pattern is not None:
        starts += [match.end(1) for match in pattern.finditer(window) if match.end(1) > 0]
    size = len(buffer)
    at = 0
    while at < len(starts):
        begun = starts[at]
        last = at + 1 == len(starts)
        finish = len(window) if last else starts[at + 1]
        piece = window[begun:finish].strip(b" \t\r\n,")
        offset = start + begun + (len(window[begun:finish]) - len(window[begun:finish].lstrip(b" \t\r\n,")))
        at += 1
        if not piece:
            continue
        if _sound(piece):
            reading.keep(piece, offset)
            continue
        joined = _joined(window, starts, at, begun)
        if joined:
            finish = starts[joined] if joined < len(starts) else len(window)
            reading.keep(window[begun:finish].strip(b" \t\r\n,"), offset)
            at = joined
            continue
        if last and end < size:  # the cut fell inside a record: go on to where the next one starts
            beyond = _next_start(buffer, pattern, end)
            piece = buffer[offset : min(beyond, offset + 2 * MAX_RECORD_BYTES)].rstrip(b" \t\r\n,")
            reading.stop = beyond
        closed = _search(piece, offset, reading, at_end=last and reading.stop >= size, may_close=last)
        if closed is not None:
            reading.closed, reading.stop = True, closed
            break
    return reading


def _joined(window: bytes, starts: list[int], following: int, begun: int) -> int | None:
    """Index of the start after a record cut by signatures met inside it (holders told as records are), None when it is not that."""
    for ahead in range(following + 1, min(following + MOST_JOINED, len(starts)) + 1):
        finish = starts[ahead] if ahead < len(starts) else len(window)
        if _sound(window[begun:finish].strip(b" \t\r\n,")):
            return ahead
    return None


def _next_start(buffer: Bytes, pattern: re.Pattern[bytes] | None, after: int) -> int:
    if pattern is not None:
        found = pattern.search(buffer, max(0, after - 64))  # type: ignore[call-overload]
        while found and found.end(1) < after:
            found = pattern.search(buffer, found.end())  # type: ignore[call-overload]
        if found:
            return int(found.end(1))
    return len(buffer)


def _search(
    piece: bytes, offset: int, reading: Reading, *, at_end: bool, may_close: bool = True, line: int | None = None
) -> int | None:
    """Find whole contracts in a piece that is not one; reject the rest, once for each unreadable stretch.

    Return where the array closes when a closing bracket follows a whole contract.
    """
    # where a file breaks off, a text cut inside a string could look like one that only lacks mending
    cut = at_end and balanced_end(piece, 0) is None
    if not cut and len(piece) <= MAX_RECORD_BYTES and _mendable(piece):
        reading.keep(piece, offset)
        return None
    position, bad, effort = 0, None, Effort(len(piece))
    while position < len(piece):
        begun = _BLANKS.match(piece, position)
        position = begun.end() if begun else position
        if position >= len(piece):
            break
        if bad is None and may_close and piece[position] in b"]}" and not _STRAY.match(piece, position):
            return offset + position + 1
        finish = effort.end(piece, position) if piece[position] == 0x7B else None
        if finish is not None and HALLMARK.search(piece, position, finish) and _mendable(piece[position:finish]):
            if bad is not None:
                reading.reject(piece[bad:position], offset + bad, _why(piece[bad:position], at_end=False), line)
            reading.keep(piece[position:finish], offset + position)
            position, bad = finish, None
            effort.attempts = 0
            continue
        if finish is not None and bad is None and _whole_but_refused(piece[position:finish]):
            reading.keep(piece[position:finish], offset + position)  # refused later, with its own reason
            position = finish
            continue
        bad = position if bad is None else bad
        following = effort.onwards(piece, position, finish)
        if following is None:
            break
        position = following
    if bad is not None:
        reading.reject(piece[bad:], offset + bad, _why(piece[bad:], at_end=at_end), line)
    return None


def _whole_but_refused(value: bytes) -> bool:
    """Whether this is one sound value that is no contract, or is too deep: it will be refused with its own reason."""
    try:
        mend(value)
    except RecordRefused as refusal:
        return refusal.defect != "broken_record"
    return True


def _why(bad: bytes, *, at_end: bool) -> str:
    if len(bad) > MAX_RECORD_BYTES:
        return "record_too_large"
    try:
        mend(bad)
    except RecordRefused as refusal:
        if refusal.defect == "record_too_deep":
            return "record_too_deep"
    return "truncated" if at_end else "broken_record"


def next_cut(buffer: Bytes, container: Container, start: int, size: int | None = None) -> int:
    """Where to end the block that starts at ``start``: most likely the end of a record, and checked by who reads it."""
    target = start + (BLOCK_BYTES if size is None else size)
    if target >= len(buffer):
        return len(buffer)
    if container.syntax == "lines":
        cut = buffer.rfind(b"\n", start, target)
        if cut < 0:
            cut = buffer.find(b"\n", target)
        return len(buffer) if cut < 0 else cut + 1
    for key in container.keys:
        cut = buffer.rfind(b"}," + container.lead + b'"' + key + b'"', start, target)
        if cut > start:
            return cut + 1
    seams = [match.start() for match in re.finditer(rb"\}\s*,\s*\{", buffer[target - 65536 : target])]
    return target - 65536 + seams[-1] + 1 if seams else target


def learn(buffer: Bytes, container: Container) -> Container:
    """The same container, with what its records start with."""
    head = buffer[container.start : container.start + HEAD_BYTES]
    keys: dict[bytes, None] = {}
    lead, position, effort = b"", 0, Effort(len(head))
    following: int | None = 0
    while len(keys) < LEARNED and following is not None and effort.attempts < 2 * MOST_ATTEMPTS:
        brace = head.find(b"{", following)
        if brace < 0:
            break
        finish = effort.end(head, brace)
        first = _FIRST_KEY.match(head, brace)
        if (
            finish is None
            or first is None
            or not HALLMARK.search(head, brace, finish)
            or not _mendable(head[brace:finish])
        ):
            position = brace + 1  # damaged, or inside something damaged
            following = effort.onwards(head, brace, finish)
            continue
        effort.attempts += 1
        keys[first[1]] = None
        before = head[position:brace]
        if b"," in before:
            lead = before.rpartition(b",")[2] + first.group()[: -len(first[1]) - 2]
        position = following = finish
    return replace(container, lead=lead, keys=tuple(keys))


def containers(buffer: Bytes, start: int) -> Generator[Container, int | None, None]:
    """Where the records of a JSON file are, in order; the caller sends back where each container stopped.

    Nothing comes out of a file in which no record can be expected.
    """
    head = buffer[start : start + HEAD_BYTES]
    opening = _BLANKS.match(head)
    position = opening.end() if opening else 0
    sign = head[position : position + 1]
    if sign == b"[":
        yield Container("array", start + position + 1)
        return
    if sign != b"{":
        return
    found = _member(buffer, start + position + 1, (b"marches",))
    if found is None:
        first = balanced_end(head, position)
        newline = head.find(b"\n", position)
        whole_line = first is not None and (newline < 0 or first <= newline)
        yield Container("lines" if whole_line else "array", start + position, bracketed=False)
        return
    _, after = found
    sign = buffer[after : after + 1]
    if sign == b"[":
        yield Container("array", after + 1, None, "2019")
        return
    if sign != b"{":
        return
    after += 1
    while (found := _member(buffer, after, tuple(_KINDS))) is not None:
        name, value_at = found
        kind, sign = _KINDS[name], buffer[value_at : value_at + 1]
        if sign == b"[":
            stopped = yield Container("array", value_at + 1, kind, "2022")
            after = stopped if stopped is not None else len(buffer)
        else:
            if sign == b"{":  # a lone record, as converters from XML write it
                yield Container("array", value_at, kind, "2022", bracketed=False)
            after = _after_value(buffer, value_at) or len(buffer)


_KINDS: Final = {b"marche": "contract", b"contrat-concession": "concession"}
# Most members are short: copying the longest a record may be for each would cost the square of their number.
_SHORT_BYTES: Final = 4096
_MEMBER: Final = re.compile(rb'[\s,]*"((?:[^"\\]|\\.){0,200})"\s*:\s*')
_SCALAR: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^\s,{}\[\]"]+', re.DOTALL)


def _member(buffer: Bytes, after: int, wanted: tuple[bytes, ...]) -> tuple[bytes, int] | None:
    """The first member of those names in the object whose members start at ``after``, and where its value starts."""
    while True:
        found = _MEMBER.match(buffer[after : after + 4096])
        if found is None:
            return None
        if found[1] in wanted:
            return found[1], after + found.end()
        skipped = _after_value(buffer, after + found.end())
        if skipped is None:
            return None
        after = skipped


def _after_value(buffer: Bytes, start: int) -> int | None:
    text = buffer[start : start + _SHORT_BYTES]
    scalar = _SCALAR.match(text)
    if scalar and scalar.end() < len(text):
        return start + scalar.end()
    text = buffer[start : start + MAX_RECORD_BYTES]
    if text[:1] in (b"{", b"["):
        finish = balanced_end(text, 0, deepest=len(text))  # what is not a record may nest as it likes
        return start + finish if finish is not None else None
    scalar = _SCALAR.match(text)
    return start + scalar.end() if scalar else None
