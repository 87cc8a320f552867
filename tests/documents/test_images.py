"""Photographs lose what they say of who took them, and nothing of what they show."""

import struct
import zlib

import pytest

from dentelle.foundations.documents.images import Unreadable, cleaned
from dentelle.foundations.documents.sniff import JPEG, PNG

SECRET = b"48.8566 N, 2.3522 E, telephone of Jeanne"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int, order: str = ">") -> bytes:
    tag = {">": b"MM\x00*", "<": b"II*\x00"}[order]
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\x00\x00" + tag + struct.pack(order + "IH", 8, 1) + entry + struct.pack(order + "I", 0) + SECRET


HEAD = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
TABLES = segment(0xDB, bytes(65)) + segment(0xC0, bytes(15)) + segment(0xC4, bytes(20))
SCAN = segment(0xDA, bytes(10)) + b"\x12\xff\x00\x34\xff\xd0\x56"


def jpeg(*more: bytes) -> bytes:
    return b"\xff\xd8" + HEAD + b"".join(more) + TABLES + SCAN + b"\xff\xd9"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*more: bytes) -> bytes:
    image = zlib.compress(b"\x00\xff")
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + b"".join(more)
        + chunk(b"IDAT", image)
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "told",
    [
        segment(0xE1, exif(1)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + SECRET),
        segment(0xED, SECRET),
        segment(0xFE, SECRET),
        segment(0xE2, b"MPF\x00" + SECRET),
    ],
)
def test_a_photograph_no_longer_says_where_when_nor_with_what(told):
    assert cleaned(jpeg(told) + SECRET, JPEG) == jpeg()


def test_the_colours_of_a_photograph_stay():
    colours = segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + bytes(40))
    assert cleaned(jpeg(colours), JPEG) == jpeg(colours)


@pytest.mark.parametrize("order", [">", "<"])
def test_a_photograph_held_upright_stays_upright(order):
    content = cleaned(jpeg(segment(0xE1, exif(6, order))), JPEG)
    assert SECRET not in content
    assert content.startswith(b"\xff\xd8" + HEAD + b"\xff\xe1")
    assert cleaned(content, JPEG) == content
    assert content.endswith(TABLES + SCAN + b"\xff\xd9")


def test_colours_and_transparency_stay_and_words_go():
    drawn = chunk(b"tRNS", b"\x00\x01") + chunk(b"gAMA", b"\x00\x00\xb1\x8f")
    told = (
        chunk(b"tEXt", b"Comment\x00" + SECRET)
        + chunk(b"eXIf", SECRET)
        + chunk(b"tIME", b"\x07\xea\x0b\x16\x0a\x00\x00")
    )
    assert cleaned(png(drawn, told) + SECRET, PNG) == png(drawn)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (jpeg()[:-2], JPEG),
        (jpeg()[:40], JPEG),
        (b"\xff\xd8\xff", JPEG),
        (b"\xff\xd8" + HEAD + b"\xff\xd9", JPEG),
        (b"\xff\xd8\xffnot an image", JPEG),
        (png()[:-6], PNG),
        (png().replace(b"IHDR", b"IHDX"), PNG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), PNG),
    ],
)
def test_an_image_cut_short_or_broken_is_refused(content, kind):
    with pytest.raises(Unreadable):
        cleaned(content, kind)
