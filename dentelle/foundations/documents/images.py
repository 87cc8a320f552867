"""Photographs without what they say of who took them: place, hour, device, thumbnails. Pixels are untouched.

Only what draws the image is copied; of the rest, the way a JPEG is held alone is kept, else it would lie on its side.
"""

import struct
import zlib

from dentelle.foundations.documents.sniff import JPEG, PNG

_ORIENTATION = 0x0112
_UPRIGHT = 1
# markers without a length: TEM, and the restarts inside a scan
_BARE = {0x01, *range(0xD0, 0xD8)}
_EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_DRAWN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}


class Unreadable(Exception):
    """The bytes begin like an image and are not one."""


def cleaned(content: bytes, media_type: str) -> bytes:
    """Return the same image without its metadata. Raises Unreadable for one that is cut short or broken."""
    if media_type == JPEG:
        return _jpeg(content)
    if media_type == PNG:
        return _png(content)
    raise ValueError(f"not an image: {media_type}")


def _jpeg(content: bytes) -> bytes:
    kept, at, orientation, drawn = [b"\xff\xd8"], 2, _UPRIGHT, False
    while True:
        marker, at = _marker(content, at)
        if marker == _EOI:
            break
        if marker in _BARE:
            continue
        end = at + int.from_bytes(content[at : at + 2])
        if end < at + 2 or end > len(content):
            raise Unreadable
        if marker == _APP1:
            orientation = _held(content[at + 2 : end]) or orientation
        elif _draws(marker, content[at + 2 : end]):
            kept.append(b"\xff" + bytes([marker]) + content[at:end])
        at = end
        if marker == _SOS:
            drawn, at = True, _after_scan(content, end)
            kept.append(content[end:at])
    if not drawn:
        raise Unreadable
    if orientation != _UPRIGHT:
        # after the head of the file (JFIF), where readers look for it
        place = 2 if kept[1].startswith(b"\xff\xe0") else 1
        kept.insert(place, _how_it_is_held(orientation))
    return b"".join([*kept, b"\xff\xd9"])


def _draws(marker: int, body: bytes) -> bool:
    """Say whether a segment is needed to draw the image: the words of applications are not, but for its colours."""
    if _APP0 < marker <= _APP15:
        return marker == _APP14 or (marker == _APP2 and body.startswith(b"ICC_PROFILE\x00"))
    return marker != _COMMENT


def _marker(content: bytes, at: int) -> tuple[int, int]:
    if content[at : at + 1] != b"\xff":
        raise Unreadable
    while content[at : at + 1] == b"\xff":  # any number of fill bytes
        at += 1
    if at >= len(content):
        raise Unreadable
    return content[at], at + 1


def _after_scan(content: bytes, at: int) -> int:
    """Return where the next marker begins: in a scan, FF is followed by 00, or by a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise Unreadable
        if content[at + 1] != 0 and content[at + 1] not in _BARE:
            return at
        at += 2


def _held(segment: bytes) -> int:
    """Return how the photograph is held (1 to 8), 0 when the segment does not say."""
    if not segment.startswith(b"Exif\x00\x00"):
        return 0
    body = segment[6:]
    order = {b"II": "<", b"MM": ">"}.get(body[:2])
    if order is None:
        return 0
    try:
        (first,) = struct.unpack_from(order + "I", body, 4)
        (count,) = struct.unpack_from(order + "H", body, first)
        for rank in range(min(count, 500)):
            tag, _, _, value = struct.unpack_from(order + "HHIH", body, first + 2 + 12 * rank)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _how_it_is_held(orientation: int) -> bytes:
    directory = struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    body = b"Exif\x00\x00" + b"MM\x00*\x00\x00\x00\x08" + directory
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> bytes:
    kept, at, drawn = [content[:8]], 8, False
    while True:
        head = content[at : at + 8]
        if len(head) < 8:
            raise Unreadable
        length, kind = int.from_bytes(head[:4]), head[4:]
        end = at + 12 + length
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
            raise Unreadable
        if kind in _DRAWN:
            kept.append(content[at:end])
        drawn = drawn or kind == b"IDAT"
        at = end
        if kind == b"IEND":
            break
    if not drawn:
        raise Unreadable
    return b"".join(kept)
