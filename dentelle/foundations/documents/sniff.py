"""What a file is, told by its first bytes: its name and the browser's word prove nothing."""

import zipfile
from pathlib import Path

JSON = "application/json"
XML = "application/xml"
GZIP = "application/gzip"
ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODP = "application/vnd.oasis.opendocument.presentation"
XLS = "application/vnd.ms-excel"
PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
TEXT = "text/plain"  # CSV included: nothing in the bytes tells them apart

IMAGES = (JPEG, PNG)
NAMES = {
    JSON: "JSON",
    XML: "XML",
    GZIP: "gzip",
    ZIP: "zip",
    XLSX: "tableur XLSX",
    DOCX: "document Word",
    ODS: "tableur ODS",
    XLS: "tableur XLS",
    PPTX: "diaporama PowerPoint",
    ODP: "diaporama ODP",
    JPEG: "image JPEG",
    PNG: "image PNG",
    PDF: "PDF",
    TEXT: "texte ou CSV",
}

_BY_MAGIC = (
    (b"\x1f\x8b", GZIP),
    (b"%PDF-", PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", XLS),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
HEAD = 4096


def sniff(path: Path) -> str | None:
    """Return the media type, or None when the bytes are of no kind known here (an empty file included)."""
    with path.open("rb") as source:
        head = source.read(HEAD)
    for magic, media_type in _BY_MAGIC:
        if head.startswith(magic):
            return media_type
    if head.startswith(b"PK\x03\x04"):
        return _inside_zip(path)
    return _text_kind(head)


def _inside_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            declared = archive.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return ZIP
    if "xl/workbook.xml" in names:
        return XLSX
    if "word/document.xml" in names:
        return DOCX
    if "ppt/presentation.xml" in names:
        return PPTX
    return declared if declared in {ODS, ODP} else ZIP


def _text_kind(head: bytes) -> str | None:
    wide = head.startswith(_BOMS[1:])
    for bom in _BOMS:
        head = head.removeprefix(bom)
    if not head.strip() or (b"\x00" in head and not wide):
        return None
    start = head.replace(b"\x00", b"").lstrip()[:1]
    if start in {b"{", b"["}:
        return JSON
    if start == b"<":
        return XML
    return TEXT
